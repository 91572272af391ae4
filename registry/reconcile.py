"""Reconciliation (сверка): what came is accounted for once, every number has its letter, every file is there.

The balance of a day is a few counts; the look over numbers, files and sendings is whole, and is meant for the night.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from registry import fetching, rights
from registry.actor import Actor
from registry.clock import LOCAL, now
from registry.models import Arrival, Base, Blob, Counter, Dispatch, Document, Mailbox, Number, Page, Part, Reply

SHOWN: Final = 20  # cases named for one kind of fault
SILENT: Final = dt.timedelta(hours=1)  # how long a mailbox may be out of reach before it is a fault
ERROR: Final = 400  # characters kept of a reason
_PART_WORDS: Final = {"registered": "registered", "linked": "linked", "held": "held", "refused": "set_aside",
                      "waiting": "pending"}  # fmt: skip


@dataclass(slots=True)
class Balance:
    """What became of what a source gave (P1), counted in letters.

    Attributes:
        source: The source.
        seen: Letters: things given, and for what was split, its parts.
        registered, joined, linked, refused, held, pending, set_aside: Where they are. ``linked``: bounces, robots and
            replies beside an appeal; ``set_aside``: no appeal by a person's decision.
        lost: Things taken apart that have no part, and parts called registered that have no number.
        sheets_scanned: Sheets of scans.
        sheets_filed, sheets_held, sheets_dropped: Sheets of letters, sheets that wait for a decision, separators and
            blanks: of scans they add up to ``sheets_scanned``. Pages of what was not scanned count as filed once read.
    """

    source: str
    seen: int = 0
    registered: int = 0
    joined: int = 0
    linked: int = 0
    refused: int = 0
    held: int = 0
    pending: int = 0
    set_aside: int = 0
    lost: int = 0
    sheets_scanned: int = 0
    sheets_filed: int = 0
    sheets_held: int = 0
    sheets_dropped: int = 0
    pages_read: int = 0

    @property
    def fits(self) -> bool:
        """Whether every letter is somewhere, and nowhere twice."""
        known = self.registered + self.joined + self.linked + self.refused + self.held + self.pending + self.set_aside
        scanned = self.sheets_filed - self.pages_read + self.sheets_held + self.sheets_dropped
        return self.seen == known and not self.lost and scanned == self.sheets_scanned


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not agree: what, how often, some of the cases, and what to do."""

    what: str
    count: int
    cases: list[str]
    mend: str


def balances(actor: Actor, session: Session, day: dt.date | None = None) -> list[Balance]:
    """Return the balance of every source, over all time or over what was taken in on one local day."""
    rights.require(actor, session, "arrival.view")
    within = _within(day)
    table: dict[str, Balance] = {}
    sums = (func.count(), func.sum(Arrival.sheets_dropped), func.sum(Arrival.sheets_scanned))
    things = select(Arrival.source, Arrival.state, *sums).where(within)
    for source, state, count, dropped, scanned in session.execute(things.group_by(Arrival.source, Arrival.state)):
        row = table.setdefault(source, Balance(source))
        row.sheets_dropped += dropped or 0
        row.sheets_scanned += scanned or 0
        row.sheets_held += (scanned or 0) if state == "draft" else 0
        if state != "triaged":
            row.seen += count
            name = {"waiting": "pending", "draft": "held"}.get(state, state)
            if name in {"pending", "held", "joined", "refused"}:
                setattr(row, name, getattr(row, name) + count)
    _parts(session, table, within)
    _sheets(session, table, within)
    return [table[name] for name in sorted(table)]


def faults(actor: Actor, session: Session, held_before: dt.datetime, drafts_before: dt.datetime) -> list[Fault]:
    """Return what does not agree among mailboxes, numbers, files and sendings; empty when all is well.

    ``held_before``: a letter that was taken in earlier and still waits for a person's decision is a fault;
    ``drafts_before`` is the same of piles whose borders nobody has confirmed.
    """
    rights.require(actor, session, "system.operate")
    held = (*_held(session, held_before), _drafts(session, drafts_before))
    found = (*_mailboxes(session), *held, *_numbers(session), *_blobs(session), *_sendings(session))
    return [one for one in found if one.count]


