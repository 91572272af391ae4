"""Figures a letter tells: readings of meters, sums of money, periods. Each with the words it was read from."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Final

from classifiers.sentences import split
from rules.wire import MeterReading, Period, Sum

MOST: Final = 40
"""Figures of one kind that are kept of one letter."""

_MONEY: Final = re.compile(
    r"(?<![\d.,/№-])(?P<whole>\d{1,3}(?:[ .]\d{3})+|\d{1,9})(?:[.,](?P<part>\d{1,2}))?\s*"
    r"(?:(?P<many>тыс(?:яч\w*|\.)?|млн\.?|т\.\s?р\.?|тр\b)\s*)?"
    r"(?P<unit>(?:руб\w*|рублей|р(?=[.,;)\s]|\Z)|₽)\.?)?(?:\s*(?P<kopecks>\d{1,2})\s*коп\w*)?(?!\d)",
    re.IGNORECASE,
)
_NO_MONEY: Final = re.compile(
    r"\s*(?:квт|гкал|человек|чел|лет|год|метр|м\b|км|раз|куб|литр|жител|клиент)", re.IGNORECASE
)

_KINDS: Final = (
    ("electricity_day", r"т-?1|дневн\w*|день"),
    ("electricity_night", r"т-?2|ночн\w*|ночь"),
    ("electricity_half_peak", r"т-?3|полупик\w*"),
    ("cold_water", r"хвс|холодн\w*|хол|х[./]?в"),
    ("hot_water", r"гвс|горяч\w*|гор|г[./]?в"),
    ("electricity", r"эл(?:ектр\w*)?|ээ|э/э|свет\w*"),
    ("heat", r"тепл\w*|отоплен\w*"),
    ("gas", r"газ\w*"),
)
_METER: Final = re.compile(
    r"(?<![\w/])(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _KINDS)
    + r")\.?(?![\w/])(?P<gap>(?:[ \t]*(?:вод\w*|энерги\w*|счетчик\w*|счётчик\w*"
    r"|показани\w*|зона|тариф|квт\w*|№\s?\d+(?!\d)|[:,=–—-]))*[ \t]*)"
    r"(?<!\d)(?P<value>\d{1,3}(?: \d{3})(?!\d)|\d{1,7}(?:[.,]\d{1,3})?)"
    r"(?![\d/]|[.,]\d|\s*(?:руб|р\.|%|°|градус|град|дн|дня|день|час|число|числа|раз|лет|год|месяц|человек|чел"
    r"|кв\.?\s?м|мин"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|этаж|квартир|дом))",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"(?i)показани\w*[^\d.!?\n]{0,30}?(?P<one>\d{1,6})\s*[/;,]\s*(?P<two>\d{1,6})(?![\d./])")
_BARE: Final = re.compile(
    r"(?i)показани\w*(?:[^\d.!?\n]{0,20}(?:за"
    r"|на)\s[^:\n]{1,22}:)?[^\d.!?\n]{0,40}?(?P<value>(?!\d{1,2}\.\d{1,2}(?!\d))\d{2,7}(?:[.,]\d{1,3})?)"
    r"(?![\d./]|\s*(?:руб|%|числ|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек))"
)
_SPEAKS: Final = re.compile(r"(?i)показани|переда[юёе]|счетчик|счётчик|прибор|снят|примите|т-?1\b")
_ENOUGH: Final = 2

_STEMS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTH: Final = r"(?:янв|фев|мар|апр|ма[йяею]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*"
_DAY: Final = (
    rf"(?:\d{{1,2}}[./]\d{{1,2}}(?:[./](?:\d{{4}}|\d\d))?|\d{{1,2}}\s+{_MONTH}(?:\s+20\d\d)?|{_MONTH}(?:\s+20\d\d)?)"
)
_FROM_TO: Final = re.compile(
    rf"\bс\s+(?P<start>{_DAY})(?:\s*г(?:ода|\.)?)?\s+(?:по|до)\s+(?P<end>{_DAY})(?:\s*г(?:ода|\.)?)?", re.IGNORECASE
)
_MONTHS: Final = re.compile(
    rf"\b(?:за|в|во|с)\s+(?P<first>{_MONTH})(?:\s*(?:[-–—,]|и|по)\s*(?P<last>{_MONTH}))?(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_QUARTER: Final = re.compile(
    r"\b(?P<number>[1-4]|i{1,3}v?|iv|перв\w+|втор\w+|трет\w+|четв[её]рт\w+)\s*(?:-?(?:й|ый|ий))?\s*(?:кв\."
    r"|квартал\w*)(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(
    r"\bза\s+(?:(?P<months>\d{1,2})\s+месяц\w+\s+)?(?P<year>20\d\d)(?:\s*[-–—]\s*(?P<last>20\d\d))?\s*(?:г\b|год)",
    re.IGNORECASE,
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "перв": 1, "втор": 2, "трет": 3, "четв": 4}
_CENTURY: Final = 2000


def find_sums(text: str) -> list[Sum]:
    """Sums of money in roubles, in order: «3 120,45 руб.», «12 тысяч», «300 руб. 20 коп.»."""
    found = []
    for match in _MONEY.finditer(text):
        if not (match["unit"] or match["many"]) or (not match["unit"] and _NO_MONEY.match(text, match.end())):
            continue
        whole = Decimal(re.sub(r"[ .]", "", match["whole"]))
        if match["part"]:
            whole += Decimal(match["part"]) / 10 ** len(match["part"])
        many = (match["many"] or "").lower()
        whole *= 1_000_000 if many.startswith("млн") else 1_000 if many else 1
        whole += Decimal(match["kopecks"] or 0) / 100
        found.append(Sum(roubles=whole.quantize(Decimal("0.01")), quote=" ".join(match.group().split())))
    return found[:MOST]


def find_readings(text: str) -> list[MeterReading]:
    """Readings of meters, in order; a sentence must speak of readings or name two meters."""
    found = []
    for sentence in split(text):
        named = list(_METER.finditer(sentence))
        if named and (len(named) >= _ENOUGH or _SPEAKS.search(sentence)):
            found += [MeterReading(meter=_meter(one), value=_number(one["value"]), quote=one.group()) for one in named]
        elif pair := _PAIR.search(sentence):
            found += [
                MeterReading(meter=None, value=_number(pair[name]), quote=pair.group()) for name in ("one", "two")
            ]
        elif bare := _BARE.search(sentence):
            found.append(MeterReading(meter=None, value=_number(bare["value"]), quote=bare.group()))
    return found[:MOST]


def _meter(match: re.Match[str]) -> str:
    return next(name for name, _ in _KINDS if match[name])


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", ".").replace(" ", ""))


def find_periods(text: str) -> list[Period]:
    """Periods in order of their kinds: «с … по …», quarters, years and months; days only where the year is told."""
    found: list[tuple[int, Period]] = []
    rest = text
    for pattern, read in ((_FROM_TO, _from_to), (_QUARTER, _quarter), (_YEAR, _years), (_MONTHS, _months)):
        for match in pattern.finditer(rest):
            first, last = read(match)
            found.append((match.start(), Period(start=first, end=last, quote=" ".join(match.group().split()))))
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    return [period for _, period in sorted(found, key=lambda one: one[0])][:MOST]


Span = tuple[dt.date | None, dt.date | None]


def _from_to(match: re.Match[str]) -> Span:
    start, end = _parts(match["start"]), _parts(match["end"])
    year = end[2] or start[2]
    if year is None:
        return None, None
    end_year = end[2] or year
    start_year = start[2] or (end_year - 1 if start[1] > end[1] else end_year)
    return _day(start[0], start[1], start_year, last=False), _day(end[0], end[1], end_year, last=True)


def _parts(written: str) -> tuple[int | None, int, int | None]:
    """Day (None: the whole month), month and year (None: not told) of one end of a period."""
    figures = re.fullmatch(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?", written)
    if figures:
        year = int(figures[3]) if figures[3] else None
        return int(figures[1]), int(figures[2]), year + _CENTURY if year is not None and year < _CENTURY else year
    words = written.split()
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
