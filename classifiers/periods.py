"""Periods a letter names: from when to when, with the words they were read from and their place."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from rules.wire import Period

MOST: Final = 40
"""Figures of one kind that are kept of one letter."""

_STEMS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTH: Final = r"(?:янв|фев|мар|апр|ма[йяею]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*"
_NAMED: Final = r"(?:(?:сент|окт|но|дек)[яа]?брь|(?:янв|февр)арь|март|апрель|май|июнь|июль|август)"
_DAY: Final = (
    rf"(?:\d{{1,2}}[./](?:\d{{4}}(?!\d)|\d{{1,2}}(?:[./](?:\d{{4}}|\d\d))?)"
    rf"|\d{{1,2}}\s+{MONTH}(?:\s+20\d\d)?|{MONTH}(?:\s+20\d\d)?)"
)
_FROM_TO: Final = re.compile(
    rf"\bс\s+(?P<start>{_DAY})(?:\s*г(?:ода|\.)?)?\s+(?:по|до)\s+(?P<end>{_DAY})(?:\s*г(?:ода|\.)?)?", re.IGNORECASE
)
_SPAN: Final = re.compile(
    rf"(?<![\d.])(?P<start>(?:\d{{1,2}}\.)?\d{{1,2}}\.\d{{2,4}})\s*(?:г\.)?\s*[-–—]\s*(?P<end>(?:\d{{1,2}}\.)?\d{{1,2}}\.\d{{2,4}})(?![\d.]\d)"
    rf"|\bс\s+(?P<first>\d{{1,2}})\s*(?:-?го)?\s+(?:по|до)\s+(?P<last>\d{{1,2}}\s*(?:-?го)?\s+{MONTH}(?:\s+20\d\d)?)"
    rf"|(?<!\d)(?P<one>\d{{1,2}})\s*[-–—]\s*(?P<two>\d{{1,2}}\s+{MONTH}(?:\s+20\d\d)?)",
    re.IGNORECASE,
)
"""«01.09.2026-14.09.2026», «с 1 по 15 октября 2026», «1–15 октября»."""
_HALF: Final = re.compile(
    r"\b(?P<number>[12]|i{1,2}|перв\w+|втор\w+)\s*(?:-?(?:е|ое|ого))?\s*полугоди\w+(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_MONTHS: Final = re.compile(
    rf"\b(?:за|в|во|с|период|квитанци\w+)(?:\s+период)?\s+(?P<first>{MONTH})(?:\s*(?:[-–—,]|и|по)\s*(?P<last>{MONTH}))?(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    rf"\b(?P<first>{_NAMED})(?:\s*,\s*{_NAMED})*\s*(?:[-–—,]|и|по)\s*(?P<last>{_NAMED})\s+(?P<year>20\d\d)",
    re.IGNORECASE,
)
"""«Октябрь, ноябрь 2026 года», with nothing before them."""
_QUARTER: Final = re.compile(
    r"(?<![,.\d])\b(?P<number>[1-4]|i{1,3}v?|iv|перв\w+|втор\w+|трет\w+|четв[её]рт\w+)\s*(?:-?(?:й|ый|ий))?\s*(?:кв\.(?!\s?м)"
    r"|квартал\w*)(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(
    r"\bза\s+(?:весь\s+|целый\s+)?(?:(?P<months>\d{1,2})\s+месяц\w+\s+)?(?P<year>20\d\d)(?:\s*[-–—]\s*(?P<last>20\d\d))?\s*(?:г\b|год)",
    re.IGNORECASE,
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "перв": 1, "втор": 2, "трет": 3, "четв": 4}
_CENTURY: Final = 2000


def find_periods(text: str) -> list[Period]:
    """Periods in order: «с … по …», halves, quarters, years and months; days only where the year is told."""
    found: list[Period] = []
    rest = text
    for pattern, read in _READ:
        for match in pattern.finditer(rest):
            first, last = read(match)
            said = " ".join(text[match.start() : match.end()].split())
            found.append(Period(start=first, end=last, quote=said, place=match.span()))
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    return sorted(found, key=lambda one: one.place or (0, 0))[:MOST]


Span = tuple[dt.date | None, dt.date | None]


def _from_to(match: re.Match[str]) -> Span:
    start, end = _parts(match["start"]), _parts(match["end"])
    year = end[2] or start[2]
    if year is None:
        return None, None
    end_year = end[2] or year
    start_year = start[2] or (end_year - 1 if start[1] > end[1] else end_year)
    return _day(start[0], start[1], start_year, last=False), _day(end[0], end[1], end_year, last=True)


def _spanned(match: re.Match[str]) -> Span:
    """«01.09.2026-14.09.2026»; «с 1 по 15 октября», whose first day is in the month of the last."""
    if match["start"]:
        return _from_to(match)
    day, (last, month, year) = int(match["first"] or match["one"]), _parts(match["last"] or match["two"])
    if year is None:
        return None, None
    return _day(day, month, year, last=False), _day(last, month, year, last=True)


def _half(match: re.Match[str]) -> Span:
    second = match["number"].lower() in {"2", "ii"} or match["number"].lower().startswith("втор")
    if not match["year"]:
        return None, None
    year = int(match["year"])
    return _day(1, 7 if second else 1, year, last=False), _day(None, 12 if second else 6, year, last=True)


def _parts(written: str) -> tuple[int | None, int, int | None]:
    """Day (None: the whole month), month and year (None: not told) of one end of a period."""
    if monthly := re.fullmatch(r"(\d{1,2})[./](\d{4})", written):
        return None, int(monthly[1]), int(monthly[2])
    figures = re.fullmatch(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?", written)
    if figures:
        year = int(figures[3]) if figures[3] else None
        return int(figures[1]), int(figures[2]), year + _CENTURY if year is not None and year < _CENTURY else year
    words = re.sub(r"(?<=\d)\s*-?го\b", "", written).split()
    day = int(words[0]) if words[0].isdecimal() else None
    year = int(words[-1]) if words[-1].isdecimal() and len(words[-1]) == len("2026") else None
    return day, _month(next(word for word in words if word[0].isalpha())), year


def _month(word: str) -> int:
    stems = [number for number, stem in enumerate(_STEMS, 1) if word.lower().startswith(stem)]
    return max(stems, key=lambda number: len(_STEMS[number - 1]))


def _day(day: int | None, month: int, year: int, *, last: bool) -> dt.date | None:
    if not 1 <= month <= len(_STEMS):
        return None
    longest = calendar.monthrange(year, month)[1]
    wanted = day or (longest if last else 1)
    return dt.date(year, month, wanted) if wanted <= longest else None


def _quarter(match: re.Match[str]) -> Span:
    word = match["number"].lower()
    number = int(word) if word.isdecimal() else _ROMAN.get(word) or _ROMAN.get(word[:4].replace("ё", "е"), 1)
    if not match["year"]:
        return None, None
    year = int(match["year"])
    return _day(1, 3 * number - 2, year, last=False), _day(None, 3 * number, year, last=True)


def _years(match: re.Match[str]) -> Span:
    first = int(match["year"])
    months = min(int(match["months"] or len(_STEMS)), len(_STEMS)) or len(_STEMS)
    return dt.date(first, 1, 1), _day(None, months, int(match["last"] or first), last=True)


def _months(match: re.Match[str]) -> Span:
    if not match["year"]:
        return None, None
    year = int(match["year"])
    first = _month(match["first"])
    last = _month(match["last"]) if match["last"] else first
    return _day(1, first, year - (first > last), last=False), _day(None, last, year, last=True)


_READ: Final = (
    (_SPAN, _spanned),
    (_FROM_TO, _from_to),
    (_HALF, _half),
    (_QUARTER, _quarter),
    (_YEAR, _years),
    (_MONTHS, _months),
    (_LISTED, _months),
)
