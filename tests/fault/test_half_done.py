"""The database fails between event and commit: both are gone, the chains hold, and the deed is done later."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import support_house as support
import support_postgres
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from registry import events, numbers
from registry.errors import DatabaseUnavailableError
from registry.models import Event, Number
from steps import history
from steps.house import House

pytestmark = [pytest.mark.fault, pytest.mark.service]

Failing = Callable[[House], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def killed_backend(house: House) -> Iterator[None]:
    """Whoever commits events finds that the server has just ended his connection."""

    def kill(session: Session) -> None:
        session.flush()
        me = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(_plain(house), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (me,))

    with _listening(house.db._sessions, "before_commit", kill):
        yield


@contextlib.contextmanager
def server_gone(house: House) -> Iterator[None]:
    """The server lets nobody in and has ended every connection."""
    name = house.db.url.database
    with psycopg.connect(_plain(house).replace(f"/{name}", "/postgres"), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


@contextlib.contextmanager
def full_disk(house: House) -> Iterator[None]:
    """A full disk as SQLite sees it: the file may not grow, whichever connection asks."""
    house.db.engine.dispose()

    def fill(raw: sqlite3.Connection, _record: object) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")

    with _listening(house.db.engine, "connect", fill):
        yield
    house.db.engine.dispose()


@contextlib.contextmanager
def _listening(target: object, name: str, deed: Callable[..., None]) -> Iterator[None]:
    event.listen(target, name, deed)
    try:
        yield
    finally:
        event.remove(target, name, deed)


def _plain(house: House) -> str:
    return house.db.url.render_as_string(hide_password=False).replace("+psycopg", "")


def figures(house: House) -> tuple[int, int]:
    """Events and numbers that stand."""
    with house.db.session(write=False) as session:
        return len(session.scalars(select(Event.id)).all()), len(session.scalars(select(Number.seq)).all())


@pytest.mark.parametrize("failing", [full_disk, killed_backend, server_gone], ids=lambda one: one.__name__)
def test_a_deed_whose_commit_fails_is_undone_whole_and_done_later(
    request: pytest.FixtureRequest, tmp_path: Path, failing: Failing
) -> None:
    url = f"sqlite:///{tmp_path / 'otvet.db'}"
    if failing is not full_disk:
        url = support_postgres.new_database(request.getfixturevalue("postgres"), f"h{uuid.uuid4().hex}")
    house = support.build(tmp_path, url, people=False)
    assert number_a_letter(house) == "ВХ-1"
    before = figures(house)
    with failing(house), pytest.raises(DatabaseUnavailableError, match="База данных недоступна"):
        number_a_letter(house)
    assert figures(house) == before
    assert history.verify(support.SYSTEM, house, everything=True).faults == []
    assert number_a_letter(house) == "ВХ-2"
    assert figures(house) == (before[0] + 1, 2)
    assert history.verify(support.SYSTEM, house, everything=True).faults == []
    house.close()


def number_a_letter(house: House) -> str:
    """A deed as the register does them: a number, its event with a value beside it, and a commit."""
    with house.db.session() as session:
        given = numbers.give(support.SYSTEM, session, "incoming", "ВХ-{seq}")
        values = {"reason": (None, "причина " * 20_000)}
        events.append(support.SYSTEM, session, numbers.stream("incoming"), "number.given", {"seq": given.seq}, values)
    return given.text
