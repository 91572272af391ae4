"""Migrations: a register of an older version comes up to date with its rows, and ends at what the models say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import support_house
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, select

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
    db = Database(database_url, support_house.book().roles, tmp_path / "blobs")
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
    db = Database(database_url, support_house.book().roles, tmp_path / "blobs")
    db.migrate()
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    db.close()


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'otvet.db'}", support_house.book().roles, tmp_path / "blobs")
    db.migrate()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    db.close()
