"""Kill -9 in the dispatch office between list and confirmation: no letter is lost to the lists or sent twice (P6)."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest
import support_house as support
from sqlalchemy import select
from sqlalchemy.orm import Session
from support_post import signed

from registry import clock, postal
from registry.errors import RegistryError
from registry.models import Dispatch, DispatchList
from steps import post
from steps.house import House

pytestmark = [pytest.mark.fault, pytest.mark.service]

LETTERS = 6
FORK = get_context("fork")


def open_lists(session: Session) -> list[int]:
    return [one.id for one in postal.made_lists(session) if not one.handed_over and not one.cancelled_at]


def office(home: str, url: str, seed: int) -> None:
    """A clerk who lists, confirms or takes apart whatever there is, until he is killed."""
    house = support.build(Path(home), url, trained=False)
    who = support.actors_with(house, "registrar")[0]
    rng = random.Random(seed)
    while True:
        try:
            with house.db.session(write=False) as session:
                standing = [
                    one.id for one in postal.made_lists(session) if not one.handed_over and not one.cancelled_at
                ]
            deed = rng.random()
            if deed < 0.6 or not standing:
                post.make_lists(who, house)
            elif deed < 0.8:
                post.disband_list(who, house, rng.choice(standing))
            else:
                post.confirm_list(who, house, rng.choice(standing), clock.today())
        except RegistryError:
            time.sleep(0.005)


def _rounds(house: House, tmp_path: Path, kills: int) -> None:
    url = house.db.url.render_as_string(hide_password=False)
    for kill in range(kills):
        house.db.engine.dispose()
        clerks = [FORK.Process(target=office, args=(str(tmp_path), url, 2 * kill + one)) for one in range(2)]
        for clerk in clerks:
            clerk.start()
        time.sleep(random.uniform(0.4, 1.2))
        for clerk in clerks:
            assert clerk.pid is not None
            os.kill(clerk.pid, signal.SIGKILL)
            clerk.join()
        _holds(house)


def _holds(house: House) -> None:
    with house.db.session(write=False) as session:
        made = {one.id: one for one in session.scalars(select(DispatchList))}
        for row in session.scalars(select(Dispatch)):
            proofs = [one for one in row.proof if "list" in one]
            if row.state == "sent":
                assert len(proofs) == 1, "handed over once"
                assert row.list_id is not None
                assert made[row.list_id].handed_over is not None
            else:
                assert row.state == "new"
                assert proofs == []
                assert row.list_id is None or not (made[row.list_id].handed_over or made[row.list_id].cancelled_at)
        for one in made.values():
            held = sum(row.list_id == one.id for row in session.scalars(select(Dispatch)))
            assert one.pdf_digest is not None, "a list that is there can be printed"
            assert held == (0 if one.cancelled_at else one.accepted if one.handed_over else one.count)


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.full)])
def test_a_clerk_killed_anywhere_leaves_every_letter_on_one_list_or_waiting(
    make_house: Callable[..., House], tmp_path: Path, kills: int
) -> None:
    house = make_house(trained=False)
    for place in range(1, LETTERS + 1):
        signed(house, place)
    _rounds(house, tmp_path, kills)
    who = support.actors_with(house, "registrar")[0]
    with house.db.session(write=False) as session:
        standing = open_lists(session)
    for key in standing:
        post.confirm_list(who, house, key, clock.today())
    try:
        for key in post.make_lists(who, house):
            post.confirm_list(who, house, key, clock.today())
    except RegistryError:
        pass  # nothing was left waiting
    with house.db.session(write=False) as session:
        assert {row.state for row in session.scalars(select(Dispatch))} == {"sent"}
    _holds(house)
