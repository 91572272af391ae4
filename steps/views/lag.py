"""How long a letter waited for its number: from receipt to registration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import clock
from registry.models import Appeal
from rules.stages import registration_due
from steps.house import House


@dataclass(frozen=True, slots=True)
class Lag:
    """From receipt to registration in working days; ``late`` is past the norm, ``unlawful`` past the ceiling."""

    days: int
    late: bool
    unlawful: bool
    text: str


def lag(house: House, received: dt.date, registered: dt.date, *, is_vip: bool = False) -> Lag:
    """Working days from receipt to registration against the stage norms (deadlines.yaml: registration); local dates."""
    calendar = house.book.calendars.for_terms
    span = (received + dt.timedelta(days=number) for number in range(1, (registered - received).days + 1))
    days = sum(calendar.is_working(day) for day in span)
    due = registration_due(house.book, received, is_vip=is_vip)
    late, unlawful = registered > due.target.date, registered > due.hard.date
    text = "в день поступления" if registered <= received else f"через {days} раб. дн."
    if late:
        text += f", позже нормы ({due.target.date:%d.%m.%Y})"
    if unlawful:
        text += f" и предельного срока ({due.hard.date:%d.%m.%Y})"
    return Lag(days, late, unlawful, text)


def lag_of(house: House, appeal: Appeal) -> Lag:
    """How long an appeal waited for its number."""
    received, registered = clock.local_date(appeal.received_at), clock.local_date(appeal.registered_at)
    return lag(house, received, registered, is_vip=appeal.is_vip)
