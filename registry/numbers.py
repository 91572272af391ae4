"""Registration numbers: unique and gap-free per journal and year under parallel writers (P3).

A number is given in the transaction of what it numbers, under the lock of its journal's counter: a rollback, a dead
process or a lost connection gives it back. A number that was given is never given again: it is cancelled with a reason
and stays visible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry import clock, events
from registry.actor import Actor
from registry.errors import ClockError, NotFoundError, StateError
from registry.models import Counter, Number
from rules.journals import number_text

# Clocks of several machines differ by seconds, and time services step back by as little: dates still never run
# backwards, because such a number takes the moment of the one before it.
TOLERANCE: Final = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Given:
    """A number that was just given. ``at`` is its moment of registration; its local date stands in the journal."""

    text: str
    journal: str
    year: int
    seq: int
    at: dt.datetime


def give(actor: Actor, session: Session, journal: str, pattern: str) -> Given:
    """Give the next number of a journal in the transaction of whatever it numbers.

    The counter's row stays locked until that transaction ends: a rollback gives the number back, so there are no gaps;
    a second writer waits. The year is Ufa's, so it changes at local midnight.

    Args:
        actor: Who numbers.
        session: The transaction.
        journal: Code of the journal, e.g. ``incoming``.
        pattern: See `rules.journals.number_text`.

    Raises:
        ClockError: The server's clock stands before the journal's last number; nothing has been given.
    """
    return give_many(actor, session, journal, pattern, 1)[0]


def give_many(actor: Actor, session: Session, journal: str, pattern: str, count: int) -> list[Given]:
    """Give the next numbers of a journal, in order and under one lock of its counter; see `give`."""
    counter, moment = locked(session, journal)
    taken = range(counter.last + 1, counter.last + count + 1)
    counter.last += count
    texts = [(seq, number_text(pattern, counter.year, seq)) for seq in taken]
    given = [Given(text, journal, counter.year, seq, moment) for seq, text in texts]
    session.add_all(
        Number(journal=journal, year=one.year, seq=one.seq, text=one.text, issued_at=moment, issued_by=actor.id)
        for one in given
    )
    session.flush()
    return given


def bind(session: Session, given: Given, *, appeal_id: int | None = None, reply_id: int | None = None) -> None:
    """Tie a given number to what it numbers."""
    number = session.get_one(Number, (given.journal, given.year, given.seq))
    number.appeal_id = appeal_id
    number.reply_id = reply_id


def bind_appeals(session: Session, bound: Mapping[Given, int]) -> None:
    """Tie numbers that this transaction has given to the appeals that they number, by one statement."""
    rows = [{"journal": one.journal, "year": one.year, "seq": one.seq, "appeal_id": key} for one, key in bound.items()]
    session.execute(update(Number), rows)


def find(session: Session, text: str, *, lock: bool = False) -> Number:
    """Return a number by how it is printed. Raises NotFoundError."""
    query = select(Number).where(Number.text == text)
    number = session.scalars(
        query.with_for_update() if lock else query, execution_options={"populate_existing": True}
    ).one_or_none()
    if number is None:
        raise NotFoundError(f"Номер {text} не найден в журналах. Проверьте, как он записан.")
    return number


def cancel(actor: Actor, session: Session, text: str, reason: str) -> None:
    """Mark a number cancelled; it stays visible with its reason and is never given again.

    Whoever calls has checked the right: a number goes with what it numbers.
    """
    number = find(session, text, lock=True)
    if number.status == "cancelled":
        raise StateError(f"Номер {text} уже аннулирован.")
    mark_cancelled(actor, number, reason)
    data = {"number": text, "year": number.year}
    events.append(actor, session, stream(number.journal), "number.cancelled", data, {"reason": (None, reason)})


def mark_cancelled(actor: Actor, number: Number, reason: str) -> None:
    """Write by whom, when and why a number was cancelled."""
    number.status = "cancelled"
    number.reason = reason
    number.cancelled_by = actor.id
    number.cancelled_at = clock.now()


def stream(journal: str) -> str:
    """Return the name of a journal's history."""
    return f"journal:{journal}"


def locked(session: Session, journal: str) -> tuple[Counter, dt.datetime]:
    """Lock a journal's counter of this year and return it with the moment of the next number.

    The moment is read under the lock: whoever waited here over midnight numbers in the new year.

    Raises:
        ClockError: The clock stands more than `TOLERANCE` before the journal's last number.
    """
    while True:
        year = clock.today().year
        # Later years too: a clock set back over the New Year must not go on numbering the old one.
        found = select(Counter).where(Counter.journal == journal, Counter.year >= year).order_by(Counter.year)
        counters = session.scalars(found.with_for_update(), execution_options={"populate_existing": True}).all()
        if not counters or counters[0].year != year:
            _ensure(session, journal, year)
            continue
        moment = clock.now()
        if clock.local_date(moment).year == year:
            return counters[0], _moment(counters, journal, moment)


def _moment(counters: Sequence[Counter], journal: str, moment: dt.datetime) -> dt.datetime:
    if clock.is_set():  # chosen by the program: it says nothing of the server's clock, and leaves no trace for it
        return moment
    last = max((row.last_at for row in counters if row.last_at), default=moment)
    if last - moment > TOLERANCE:
        raise ClockError(
            f"Часы сервера отстают: сейчас {_said(moment)}, а последний номер журнала «{journal}» выдан {_said(last)}. "
            "Исправьте время на сервере: письмо ждёт и будет зарегистрировано, номер не пропадёт."
        )
    counter = counters[0]
    counter.last_at = max(moment, counter.last_at or moment)
    return counter.last_at


def _said(moment: dt.datetime) -> str:
    return f"{moment.astimezone(clock.LOCAL):%d.%m.%Y %H:%M}"


def _ensure(session: Session, journal: str, year: int) -> None:
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session.execute(insert(Counter).values(journal=journal, year=year, last=0).on_conflict_do_nothing())
