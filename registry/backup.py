"""Backup while everything runs: one consistent copy of the database, then the blob files that it names.

A folder of backups holds one sub-folder a copy, and the blob files of all copies once, under their digests: they never
change, so a second copy adds only what is new. A copy is made under a temporary name and gets its own when it is
whole; one that was cut short keeps the temporary name, and the next run clears it away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from registry import clock
from registry.database import Database
from registry.disk import flush
from registry.errors import DatabaseUnavailableError, InputError, StateError
from registry.models import Base, Blob, Counter

BLOBS: Final = "хранилище"
MANIFEST: Final = "опись.json"
FILES: Final = "файлы.txt"
PARTIAL: Final = ".незавершённая-"
SQLITE: Final = "база.sqlite"
POSTGRES: Final = "база.dump"
FORMAT: Final = 1
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds. ``digests`` are SHA-256 of its own files; ``rows`` counts every table at one moment."""

    format: int
    made_at: str
    kind: str
    digests: dict[str, str]
    rows: dict[str, int]
    counters: dict[str, int]
    blobs: int
    blob_bytes: int
    missing: list[str]


def create(db: Database, folder: Path) -> tuple[Path, Manifest]:
    """Make a copy of the register in a folder of backups, and return its sub-folder with its manifest.

    Raises:
        StateError: Another backup runs into this folder, or the client tools of PostgreSQL are missing.
        InputError: The folder cannot be written, or its disk is full: the copies of before are untouched.
    """
    with _plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / ".замок", timeout=0):
                return _create(db, folder)
        except Timeout:
            raise StateError("В эту папку уже делается копия. Дождитесь её конца.") from None


def copies(folder: Path) -> list[Path]:
    """Return the whole copies of a folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if (one / MANIFEST).is_file() and not one.name.startswith("."))


def keep(folder: Path, count: int) -> int:
    """Keep the newest copies of a folder; delete the others with the blob files that only they named.

    What was destroyed in the register lives on in old copies: only their end ends it.
    """
    with FileLock(folder / ".замок"):
        old = copies(folder)[:-count] if count else []
        for one in old:
            one.rename(folder / f"{PARTIAL}{one.name}")
            shutil.rmtree(folder / f"{PARTIAL}{one.name}")
        if old:
            wanted = {digest for one in copies(folder) for digest, _ in blob_list(one)}
            for path in (folder / BLOBS).glob("??/*"):
                if path.name not in wanted:
                    path.unlink()
    return len(old)


def blob_list(copy: Path) -> list[tuple[str, int]]:
    """Return digest and size of every blob file that a copy names."""
    lines = (copy / FILES).read_text(encoding="ascii").splitlines()
    return [(digest, int(size)) for digest, _, size in (line.partition(" ") for line in lines)]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()


def copy_file(source: Path, target: Path, digest: str) -> None:
    """Copy a file durably under its digest. Raises InputError when the bytes are not those of the digest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, temporary)
    if file_digest(temporary) != digest:
        temporary.unlink()
        raise InputError(f"Файл «{source}» испорчен: его содержание не сходится с именем. Восстановите его из копии.")
    flush(temporary)
    temporary.rename(target)


