"""Outcomes of complaints for heads and managers: a span of days, by cause, outcome, topic or measure."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.forms import FormError
from desk.render import Here, file, page
from registry import clock
from steps.views import outcomes

router = APIRouter(include_in_schema=False)


@router.get("/managers/outcomes")
def show(request: Request, desk: Here, who: Who, first: str = "", last: str = "", by: str = "cause") -> Response:
    """Show the figures of a span, of this month when none is named."""
    today = clock.today()
    begin, end = _day(first) or today.replace(day=1), _day(last) or today
    found = outcomes.page(who.actor, desk.house, begin, end, by)
    context = {"page": found, "first": begin, "last": end, "spans": list(_spans(today).items())}
    return page(request, "outcomes.html", context | {"groups": outcomes.GROUPS})


@router.get("/managers/outcomes/file")
def workbook(desk: Here, who: Who, first: str, last: str) -> Response:
    """Download every complaint of a span with its outcome."""
    today = clock.today()
    return file(outcomes.workbook(who.actor, desk.house, _day(first) or today, _day(last) or today))


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError as error:
        raise FormError("Дата записана не по форме ДД.ММ.ГГГГ. Выберите её в календаре.") from error


def _spans(today: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
    """Spans that a report is usually asked for."""
    month = today.replace(day=1)
    before = (month - dt.timedelta(days=1)).replace(day=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    return {
        "этот месяц": (month, today),
        "прошлый месяц": (before, month - dt.timedelta(days=1)),
        "этот квартал": (quarter, today),
        "этот год": (today.replace(month=1, day=1), today),
    }
