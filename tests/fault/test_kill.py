"""Kill -9 between every two steps of receive → triage → register → read → route finds every letter exactly once (P1).

A child process walks the letters and kills itself with SIGKILL right before or right after its n-th commit, or right
before or after its n-th word to the source. Then a healthy run goes on where the dead one was.
"""

from __future__ import annotations

import contextlib
import os
import signal
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_house as support
import support_postgres

from intake.maildir import EmlFolder
from intake.port import Incoming
from registry import chains, clock, leases, lists
from registry.database import Database, Session
from steps import views, work
from steps.house import House

pytestmark = [pytest.mark.fault, pytest.mark.service]

Make = Callable[..., House]

LETTERS = 3


class Killer:
    """Counts the moments at which a machine may die, and dies at one of them."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.passed = 0

    def moment(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(Database):
    """The real database, with a moment before and after each commit."""

    killer: Killer

    @contextlib.contextmanager
    def session(self, *, write: bool = True) -> Iterator[Session]:
        with super().session(write=write) as session:
            yield session
            if write:
                self.killer.moment()
        if write:
            self.killer.moment()


class MortalFolder(EmlFolder):
    """The real source, with a moment before and after it is told."""

    killer: Killer

    def done(self, *incoming: Incoming) -> None:
        for one in incoming:
            self.killer.moment()
            super().done(one)
            self.killer.moment()


def lay(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(1, LETTERS + 1):
        (folder / f"{number}.eml").write_bytes(support.message(number))
    (folder / "copy.eml").write_bytes(b"Received: from mx; Tue, 24 Nov 2026 10:00:00 +0500\n" + support.message(1))


def walk(house: House, mail: Path, killer: Killer) -> None:
    db = MortalDatabase(str(house.db.url.render_as_string(hide_password=False)), support.roles, Path("/nonexistent"))
    db.killer = killer
    mortal = MortalFolder(mail, "eml:test", channel_address="company", settle_seconds=0)
    mortal.killer = killer
    dying = House(db=db, rules=house.rules, letter_rules=house.letter_rules, settings=house.settings, sources=[mortal])
    dying.classifier = house.classifier
    for step in ("receive", "triage", "register", "read", "route"):
        work.run(support.SYSTEM, dying, step, limit=2)


def die(house: House, mail: Path, at: int) -> bool:
    """Walk in a child that dies at a moment; return whether it lived to reach it."""
    house.db.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            walk(house, mail, Killer(at))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the walk failed before its moment"
    return False


def assert_each_exactly_once(house: House, folder: Path) -> None:
    with clock.at(clock.now() + leases.TTL * 2):  # the dead one's leases run out
        for step in ("receive", "triage", "register", "read", "route"):
            assert work.run(support.SYSTEM, house, step).failed == 0
    rows = views.queue(support.SYSTEM, house, lists.Filter(), limit=1000).rows
    year = clock.today().year
    assert sorted(row.number for row in rows) == [f"ВХ-{year}-{seq:06d}" for seq in range(1, LETTERS + 1)]
    accounts = Counter(views.card(support.SYSTEM, house, row.number).author.account_number for row in rows)
    assert accounts == {f"10020030{number:02}": 1 for number in range(1, LETTERS + 1)}
    assert {row.state for row in rows} <= {"routed", "in_verification"}
    assert list(folder.glob("*.eml")) == []
    with house.db.session(write=False) as session:
        for row in rows:
            assert chains.verify(session, f"appeal:{row.id}") > 0


def moments_of_a_walk(house: House, mail: Path) -> int:
    killer = Killer(None)
    walk(house, mail, killer)
    return killer.passed


@pytest.mark.parametrize("sample", range(3))
def test_a_kill_at_any_moment_loses_and_doubles_nothing(make_house: Make, tmp_path: Path, sample: int) -> None:
    """Three seeded moments a database; `test_a_kill_at_every_moment` takes all of them."""
    folder = tmp_path / "mail"
    lay(folder)
    house = make_house(people=False, sources=[support.mail_folder(folder)])
    at = (7, 19, 31)[sample]
    assert die(house, folder, at), "the walk is shorter than the sample thinks"
    assert_each_exactly_once(house, folder)


@pytest.mark.full
def test_a_kill_at_every_moment(postgres: str, tmp_path: Path) -> None:
    deaths = 0
    for kind in ("sqlite", "postgresql"):
        at, lives = 0, True
        while lives:
            at += 1
            home = tmp_path / f"{kind}-{at}"
            lay(home / "mail")
            url = (
                f"sqlite:///{home / 'otvet.db'}"
                if kind == "sqlite"
                else support_postgres.new_database(postgres, f"k{uuid.uuid4().hex}")
            )
            house = support.build(home, url, people=False, sources=[support.mail_folder(home / "mail")])
            lives = die(house, home / "mail", at)
            deaths += lives
            assert_each_exactly_once(house, home / "mail")
            house.close()
    assert deaths > 60


def test_a_whole_walk_has_the_moments_that_the_samples_need(make_house: Make, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    lay(folder)
    house = make_house(people=False, sources=[support.mail_folder(folder)])
    assert moments_of_a_walk(house, folder) > 31
    assert_each_exactly_once(house, folder)
