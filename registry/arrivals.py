"""Arrivals and parts: what came in, durably, before anybody looks at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from registry import blobs, events, portions, rights
from registry.actor import Actor
from registry.errors import NotFoundError, StateError
from registry.events import Deed
from registry.models import Appeal, Arrival, Blob, Document, PageEdit, Part


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file of a new part."""

    role: str
    name: str
    media_type: str
    data: bytes
    risk: str = "none"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NewPart:
    """One letter cut out of an arrival. ``held`` waits for a person, ``linked`` is kept beside an appeal.

    ``channel``: what the letter itself told of how it came, where the source could not know (a form of a site).
    """

    verdict: str
    reasons: list[str]
    documents: list[NewDocument]
    state: str = "waiting"
    subject: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    message_id: str | None = None
    receipt_date: dt.date | None = None
    journal: str | None = None
    appeal_id: int | None = None
    channel: str | None = None
    sheets: tuple[int, ...] = ()  # of the scan, from 1, in reading order


@dataclass(frozen=True, slots=True)
class Split:
    """An arrival with the parts that triage cut out of it; ``sheets`` says what became of every sheet of a scan."""

    arrival: Arrival
    parts: Sequence[NewPart]
    sheets: Sequence[dict[str, Any]] = ()


def get(session: Session, arrival_id: int, *, lock: bool = False) -> Arrival:
    """Return an arrival. Raises NotFoundError."""
    arrival = session.get(Arrival, arrival_id, with_for_update=lock)
    if arrival is None:
        raise NotFoundError(f"Поступление {arrival_id} не найдено.")
    return arrival


def sizes(session: Session, keys: Sequence[int]) -> dict[int, int]:
    """Return the bytes of each arrival, the oldest first. Raises NotFoundError when one is not there."""
    query = select(Arrival.id, Blob.size).join(Blob, Blob.digest == Arrival.digest).where(Arrival.id.in_(keys))
    found = dict(session.execute(query.order_by(Arrival.id)).tuples().all())
    if missing := sorted(set(keys) - found.keys()):
        raise NotFoundError(f"Поступление {missing[0]} не найдено.")
    return found


def get_many(session: Session, keys: Sequence[int], *, lock: bool = False) -> list[Arrival]:
    """Return arrivals with their parts, by key; those that are not there are left out."""
    query = select(Arrival).where(Arrival.id.in_(keys)).order_by(Arrival.id).options(selectinload(Arrival.parts))
    return list(session.scalars(query.with_for_update() if lock else query))


def get_parts(session: Session, keys: Sequence[int], *, lock: bool = False) -> list[Part]:
    """Return parts with their arrivals, by key; those that are not there are left out."""
    query = select(Part).where(Part.id.in_(keys)).order_by(Part.id).options(selectinload(Part.arrival))
    return list(session.scalars(query.with_for_update() if lock else query))


def draft(actor: Actor, session: Session, arrival: Arrival, sheets: Sequence[dict[str, Any]]) -> None:
    """Keep the proposed layout of a pile: no letter of it gets a number before a person has confirmed it."""
    arrival.state, arrival.work = "draft", ""
    arrival.sheets, arrival.sheets_scanned = list(sheets), len(sheets)
    events.append(actor, session, f"arrival:{arrival.id}", "arrival.drafted", {"sheets": len(sheets)})


def split(
    actor: Actor, session: Session, arrival: Arrival, parts: Sequence[NewPart], *, sheets: Sequence[dict[str, Any]] = ()
) -> list[Part]:
    """Write the parts of an arrival; a second call finds them and changes nothing."""
    return split_many(actor, session, [Split(arrival, parts, sheets)])[0]


def split_many(actor: Actor, session: Session, splits: Sequence[Split]) -> list[list[Part]]:
    """Write the parts of many arrivals, each once, by a few statements in all; return them as the arrivals stand."""
    made: dict[int, list[tuple[Part, NewPart]]] = {}
    for one in splits:
        if one.arrival.id not in made and not one.arrival.parts:
            made[one.arrival.id] = [(_part(one.arrival, place, new), new) for place, new in enumerate(one.parts, 1)]
            one.arrival.state, one.arrival.sheets = "triaged", list(one.sheets)
            one.arrival.sheets_scanned = len(one.sheets)
            one.arrival.sheets_dropped = sum(sheet["fate"] != "letter" for sheet in one.sheets)
            one.arrival.channel = next((new.channel for new in one.parts if new.channel), one.arrival.channel)
    pairs = [pair for rows in made.values() for pair in rows]
    session.add_all(part for part, _ in pairs)
    session.flush()
    add_documents(session, [(part, new.documents) for part, new in pairs])
    events.append_many(actor, session, [_triaged(key, rows) for key, rows in made.items()])
    fresh = {key: [part for part, _ in rows] for key, rows in made.items()}
    return [fresh.get(one.arrival.id) or list(one.arrival.parts) for one in splits]


