"""Bytes under their digest: small ones in the database, large ones in flushed files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry import disk, locks
from registry.clock import now
from registry.errors import NotFoundError
from registry.models import Blob

IN_DATABASE: Final = 256 * 1024  # bytes; larger blobs become files
AT_ONCE: Final = 10_000  # digests that one statement asks for; SQLite takes 32,766 values


def put(session: Session, data: bytes) -> str:
    """Keep one blob and return its digest; see `put_many`."""
    return put_many(session, [data])[0]


def put_many(session: Session, items: Iterable[bytes]) -> list[str]:
    """Keep bytes and return their SHA-256 digests in order, one reference each, by a few statements in all.

    A large blob's file is flushed to disk before the row that names it can commit, so a committed digest always has
    its bytes; a crash in between leaves a file that nothing names, and that is harmless.
    """
    pieces = list(items)
    digests = [hashlib.sha256(data).hexdigest() for data in pieces]
    wanted, uses = dict(zip(digests, pieces, strict=True)), Counter(digests)
    fresh = _unknown(session, wanted)
    _insert(session, [(digest, wanted[digest], uses[digest]) for digest in fresh])
    for digest in sorted(wanted.keys() - fresh):
        for _ in range(uses[digest]):
            if not _again(session, digest):
                _put_new(session, digest, wanted[digest])
    return digests


def _unknown(session: Session, digests: Collection[str]) -> set[str]:
    """Those of the digests that have no row; on PostgreSQL under the locks that keep others from writing them first."""
    fresh = set(digests) - _standing(session, digests)
    if fresh and session.get_bind().dialect.name != "sqlite":
        for digest in sorted(fresh):
            locks.serialise(session, f"blob:{digest}")
        fresh -= _standing(session, fresh)
    return fresh


def _standing(session: Session, digests: Collection[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(digests)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        found.update(session.scalars(select(Blob.digest).where(Blob.digest.in_(some))))
    return found


def _insert(session: Session, blobs: Sequence[tuple[str, bytes, int]]) -> None:
    moment = now()
    rows = []
    for digest, data, refs in blobs:
        small = len(data) <= IN_DATABASE
        if not small:
            _write(_folder(session), digest, data)
        kept = data if small else None
        rows.append({"digest": digest, "size": len(data), "refs": refs, "data": kept, "created_at": moment})
    if rows:
        session.execute(insert(Blob), rows)


def replace(session: Session, old: str | None, data: bytes) -> str:
    """Keep a blob in the place of an older one, whose reference is given back."""
    digest = put(session, data)
    if old is not None:
        release(session, [old])
    return digest


def release(session: Session, digests: Iterable[str]) -> None:
    """Give references back, one for each digest named. Bytes that nothing needs wait for `sweep`, which runs later.

    The rows that named them must have let go in the same transaction.
    """
    for digest in digests:
        session.execute(update(Blob).where(Blob.digest == digest, Blob.refs > 0).values(refs=Blob.refs - 1))


def free(session: Session, limit: int = 100) -> list[str]:
    """Return digests that nothing refers to any more: their bytes wait for `sweep`."""
    return list(session.scalars(select(Blob.digest).where(Blob.refs <= 0).limit(limit)))


def sweep(session: Session, digest: str) -> bool:
    """Delete the bytes of a blob without references; return whether they went. May be repeated after a crash.

    It runs in a transaction of its own, after the one that released the blob has committed. A run that dies after the
    file and before its commit leaves the row, and the next run takes it. A blob that something still names though its
    count says otherwise stays: `otvet reconcile` reports it.
    """
    locks.serialise(session, f"blob:{digest}")
    row = session.get(Blob, digest, with_for_update=True)
    if row is None or row.refs > 0:
        return False
    filed = row.data is None
    try:
        with session.begin_nested():
            session.execute(delete(Blob).where(Blob.digest == digest))
    except IntegrityError:
        return False
    if filed:
        _path(_folder(session), digest).unlink(missing_ok=True)
    return True


def _put_new(session: Session, digest: str, data: bytes) -> None:
    locks.serialise(session, f"blob:{digest}")  # another writer of the same bytes, or the sweep, may be at it
    if _again(session, digest):
        return
    small = len(data) <= IN_DATABASE
    if not small:
        _write(_folder(session), digest, data)
    fresh = Blob(digest=digest, size=len(data), refs=1, data=data if small else None, created_at=now())
    session.merge(fresh)  # over a row that waits for the sweep, if there is one
    session.flush()


def _again(session: Session, digest: str) -> bool:
    again = update(Blob).where(Blob.digest == digest, Blob.refs > 0).values(refs=Blob.refs + 1)
    return bool(session.execute(again).rowcount)  # type: ignore[attr-defined] # a CursorResult, which the stub does not say


def get(session: Session, digest: str) -> bytes:
    """Return the bytes of a digest. Raises NotFoundError when the register never had them or their file is gone."""
    row = session.execute(select(Blob.data, Blob.size).where(Blob.digest == digest)).one_or_none()
    if row is None:
        raise NotFoundError("Файл не найден в хранилище.")
    data: bytes | None = row.data
    if data is not None:
        return data
    path = _path(_folder(session), digest)
    if not path.exists():
        raise NotFoundError(f"Файл {digest[:12]} отсутствует на диске. Восстановите папку хранилища из копии.")
    return path.read_bytes()


def get_many(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """Return the bytes of digests, those kept in the database by one statement. Raises NotFoundError, see `get`."""
    query = select(Blob.digest, Blob.data).where(Blob.digest.in_(digests), Blob.data.is_not(None))
    found: dict[str, bytes] = {digest: data for digest, data in session.execute(query).tuples() if data is not None}
    return {digest: found[digest] if digest in found else get(session, digest) for digest in digests}


def _folder(session: Session) -> Path:
    folder = session.info["blobs"]
    assert isinstance(folder, Path)
    return folder


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _write(folder: Path, digest: str, data: bytes) -> None:
    path = _path(folder, digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace(path, data)
