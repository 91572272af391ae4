"""Reading a journal: its entries in the order of their numbers, in bounded memory, and whether any is missing.

A journal shows every number, for a gap would be a lie. What an actor may not know of (restricted appeals, those of a
conflict of interest, other queues' where his right ends at his own) stands there as a number alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session, aliased

from registry import clock, journalfacts, rights
from registry.actor import Actor
from registry.journalfacts import Filed, Sent
from registry.models import Appeal, Counter, Number, Reply

BATCH: Final = 500
SHOWN_GAPS: Final = 100


class Entry(NamedTuple):
    """One number of a journal and what stands under it.

    Attributes:
        seq: Ordinal number within journal and year.
        text: The number as printed.
        status: ``issued``, ``reserved`` or ``cancelled``.
        issued_at: When the system gave or reserved it.
        written_on: Date in the paper journal, where it was entered from there.
        reason: Why it was cancelled; None also where the actor may not know.
        cancelled_by: Name of who cancelled it.
        cancelled_at: When.
        hidden: The actor may know the number and no more.
        appeal: The appeal of an incoming number, or the one that an outgoing letter answers.
        reply: The letter of an outgoing number.
    """

    seq: int
    text: str
    status: str
    issued_at: dt.datetime
    written_on: dt.date | None
    reason: str | None = None
    cancelled_by: str | None = None
    cancelled_at: dt.datetime | None = None
    hidden: bool = False
    appeal: Filed | None = None
    reply: Sent | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """A journal's year in figures: how far it goes, numbers by state, and the first of the missing ones (none)."""

    journal: str
    year: int
    last: int
    issued: int
    reserved: int
    cancelled: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an extract of a journal closes with: its first and last number, and how many stand in it by state."""

    first: str
    last: str
    issued: int
    reserved: int
    cancelled: int
    missing: int

    @property
    def total(self) -> int:
        """Numbers in the extract."""
        return self.issued + self.reserved + self.cancelled


def years(actor: Actor, session: Session, journal: str) -> list[int]:
    """Return the years of a journal, the newest first."""
    rights.require(actor, session, "journal.view")
    query = select(Counter.year).where(Counter.journal == journal).order_by(Counter.year.desc())
    return list(session.scalars(query))


def span(
    actor: Actor, session: Session, journal: str, year: int, since: dt.date | None = None, until: dt.date | None = None
) -> range:
    """Return the numbers that were given from one local day to another, both included; all of the year without days.

    Moments never run backwards within a journal, so both ends are found by halving, whatever the journal's length.
    """
    rights.require(actor, session, "journal.view")
    counter = session.get(Counter, (journal, year), populate_existing=True)
    last = counter.last if counter else 0

    def before(day: dt.date) -> Callable[[int], bool]:
        start = dt.datetime.combine(day, dt.time.min, tzinfo=clock.LOCAL)
        moment = select(Number.issued_at).where(Number.journal == journal, Number.year == year)
        return lambda seq: session.execute(moment.where(Number.seq == seq)).scalar_one() < start

    first = _first_not(before(since), 1, last + 1) if since else 1
    end = _first_not(before(until + dt.timedelta(days=1)), first, last + 1) if until else last + 1
    return range(first, end)


def read(
    actor: Actor, session: Session, journal: str, year: int, seqs: Sequence[int], *, batch: int = BATCH
) -> Iterator[Entry]:
    """Yield the entries of these numbers in the order given; memory holds one batch, whatever their count."""
    rights.require(actor, session, "journal.view")
    names = journalfacts.names(session)
    known = _known(actor, session)
    for start in range(0, len(seqs), batch):
        wanted = seqs[start : start + batch]
        rows = {row.seq: row for row in session.execute(_numbers(journal, year, wanted))}
        outgoing = _replies(session, [row.reply_id for row in rows.values() if row.reply_id])
        appeal_of = {row.seq: row.appeal_id or outgoing.get(row.reply_id) for row in rows.values()}
        wanted_appeals = [key for key in appeal_of.values() if key]
        open_to = _open(session, known, wanted_appeals)
        filed = journalfacts.filed(session, [key for key in wanted_appeals if key in open_to], names)
        sent = journalfacts.sent(session, [key for key, appeal in outgoing.items() if appeal in open_to], names)
        for seq in wanted:
            if seq in rows:
                yield _entry(rows[seq], appeal_of[seq], filed, sent, names)


def totals(actor: Actor, session: Session, journal: str, year: int) -> Totals:
    """Count a journal's year and look for missing numbers. Its cost grows with the year: for audits, not for pages."""
    rights.require(actor, session, "journal.view")
    counter = session.get(Counter, (journal, year), populate_existing=True)
    last = counter.last if counter else 0
    here = (Number.journal == journal, Number.year == year)
    counted = dict(
        session.execute(select(Number.status, func.count()).where(*here).group_by(Number.status)).tuples().all()
    )
    missing = () if sum(counted.values()) == last else _missing(session, journal, year, last)
    issued, reserved, cancelled = (counted.get(name, 0) for name in ("issued", "reserved", "cancelled"))
    return Totals(journal, year, last, issued, reserved, cancelled, missing)


