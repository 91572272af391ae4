"""Erasure: what is personal in an appeal or a client is emptied; numbers, dates, topics and figures stay.

The chain of the history stays whole (P9): it holds salted digests, and the values with their salts go. Bytes are
released here and deleted by `registry.blobs.sweep` once this has committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry import blobs, events, portions, returnedpost, search
from registry.actor import Actor
from registry.clock import now
from registry.errors import StateError
from registry.models import (
    Appeal,
    AppealItem,
    AppealKey,
    Arrival,
    Client,
    ClientContact,
    ClientKey,
    ClientRequest,
    Conflict,
    Control,
    Correction,
    Dispatch,
    DispatchList,
    Document,
    Enclosure,
    Erasure,
    EventValue,
    Extension,
    Outcome,
    Override,
    Page,
    PageEdit,
    Paper,
    PaperAct,
    PaperEnclosure,
    Part,
    Party,
    Proposal,
    Reply,
    ReplyVersion,
    ReturnedPost,
    Subtask,
)
from registry.models.base import Base
from registry.models.history import Event
from rules.wire import LetterContent, Sender

GONE: Final = "удалено"
NO_BYTES: Final = b""


def erase_appeal(actor: Actor, session: Session, appeal: Appeal, kind: str, basis: str) -> Erasure:
    """Empty an appeal for good and write the protocol.

    The caller has checked the right and locked the appeal.

    Args:
        actor: Who carries it out.
        session: A writing transaction.
        appeal: A closed appeal.
        kind: ``retention`` (the term ran out, by an act) or ``person`` (at a person's lawful demand).
        basis: The act, or the demand and the article, in words without personal data.

    Raises:
        StateError: The appeal is open or held, or is empty already.
    """
    if appeal.is_open:
        raise StateError(f"{appeal.reg_number}: обращение ещё открыто. Сначала ответьте на него или закройте его.")
    if appeal.hold_reason is not None:
        raise StateError(f"{appeal.reg_number}: на уничтожение наложен запрет. Сначала снимите его.")
    if appeal.erased_at is not None:
        raise StateError(f"{appeal.reg_number}: содержание уже уничтожено.")
    session.flush()
    _overwrite_freed_pages(session)
    counts = {
        "arrivals": _arrivals(session, appeal.id),
        "letter": _letter(session, appeal.id),
        "parties": _parties(session, appeal.id),
        "replies": _replies(session, appeal.id),
        "mail": _mail(session, appeal.id),
        "notes": _notes(session, appeal.id),
        "papers": _papers(session, appeal.id),
        "history": _values(session, appeal),
    }
    _deleted(session, AppealKey, AppealKey.appeal_id == appeal.id)
    _appeal(session, appeal)
    search.forget(session, appeal.id)
    protocol = Erasure(at=now(), actor=actor.id, kind=kind, basis=basis, appeal_id=appeal.id, counts=counts)
    session.add(protocol)
    session.flush()
    data = {"kind": kind, "protocol": protocol.id, "counts": counts}
    events.append(actor, session, f"appeal:{appeal.id}", "appeal.erased", data)
    session.expire_all()
    return protocol


def erase_client(actor: Actor, session: Session, client: Client, basis: str) -> Erasure:
    """Make a client's row nameless and write the protocol; his appeals are erased one by one beside it."""
    _overwrite_freed_pages(session)
    counts = {
        "keys": _deleted(session, ClientKey, ClientKey.client_id == client.id),
        "contacts": _deleted(session, ClientContact, ClientContact.client_id == client.id),
        "history": events.erase_values(session, f"client:{client.id}"),
    }
    client.name = f"Обезличен № {client.id}"
    client.account_number = client.contract_number = client.inn = client.confirmed_address = None
    client.confirmed_emails, client.extra = [], {}
    client.erased_at = now()
    protocol = Erasure(at=now(), actor=actor.id, kind="person", basis=basis, client_id=client.id, counts=counts)
    session.add(protocol)
    session.flush()
    search.refresh_clients(session, [client.id])
    events.append(actor, session, f"client:{client.id}", "client.erased", {"protocol": protocol.id})
    return protocol


def erase_returned(actor: Actor, session: Session, rows: Sequence[ReturnedPost], kind: str, basis: str) -> Erasure:
    """Empty names and numbers in the journal of returned post and write the protocol; days and reasons stay.

    The caller has checked the right.
    """
    _overwrite_freed_pages(session)
    for row in rows:
        row.addressee, row.sender, row.tracking, row.note = returnedpost.GONE, None, None, None
        row.returned_how = returnedpost.GONE if row.returned_how else None
    _empty_streams(session, list(map(returnedpost.stream, rows)))
    protocol = Erasure(at=now(), actor=actor.id, kind=kind, basis=basis, counts={"returned": len(rows)})
    session.add(protocol)
    session.flush()
    for row in rows:
        events.append(actor, session, returnedpost.stream(row), "post.erased", {"protocol": protocol.id})
    return protocol


def by_basis(session: Session, appeal_id: int, basis: str) -> bool:
    """Whether an appeal was emptied on a certain basis."""
    return session.scalar(select(Erasure.id).where(Erasure.appeal_id == appeal_id, Erasure.basis == basis)) is not None


def returned_by_basis(session: Session, basis: str) -> int:
    """How many rows of the journal of returned post were emptied on a certain basis."""
    counts = session.scalars(select(Erasure.counts).where(Erasure.kind == "retention", Erasure.basis == basis))
    return sum(int(one.get("returned", 0)) for one in counts)


def _overwrite_freed_pages(session: Session) -> None:
    """Let SQLite write zeros over what is deleted; PostgreSQL's vacuum does so in its own time."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))


def _arrivals(session: Session, key: int) -> int:
    """Empty the raw bytes and names of what the appeal came in, with the copies that were joined to it.

    A batch of scans goes whole with its first letter: the others have documents of their own.
    """
    own = select(Part.arrival_id).where(Part.appeal_id == key)
    mine = or_(Arrival.id.in_(own), Arrival.joined_to.in_(own))
    keys = session.scalars(select(Arrival.id).where(mine)).all()
    _empty_bytes(session, Arrival.digest, mine)
    for arrival in keys:
        values = {"name": GONE, "external_id": f"{GONE}:{arrival}", "work_error": None}
        session.execute(_set(Arrival, Arrival.id == arrival, values))
    session.execute(_set(Part, Part.appeal_id == key, {
        "subject": None, "meta": {}, "message_id": None, "reasons": [], "work_error": None,
    }))  # fmt: skip
    return len(keys)


def _letter(session: Session, key: int) -> int:
    parts = select(Part.id).where(Part.appeal_id == key)
    mine = Document.part_id.in_(parts)
    documents = select(Document.id).where(mine)
    portions.drop(session, session.scalars(documents).all())
    session.execute(_set(Page, Page.document_id.in_(documents), {"text": "", "reasons": []}))
    session.execute(_set(PageEdit, PageEdit.document_id.in_(documents), {"text": None}))
    _empty_bytes(session, Document.digest, mine)
    for column in (Document.archive_digest, Document.words_digest):
        _drop_bytes(session, column, mine)
    gone = {"name": GONE, "state": "refused", "reason": "Содержание уничтожено."}
    return _changed(session, Document, mine, gone)


def _papers(session: Session, key: int) -> int:
    """Empty what stood on the envelope, the names of enclosures, and acts; days and counts stay."""
    for column in (PaperAct.docx_digest, PaperAct.pdf_digest):
        _drop_bytes(session, column, PaperAct.appeal_id == key)
    session.execute(_set(PaperAct, PaperAct.appeal_id == key, {"rows": []}))
    session.execute(_set(PaperEnclosure, PaperEnclosure.appeal_id == key, {"name": GONE, "given_back_to": None}))
    empty: dict[str, Any] = {"seen": {}, "tracking": None, "sealed_for": None, "handed_to": None}
    return _changed(session, Paper, Paper.appeal_id == key, empty)


def _parties(session: Session, key: int) -> int:
    empty = {"fields": Sender().model_dump(mode="json"), "evidence": {}, "confirmed": [], "details": {}}
    return _changed(session, Party, Party.appeal_id == key, empty)


def _replies(session: Session, key: int) -> int:
    own = select(Reply.id).where(Reply.appeal_id == key)
    mine = ReplyVersion.reply_id.in_(own)
    _drop_bytes(session, Reply.signed_digest, Reply.appeal_id == key)
    for column in (ReplyVersion.docx_digest, ReplyVersion.pdf_digest):
        _drop_bytes(session, column, mine)
    _drop_bytes(session, Enclosure.digest, Enclosure.reply_id.in_(own))
    session.execute(_set(Override, Override.reply_id.in_(own), {"reason": GONE}))
    empty = {"content": LetterContent().model_dump(mode="json"), "report": None}
    return _changed(session, ReplyVersion, mine, empty)


def _mail(session: Session, key: int) -> int:
    """Empty addresses, messages and the words of proofs. The codes and moments of the proofs stay."""
    own = select(Reply.id).where(Reply.appeal_id == key)
    mine = Dispatch.reply_id.in_(own)
    for column in (Dispatch.raw_digest, Dispatch.receipt_digest):
        _drop_bytes(session, column, mine)
    rows = session.scalars(select(Dispatch).where(mine)).all()
    for row in rows:
        row.address = f"{GONE}:{row.id}"  # unique with reply and channel
        row.proof = [{name: one[name] for name in ("at", "code", "state") if name in one} for one in row.proof]
        row.work_error = row.tracking = None
    # A list for the post office names every addressee; the office's stamped paper is the proof of handing over.
    lists = {row.list_id for row in rows if row.list_id is not None}
    for paper in (DispatchList.pdf_digest, DispatchList.scan_digest):
        _drop_bytes(session, paper, DispatchList.id.in_(lists))
    session.flush()
    return len(rows)


def _notes(session: Session, key: int) -> int:
    """Empty what people wrote in their own words beside the appeal."""
    changes: tuple[tuple[type[Base], ColumnElement[bool], dict[str, Any]], ...] = (
        (AppealItem, AppealItem.appeal_id == key, {"quote": "", "answer": None}),
        (Subtask, Subtask.appeal_id == key, {"question": None, "answer": None, "remark": None}),
        (Correction, Correction.appeal_id == key, {"before": None, "after": None}),
        (ClientRequest, ClientRequest.appeal_id == key, {"asked": GONE}),
        (Control, Control.appeal_id == key, {"promise": GONE, "note": None}),
        (Extension, Extension.appeal_id == key, {"reason": GONE}),
        (Outcome, Outcome.appeal_id == key, {"cause_text": None, "measure": GONE}),
        (Conflict, Conflict.appeal_id == key, {"reason": GONE}),
        (Proposal, or_(Proposal.appeal_id == key, Proposal.other_id == key), {"evidence": {}}),
    )
    return sum(_changed(session, model, condition, values) for model, condition, values in changes)


def _values(session: Session, appeal: Appeal) -> int:
    own = select(Part.arrival_id).where(Part.appeal_id == appeal.id)
    arrivals = session.scalars(select(Arrival.id).where(or_(Arrival.id.in_(own), Arrival.joined_to.in_(own))))
    return _empty_streams(session, [f"appeal:{appeal.id}", *(f"arrival:{key}" for key in arrivals)])


def _empty_streams(session: Session, streams: Sequence[str]) -> int:
    """Empty the values of histories with their salts: without a salt nobody can try words against a digest."""
    erased = sum(events.erase_values(session, stream) for stream in streams)
    session.flush()
    touched = select(Event.id).where(Event.stream.in_(streams))
    session.execute(_set(EventValue, EventValue.event_id.in_(touched), {"salt": ""}))
    return erased


def _appeal(session: Session, appeal: Appeal) -> None:
    values = {
        "text": "",
        "subject": None,
        "reasons": [],
        "alarms": [{"code": one["code"], "evidence": ""} for one in appeal.alarms],
        "topics": [_code(guess) for guess in appeal.topics],
        "figures": None,
        "found_class": {**appeal.found_class, "evidence": ""} if appeal.found_class else None,
        "client_id": None,
        "client_by": None,
        "identity": None,
        "needs_person": False,
        "work_error": None,
        "erased_at": now(),
        "version": appeal.version + 1,
    }
    session.execute(_set(Appeal, Appeal.id == appeal.id, values))


def _code(guess: dict[str, Any]) -> dict[str, Any]:
    return {name: guess[name] for name in ("code", "confidence") if name in guess}


def _empty_bytes(session: Session, column: InstrumentedAttribute[str], condition: ColumnElement[bool]) -> None:
    """Let a column that must name bytes name none: the empty blob stands in for what is gone."""
    before = session.scalars(select(column).where(condition)).all()
    if before:
        nothing = blobs.put_many(session, [NO_BYTES] * len(before))[0]
        session.execute(_set(column.class_, condition, {column.key: nothing}))
        blobs.release(session, before)


def _drop_bytes(session: Session, column: InstrumentedAttribute[str | None], condition: ColumnElement[bool]) -> None:
    query: Select[tuple[str | None]] = select(column).where(condition, column.is_not(None))
    before: Sequence[str | None] = session.scalars(query).all()
    if before:
        session.execute(_set(column.class_, condition, {column.key: None}))
        blobs.release(session, [one for one in before if one])


def _set(model: Any, condition: ColumnElement[bool], values: dict[str, Any]) -> Any:
    return update(model).where(condition).values(**values).execution_options(synchronize_session=False)


def _changed(session: Session, model: type[Base], condition: ColumnElement[bool], values: dict[str, Any]) -> int:
    return int(session.execute(_set(model, condition, values)).rowcount)  # type: ignore[attr-defined] # a CursorResult


def _deleted(session: Session, model: type[Base], condition: ColumnElement[bool]) -> int:
    gone = delete(model).where(condition).execution_options(synchronize_session=False)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined] # a CursorResult, which the stub does not say
