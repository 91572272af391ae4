"""Promises in a reply: sentences that name a day or a span and say what the company will do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from classifiers.numerals import value

MONTHS: Final = {
    "января": 1, "февраля": 2, "марта": 3, "апреля": 4, "мая": 5, "июня": 6, "июля": 7, "августа": 8, "сентября": 9,
    "октября": 10, "ноября": 11, "декабря": 12,
}  # fmt: skip
_UNITS: Final = {"месяц": 30, "недел": 7, "д": 1}
_DAY: Final = re.compile(
    r"(?:до|по|не позднее|к)\s+(?:(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"
    rf"|(?P<dd>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})\s+(?P<yy>\d{{4}}))",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    r"(?:в течение|не позднее чем через|через)\s+(?:(?P<n>\d{1,3}|[а-яё]+(?:\s+[а-яё]+)??)\s*(?:\([^)]*\)\s*)?)??"
    r"(?P<kind>рабоч\w+|календарн\w+)?\s*\b(?P<unit>дн\w+|день|недел\w+|месяц\w*)",
    re.IGNORECASE,
)
# What we do («направим», «будет выполнен»), and what we ask of the client («оплатите»): only the first is a promise.
_OURS: Final = re.compile(r"\b(?:буд(?:ет|ут|ем)|[а-яё]{2,}(?:им|ём|ем)(?:ся)?|обязуемся)\b", re.IGNORECASE)
_YOURS: Final = re.compile(
    r"\b(?:просим|прошу|необходимо|рекомендуем|вправе|можете|[а-яё]+(?:ите|йте)(?:сь)?)\b", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+(?=[А-ЯЁA-Z])")

AddWorkingDays = Callable[[dt.date, int], dt.date]


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence that promises, and the last day by which."""

    text: str
    due: dt.date


def promises(paragraphs: Iterable[str], written: dt.date, working: AddWorkingDays) -> list[Promise]:
    """Return the promises of a letter in its order.

    Args:
        paragraphs: The letter's own paragraphs, without quotations of the client.
        written: The date of the letter; spans run from it, and a day before it promises nothing.
        working: Adds working days to a date.
    """
    found = (
        Promise(sentence.strip(), day)
        for paragraph in paragraphs
        for sentence in _SENTENCE.split(paragraph)
        if _OURS.search(sentence) and not _YOURS.search(sentence)
        for day in _days(sentence, written, working)
    )
    return [one for one in dict.fromkeys(found) if one.due > written]


def _days(sentence: str, written: dt.date, working: AddWorkingDays) -> Iterator[dt.date]:
    """The days of one sentence, of which the last is the promise's: «с … до …» has one end."""
    named = [day for match in _DAY.finditer(sentence) if (day := _named(match))]
    spans = [_span(match, written, working) for match in _SPAN.finditer(sentence)]
    days = [*named, *(day for day in spans if day)]
    if days:
        yield max(days)


def _named(match: re.Match[str]) -> dt.date | None:
    day, year = match["d"] or match["dd"], match["y"] or match["yy"]
    month = int(match["m"]) if match["m"] else MONTHS[match["month"].lower()]
    try:
        return dt.date(int(year), month, int(day))
    except ValueError:
        return None


def _span(match: re.Match[str], written: dt.date, working: AddWorkingDays) -> dt.date | None:
    """The last day of a span: «в течение десяти рабочих дней», «через месяц»; None where its number is no number."""
    said = match["n"] or "1"
    count = int(said) if said.isdigit() else int(value(said.split()) or 0)
    if not count:
        return None
    if (match["kind"] or "").lower().startswith("рабоч"):
        return working(written, count)
    unit = next(days for stem, days in _UNITS.items() if match["unit"].lower().startswith(stem))
    return written + dt.timedelta(days=unit * count)
