"""Working days: federal and regional days off, and how sure a year is.

A year that is doubtful or absent is counted in the cautious direction: days off that nobody has decreed yet are taken
as working days, so that a term never turns out longer than the law gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile

YearCertainty = Literal["verified", "doubtful", "absent"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS_RU = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
ONE_DAY = dt.timedelta(days=1)


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


class CalendarSpec(Rule):
    """A calendar: a working week over sets of days."""

    id: Code
    title: str
    week: tuple[Weekday, ...] = Field(min_length=1)
    hours: str
    sets: tuple[str, ...]
    terms: bool


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
