"""What stands in a journal beside the number: facts of appeals and letters, read for many at once, as plain values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.models import Appeal, CaseEntry, Dispatch, Document, Page, Part, Party, Person, Reply, ReplyVersion

OPENING = 200  # characters of a letter's text that may stand for its contents


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending of a letter: channel, state, moment."""

    channel: str
    state: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An outgoing letter under its number. ``addressee`` are the lines of «Кому»."""

    id: int
    appeal_id: int
    number: str | None
    kind: str
    state: str
    date: dt.date | None
    executor: str
    signatory: str
    addressee: tuple[str, ...]
    sendings: tuple[Sending, ...] = ()


class Filed(NamedTuple):
    """An appeal under its number: a tuple, for a journal has a hundred thousand of them.

    ``sheets`` counts pages of letters that were read, None before that.

    ``case`` is index, volume, first and last sheet of the case file; ``author`` the fields of the author;
    ``merged_into`` a number.
    """

    id: int
    number: str
    registered_at: dt.datetime
    received_at: dt.datetime
    postmark_date: dt.date | None
    channel: str
    document_class: str | None
    topic_code: str | None
    subject: str | None
    opening: str
    is_vip: bool
    restricted: bool
    queue: str | None
    executor: str
    due_hard: dt.date
    due_provisional: bool
    state: str
    close_ground: str | None
    closed_at: dt.datetime | None
    merged_into: str | None
    author: Mapping[str, Any]
    case: tuple[str, int, int | None, int | None] | None = None
    sheets: int | None = None
    attachments: int = 0
    answers: tuple[Sent, ...] = ()


def names(session: Session) -> dict[int, str]:
    """Return everybody's short name by key."""
    return {person.id: person.short_name for person in session.scalars(select(Person))}


def who(known: Mapping[int, str], actor: str | None) -> str | None:
    """How a journal calls an actor: a person by name, a flow as the system."""
    if actor is None:
        return None
    kind, _, key = actor.partition(":")
    return known.get(int(key), "") if kind == "person" and key.isdigit() else "система"


def filed(session: Session, keys: Sequence[int], known: Mapping[int, str]) -> dict[int, Filed]:
    """Return the facts of these appeals."""
    if not keys:
        return {}
    authors = _authors(session, keys)
    cases = _cases(session, keys)
    sheets = _sheets(session, keys)
    answers = _answers(session, keys, known)
    rows = session.execute(_appeals(keys)).all()
    merged = _numbers_of(session, [row.merged_into for row in rows if row.merged_into])
    return {
        row.id: Filed(
            id=row.id,
            number=row.reg_number,
            registered_at=row.registered_at,
            received_at=row.received_at,
            postmark_date=row.postmark_date,
            channel=row.channel,
            document_class=row.document_class,
            topic_code=row.topic_code,
            subject=row.subject,
            opening=row.opening or "",
            is_vip=row.is_vip,
            restricted=row.restricted,
            queue=row.queue,
            executor=known.get(row.executor_id or 0, ""),
            due_hard=row.due_hard,
            due_provisional=row.due_provisional,
            state=row.state,
            close_ground=row.close_ground,
            closed_at=row.closed_at,
            merged_into=merged.get(row.merged_into),
            author=authors.get(row.id, {}),
            case=cases.get(row.id),
            sheets=sheets.get(row.id, (None, 0))[0],
            attachments=sheets.get(row.id, (None, 0))[1],
            answers=tuple(answers.get(row.id, ())),
        )
        for row in rows
    }


def sent(session: Session, keys: Sequence[int], known: Mapping[int, str]) -> dict[int, Sent]:
    """Return the facts of these letters."""
    if not keys:
        return {}
    found = _letters(session, Reply.id.in_(keys), known)
    version = ReplyVersion.number == Reply.version
    contents = select(Reply.id, ReplyVersion.content).join(ReplyVersion, ReplyVersion.reply_id == Reply.id)
    lines = {
        key: tuple(content.get("addressee") or ())
        for key, content in session.execute(contents.where(version, Reply.id.in_(keys))).tuples()
    }
    return {row.id: replace(row, addressee=lines.get(row.id, ())) for row in found}


