"""Migrations: a register of an older version comes up to date with its rows, and ends at what the models say."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import support_house
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from registry.database import MIGRATIONS, Database
from registry.models import Base, ClientKey

pytestmark = pytest.mark.service

MOMENT = dt.datetime(2026, 11, 20, 6, 0, tzinfo=dt.UTC)


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _fill(connection: Connection) -> None:
    """A client with an appeal that names him, its subtask and number: rows that name each other."""
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, **values: object) -> None:
        found: Table = tables.tables[table]
        connection.execute(found.insert().values(**values))

    add("client", id=1, segment="B2C", name="К", account_number="1100", is_vip=False, confirmed_emails="[]", extra="{}")
    add(
        "appeal", id=1, version=1, reg_number="ВХ-2026-000001", journal="incoming", reg_year=2026, reg_seq=1,
        received_at=MOMENT, registered_at=MOMENT, channel="post", channel_address="company", state="registered",
        is_open=True, segment="B2C", is_vip=False, restricted=False, topic_confidence=0, topics="[]", language="ru",
        alarms="[]", needs_person=True, reasons="[]", text="", due=json.dumps({}), due_hard=dt.date(2026, 12, 21),
        due_target=dt.date(2026, 12, 1), due_provisional=False, ack_state="pending", client_id=1, work="", attempts=0,
    )  # fmt: skip
    add("subtask", id=1, appeal_id=1, queue="BILL", state="open")
    add("counter", journal="incoming", year=2026, last=1)
    add(
        "number", journal="incoming", year=2026, seq=1, text="ВХ-2026-000001", issued_at=MOMENT, issued_by="system:x",
        appeal_id=1, status="issued",
    )  # fmt: skip


def test_rows_of_the_first_version_live_on(database_url: str, tmp_path: Path) -> None:
    db = Database(database_url, support_house.roles, tmp_path / "blobs")
    with db.engine.connect() as connection:
        _upgrade(connection, "0001")
        _fill(connection)
        connection.commit()
    db.migrate()
    with db.engine.connect() as connection:
        appeal = connection.execute(select(Base.metadata.tables["appeal"])).one()
        assert (appeal.client_id, appeal.control_date, appeal.exclusions) == (1, dt.date(2026, 12, 21), [])
        assert connection.execute(select(Base.metadata.tables["subtask"].c.kind)).scalar_one() == "part"
        key = connection.execute(select(ClientKey.client_id, ClientKey.kind, ClientKey.value)).one()
        assert tuple(key) == (1, "account", "1100")
    db.close()


def test_a_new_database_is_what_the_models_say(database_url: str, tmp_path: Path) -> None:
    db = Database(database_url, support_house.roles, tmp_path / "blobs")
    db.migrate()
    # the search's own table has the database's own type and no model
    own = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("search_text")}
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=own)
        assert compare_metadata(context, Base.metadata) == []
    db.close()


def _migrate(url: str, folder: str) -> int:
    """What a server does at its start, in a process of its own; returns the number of appeals it finds then."""
    db = Database(url, support_house.roles, Path(folder))
    db.migrate()
    with db.engine.connect() as connection:
        found = len(connection.execute(select(Base.metadata.tables["appeal"])).all())
    db.close()
    return found


def test_servers_that_migrate_at_once_wait_for_each_other(database_url: str, tmp_path: Path) -> None:
    db = Database(database_url, support_house.roles, tmp_path / "blobs")
    with db.engine.connect() as connection:
        _upgrade(connection, "0001")
        _fill(connection)
        connection.commit()
    db.close()
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(_migrate, database_url, str(tmp_path / "blobs")) for _ in range(3)]
        assert [task.result(timeout=300) for task in tasks] == [1, 1, 1]
    db = Database(database_url, support_house.roles, tmp_path / "blobs")
    with db.engine.connect() as connection:
        assert len(connection.execute(select(ClientKey)).all()) == 1
    db.close()


def test_a_migration_that_fails_leaves_the_old_register(database_url: str, tmp_path: Path) -> None:
    """The new table's name is taken, so the second migration stops in its middle."""
    db = Database(database_url, support_house.roles, tmp_path / "blobs")
    with db.engine.connect() as connection:
        _upgrade(connection, "0001")
        _fill(connection)
        connection.exec_driver_sql("CREATE TABLE proposal (id INTEGER)")
        connection.commit()
    with pytest.raises((OperationalError, ProgrammingError)):
        db.migrate()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0001"
        assert "absence" not in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM appeal").scalar_one() == 1
        connection.exec_driver_sql("DROP TABLE proposal")
        connection.commit()
    db.migrate()
    db.close()


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'otvet.db'}", support_house.roles, tmp_path / "blobs")
    db.migrate()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    db.close()
