"""Counting one term day by day, as a lawyer would on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rules.calendar import ONE_DAY, WEEKDAYS_RU, WorkCalendar
from rules.deadlines import Edge, Unit


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted term.

    Attributes:
        date: The last day.
        lines: The count in Russian, in order.
        doubts: Reasons why the date is provisional; empty when it is firm.
    """

    date: dt.date
    lines: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def show(day: dt.date) -> str:
    """«22.10.2026 (чт)»."""
    return f"{day:%d.%m.%Y} ({WEEKDAYS_RU[day.weekday()]})"


def count(calendar: WorkCalendar, start: dt.date, quantity: int, unit: Unit, edge: Edge) -> Counted:
    """Count a term from the day after ``start`` (ГК РФ ст. 191).

    A last day that is off moves as ``edge`` says (ГК РФ ст. 193 for ``next_working_day``). Over a doubtful or absent
    year the last day is never moved later: nobody knows yet which days are off.
    """
    if unit == "working_days":
        return _working_days(calendar, start, quantity)
    return _calendar_days(calendar, start, quantity, edge)


def _calendar_days(calendar: WorkCalendar, start: dt.date, quantity: int, edge: Edge) -> Counted:
    last = start + dt.timedelta(days=quantity)
    lines = [f"День 1 — {show(start + ONE_DAY)}.", *_between(start, last)]
    if calendar.is_working(last):
        lines.append(f"День {quantity}, последний, — {show(last)}, рабочий.")
        return Counted(last, tuple(lines), tuple(calendar.doubts(last, last)))
    lines.append(f"День {quantity}, последний, — {show(last)}, нерабочий: {calendar.why_off(last)}.")
    if edge == "previous_working_day":
        moved = calendar.previous_working(last)
        if moved >= start:
            lines.append(f"Внутренний срок переносится на предыдущий рабочий день — {show(moved)}.")
            return Counted(moved, tuple(lines), tuple(calendar.doubts(moved, last)))
        lines.append("Предыдущий рабочий день раньше начала срока, поэтому берётся следующий.")
    moved = calendar.next_working(last)
    doubts = tuple(calendar.doubts(last, moved))
    if doubts and edge == "next_working_day":
        lines.append(
            f"Перенос не применяется: календарь не подтверждён; осторожно считаем последним днём {show(last)}."
        )
        return Counted(last, tuple(lines), doubts)
    lines += _skipped(calendar, last + ONE_DAY, moved)
    law = " (ГК РФ, ст. 193)" if edge == "next_working_day" else ""
    lines.append(f"Срок переносится на ближайший рабочий день — {show(moved)}{law}.")
    return Counted(moved, tuple(lines), doubts)


def _between(start: dt.date, last: dt.date) -> list[str]:
    """The days that pass without a question, in one line: of calendar days none is left out."""
    second, before = start + 2 * ONE_DAY, last - ONE_DAY
    if second > before:
        return []
    if second == before:
        return [f"День 2 — {show(second)}."]
    span = f"{show(second)} – {show(before)}"
    return [f"Дни 2–{(before - start).days} — {span}, подряд: выходные и праздники внутри срока считаются."]


def _working_days(calendar: WorkCalendar, start: dt.date, quantity: int) -> Counted:
    lines: list[str] = []
    day = start
    for number in range(1, quantity + 1):
        before = day
        day = calendar.add_working_days(before, 1)
        lines += _skipped(calendar, before + ONE_DAY, day)
        last = ", последний," if number == quantity else ""
        lines.append(f"Рабочий день {number}{last} — {show(day)}.")
    return Counted(day, tuple(lines), tuple(calendar.doubts(start + ONE_DAY, day)))


def _skipped(calendar: WorkCalendar, first: dt.date, end: dt.date) -> list[str]:
    """One line a run of days off with the same name, from ``first`` up to but without ``end``."""
    runs: list[tuple[dt.date, dt.date, str]] = []
    day = first
    while day < end:
        why = calendar.why_off(day)
        if runs and runs[-1][2] == why:
            runs[-1] = (runs[-1][0], day, why)
        else:
            runs.append((day, day, why))
        day += ONE_DAY
    return [
        f"{show(one)} — не считается: {why}."
        if one == other
        else f"{show(one)} – {show(other)} — не считаются: {_many(why)}."
        for one, other, why in runs
    ]


def _many(why: str) -> str:
    return "выходные" if why == "выходной" else why
