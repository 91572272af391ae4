"""The date of receipt of a paper: from a sheet, a folder or a person; how far back, with which reason, by whom.

A paper cannot have come after it was scanned, so nobody dates it later. A sheet or a folder says a date within the days
that a registrar has; an older one (a sheet of last week in today's pile) counts only when a person confirms it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from registry import appeals, clock, events, papers, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import ForbiddenError, InputError
from registry.models import Appeal, Arrival, Part
from rules.wire import ON_PAPER, Channel
from steps import due
from steps.house import House
from steps.register import BY_HAND, DATED_BY_HAND, received_at

PAPER: Final = tuple(channel.value for channel in ON_PAPER)

FUTURE = "Дата поступления не может быть в будущем. Проверьте штамп."
SCANNED = "Дата поступления позже дня сканирования ({:%d.%m.%Y}): письмо уже было здесь. Проверьте штамп."
OLD = "На разделительном листе или в имени папки стоит дата поступления {:%d.%m.%Y}: если она верна, подтвердите её."
WHY = "Дата поступления раньше сегодняшней: укажите, почему письмо не зарегистрировано в срок."


def earliest(house: House, base: dt.date | None = None) -> dt.date:
    """The earliest date of receipt that a registrar may set (rules/piles.yaml); ``base``: day of scanning, or today."""
    day = base or clock.today()
    calendar = house.book.calendars.for_terms
    for _ in range(house.book.piles.receipt.back_days):
        day = calendar.previous_working(day - dt.timedelta(days=1))
    return day


def check_date(
    actor: Actor, session: Session, house: House, date: dt.date | None, reason: str, base: dt.date | None = None
) -> None:
    """Raise unless the actor may date a receipt so. ``base``: the day on which the paper was scanned, or today.

    Raises:
        InputError: A date to come, or an earlier one without a reason.
        ForbiddenError: Earlier than a registrar may go.
    """
    last = base or clock.today()
    if date is None or date == last:
        return
    if date > last:
        raise InputError(FUTURE if date > clock.today() else SCANNED.format(last))
    if not reason.strip():
        raise InputError(WHY)
    limit = earliest(house, last)
    if date < limit and not rights.may(actor, session, "arrival.backdate"):
        raise ForbiddenError(
            f"Поступление раньше {limit:%d.%m.%Y} отмечает только начальник канцелярии. Передайте письмо ему."
        )


def redate(
    actor: Actor, house: House, number: str, date: dt.date, reason: str, *, version: int | None = None
) -> dt.date:
    """A person sets the date of the arrival stamp of a registered letter; the terms follow. Returns the last day.

    Raises:
        InputError: The date cannot be, or the reason is missing.
        ForbiddenError: Earlier than the actor may go.
        StateError: The letter did not come on paper, or is closed.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.verify", appeal)
        appeals.expect_version(appeal, version)
        if stamp(actor, session, house, appeal, date, reason):
            due.recompute(actor, session, house, appeal, reason.strip() or None)
        return appeal.due_hard


def stamp(actor: Actor, session: Session, house: House, appeal: Appeal, date: dt.date, reason: str) -> bool:
    """Keep the day of the arrival stamp in the caller's transaction; whether it is another than the one that stood.

    Whoever calls has locked the appeal and counts its terms anew.
    """
    papers.require_paper(appeal, PAPER)
    before = papers.days(appeal)
    if date == before.stamped:
        return False
    check_date(actor, session, house, date, reason, before.scanned.date())
    moments = [received_at(part, date) for part in papers.parts(appeal)]
    papers.stamp(actor, session, appeal, date, min(moments), reason)
    return True


def accept_stated(
    actor: Actor,
    session: Session,
    house: House,
    arrival: Arrival,
    rows: Sequence[Part],
    by_person: dt.date | None = None,
) -> None:
    """Take the dates that sheets and folders state, within the days that a registrar has; keep older ones as stated.

    Args:
        actor: Who takes the pile apart.
        session: A writing transaction.
        house: The house.
        arrival: The scan.
        rows: Its letters.
        by_person: Date that a person gave the whole pile, who was asked for his right and his reason.
    """
    if Channel(arrival.channel) not in DATED_BY_HAND:
        return
    taken = clock.local_date(arrival.received_at)
    limit = earliest(house, taken)
    said = by_person or (arrival.receipt_date if arrival.source == BY_HAND else None)
    for part in rows:
        date = part.receipt_date or arrival.receipt_date
        if date is None or date >= taken or date == said:
            continue
        data = {"arrival": arrival.id, "part": part.id, "date": date, "accepted": date >= limit}
        if date < limit:
            part.receipt_date = None
            part.meta = {**part.meta, "stamp": date.isoformat()}
            part.reasons = [*part.reasons, OLD.format(date)]
        events.append(actor, session, f"arrival:{arrival.id}", "arrival.stated", data)
    if arrival.receipt_date and arrival.receipt_date < limit and arrival.receipt_date != said:
        arrival.receipt_date = None


def note_reason(actor: Actor, session: Session, arrival: Arrival, reason: str) -> None:
    """Keep why a receipt was dated back."""
    if arrival.receipt_date and arrival.receipt_date < clock.local_date(arrival.received_at) and reason.strip():
        data = {"arrival": arrival.id, "date": arrival.receipt_date}
        events.append(actor, session, f"arrival:{arrival.id}", "arrival.dated", data, {"reason": (None, reason)})
