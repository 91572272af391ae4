"""Working days: federal and regional days off, and how sure a year is.

A year that is doubtful or absent is counted in the cautious direction: days off that nobody has decreed yet are taken
as working days, so that a term never turns out longer than the law gives.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile

YearCertainty = Literal["verified", "doubtful", "absent"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS_RU = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
ONE_DAY = dt.timedelta(days=1)
_DAY = f"(?:{'|'.join(WEEKDAYS_RU)})"
_HOURS = re.compile(rf"^({_DAY}(?:,\s*{_DAY})*)?\s*(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)$")


class Year(Rule):
    """Days of a year that are not what their weekday says; ``expected`` days off are not decreed: they are worked."""

    certainty: Literal["verified", "doubtful"]
    source: str
    note: str | None = None
    days_off: dict[dt.date, str] = Field(default_factory=dict)
    working_days: dict[dt.date, str] = Field(default_factory=dict)
    expected: dict[dt.date, str] = Field(default_factory=dict)


class DaySet(Rule):
    """Days of one authority (the federation, the republic)."""

    id: Code
    title: str
    years: dict[int, Year] = Field(min_length=1)

    @model_validator(mode="after")
    def _own_year(self) -> Self:
        for number, year in self.years.items():
            for day in (*year.days_off, *year.working_days, *year.expected):
                if day.year != number:
                    raise ValueError(f"{day} стоит в {number} году -> перенесите день в свой год")
            if both := set(year.days_off) & (set(year.working_days) | set(year.expected)):
                raise ValueError(f"{min(both)} и выходной, и рабочий -> оставьте одно")
        return self


def read_hours(text: str) -> dict[int | None, tuple[dt.timedelta, dt.timedelta]]:
    """Read «08:00-20:00; сб 09:00-15:00»: opening and closing since midnight, of a weekday, and (None) of all others.

    Raises:
        ValueError: It is not written so, or an office closes before it opens.
    """
    found: dict[int | None, tuple[dt.timedelta, dt.timedelta]] = {}
    for piece in text.split(";"):
        match = _HOURS.match(piece.strip())
        if match is None:
            raise ValueError(f"часы «{piece.strip()}» не поняты -> напишите «08:30-17:30; сб 09:00-15:00»")
        opens, closes = (dt.timedelta(hours=int(match[name]), minutes=int(match[name + 1])) for name in (2, 4))
        if not opens < closes <= dt.timedelta(days=1):
            raise ValueError(f"часы «{piece.strip()}»: конец не позже начала -> исправьте")
        found |= {WEEKDAYS_RU.index(day): (opens, closes) for day in (match[1] or "").replace(",", " ").split()}
        if not match[1]:
            found[None] = (opens, closes)
    if None not in found:
        raise ValueError(f"часы «{text}»: не сказано, когда работают в обычные дни -> начните с «08:30-17:30»")
    return found


class CalendarSpec(Rule):
    """A calendar: a working week over sets of days; ``hours`` as `read_hours` reads them."""

    id: Code
    title: str
    week: tuple[Weekday, ...] = Field(min_length=1)
    hours: str
    sets: tuple[str, ...]
    terms: bool

    @field_validator("hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        read_hours(value)
        return value


class Calendars(RuleFile):
    """All calendars."""

    timezone: str
    sets: tuple[DaySet, ...]
    calendars: tuple[CalendarSpec, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_sets(self) -> Self:
        known = {days.id for days in self.sets}
        for spec in self.calendars:
            if unknown := set(spec.sets) - known:
                raise ValueError(f"календарь {spec.id}: нет набора дней {min(unknown)} -> опишите его в разделе sets")
        if sum(spec.terms for spec in self.calendars) != 1:
            raise ValueError("сроки считаются ровно по одному календарю -> поставьте terms: true одному из них")
        return self

    @cached_property
    def by_id(self) -> dict[str, WorkCalendar]:
        """Calendars ready for counting, by id."""
        sets = {days.id: days for days in self.sets}
        return {spec.id: WorkCalendar(spec, [sets[name] for name in spec.sets]) for spec in self.calendars}

    @cached_property
    def for_terms(self) -> WorkCalendar:
        """The calendar by which terms are counted."""
        return next(self.by_id[spec.id] for spec in self.calendars if spec.terms)


class WorkCalendar:
    """Arithmetic of working days over one calendar. All dates are local."""

    def __init__(self, spec: CalendarSpec, sets: Iterable[DaySet]) -> None:
        self.id = spec.id
        self._sets = tuple(sets)
        self._week = frozenset(WEEKDAYS.index(day) for day in spec.week)
        self._hours = read_hours(spec.hours)
        self._off: dict[dt.date, str] = {}
        self._extra: dict[dt.date, str] = {}
        for days in self._sets:
            for year in days.years.values():
                self._off |= year.days_off
                self._extra |= year.working_days

    def is_working(self, day: dt.date) -> bool:
        """Whether people work on the day; in unsure years an undecreed day off counts as working."""
        if day in self._off:  # first: a working Saturday yields to a day off that another authority decreed
            return False
        return day in self._extra or day.weekday() in self._week

    def why_off(self, day: dt.date) -> str:
        """Russian name of a day off: a holiday's name or «выходной»."""
        return self._off.get(day, "выходной")

    def add_working_days(self, start: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``start``; the day of the event itself does not count (ГК РФ ст. 191)."""
        day = start
        while count > 0:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def subtract_working_days(self, end: dt.date, count: int) -> dt.date:
        """The ``count``-th working day before ``end``."""
        day = end
        while count > 0:
            day -= ONE_DAY
            count -= self.is_working(day)
        return day

    def working_days(self, start: dt.date, end: dt.date) -> int:
        """How many working days come after ``start`` up to ``end``; none when it lies before."""
        return sum(self.is_working(start + ONE_DAY * number) for number in range(1, (end - start).days + 1))

    def add_working_hours(self, start: dt.datetime, hours: float) -> dt.datetime:
        """The local moment when so many hours of the office's time have passed since ``start``."""
        left, moment = dt.timedelta(hours=hours), start
        while True:
            opens, closes = self._open(moment)
            begins = max(moment, opens)
            if begins < closes and begins + left <= closes:
                return begins + left
            left -= max(closes - begins, dt.timedelta())
            moment = dt.datetime.combine(moment.date() + ONE_DAY, dt.time(), start.tzinfo)

    def _open(self, moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """When the office opens and closes on the day of a moment; the same moment twice on a day off."""
        midnight = dt.datetime.combine(moment.date(), dt.time(), moment.tzinfo)
        if not self.is_working(moment.date()):
            return midnight, midnight
        opens, closes = self._hours.get(moment.weekday(), self._hours[None])
        return midnight + opens, midnight + closes

    def next_working(self, day: dt.date) -> dt.date:
        """The day itself if it is working, else the next working day (ГК РФ ст. 193)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working(self, day: dt.date) -> dt.date:
        """The day itself if it is working, else the working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def certainty(self, year: int) -> YearCertainty:
        """How sure the year is: the weakest of the sets that make the calendar up."""
        found = [days.years.get(year) for days in self._sets]
        if any(entry is None for entry in found):
            return "absent"
        return "doubtful" if any(entry and entry.certainty == "doubtful" for entry in found) else "verified"

    def doubts(self, first: dt.date, last: dt.date) -> list[str]:
        """Russian reasons why a count over these days is provisional; empty when every year is verified."""
        if first > last:
            first, last = last, first
        return [reason for year in range(first.year, last.year + 1) for reason in self._doubts_of(year)]

    def _doubts_of(self, year: int) -> Iterator[str]:
        for days in self._sets:
            entry = days.years.get(year)
            if entry is None:
                yield f"производственный календарь на {year} год не загружен ({days.title})"
            elif entry.certainty == "doubtful":
                yield f"производственный календарь на {year} год неполон ({days.title}): {entry.note or entry.source}"
