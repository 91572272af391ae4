"""The date of receipt that a person sets: how far back, with which reason, by whom, and never in the future."""

from __future__ import annotations

import datetime as dt

from registry import clock, events, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import ForbiddenError, InputError
from registry.models import Arrival
from steps.house import House

FUTURE = "Дата поступления не может быть в будущем. Проверьте штамп."
WHY = "Дата поступления раньше сегодняшней: укажите, почему письмо не зарегистрировано в срок."


def earliest(house: House) -> dt.date:
    """The earliest date of receipt that a registrar may set today (rules/piles.yaml)."""
    day = clock.today()
    calendar = house.book.calendars.for_terms
    for _ in range(house.book.piles.receipt.back_days):
        day = calendar.previous_working(day - dt.timedelta(days=1))
    return day


def check_date(actor: Actor, session: Session, house: House, date: dt.date | None, reason: str) -> None:
    """Raise unless the actor may date a receipt so.

    Raises:
        InputError: A date to come, or an earlier one without a reason.
        ForbiddenError: Earlier than a registrar may go.
    """
    if date is None or date == clock.today():
        return
    if date > clock.today():
        raise InputError(FUTURE)
    if not reason.strip():
        raise InputError(WHY)
    limit = earliest(house)
    if date < limit and not rights.may(actor, session, "arrival.backdate"):
        raise ForbiddenError(
            f"Поступление раньше {limit:%d.%m.%Y} отмечает только начальник канцелярии. Передайте письмо ему."
        )


def note_reason(actor: Actor, session: Session, arrival: Arrival, reason: str) -> None:
    """Keep why a receipt was dated back."""
    if arrival.receipt_date and arrival.receipt_date < clock.local_date(arrival.received_at) and reason.strip():
        data = {"arrival": arrival.id, "date": arrival.receipt_date}
        events.append(actor, session, f"arrival:{arrival.id}", "arrival.dated", data, {"reason": (None, reason)})
