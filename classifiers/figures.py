"""Figures a letter tells: readings of meters and sums of money, each with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Final

from classifiers.numerals import orders, parts
from classifiers.numerals import value as said_by
from classifiers.periods import MONTH, MOST
from classifiers.sentences import spans
from classifiers.text import fold
from rules.wire import MeterReading, Sum

_MONEY: Final = re.compile(
    r"(?<![\d.,/№-])(?:(?P<sign>₽)\s*)?(?P<whole>\d{1,3}(?:[ .]\d{3})+|\d{1,9})(?:[.,](?P<part>\d{1,2}))?\s*"
    r"(?:\([а-яё ]{3,80}\)\s*)?"
    r"(?:(?P<many>тыс(?:яч\w*|\.)?|млн\.?|миллион\w*|т\.\s?р\.?|тр\b)\s*)?"
    r"(?P<unit>(?:руб\w*|рублей|р(?=[.,;)\s]|\Z)|₽)\.?)?(?:\s*(?P<kopecks>\d{1,2})\s*коп\w*)?(?!\d)",
    re.IGNORECASE,
)
_NO_MONEY: Final = re.compile(
    r"\s*(?:квт|гкал|человек|чел|лет|год|метр|м\b|км|раз|куб|литр|жител|клиент)", re.IGNORECASE
)

_WORD: Final = re.compile(r"[а-яё]+", re.IGNORECASE)
_ROUBLES: Final = re.compile(r"\s*руб\w*(?:\s*(?P<kopecks>\d{1,2})\s*коп\w*)?", re.IGNORECASE)
_ONE_ORDER: Final = frozenset({"тысячу", "миллион"})
"""An order that says one without «одну»; «тысячи рублей» name no sum."""
_OWED: Final = re.compile(
    r"\b(?:пен[яиюей]+|штраф\w*|долг\w*|задолженност\w*|переплат\w*|доплат\w*|сумм\w*|начислен\w*|оплатил\w*|заплатил\w*)"
    r"\s+(?:в размере |на сумму |в сумме |составляет |около |всего |[:–—-]\s*)?"
    r"(?P<whole>\d{1,3}(?: \d{3})+|\d{2,7})(?:,(?P<part>\d\d))?(?![\d.,/:]\d|\s?[\d%])",
    re.IGNORECASE,
)
"""A bare figure right behind «пени», «долг»: a sum of money all the same."""

_THOUSANDS: Final = re.compile(
    r"(?<![\d№/(+.,-])(?<!\d )(?<!№ )(?P<whole>\d{1,3} \d{3})(?:,(?P<part>\d\d))?(?![\d/-]|[ .,]\d)"
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
    + r")\.?(?:[ -]?[1-4](?=[ \t]*[:=—–-][ \t]*\d))?(?![\w/])(?P<gap>(?:[ \t]*(?:вод\w*|энерги\w*|счетчик\w*|счётчик\w*"
    r"|показани\w*|показыва\w+|сейчас|сегодня|теперь|стало|составля\w+|равн\w+|\([^()\d\n]{1,20}\)"
    r"|(?:было|предыдущ\w+|прошл\w+)[ \t:=—–-]*\d{1,7}+(?:[.,]\d{1,3}+)?[,;]?(?=[ \t]+[а-яё])"
    r"|на (?:кухне|счетчике|счётчике)|кухн\w*|ванн\w*|туалет\w*|санузел\w*|стояк\w*"
    r"|зона|тариф|квт\w*|№\s?\d[\w/-]*+|[:,=–—-]))*[ \t]*)"
    r"(?<!\d)(?P<value>\d{1,3}(?: \d{3})(?:[.,]\d{1,3})?(?!\d)|\d{1,7}(?:[.,]\d{1,3})?)"
    r"(?![\d/]|[.,]\d|\s*(?:руб|р\.|%|°|градус|град|дн|дня|день|час|число|числа|раз|лет|год|месяц|человек|чел"
    r"|кв\.?\s?м|мин"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|этаж|квартир|дом))",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"(?i)показани\w*[^\d.!?\n]{0,30}?(?P<one>\d{1,6})(?:\s*[/;,]\s*|\s+и\s+)(?P<two>\d{1,6})(?![\d./]|\s*(?:числ|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек))"
)
_BARE: Final = re.compile(
    r"(?i)показани\w*(?:[^\d.!?\n]{0,20}(?:за"
    r"|на)\s[^:\n]{1,22}:)?[^\d.!?\n]{0,40}?(?P<value>(?!\d{1,2}\.\d{1,2}(?!\d))\d{2,7}(?:[.,]\d{1,3})?)"
    r"(?![\d./]|\s*(?:руб|%|числ|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек))"
)
_SPEAKS: Final = re.compile(
    r"(?i)показани|показыва|переда[юёе]|счетчик|счётчик|прибор|снят|примите|т-?1\b|\bбыло\s+\d+\D{1,5}стало"
)
_ONLY: Final = re.compile(
    r"(?i)[\s.,;:!-]*(?:м3|м³|куб\w*|квт\W?ч?\w*|гкал)?[\s.,;:!-]*"
    r"(?:(?:на|за)\s+(?:\d{1,2}[ .])?[\w.]{2,15}(?:\s+20\d\d)?(?:\s*г\w*\.?)?)?[\s.,;:!-]*"
)
"""A line that is nothing but a meter and its figure («газ 04412», «газ: 1 204,7 м3 на 20 ноября»)."""
_ENOUGH: Final = 2


def find_sums(text: str) -> list[Sum]:
    """Sums of money in roubles, in order: «3 120,45 руб.», «12 тысяч», «две тысячи рублей», «пени 340»."""
    found: dict[tuple[int, int], Decimal] = {}
    for match in _MONEY.finditer(text):
        named = match["unit"] or match["sign"]
        if not (named or match["many"]) or (not named and _NO_MONEY.match(text, match.end())):
            continue
        many = (match["many"] or "").lower()
        whole = _figure(match) * (1_000_000 if many.startswith(("млн", "миллион")) else 1_000 if many else 1)
        found[_span(match)] = whole + Decimal(match["kopecks"] or 0) / 100
    spoken = {place: said for place, said in _spoken(text) if not _covered(*place, found)}
    found |= {place: said for place, said in spoken.items() if not _repeats(text, place[0], found)}
    for match in _OWED.finditer(text):
        start, end = match.start("whole"), match.end()
        if not _covered(start, end, found) and not _NO_MONEY.match(text, end) and not _date_follows(text, end):
            found[start, end] = _figure(match)
    found |= _beside(text, found)
    return [
        Sum(roubles=value.quantize(Decimal("0.01")), quote=" ".join(text[start:end].split()), place=(start, end))
        for (start, end), value in sorted(found.items())
    ][:MOST]


def _spoken(text: str) -> Iterator[tuple[tuple[int, int], Decimal]]:
    """Sums in words, in any case: what is counted in roubles, and thousands of nothing else."""
    for run in _runs(text):
        start, end = run[0].start(), run[-1].end()
        words = [fold(word.group()) for word in run]
        counted = next((place for place, word in enumerate(words) if word in orders()), None)
        roubles = _ROUBLES.match(text, end)
        if (counted == 0 and words[0] not in _ONE_ORDER) or not (
            roubles or (counted is not None and not _NO_MONEY.match(text, end))
        ):
            continue
        if said := said_by(words):
            kopecks = Decimal(roubles["kopecks"] or 0) / 100 if roubles else Decimal(0)
            yield (start, roubles.end() if roubles else end), said + kopecks


def _repeats(text: str, start: int, found: Iterable[tuple[int, int]]) -> bool:
    """Whether a bracket opens here right behind a sum: «12 тысяч рублей (двенадцать тысяч)»."""
    before = text[:start].rstrip()
    end = len(before.removesuffix("(").rstrip())
    return before.endswith("(") and any(one == end for _, one in found)


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Numerals that follow one another, as they stand."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if run and text[run[-1].end() : match.start()].strip():
            yield run
            run = []
        if word in parts() or word in orders():
            run.append(match)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _beside(text: str, found: Collection[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """Figures in thousands that name no money themselves, in a sentence that tells of a sum: «а было 3 200»."""
    more = {}
    for begin, finish in spans(text) if found else ():
        if not _covered(begin, finish, found):
            continue
        for match in _THOUSANDS.finditer(text, begin, finish):
            start, end = match.span()
            if not _covered(start, end, found) and not _NO_MONEY.match(text, end) and not _date_follows(text, end):
                more[start, end] = _figure(match)
    return more


def _figure(match: re.Match[str]) -> Decimal:
    whole = Decimal(re.sub(r"[ .]", "", match["whole"]))
    return whole + (Decimal(match["part"]) / 10 ** len(match["part"]) if match["part"] else 0)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where a match stands, without the white space round it."""
    said = match.group()
    start = match.start() + len(said) - len(said.lstrip())
    return start, start + len(said.strip())