def summary(actor: Actor, session: Session, journal: str, year: int, seqs: range) -> Summary | None:
    """Return what an extract holds in figures; None when it holds nothing."""
    rights.require(actor, session, "journal.view")
    if not seqs:
        return None
    here = (Number.journal == journal, Number.year == year, Number.seq.between(seqs[0], seqs[-1]))
    found = session.execute(select(Number.status, func.count()).where(*here).group_by(Number.status)).tuples()
    counted = dict(found.all())
    ends = select(Number.text).where(*here).order_by(Number.seq).limit(1)
    first = session.scalar(ends) or ""
    last = session.scalar(ends.order_by(None).order_by(Number.seq.desc())) or ""
    issued, reserved, cancelled = (counted.get(name, 0) for name in ("issued", "reserved", "cancelled"))
    return Summary(first, last, issued, reserved, cancelled, len(seqs) - issued - reserved - cancelled)


def all_totals(actor: Actor, session: Session) -> list[Totals]:
    """Return the figures of every journal and year, for the check of the register's health."""
    query = select(Counter.journal, Counter.year).order_by(Counter.journal, Counter.year)
    return [totals(actor, session, journal, year) for journal, year in session.execute(query).tuples()]


def _entry(
    row: Row[Any], appeal_id: int | None, filed: dict[int, Filed], sent: dict[int, Sent], names: dict[int, str]
) -> Entry:
    hidden = appeal_id is not None and appeal_id not in filed
    return Entry(
        seq=row.seq,
        text=row.text,
        status=row.status,
        issued_at=row.issued_at,
        written_on=row.written_on,
        reason=None if hidden else row.reason,
        cancelled_by=journalfacts.who(names, row.cancelled_by),
        cancelled_at=row.cancelled_at,
        hidden=hidden,
        appeal=filed.get(appeal_id or 0),
        reply=sent.get(row.reply_id or 0),
    )


def _numbers(journal: str, year: int, seqs: Sequence[int]) -> Any:
    columns = (
        Number.seq,
        Number.text,
        Number.status,
        Number.issued_at,
        Number.written_on,
        Number.reason,
        Number.cancelled_by,
        Number.cancelled_at,
        Number.appeal_id,
        Number.reply_id,
    )
    here = (Number.journal == journal, Number.year == year)
    return select(*columns).where(*here, Number.seq.between(min(seqs), max(seqs)))


def _replies(session: Session, keys: Sequence[int]) -> dict[int, int]:
    """Reply → its appeal."""
    return dict(session.execute(select(Reply.id, Reply.appeal_id).where(Reply.id.in_(keys))).tuples().all())


def _known(actor: Actor, session: Session) -> ColumnElement[bool]:
    """What the actor may know of beside its number: within his right to journals, not hidden from him."""
    if actor.is_system or rights.matrix(session).scope(actor.roles, "journal.view") == "all":
        return rights.unhidden(actor, session)
    return rights.visible(actor, session)


def _open(session: Session, known: ColumnElement[bool], keys: Sequence[int]) -> set[int]:
    marked = select(Appeal.id, case((known, 1), else_=0)).where(Appeal.id.in_(keys))
    return {key for key, shown in session.execute(marked).tuples() if shown}


def _missing(session: Session, journal: str, year: int, last: int) -> tuple[int, ...]:
    following = aliased(Number)
    here = (Number.journal == journal, Number.year == year, Number.seq < last)
    nothing = ~(
        select(following.seq)
        .where(following.journal == journal, following.year == year, following.seq == Number.seq + 1)
        .exists()
    )
    found = session.scalars(select(Number.seq + 1).where(*here, nothing).order_by(Number.seq).limit(SHOWN_GAPS)).all()
    first = session.get(Number, (journal, year, 1))
    return (*(() if first else (1,)), *found)


def _first_not(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from ``low`` on of which something holds no more; ``high`` when it holds of all."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            low = middle + 1
        else:
            high = middle
    return low
