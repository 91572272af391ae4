"""The time of the register: one place, so that tests and the demonstration may set it back."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Yekaterinburg")  # Ufa: a letter of 23:30 in Moscow is the next day here

_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("frozen", default=None)


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


def is_set() -> bool:
    """Whether the program itself has chosen the moment (``at``), so that it says nothing of the server's clock."""
    return _frozen.get() is not None


def local_date(moment: dt.datetime) -> dt.date:
    """Return the calendar date in Ufa."""
    return moment.astimezone(LOCAL).date()


def today() -> dt.date:
    """Return today's date in Ufa."""
    return local_date(now())


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins in Ufa."""
    return dt.datetime.combine(day, dt.time(), tzinfo=LOCAL)


def noon(day: dt.date) -> dt.datetime:
    """Return the moment of a paper's date, which has no hour: noon keeps it on its day in every time zone of Russia."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=LOCAL)


@contextlib.contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let the block run at another moment (the demonstration's past, tests of terms)."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