def note_look(session: Session, name: str, seen: tuple[int, int] | None, error: str | None) -> None:
    """Keep what a look into a mailbox gave: how many wait, and how many lie among the done that nobody took."""
    row = fetching.mailbox(session, name)
    row.tried_at = now()
    row.error = error[:ERROR] if error else None
    if seen is not None:
        row.looked_at = row.tried_at
        row.waiting, row.strange = seen


def looks(session: Session) -> list[Mailbox]:
    """Return the last looks into mailboxes."""
    return list(session.scalars(select(Mailbox).order_by(Mailbox.name)))


def _within(day: dt.date | None) -> ColumnElement[bool]:
    if day is None:
        return true()
    start = dt.datetime.combine(day, dt.time.min, tzinfo=LOCAL)
    return and_(Arrival.taken_at >= start, Arrival.taken_at < start + dt.timedelta(days=1))


def _parts(session: Session, table: dict[str, Balance], within: ColumnElement[bool]) -> None:
    query = (
        select(Arrival.source, Part.state, Part.appeal_id.is_(None), func.count())
        .join(Part, Part.arrival_id == Arrival.id)
        .where(within)
        .group_by(Arrival.source, Part.state, Part.appeal_id.is_(None))
    )
    for source, state, nowhere, count in session.execute(query):
        row = table[source]
        row.seen += count
        if state == "registered" and nowhere:
            row.lost += count
        elif state in _PART_WORDS:
            setattr(row, _PART_WORDS[state], getattr(row, _PART_WORDS[state]) + count)
    bare = (
        select(Arrival.source, func.count())
        .where(within, Arrival.state == "triaged", ~select(Part.id).where(Part.arrival_id == Arrival.id).exists())
        .group_by(Arrival.source)
    )
    for source, count in session.execute(bare):
        table[source].seen += count
        table[source].lost += count


def _sheets(session: Session, table: dict[str, Balance], within: ColumnElement[bool]) -> None:
    scans = (
        select(Arrival.source, Part.state, func.sum(Part.sheet_count))
        .join(Part, Part.arrival_id == Arrival.id)
        .where(within)
        .group_by(Arrival.source, Part.state)
    )
    for source, state, count in session.execute(scans):
        name = "sheets_held" if state == "held" else "sheets_filed"
        setattr(table[source], name, getattr(table[source], name) + (count or 0))
    others = (
        select(Arrival.source, func.count())
        .join(Part, Part.arrival_id == Arrival.id)
        .join(Document, Document.part_id == Part.id)
        .join(Page, Page.document_id == Document.id)
        .where(within, Part.sheet_count == 0)
        .group_by(Arrival.source)
    )
    for source, count in session.execute(others):
        table[source].sheets_filed += count
        table[source].pages_read += count


def _mailboxes(session: Session) -> Iterator[Fault]:
    """Mailboxes that cannot be read for an hour, and letters that a person put where nobody looks again."""
    old = now() - SILENT
    silent = and_(Mailbox.error.is_not(None), or_(Mailbox.looked_at.is_(None), Mailbox.looked_at < old))
    mend = "проверьте ящик: `otvet receive --once` скажет причину"
    yield _fault(session, Mailbox.name, silent, "почтовый ящик не читается", mend)
    rows = session.execute(select(Mailbox.name, Mailbox.strange).where(Mailbox.strange > 0)).tuples().all()
    what = "в папке принятых лежат письма, которых программа не принимала"
    cases = [f"{name}: {count}" for name, count in rows]
    yield Fault(what, sum(count for _, count in rows), cases[:SHOWN], "верните их во входящие, и они будут приняты")


def _held(session: Session, before: dt.datetime) -> Iterator[Fault]:
    old = select(Part.arrival_id).join(Arrival).where(Part.state == "held", Arrival.taken_at < before)
    count = session.scalar(select(func.count()).select_from(old.subquery())) or 0
    cases = [str(one) for one in session.scalars(old.limit(SHOWN))]
    yield Fault("задержанное письмо не просмотрено в течение рабочего дня", count, cases, "решите в «Поступлениях»")