def postgres_tool(name: str) -> str:
    """Return the path of a client tool. Raises StateError when it is not installed."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(beside[-1]) if beside else None)
    if found is None:
        raise StateError(f"Нет программы {name}. Установите пакет postgresql-client той же версии, что сервер.")
    return found


def postgres_call(db: Database, arguments: Sequence[str]) -> None:
    """Run a client tool against the database; the password goes by the environment. Raises DatabaseUnavailableError."""
    url = db.url
    names = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGDATABASE": url.database}
    password = {"PGPASSWORD": url.password} if url.password else {}
    given = {name: str(value) for name, value in {**names, **password}.items() if value}
    done = subprocess.run(arguments, env={**os.environ, **given}, capture_output=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        told = "Не хватило места на диске" if b"No space left" in done.stderr else "Сервер базы или диск отказали"
        raise DatabaseUnavailableError(f"{Path(arguments[0]).name}: {told}. Проверьте их и повторите.")


def _create(db: Database, folder: Path) -> tuple[Path, Manifest]:
    for stale in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(stale)
    moment = clock.now()
    name = moment.astimezone(clock.LOCAL).strftime("%Y-%m-%d_%H-%M-%S_%f")
    partial = folder / f"{PARTIAL}{name}"
    partial.mkdir()
    try:
        taken = _sqlite(db, partial / SQLITE) if db.is_sqlite else _postgres(db, partial / POSTGRES)
        missing = _copy_blobs(db, folder / BLOBS, taken.blobs)
        _write(partial / FILES, "".join(f"{digest} {size}\n" for digest, size in taken.blobs).encode())
        base = SQLITE if db.is_sqlite else POSTGRES
        manifest = Manifest(
            format=FORMAT,
            made_at=moment.isoformat(),
            kind="sqlite" if db.is_sqlite else "postgresql",
            digests={one: file_digest(partial / one) for one in (base, FILES)},
            rows=taken.rows,
            counters=taken.counters,
            blobs=len(taken.blobs),
            blob_bytes=sum(size for _, size in taken.blobs),
            missing=missing,
        )
        _write(partial / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)  # a full disk gets its room back
        raise
    whole = folder / name
    partial.rename(whole)
    flush(folder)
    return whole, manifest


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the snapshot of the database says."""

    blobs: list[tuple[str, int]]
    rows: dict[str, int]
    counters: dict[str, int]


def _sqlite(db: Database, target: Path) -> _Taken:
    """Copy by VACUUM INTO: one reading transaction beside the writers, and no freed page with old words comes along."""
    assert db.url.database is not None
    with contextlib.closing(sqlite3.connect(db.url.database, timeout=30, isolation_level=None)) as raw:
        raw.execute("VACUUM INTO ?", (str(target),))
    flush(target)
    snapshot = create_engine(f"sqlite:///{target}")
    try:
        with snapshot.connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
                raise DatabaseUnavailableError("Копия базы не читается: проверьте диск и повторите.")
            return _look(connection)
    finally:
        snapshot.dispose()


def _postgres(db: Database, target: Path) -> _Taken:
    tool = postgres_tool("pg_dump")
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        taken = _look(connection)
        postgres_call(db, [tool, "-Fc", "--no-owner", f"--snapshot={name}", f"--file={target}"])
    postgres_call(db, [postgres_tool("pg_restore"), "--list", "--file=/dev/null", str(target)])
    flush(target)
    return taken


def _look(connection: Connection) -> _Taken:
    filed = select(Blob.digest, Blob.size).where(Blob.data.is_(None), Blob.refs > 0).order_by(Blob.digest)
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    }
    last = connection.execute(select(Counter.journal, Counter.year, Counter.last))
    return _Taken(
        blobs=[(digest, size) for digest, size in connection.execute(filed)],
        rows=counts,
        counters={f"{journal} {year}": count for journal, year, count in last},
    )


def _copy_blobs(db: Database, target: Path, wanted: Sequence[tuple[str, int]]) -> list[str]:
    """Copy the blob files that are not there yet; return those that were destroyed since the snapshot."""
    missing = []
    for digest, size in wanted:
        path = target / digest[:2] / digest
        if path.is_file() and path.stat().st_size == size:
            continue
        try:
            copy_file(db.blobs / digest[:2] / digest, path, digest)
        except FileNotFoundError:
            missing.append(digest)
    return missing


@contextlib.contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        raise InputError(
            f"Копия в «{folder}» не сделана: база не читается или диск полон. Прежние копии целы."
        ) from error
    except OSError as error:
        why = (
            "на диске нет места" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "папка не читается или не пишется"
        )
        raise InputError(f"Копия в «{folder}» не сделана: {why}. Прежние копии целы.") from error


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    flush(path)


def read_manifest(copy: Path) -> Manifest:
    """Return a copy's manifest. Raises InputError when it is none."""
    try:
        found: dict[str, Any] = json.loads((copy / MANIFEST).read_bytes())
        manifest = Manifest(**found)
    except (OSError, ValueError, TypeError):
        raise InputError(f"Опись копии «{copy / MANIFEST}» не читается. Возьмите другую копию.") from None
    if manifest.format != FORMAT:
        raise InputError("Копия сделана более новой программой. Восстановите её той же версией.")
    return manifest
