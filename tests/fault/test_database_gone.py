"""The database goes away in mid-transaction: a clear refusal, nothing half-done, and work goes on when it is back."""

from __future__ import annotations

import resource
import uuid
from pathlib import Path

import pytest
import support_house as support
import support_postgres
from sqlalchemy import text

from registry import lists
from registry.database import Database
from registry.errors import DatabaseUnavailableError
from rules.wire import Channel
from steps import receive, views, work

pytestmark = [pytest.mark.fault, pytest.mark.service]


def test_a_lost_connection_is_told_in_russian_and_leaves_nothing_behind(postgres: str, tmp_path: Path) -> None:
    url = support_postgres.new_database(postgres, f"g{uuid.uuid4().hex}")
    house = support.build(tmp_path, url, people=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    other = support.build(tmp_path, url, people=False)
    with pytest.raises(DatabaseUnavailableError, match="База данных недоступна"), house.db.session() as session:
        session.execute(text("UPDATE arrival SET state = 'triaged'"))
        me = session.scalar(text("SELECT pg_backend_pid()"))
        with other.db.session() as admin:
            admin.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": me})
        session.execute(text("SELECT 1"))
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    assert views.queue(support.SYSTEM, house, lists.Filter()).total == 1
    house.close()
    other.close()


def test_a_database_that_cannot_be_written_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'otvet.db'}"
    house = support.build(tmp_path, url, people=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    with house.db.engine.connect() as raw:
        pages = raw.exec_driver_sql("PRAGMA page_count").scalar_one()
    # A full disk as SQLite sees it: the file may not grow.
    with pytest.raises(DatabaseUnavailableError, match="место на диске"), house.db.session() as session:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(2, 40):
            session.execute(
                text("INSERT INTO blob (digest, size, refs, data, created_at) VALUES (:d, 1, 1, :x, '2026-11-24')"),
                {"d": f"{number:064}", "x": b"x" * 100_000},
            )
    house.db.close()
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    assert views.queue(support.SYSTEM, house, lists.Filter()).total == 1
    house.close()


def test_a_start_on_a_full_disk_says_so_and_leaves_the_register_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'otvet.db'}"
    house = support.build(tmp_path, url, people=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    house.close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # no file of this process may grow, as on a full disk
    try:
        with pytest.raises(DatabaseUnavailableError, match="место на диске"):
            Database(url, support.roles, tmp_path).migrate()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    again = support.build(tmp_path, url, people=False)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, again, step).done == 1
    again.close()


def test_a_start_without_its_server_says_what_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match="Проверьте сервер базы"):
        Database("postgresql+psycopg://nobody@127.0.0.1:1/none", support.roles, tmp_path).migrate()


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "нет такой папки" / "otvet.db"
    with (
        pytest.raises(DatabaseUnavailableError, match="Проверьте папку, права"),
        Database(f"sqlite:///{missing}", support.roles, tmp_path).session(),
    ):
        raise AssertionError("there is no such folder")
