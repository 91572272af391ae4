"""Bytes under their digest: small ones in the database, large ones in flushed files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry.clock import now
from registry.errors import NotFoundError
from registry.models import Blob

IN_DATABASE = 256 * 1024  # bytes; larger blobs become files


def put(session: Session, data: bytes) -> str:
    """Keep one blob and return its digest; see `put_many`."""
    return put_many(session, [data])[0]


def put_many(session: Session, items: Iterable[bytes]) -> list[str]:
    """Keep bytes and return their SHA-256 digests in order, one reference each.

    A large blob's file is flushed to disk before the row that names it can commit, so a committed digest always has
    its bytes; a crash in between leaves a file that nothing names, and that is harmless.
    """
    digests: list[str] = []
    for data in items:
        digest = hashlib.sha256(data).hexdigest()
        digests.append(digest)
        known = session.execute(update(Blob).where(Blob.digest == digest).values(refs=Blob.refs + 1))
        if known.rowcount:  # type: ignore[attr-defined] # a CursorResult, which the stub does not say
            continue
        small = len(data) <= IN_DATABASE
        if not small:
            _write(_folder(session), digest, data)
        session.add(Blob(digest=digest, size=len(data), refs=1, data=data if small else None, created_at=now()))
        session.flush()
    return digests


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
    temporary = path.with_name(f".{digest}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
