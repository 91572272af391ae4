"""How long a letter waited for its number: from receipt to registration."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from registry import clock, lists
from registry.actor import Actor
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


@dataclass(frozen=True, slots=True)
class Lags:
    """Today's registrations: how many, on their day of receipt, past the norm, past the ceiling; the slowest one."""

    registered: int
    same_day: int
    late: int
    unlawful: int
    slowest: str
    longest: str


def lags(actor: Actor, house: House) -> Lags:
    """How soon today's letters got their numbers, as far as the actor may see them."""
    today = clock.today()
    first = clock.midnight(today)
    with house.db.session(write=False) as session:
        rows = lists.registrations(actor, session, first, first + dt.timedelta(days=1))
    days = Counter((clock.local_date(received), is_vip) for _, received, is_vip in rows)
    told = {day: (lag(house, day[0], today, is_vip=day[1]), count) for day, count in days.items()}
    slowest = max((one for one, _ in told.values()), key=lambda one: one.days, default=None)
    return Lags(
        registered=len(rows),
        same_day=sum(count for (day, _), count in days.items() if day >= today),
        late=sum(count for one, count in told.values() if one.late),
        unlawful=sum(count for one, count in told.values() if one.unlawful),
        slowest=rows[0][0] if rows else "",
        longest=slowest.text if slowest else "",
    )


def lag_of(house: House, appeal: Appeal) -> Lag:
    """How long an appeal waited for its number."""
    received, registered = clock.local_date(appeal.received_at), clock.local_date(appeal.registered_at)
    return lag(house, received, registered, is_vip=appeal.is_vip)