def _part(arrival: Arrival, ordinal: int, new: NewPart) -> Part:
    return Part(
        arrival_id=arrival.id,
        ordinal=ordinal,
        verdict=new.verdict,
        reasons=new.reasons,
        state=new.state,
        subject=new.subject,
        meta=new.meta,
        message_id=new.message_id,
        receipt_date=new.receipt_date,
        journal=new.journal,
        appeal_id=new.appeal_id,
        sheet_count=len(new.sheets),
        work="register" if new.state == "waiting" else "",
    )


def _triaged(arrival_id: int, rows: Sequence[tuple[Part, NewPart]]) -> Deed:
    parts = [{"id": part.id, "verdict": part.verdict, "state": part.state} for part, _ in rows]
    return Deed(f"arrival:{arrival_id}", "arrival.triaged", {"parts": parts})


def decide(actor: Actor, session: Session, part_id: int, *, register: bool, reason: str) -> Part:
    """A person decides on a held or linked part: register it, or set it aside («не обращение»)."""
    rights.require(actor, session, "arrival.decide")
    part = session.get(Part, part_id, with_for_update=True)
    if part is None:
        raise NotFoundError(f"Письмо {part_id} не найдено среди поступлений.")
    if part.state == "registered":
        raise StateError("Письмо уже зарегистрировано.")
    part.state = "waiting" if register else "refused"
    part.work = "register" if register else ""
    data = {"part": part.id, "register": register}
    events.append(actor, session, f"arrival:{part.arrival_id}", "part.decided", data, {"reason": (None, reason)})
    return part


def unread(actor: Actor, session: Session, limit: int = 10_000) -> list[int]:
    """Return the arrivals with a part that could not be read and that nobody has decided on since, oldest first."""
    rights.require(actor, session, "system.operate")
    return list(session.scalars(_unread().distinct().order_by(Part.arrival_id).limit(limit)))


def _unread() -> Select[tuple[int]]:
    waits = Appeal.state.in_(("registered", "in_verification"))
    untouched = and_(Part.state == "registered", waits, Appeal.topic_confirmed_by.is_(None))
    return (
        select(Part.arrival_id)
        .outerjoin(Appeal, Appeal.id == Part.appeal_id)
        .where(Part.verdict == "unreadable", or_(Part.state == "held", untouched))
    )


def replay(actor: Actor, session: Session, arrival_id: int, parts: Sequence[NewPart]) -> bool:
    """Put what triage makes of an arrival now in the place of what could not be read; return whether it was.

    What is held is replaced whole. What has its number keeps it, gets the new files, and is read again. Of an arrival
    with several letters nothing is replaced once one has its number: which of the new ones that is, nobody can tell.
    """
    rights.require(actor, session, "system.operate")
    arrival = get(session, arrival_id, lock=True)
    if any(one.verdict == "unreadable" for one in parts):
        return False
    if session.scalar(_unread().where(Part.arrival_id == arrival_id).limit(1)) is None:
        return False
    numbered = any(part.appeal_id is not None for part in arrival.parts)
    if numbered and (len(arrival.parts), len(parts)) != (1, 1):
        return False
    events.append(actor, session, f"arrival:{arrival.id}", "arrival.replayed", {"parts": len(parts)})
    if numbered:
        _read_anew(session, arrival.parts[0], parts[0])
        return True
    for part in list(arrival.parts):
        _drop_documents(session, part)
        session.delete(part)
    session.flush()
    session.expire(arrival, ["parts"])
    split(actor, session, arrival, parts)
    return True


def _read_anew(session: Session, part: Part, new: NewPart) -> None:
    _drop_documents(session, part)
    part.verdict, part.reasons, part.meta = new.verdict, new.reasons, new.meta
    part.subject, part.message_id = new.subject, new.message_id
    add_documents(session, [(part, new.documents)])
    if part.appeal is not None:
        part.appeal.subject = new.subject
        part.appeal.work, part.appeal.attempts, part.appeal.claimed_until = "read", 0, None


