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


@contextlib.contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let the block run at another moment (the demonstration's past, tests of terms)."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
