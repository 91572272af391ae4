"""Deeds on a journal that a person answers for: cancelling a number, and ranges for a paper journal in an outage.

While the system is out, the office writes in a paper journal under numbers that were reserved before. Afterwards what
was written is entered under the same numbers, and those left over are cancelled: the journal never has a gap.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import clock, events, numbers, rights
from registry.actor import Actor
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Number, Reservation
from registry.numbers import Given
from rules.journals import number_text

MOST: Final = 500  # numbers a reservation: more than a day's post, so that a slip does not burn thousands


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of a reservation: numbers entered from paper, and those cancelled now or before."""

    used: int
    cancelled: int


def annul(actor: Actor, session: Session, text: str, reason: str) -> None:
    """Cancel a number by a person's decision.

    A number under which work goes on stays: an appeal is first closed as no appeal, a letter first returned for rework.

    Raises:
        StateError: The number is in use or cancelled already.
        InputError: No reason.
        NotFoundError: There is no such number, or its appeal is hidden from the actor.
    """
    rights.require(actor, session, "journal.manage")
    number = numbers.find(session, text, lock=True)
    if number.reply_id is not None and number.status == "issued":
        raise StateError(f"Номер {text} стоит на письме. Верните письмо на доработку, номер аннулируется сам.")
    if number.appeal_id is not None:
        appeal = session.get_one(Appeal, number.appeal_id)
        if rights.hidden(actor, session, appeal):
            raise NotFoundError(f"Номер {text} недоступен Вам.")
        if (appeal.state, appeal.close_ground) != ("closed_without_reply", "not_an_appeal"):
            raise StateError(f"Под номером {text} ведётся обращение. Сначала закройте его с основанием «Не обращение».")
    numbers.cancel(actor, session, text, _reason(reason))


def reserve(actor: Actor, session: Session, journal: str, pattern: str, count: int, reason: str) -> Reservation:
    """Take the next ``count`` numbers of a journal aside for paper.

    Raises:
        InputError: No reason, or a count outside 1 to `MOST`.
        ClockError: The server's clock was set back.
    """
    rights.require(actor, session, "journal.manage")
    if not 1 <= count <= MOST:
        raise InputError(f"Зарезервировать можно от 1 до {MOST} номеров.")
    reason = _reason(reason)
    counter, moment = numbers.locked(session, journal)
    first = counter.last + 1
    counter.last += count
    row = Reservation(
        journal=journal,
        year=counter.year,
        first=first,
        last=counter.last,
        reason=reason,
        made_by=actor.id,
        made_at=moment,
    )
    session.add(row)
    session.flush()
    session.add_all(
        Number(
            journal=journal,
            year=row.year,
            seq=seq,
            text=number_text(pattern, row.year, seq),
            issued_at=moment,
            issued_by=actor.id,
            status="reserved",
            reservation_id=row.id,
        )
        for seq in range(first, counter.last + 1)
    )
    session.flush()
    data = {"reservation": row.id, "year": row.year, "first": first, "last": row.last}
    events.append(actor, session, numbers.stream(journal), "journal.reserved", data, {"reason": (None, reason)})
    return row


def take(actor: Actor, session: Session, text: str, written_on: dt.date) -> Given:
    """Take a reserved number for what the paper journal holds under it; its date of registration is the paper's.

    Raises:
        StateError: The number is not reserved, or its reservation is closed.
        InputError: The date does not fit: before the reservation, after today, or of another year.
    """
    rights.require(actor, session, "journal.manage")
    number = numbers.find(session, text, lock=True)
    if number.status != "reserved" or number.reservation_id is None:
        raise StateError(f"Номер {text} не в резерве: под ним нельзя внести запись из бумажного журнала.")
    made_on = clock.local_date(session.get_one(Reservation, number.reservation_id).made_at)
    if written_on.year != number.year or not made_on <= written_on <= clock.today():
        raise InputError(
            f"Дата записи {written_on:%d.%m.%Y} не подходит к номеру {text}: она не раньше резерва "
            f"({made_on:%d.%m.%Y}), не позже сегодняшнего дня и в {number.year} году."
        )
    number.status = "issued"
    number.written_on = written_on
    at = clock.noon(written_on).astimezone(dt.UTC)
    data = {"number": text, "reservation": number.reservation_id, "written_on": written_on}
    events.append(actor, session, numbers.stream(number.journal), "journal.entered", data)
    return Given(text, number.journal, number.year, number.seq, at)


def close(actor: Actor, session: Session, reservation_id: int, reason: str) -> Closed:
    """End a reservation: everything written on paper is entered, numbers left over are cancelled with the reason.

    Raises:
        NotFoundError: There is no such reservation.
        StateError: It is closed already.
        InputError: No reason.
    """
    rights.require(actor, session, "journal.manage")
    row = session.get(Reservation, reservation_id, with_for_update=True)
    if row is None:
        raise NotFoundError(f"Резерв {reservation_id} не найден.")
    if row.closed_at is not None:
        raise StateError(f"Резерв {reservation_id} уже закрыт.")
    reason = _reason(reason)
    left = select(Number).where(Number.reservation_id == row.id, Number.status == "reserved").with_for_update()
    for number in session.scalars(left).all():
        numbers.mark_cancelled(actor, number, reason)
    row.closed_by, row.closed_at = actor.id, clock.now()
    session.flush()
    counted = select(Number.status, func.count()).where(Number.reservation_id == row.id).group_by(Number.status)
    states = dict(session.execute(counted).tuples().all())
    closed = Closed(states.get("issued", 0), states.get("cancelled", 0))
    data = {"reservation": row.id, "used": closed.used, "cancelled": closed.cancelled}
    events.append(actor, session, numbers.stream(row.journal), "journal.closed", data, {"reason": (None, reason)})
    return closed


def of(actor: Actor, session: Session, journal: str, year: int) -> list[Reservation]:
    """Return a journal's reservations of a year, the open ones first, then the newest."""
    rights.require(actor, session, "journal.view")
    query = select(Reservation).where(Reservation.journal == journal, Reservation.year == year)
    return list(session.scalars(query.order_by(Reservation.closed_at.isnot(None), Reservation.id.desc())))


def get(session: Session, reservation_id: int) -> Reservation:
    """Return a reservation. Raises NotFoundError."""
    row = session.get(Reservation, reservation_id)
    if row is None:
        raise NotFoundError(f"Резерв {reservation_id} не найден.")
    return row


def numbers_of(session: Session, reservation_id: int) -> list[Number]:
    """Return the numbers of a reservation in their order."""
    query = select(Number).where(Number.reservation_id == reservation_id).order_by(Number.seq)
    return list(session.scalars(query))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InputError("Укажите причину: она останется в журнале.")
    return reason.strip()
