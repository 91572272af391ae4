"""Restore a copy: verified first, never over a register that has rows, and with no number given twice afterwards."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from registry import backup, clock, reservations
from registry.actor import Actor
from registry.backup import BLOBS, FILES, POSTGRES, SQLITE, Manifest
from registry.database import Database
from registry.errors import InputError, StateError
from registry.models import Counter

LOST: Final = "номера, выданные после резервной копии и утраченные с ней"


def verify(folder: Path, copy: Path) -> Manifest:
    """Check every file of a copy against its manifest.

    Raises:
        InputError: A file is missing, cut short or changed; the message names it.
    """
    manifest = backup.read_manifest(copy)
    for name, digest in manifest.digests.items():
        path = copy / name
        if not path.is_file():
            raise InputError(f"В копии нет файла «{path}». Возьмите другую копию.")
        if backup.file_digest(path) != digest:
            raise InputError(f"Файл копии «{path}» изменён или обрезан. Возьмите другую копию.")
    for digest, size in backup.blob_list(copy):
        path = folder / BLOBS / digest[:2] / digest
        if digest in manifest.missing:
            continue
        if not path.is_file() or path.stat().st_size != size:
            raise InputError(f"В копии нет файла «{path}» или он обрезан. Возьмите другую копию.")
    return manifest


def require_empty(db: Database, *, aside: bool) -> None:
    """Raise StateError when the target holds a register; with ``aside`` that one is put aside whole instead.

    An SQLite file gets another name, a PostgreSQL schema likewise: nothing is deleted.
    """
    stamp = f"{clock.now():%Y%m%d_%H%M%S}"
    if db.is_sqlite:
        path = _file(db)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            return
        if not aside:
            raise StateError(f"«{path}» уже есть. Укажите другое место или ключ --aside: прежняя база будет отложена.")
        db.close()
        for suffix in ("", "-wal", "-shm"):
            old = Path(f"{path}{suffix}")
            if old.exists():
                old.rename(f"{path}.отложена_{stamp}{suffix}")
        return
    with db.engine.begin() as connection:
        if not inspect(connection).get_table_names():
            return
        if not aside:
            raise StateError("База не пуста. Создайте новую или укажите ключ --aside: прежняя схема будет отложена.")
        connection.execute(text(f"ALTER SCHEMA public RENAME TO otvet_{stamp}"))
        connection.execute(text("CREATE SCHEMA public"))


def load(db: Database, folder: Path, copy: Path, manifest: Manifest) -> None:
    """Bring a verified copy into an empty target: blob files first, the database last, then today's schema.

    Raises:
        InputError: The copy is of the other kind of database, or a blob file is not what its name says.
    """
    if (manifest.kind == "sqlite") is not db.is_sqlite:
        raise InputError(f"Копия сделана с базы {manifest.kind}: восстановите её в базу того же вида.")
    for digest, _ in backup.blob_list(copy):
        target = db.blobs / digest[:2] / digest
        if digest not in manifest.missing and not (target.is_file() and backup.file_digest(target) == digest):
            backup.copy_file(folder / BLOBS / digest[:2] / digest, target, digest)
    try:
        if db.is_sqlite:
            temporary = _file(db).with_name(f".{_file(db).name}.восстановление")
            shutil.copyfile(copy / SQLITE, temporary)
            temporary.rename(_file(db))
        else:
            tool = backup.postgres_tool("pg_restore")
            name = db.url.database or os.environ.get("PGDATABASE", "postgres")
            options = ["--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={name}"]
            backup.postgres_call(db, [tool, *options, str(copy / POSTGRES)])
        db.migrate()
    except (sqlite3.Error, DBAPIError) as error:
        raise InputError(f"База из «{copy / FILES}» не восстановлена. Проверьте место на диске и повторите.") from error


def differences(db: Database, manifest: Manifest) -> list[str]:
    """Return the tables whose rows are not as many as the manifest says."""
    with db.engine.connect() as connection:
        return [
            f"{table}: {now_} вместо {count}"
            for table, count in manifest.rows.items()
            if (now_ := connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()) != count  # noqa: S608 - names of our own tables
        ]


def counters(db: Database) -> dict[tuple[str, int], int]:
    """Return the last number of every journal and year: of a register that was lost but can still be read."""
    with db.session(write=False) as session:
        rows = session.execute(select(Counter.journal, Counter.year, Counter.last))
        return {(journal, year): last for journal, year, last in rows}


def set_aside(actor: Actor, db: Database, last: Mapping[tuple[str, int], int], patterns: Mapping[str, str]) -> int:
    """Reserve the numbers that were given after the copy was made, up to the last known ones; return how many.

    They are reserved as for a paper journal: the lost letters are entered again under their own numbers, what cannot
    be found is cancelled with its reason, and none of them is ever given to another letter.
    """
    reserved = 0
    for (journal, year), wanted in last.items():
        if journal not in patterns or year != clock.today().year:
            continue
        while True:
            with db.session() as session:
                counter = session.get(Counter, (journal, year))
                missing = wanted - (counter.last if counter else 0)
                if missing <= 0:
                    break
                count = min(missing, reservations.MOST)
                reservations.reserve(actor, session, journal, patterns[journal], count, LOST)
                reserved += count
    return reserved


def made_at(manifest: Manifest) -> dt.datetime:
    """Return when a copy was made, local time."""
    return dt.datetime.fromisoformat(manifest.made_at).astimezone(clock.LOCAL)


def _file(db: Database) -> Path:
    assert db.url.database is not None
    return Path(db.url.database)
