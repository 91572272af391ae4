"""Arrivals and parts: what came in, durably, before anybody looks at it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from registry import blobs, events, locks, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import NotFoundError, StateError
from registry.models import Appeal, Arrival, Document, Part

EXTERNAL_ID: Final = 500  # characters kept of a receipt


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing as a source gave it; the fields are those of the port of sources."""

    source: str
    external_id: str
    data: bytes
    name: str
    form: str
    canonical: str
    received_at: dt.datetime
    channel: str
    channel_address: str
    receipt_date: dt.date | None = None
    named: str | None = None  # class of document or journal that a person named
    postmark_date: dt.date | None = None
    refused: str | None = None  # Russian reason why it is kept but not worked on


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a receipt: ``new``, ``joined`` (bytes seen before), ``known`` (told twice) or ``refused``."""

    arrival_id: int
    outcome: str


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
    """One letter cut out of an arrival. ``held`` waits for a person, ``linked`` is kept beside an appeal."""

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


def keep_many(actor: Actor, session: Session, receipts: Sequence[Receipt]) -> list[Kept]:
    """Keep receipts with their bytes; the source may be told once this transaction has committed (P1)."""
    for canonical in sorted({receipt.canonical for receipt in receipts}):
        locks.serialise(session, f"arrival:{canonical}")  # the same letter in two boxes at once is still one letter
    return [_keep(actor, session, receipt) for receipt in receipts]


def _keep(actor: Actor, session: Session, receipt: Receipt) -> Kept:
    known = _receipt_of(session, receipt)
    if known is not None and known.canonical != receipt.canonical and known.digest != _digest(receipt):
        # The source gave the same receipt to another letter: a mailbox rebuilt from a copy counts its UIDs again.
        tail = f"#{receipt.canonical}"
        receipt = replace(receipt, external_id=receipt.external_id[: EXTERNAL_ID - len(tail)] + tail)
        known = _receipt_of(session, receipt)
    if known is not None:
        return Kept(known.id, "known")
    original = session.scalar(
        select(Arrival.id)
        .where(Arrival.canonical == receipt.canonical, Arrival.joined_to.is_(None), Arrival.state != "refused")
        .order_by(Arrival.id)
        .limit(1)
    )
    state = "refused" if receipt.refused else "joined" if original else "waiting"
    arrival = Arrival(
        source=receipt.source,
        external_id=receipt.external_id,
        canonical=receipt.canonical,
        digest=blobs.put(session, receipt.data),
        name=receipt.name[:500],
        form=receipt.form,
        channel=receipt.channel,
        channel_address=receipt.channel_address,
        received_at=receipt.received_at,
        receipt_date=receipt.receipt_date,
        named=receipt.named,
        postmark_date=receipt.postmark_date,
        taken_at=now(),
        state=state,
        reason=receipt.refused,
        joined_to=original if state == "joined" else None,
        work="triage" if state == "waiting" else "",
    )
    session.add(arrival)
    session.flush()
    kind = {"refused": "arrival.refused", "joined": "arrival.joined", "waiting": "arrival.received"}[state]
    data = {"source": receipt.source, "form": receipt.form, "digest": arrival.digest}
    if arrival.joined_to:
        data["joined_to"] = str(arrival.joined_to)
    events.append(actor, session, f"arrival:{arrival.id}", kind, data)
    return Kept(arrival.id, "new" if state == "waiting" else state)


def _receipt_of(session: Session, receipt: Receipt) -> Row[tuple[int, str, str]] | None:
    same = (Arrival.source == receipt.source, Arrival.external_id == receipt.external_id)
    return session.execute(select(Arrival.id, Arrival.canonical, Arrival.digest).where(*same)).one_or_none()


def _digest(receipt: Receipt) -> str:
    return hashlib.sha256(receipt.data).hexdigest()


def get(session: Session, arrival_id: int, *, lock: bool = False) -> Arrival:
    """Return an arrival. Raises NotFoundError."""
    arrival = session.get(Arrival, arrival_id, with_for_update=lock)
    if arrival is None:
        raise NotFoundError(f"Поступление {arrival_id} не найдено.")
    return arrival


def split(
    actor: Actor, session: Session, arrival: Arrival, parts: Iterable[NewPart], *, sheets_dropped: int = 0
) -> list[Part]:
    """Write the parts of an arrival; a second call finds them and changes nothing."""
    if arrival.parts:
        return arrival.parts
    rows: list[Part] = []
    for ordinal, new in enumerate(parts, start=1):
        part = Part(
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
            work="register" if new.state == "waiting" else "",
        )
        session.add(part)
        session.flush()
        _add_documents(session, part, new.documents)
        rows.append(part)
    arrival.state = "triaged"
    arrival.sheets_dropped = sheets_dropped
    data = {"parts": [{"id": part.id, "verdict": part.verdict, "state": part.state} for part in rows]}
    events.append(actor, session, f"arrival:{arrival.id}", "arrival.triaged", data)
    return rows


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
    return list(session.scalars(_unread().order_by(Part.arrival_id).limit(limit)))


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

    What is held is replaced whole. What has its number keeps it, gets the new files, and is read again.
    """
    rights.require(actor, session, "system.operate")
    arrival = get(session, arrival_id, lock=True)
    if any(one.verdict == "unreadable" for one in parts):
        return False
    if session.scalar(_unread().where(Part.arrival_id == arrival_id).limit(1)) is None:
        return False
    events.append(actor, session, f"arrival:{arrival.id}", "arrival.replayed", {"parts": len(parts)})
    if len(arrival.parts) == 1 and arrival.parts[0].state == "registered":
        if len(parts) != 1:
            return False
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
    _add_documents(session, part, new.documents)
    if part.appeal is not None:
        part.appeal.subject = new.subject
        part.appeal.work, part.appeal.attempts, part.appeal.claimed_until = "read", 0, None


def _drop_documents(session: Session, part: Part) -> None:
    for document in list(part.documents):
        named = (document.digest, document.archive_digest, document.words_digest)
        for page in document.pages:
            session.delete(page)
        session.delete(document)
        session.flush()
        blobs.release(session, [digest for digest in named if digest])
    session.expire(part, ["documents"])


def held(actor: Actor, session: Session, limit: int = 200) -> list[Part]:
    """Return the parts that wait for a person's decision, oldest first."""
    rights.require(actor, session, "arrival.view")
    query = select(Part).where(Part.state == "held").order_by(Part.id).limit(limit)
    return list(session.scalars(query))


def refused(actor: Actor, session: Session, limit: int = 200) -> list[Arrival]:
    """Return the newest refused arrivals."""
    rights.require(actor, session, "arrival.view")
    query = select(Arrival).where(Arrival.state == "refused").order_by(Arrival.id.desc()).limit(limit)
    return list(session.scalars(query))


def _add_documents(session: Session, part: Part, documents: Sequence[NewDocument]) -> None:
    digests = blobs.put_many(session, [document.data for document in documents])
    for ordinal, (new, digest) in enumerate(zip(documents, digests, strict=True), start=1):
        session.add(
            Document(
                part_id=part.id,
                ordinal=ordinal,
                role=new.role,
                name=new.name[:500],
                media_type=new.media_type[:120],
                size=len(new.data),
                digest=digest,
                risk=new.risk,
                state="refused" if new.reason else "waiting",
                reason=new.reason,
            )
        )
    session.flush()