def _appeals(keys: Sequence[int]) -> Any:
    columns = (
        Appeal.id,
        Appeal.reg_number,
        Appeal.registered_at,
        Appeal.received_at,
        Appeal.postmark_date,
        Appeal.channel,
        Appeal.document_class,
        Appeal.topic_code,
        Appeal.subject,
        func.substr(Appeal.text, 1, OPENING).label("opening"),
        Appeal.is_vip,
        Appeal.restricted,
        Appeal.queue,
        Appeal.executor_id,
        Appeal.due_hard,
        Appeal.due_provisional,
        Appeal.state,
        Appeal.close_ground,
        Appeal.closed_at,
        Appeal.merged_into,
    )
    return select(*columns).where(Appeal.id.in_(keys))


def _authors(session: Session, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    query = select(Party.appeal_id, Party.fields).where(
        Party.appeal_id.in_(keys), Party.role == "author", Party.ordinal == 1
    )
    return dict(session.execute(query).tuples().all())


def _cases(session: Session, keys: Sequence[int]) -> dict[int, tuple[str, int, int | None, int | None]]:
    columns = (CaseEntry.case_index, CaseEntry.volume, CaseEntry.sheet_first, CaseEntry.sheet_last)
    query = select(CaseEntry.appeal_id, *columns).where(CaseEntry.appeal_id.in_(keys))
    return {
        row.appeal_id: (row.case_index, row.volume, row.sheet_first, row.sheet_last) for row in session.execute(query)
    }


def _sheets(session: Session, keys: Sequence[int]) -> dict[int, tuple[int | None, int]]:
    """Appeal → pages of its letters as read (None: not read yet, or text that was never on pages), attachments."""
    pages = func.count(Page.id).filter(Page.source != "native")
    query = (
        select(Part.appeal_id, Document.role, func.count(Document.id.distinct()), pages)
        .join(Document, Document.part_id == Part.id)
        .outerjoin(Page, Page.document_id == Document.id)
        .where(Part.appeal_id.in_(keys))
        .group_by(Part.appeal_id, Document.role)
    )
    found: dict[int, tuple[int | None, int]] = {}
    for key, role, documents, count in session.execute(query).tuples():
        if key is None:
            continue
        sheets, attachments = found.get(key, (None, 0))
        if role == "attachment":
            found[key] = (sheets, attachments + documents)
        elif role == "letter":
            found[key] = (((sheets or 0) + count) or None, attachments)
    return found


def _answers(session: Session, keys: Sequence[int], known: Mapping[int, str]) -> dict[int, list[Sent]]:
    """Appeal → its numbered letters, in the order of their making."""
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in _letters(session, Reply.appeal_id.in_(keys) & Reply.out_number.isnot(None), known):
        found[row.appeal_id].append(row)
    return found


def _letters(session: Session, wanted: Any, known: Mapping[int, str]) -> list[Sent]:
    columns = (
        Reply.id,
        Reply.appeal_id,
        Reply.out_number,
        Reply.kind,
        Reply.state,
        Reply.letter_date,
        Reply.executor_id,
        Reply.signatory_id,
    )
    rows = session.execute(select(*columns).where(wanted).order_by(Reply.id)).all()
    sendings: dict[int, list[Sending]] = defaultdict(list)
    query = select(Dispatch.reply_id, Dispatch.channel, Dispatch.state, Dispatch.sent_at)
    for reply, channel, state, at in session.execute(
        query.where(Dispatch.reply_id.in_([row.id for row in rows])).order_by(Dispatch.id)
    ).tuples():
        sendings[reply].append(Sending(channel, state, at))
    return [
        Sent(
            id=row.id,
            appeal_id=row.appeal_id,
            number=row.out_number,
            kind=row.kind,
            state=row.state,
            date=row.letter_date,
            executor=known.get(row.executor_id or 0, ""),
            signatory=known.get(row.signatory_id or 0, ""),
            addressee=(),
            sendings=tuple(sendings.get(row.id, ())),
        )
        for row in rows
    ]


def _numbers_of(session: Session, keys: Sequence[int]) -> dict[int, str]:
    return dict(session.execute(select(Appeal.id, Appeal.reg_number).where(Appeal.id.in_(keys))).tuples().all())
