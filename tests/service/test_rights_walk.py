"""Every service of steps is called by people who must not: nobody's role, a stranger to the appeal, one in conflict.

A new service is called too, without anybody's thinking of it; only what stands in the table below may let such a person
in, each with its reason.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import support_house as support
import support_rights
from sqlalchemy import func, select, text

from registry import rights
from registry.actor import Actor
from registry.models import Appeal, Event
from steps import views
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
REFUSED = "refused"
PERSON = 1

# Services that look at their input first and at the right afterwards, or cannot be called with plain arguments.
INPUT_FIRST = {
    "clients.load", "clients.decide_identity", "edited.take_back", "filing.give_out", "outcome.name_kind",
    "send.make_post_list", "split_items.edit", "journal.enter", "journal.export",
}  # fmt: skip
# What anybody may call, and why.
OPEN = {
    "access.noted": "writes the log of somebody's look; shows nothing",
    "views.appeal.sees": "answers no",
    "views.rows.figures": "counts what the person sees: nothing",
    "views.case.open_controls": "lists the promises of appeals that the person sees: none",
    "views.rows.queue": "lists what the person sees: nothing",
    "views.journal.rows": "runs in the transaction of a service that has checked",
    "register.enter": "runs in the transaction of a service that has checked",
    "duty.next_for": "offers what the person may claim: nothing",
    "duty.take_next": "takes what the person may claim: nothing",
    "duty.hand_over": "moves what the actor may assign: nothing",
    "views.duty.page": "shows the person's own absences",
    "receive.pull": "what it finds is kept by receive.take, which checks",
    "receive.pull_all": "what it finds is kept by receive.take, which checks",
    "extend.link_notices": "ties notices to extensions as a flow would; shows nothing",
    "rules.remember": "keeps the edition in force as every process does at its start",
    "backup.keep_lost_numbers": "runs within a restore, before anybody can log in",
    "work.do": "never raises: what it does is checked where it is done",
    "work.run": "takes chunks as a flow would: what it does is checked where it is done",
}


def walk(house: House, number: str, actor: Actor) -> dict[str, str]:
    """Call everything that could be refused and return what was not."""
    found = {
        name: support_rights.call(service, actor, house, number)
        for name, service in support_rights.services().items()
        if name not in OPEN
    }
    return {name: outcome for name, outcome in found.items() if outcome != REFUSED}


def history(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.appeal_id == 1)) or 0


def test_whoever_has_no_role_is_let_in_nowhere(make_house: Make) -> None:
    house = make_house()
    number = support_rights.build(house)
    before = history(house)
    let_in = walk(house, number, Actor(f"person:{PERSON}", frozenset(), frozenset(), PERSON))
    assert set(let_in) - INPUT_FIRST == set()
    assert "done" not in let_in.values()
    assert history(house) == before


def test_the_table_of_exceptions_names_only_what_is_there() -> None:
    assert set(OPEN) & INPUT_FIRST == set()
    assert {*OPEN, *INPUT_FIRST} <= set(support_rights.services())


@pytest.mark.parametrize("how", ["restricted", "conflict", "foreign"])
def test_an_appeal_out_of_reach_is_neither_shown_nor_counted_nor_touched(make_house: Make, how: str) -> None:
    house = make_house()
    number = support_rights.build(house)
    with house.db.session() as session:
        session.execute(text("UPDATE appeal SET restricted = :yes"), {"yes": how == "restricted"})
    if how == "conflict":
        support_rights.exclude(house, PERSON)
    services = support_rights.services()
    by_number = [name for name in services if _needs(services[name], "number") and name not in OPEN]
    before = history(house)
    for role in support.book().roles.roles:
        queues = frozenset({"LEGAL"} if how == "foreign" else {"BILL"})
        actor = Actor(f"person:{PERSON}", frozenset({role}), queues, PERSON)
        if _reaches(role, how):
            assert views.sees(actor, house, number), role
            continue
        assert not views.sees(actor, house, number), role
        assert views.queue(actor, house, views_filter()).total == 0
        assert views.figures(actor, house) == []
        for name in by_number:
            if how == "foreign" and name == "journal.annul":
                continue  # the number of a journal has rights of its own, which know no queue
            outcome = support_rights.call(services[name], actor, house, number)
            assert outcome == REFUSED or name in INPUT_FIRST, (role, name, outcome)
    assert history(house) == before


def test_the_condition_and_the_check_say_the_same(make_house: Make) -> None:
    house = make_house()
    support_rights.build(house)
    for restricted in (False, True):
        with house.db.session() as session:
            session.execute(text("UPDATE appeal SET restricted = :yes"), {"yes": restricted})
        with house.db.session(write=False) as session:
            appeal = session.get_one(Appeal, 1)
            for role in support.book().roles.roles:
                for queues in ({"BILL"}, {"LEGAL"}, set()):
                    actor = Actor(f"person:{PERSON}", frozenset({role}), frozenset(queues), PERSON)
                    listed = session.scalar(select(Appeal.id).where(rights.visible(actor, session))) is not None
                    assert listed == rights.sees(actor, session, appeal), (role, queues, restricted)


def _needs(service: Callable[..., object], name: str) -> bool:
    import inspect

    found = inspect.signature(service).parameters.get(name)
    return found is not None and found.annotation == "str" and found.default is inspect.Parameter.empty


def _reaches(role: str, how: str) -> bool:
    """By the matrix: an appeal of BILL, seen by a person of BILL, or of LEGAL where it is foreign."""
    matrix = support.book().roles
    sees, closed = matrix.scope([role], "appeal.view"), matrix.scope([role], "restricted.view")
    if how == "restricted":
        return sees in {"all", "queue"} and closed in {"all", "queue"}
    return how == "foreign" and sees == "all"


def views_filter() -> object:
    from registry.lists import Filter

    return Filter()
