"""The database: SQLite (WAL) embedded, PostgreSQL past one machine. One place for sessions and migrations."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from registry import search
from registry.errors import BrokenSchemaError, DatabaseUnavailableError
from rules.roles import Roles

__all__ = ["Database", "Session"]

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x07BE7  # advisory lock key on PostgreSQL: two servers never migrate at once
BUSY_SECONDS = 30
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL: Final = (
    "База данных недоступна: кончилось место на диске. Освободите его и повторите: принятое сохранено, "
    "незаконченное отменено."
)


class Database:
    """Engine, sessions and schema of the register.

    ``session()`` is one transaction: it commits when the block ends well and rolls back when it does not. On SQLite a
    writing session begins IMMEDIATE, so that two writers wait for each other instead of failing half-way.

    Args:
        url: SQLAlchemy address, e.g. ``sqlite:////var/otvet/otvet.db`` or ``postgresql+psycopg://…``.
        roles: Gives the rights matrix in force; services find it in ``session.info`` (rights are checked in the
            services, once). Asked at every session: another edition comes into force while the process runs.
        blobs: Folder for large blobs.
    """

    def __init__(self, url: str, roles: Callable[[], Roles], blobs: Path) -> None:
        self.url = make_url(url)
        self.engine = _engine(url)
        self.roles = roles
        self.blobs = blobs
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        search.attach(self._sessions)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def session(self, *, write: bool = True) -> Iterator[Session]:
        """Open one transaction. Raises DatabaseUnavailableError when the database cannot be reached or written."""
        with _told(), self._sessions(info={"roles": self.roles(), "blobs": self.blobs}) as session:
            try:
                session.connection(execution_options={"otvet_write": write})
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def migrate(self) -> None:
        """Bring the schema to the present version; concurrent callers wait for each other.

        Raises:
            DatabaseUnavailableError: The database cannot be reached or written; it stays as it was.
            BrokenSchemaError: The new schema would leave rows that name nothing.
        """
        with _told(), self._migration_lock(), self.engine.connect() as connection:
            if self.is_sqlite:
                # SQLite changes a table by making it anew; the rows that name its rows must not see them deleted.
                _pragma(connection, "foreign_keys=OFF")
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
                if self.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenSchemaError(
                        "Обновление базы нарушило связи записей и отменено. Сообщите разработчикам."
                    )
                connection.commit()
            finally:
                connection.rollback()
                if self.is_sqlite:
                    _pragma(connection, "foreign_keys=ON")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _migration_lock(self) -> Iterator[None]:
        if self.is_sqlite:
            with FileLock(f"{self.url.database}.migrate.lock"):
                yield
            return
        with self.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Say in words that help why the database could not be used; the driver's own may quote values (P7)."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise  # a statement of ours that is wrong, not a database that is away
        raise DatabaseUnavailableError(_why(str(error.orig).casefold())) from error
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise DatabaseUnavailableError(FULL) from error


def _why(said: str) -> str:
    if any(sign in said for sign in ("is full", "disk i/o", "no space left")):
        return FULL
    if "unable to open" in said or "readonly" in said:
        return "База данных недоступна: её файл нельзя открыть или записать. Проверьте папку, права и место на диске."
    if "locked" in said:
        return "База данных недоступна: её занимает другая программа. Повторите через минуту."
    return "База данных недоступна. Проверьте сервер базы и связь с ним, затем повторите."


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        # Compiling a plan pays for reports of minutes; a list of milliseconds would wait for it.
        return create_engine(url, pool_pre_ping=True, connect_args={"options": "-c jit=off"})
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _tune_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _tune_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what was committed survives a power cut (P1)
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _pragma(connection: Connection, setting: str) -> None:
    """Set a pragma outside any transaction, where alone SQLite heeds it."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("otvet_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