def _covered(start: int, end: int, found: Iterable[tuple[int, int]]) -> bool:
    return any(start < right and left < end for left, right in found)


def _date_follows(text: str, end: int) -> bool:
    return re.match(rf"\s*(?:-?го)?\s*(?:{MONTH}|год|г\.|числ|квартир|дом\b)", text[end:], re.IGNORECASE) is not None


def find_readings(text: str) -> list[MeterReading]:
    """Readings of meters, in order; a sentence must speak of readings, name two meters, or say nothing else."""
    found = []
    for begin, finish in spans(text):
        sentence = text[begin:finish]
        for meter, value, quote in _read(sentence):
            at = begin + sentence.find(quote)
            found.append(MeterReading(meter=meter, value=value, quote=quote, place=(at, at + len(quote))))
    return found[:MOST]


def _read(sentence: str) -> list[tuple[str | None, Decimal, str]]:
    named = list(_METER.finditer(sentence))
    enough = len(named) >= _ENOUGH or _SPEAKS.search(sentence)
    if named and (enough or _ONLY.fullmatch(sentence.replace(named[0].group(), ""))):
        return [(_meter(one), _number(one["value"]), one.group()) for one in named]
    if pair := _PAIR.search(sentence):
        return [(None, _number(pair[name]), pair.group()) for name in ("one", "two")]
    if bare := _BARE.search(sentence):
        return [(None, _number(bare["value"]), bare.group())]
    return []


def _meter(match: re.Match[str]) -> str:
    return next(name for name, _ in _KINDS if match[name])


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", ".").replace(" ", ""))