def _drafts(session: Session, before: dt.datetime) -> Fault:
    old = and_(Arrival.state == "draft", Arrival.taken_at < before)
    what = "черновик партии не подтверждён в день сканирования"
    return _fault(session, Arrival.id, old, what, "подтвердите границы писем в «Канцелярии»")


def _numbers(session: Session) -> Iterator[Fault]:
    idle = and_(Number.status == "issued", Number.appeal_id.is_(None), Number.reply_id.is_(None))
    mute = and_(Number.status == "cancelled", or_(Number.reason.is_(None), Number.reason == ""))
    yield _fault(session, Number.text, idle, "номер ни к чему не относится", "аннулируйте номер с причиной")
    yield _fault(session, Number.text, mute, "номер аннулирован без причины", "сообщите разработчикам")
    given = select(Number.journal, Number.year, func.count().label("given")).group_by(Number.journal, Number.year)
    sums = given.subquery()
    same = and_(sums.c.journal == Counter.journal, sums.c.year == Counter.year)
    query = select(Counter.journal, Counter.year, Counter.last, func.coalesce(sums.c.given, 0)).outerjoin(sums, same)
    gaps = [f"{name} {year}: {last}, а записей {count}" for name, year, last, count in session.execute(query)
            if last != count]  # fmt: skip
    yield Fault("пропуск в нумерации журнала", len(gaps), gaps[:SHOWN], "восстановите базу из копии")


def _blobs(session: Session) -> Iterator[Fault]:
    columns = [
        column for table in Base.metadata.sorted_tables for column in table.columns
        if any(key.column.table.name == "blob" for key in column.foreign_keys)
    ]  # fmt: skip
    named = union_all(*(select(column.label("digest")).where(column.is_not(None)) for column in columns)).subquery()
    counts = select(named.c.digest, func.count().label("uses")).group_by(named.c.digest).subquery()
    uses = func.coalesce(counts.c.uses, 0)
    query = select(Blob.digest, Blob.refs, uses, Blob.data.is_(None)).outerjoin(counts, counts.c.digest == Blob.digest)
    wrong, missing, filed = [], [], set()
    folder = session.info["blobs"]
    for digest, refs, count, in_file in session.execute(query):
        if refs != count:
            wrong.append(f"{digest[:12]}: счёт {refs}, ссылок {count}")
        if in_file:
            filed.add(digest)
            if not (folder / digest[:2] / digest).is_file():
                missing.append(digest[:12])
    strangers = [path.name[:12] for path in folder.glob("??/*") if path.name not in filed]
    yield Fault("файла нет на диске", len(missing), missing[:SHOWN], "верните папку хранилища из копии")
    yield Fault("счёт ссылок на файл неверен", len(wrong), wrong[:SHOWN], "сообщите разработчикам: файл не удалится")
    yield Fault("лишний файл в хранилище", len(strangers), strangers[:SHOWN], "остался от прерванной записи: удалите")


def _sendings(session: Session) -> Iterator[Fault]:
    bare = and_(Dispatch.state == "sent", or_(Dispatch.sent_at.is_(None), Dispatch.proof == []))
    unclear = Dispatch.state == "unclear"
    key: Any = Dispatch.id
    yield _fault(session, key, bare, "отправка без доказательства", "найдите доказательство и отметьте отправку")
    yield _fault(session, key, unclear, "исход отправки неясен", "решите на странице «Отправка»")
    silent = and_(Reply.state == "signed", ~select(Dispatch.id).where(Dispatch.reply_id == Reply.id).exists())
    yield _fault(session, Reply.id, silent, "подписанный ответ никуда не отправляется", "откройте ответ и отправьте")


def _fault(session: Session, column: Any, condition: ColumnElement[bool], what: str, mend: str) -> Fault:
    count = session.scalar(select(func.count()).where(condition)) or 0
    cases = [str(one) for one in session.scalars(select(column).where(condition).limit(SHOWN))] if count else []
    return Fault(what, count, cases, mend)