def _drop_documents(session: Session, part: Part) -> None:
    for document in list(part.documents):
        drop_document(session, document)


def drop_document(session: Session, document: Document) -> None:
    """Take a file from its part with all that was read of it; as it came it stays with its arrival."""
    part, named = document.part, (document.digest, document.archive_digest, document.words_digest)
    portions.drop(session, [document.id])
    for row in (*document.pages, *document.edits):
        session.delete(row)
    session.delete(document)
    session.flush()
    blobs.release(session, [digest for digest in named if digest])
    session.expire(part, ["documents"])


def new_file(session: Session, document: Document, data: bytes, pages: Sequence[int]) -> None:
    """Give a document other bytes (pages cut off or put in order): what was read of the old ones goes.

    The scan as it came stays with its arrival. What people set right goes with its page.

    Args:
        session: A writing transaction.
        document: Locked.
        data: The new bytes.
        pages: Old numbers of the pages that it has now, in their order.
    """
    old = [digest for digest in (document.digest, document.archive_digest, document.words_digest) if digest]
    for page in list(document.pages):
        session.delete(page)
    carry_edits(session, document, document, pages)
    document.digest, document.size = blobs.put(session, data), len(data)
    document.archive_digest = document.words_digest = None
    document.state, document.reason = "waiting", None
    session.flush()
    session.expire(document, ["pages"])
    blobs.release(session, old)


def carry_edits(session: Session, source: Document, target: Document, pages: Sequence[int]) -> None:
    """Let what people set right on pages of a document stand on those of another, or of itself in another order.

    Args:
        session: A writing transaction.
        source: Where it stands; a document that is its own target loses what is not among its pages any more.
        target: Where it goes.
        pages: Numbers in the source of the target's pages, in the target's order.
    """
    known = {edit.number: edit for edit in source.edits}
    made = [(known[old], new) for new, old in enumerate(pages, 1) if old in known]
    kept = [
        {name: getattr(edit, name) for name in ("turned", "kind", "text", "by", "at")} | {"number": new}
        for edit, new in made
    ]
    for edit in target.edits:
        session.delete(edit)
    session.flush()
    session.add_all(PageEdit(document_id=target.id, **one) for one in kept)
    session.flush()
    session.expire(target, ["edits"])


def held(actor: Actor, session: Session, limit: int = 200) -> list[Part]:
    """Return the parts that wait for a person's decision, oldest first."""
    rights.require(actor, session, "arrival.view")
    query = select(Part).where(Part.state == "held").order_by(Part.id).limit(limit)
    return list(session.scalars(query))


def linked(actor: Actor, session: Session, limit: int = 200) -> list[Part]:
    """Return the newest parts that got no number: robots, reports, answers in threads, beside what the actor sees."""
    rights.require(actor, session, "arrival.view")
    shown = or_(Part.appeal_id.is_(None), rights.visible(actor, session))
    query = select(Part).outerjoin(Appeal, Appeal.id == Part.appeal_id).where(Part.state == "linked", shown)
    return list(session.scalars(query.order_by(Part.id.desc()).limit(limit)))


def refused(actor: Actor, session: Session, limit: int = 200) -> list[Arrival]:
    """Return the newest refused arrivals."""
    rights.require(actor, session, "arrival.view")
    query = select(Arrival).where(Arrival.state == "refused").order_by(Arrival.id.desc()).limit(limit)
    return list(session.scalars(query))


def add_documents(session: Session, files: Sequence[tuple[Part, Sequence[NewDocument]]], *, first: int = 1) -> None:
    """Keep files with their parts; ``first``: the ordinal that the first of each gets."""
    digests = iter(blobs.put_many(session, [new.data for _, documents in files for new in documents]))
    session.add_all(
        Document(
            part_id=part.id,
            ordinal=ordinal,
            role=new.role,
            name=new.name[:500],
            media_type=new.media_type[:120],
            size=len(new.data),
            digest=next(digests),
            risk=new.risk,
            state="refused" if new.reason else "waiting",
            reason=new.reason,
        )
        for part, documents in files
        for ordinal, new in enumerate(documents, start=first)
    )
    session.flush()
