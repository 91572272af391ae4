"""Portions of a long letter: some pages of a document that any worker may lease; joined once all of them are read.

Until then the letter itself is held back by a lease of nobody's: the last portion sets it free, and where that word
was lost the lease runs out by itself. Portions of a document whose bytes or turned pages have changed are of no use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import blobs, leases
from registry.clock import now
from registry.models import Appeal, Document, Part, Portion

WORK: Final = "pages"
HOLDER: Final = "portions"


def key_of(document: Document, turns: Mapping[int, int]) -> str:
    """What portions were read of: the bytes, and how people turned the pages."""
    return hashlib.sha256(f"{document.digest} {sorted(turns.items())}".encode()).hexdigest()


def of(session: Session, document: Document, key: str) -> list[Portion]:
    """The portions of a document as it stands, in order; none where it was not shared out."""
    mine = select(Portion).where(Portion.document_id == document.id, Portion.key == key).order_by(Portion.first)
    return list(session.scalars(mine))


def share_out(session: Session, document: Document, key: str, pages: Iterable[range]) -> None:
    """Let the pages of a document (indexes from 0) be leased by portions; older portions of it go."""
    drop(session, [document.id])
    session.add_all(
        Portion(document_id=document.id, key=key, first=some.start, pages=len(some), work=WORK) for some in pages
    )


def hold(appeal: Appeal) -> None:
    """Keep a letter from being read while its portions are; it comes free by itself after a lease's time."""
    appeal.claimed_by = HOLDER
    appeal.claimed_until = now() + leases.TTL


def keep(session: Session, portion_id: int, packed: bytes | None) -> None:
    """Keep what was read of a portion (None: it failed too often); the last one sets its letter free.

    A portion that is gone, or was read by another in the meantime, changes nothing.
    """
    row = session.get(Portion, portion_id, with_for_update=True)
    if row is None or row.work != WORK:
        return
    row.result_digest = blobs.put(session, packed) if packed is not None else None
    leases.finish(row)
    session.flush()
    key = session.get_one(Document, row.document_id).part.appeal_id
    appeal = session.get(Appeal, key, with_for_update=True, populate_existing=True) if key is not None else None
    if appeal is not None and appeal.claimed_by == HOLDER and not left(session, appeal.id):
        appeal.claimed_by = appeal.claimed_until = None


def left(session: Session, appeal_id: int) -> int:
    """Count the portions of a letter that are not read yet."""
    mine = select(Document.id).join(Part, Document.part_id == Part.id).where(Part.appeal_id == appeal_id)
    query = select(func.count()).select_from(Portion).where(Portion.document_id.in_(mine), Portion.work == WORK)
    return session.scalar(query) or 0


def drop(session: Session, documents: Sequence[int]) -> None:
    """Forget the portions of documents: they have been joined, or are of no use any more."""
    rows = session.scalars(select(Portion).where(Portion.document_id.in_(documents))).all()
    for row in rows:
        session.delete(row)
    session.flush()
    blobs.release(session, [row.result_digest for row in rows if row.result_digest])
