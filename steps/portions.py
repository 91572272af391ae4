"""Long letters read portion by portion: shared out, each portion read by whoever leases it, joined into one reading.

A worker that dies costs the pages of one portion a lease's time; a portion that fails again and again costs its own
pages, which a person reads. One page that cannot be read never costs the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from structlog import get_logger

from intake.document import DocumentReading
from intake.portions import join, portions_of, read_portion
from registry import appeals, blobs, pages, portions, rights
from registry.actor import Actor, system
from registry.database import Session
from registry.models import Appeal, Document, Portion
from steps.house import House

log = get_logger(__name__)

READER = system("read")


@dataclass(frozen=True, slots=True)
class Source:
    """A document of the appeal with its bytes, and what people set right on its pages."""

    id: int
    role: str
    name: str
    media_type: str
    data: bytes
    turns: dict[int, int]
    words: dict[int, str]
    kinds: dict[int, str]


def share_out(house: House, appeal_id: int, sources: Sequence[Source]) -> bool:
    """Let the pages of an appeal's long documents be leased; return whether any of them are still to be read.

    The appeal is then held back until its last portion is read (`registry.portions`).
    """
    pool, settings = house.pages, house.settings.read
    if pool is None:
        return False
    long = {one.id: found for one in sources if (found := portions_of(one.data, one.name, settings, pool))}
    if not long:
        return False
    with house.db.session() as session:
        appeal = appeals.by_id(READER, session, appeal_id, lock=True)
        for document, shares in long.items():
            row = session.get(Document, document)
            if row is None:
                continue
            key = portions.key_of(row, pages.turns(row))
            if not portions.of(session, row, key):
                portions.share_out(session, row, key, shares)
        session.flush()
        left = portions.left(session, appeal_id)
        if left:
            portions.hold(appeal)
            log.info("letter_shared_out", appeal=appeal.reg_number, portions=left)
        return left > 0


def read(actor: Actor, house: House, portion_id: int) -> None:
    """Read one portion and keep what was read; the last one sets its letter free. May be repeated.

    Raises:
        RefusedError: The file as a whole cannot be read.
        PoolClosedError: The pool of readers was closed meanwhile.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        row = session.get(Portion, portion_id)
        document = session.get(Document, row.document_id) if row is not None else None
        if row is None or document is None or row.work != portions.WORK or house.pages is None:
            return
        data, name, turns = blobs.get(session, document.digest), document.name, pages.turns(document)
        mine = _pages(row)
    packed = read_portion(data, name, mine, house.settings.read, house.pages, turns)
    with house.db.session() as session:
        portions.keep(session, portion_id, packed)


def _pages(row: Portion) -> range:
    return range(row.first, row.first + row.pages)


def give_up(actor: Actor, house: House, portion_id: int) -> None:
    """A portion failed too often: its pages go to a person, the letter is read without them (P2)."""
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        portions.keep(session, portion_id, None)


def joined(house: House, source: Source) -> DocumentReading | None:
    """The reading of a document that was shared out; None where it was not.

    Raises:
        RefusedError: The file as a whole cannot be read.
    """
    if house.pages is None:
        return None
    with house.db.session(write=False) as session:
        row = session.get_one(Document, source.id)
        rows = portions.of(session, row, portions.key_of(row, source.turns))
        parts = [(_pages(one), blobs.get(session, one.result_digest) if one.result_digest else None) for one in rows]
    return join(source.data, source.name, parts, house.settings.read, house.pages) if parts else None


def forget(session: Session, appeal: Appeal) -> None:
    """Forget the portions of a letter that has been read, or is given up."""
    portions.drop(session, [row.id for part in appeal.parts for row in part.documents])
