"""References to law (12.5.2): number and date of an act belong together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.rule import Hit, rule
from outbox.check.rulebook import Law
from outbox.check.text import Found, alike, dates, excerpt, fold

_NEAR_LAW: Final = 90
_LAW_NUMBER: Final = re.compile(r"№\s*(?P<number>\d{1,4}(?:-(?:фз|п|пп|1))?)(?![\w/])", re.IGNORECASE)
_COMPOSED: Final = re.compile(r"-фз|-1$")
"""A number that only federal laws bear."""
_BEFORE_NUMBER: Final = re.compile(r"[\s,]*(?:г\.|года)?[\s,]*(?:[А-ЯЁA-Z][\w.]*\s+){0,4}(?:за\s+)?", re.IGNORECASE)
_AFTER_NUMBER: Final = re.compile(r"[\s,(]*(?:утвержд\w+\s+|принят\w+\s+)?от\s+|[\s,(]*принят\w+\s+")


@rule("BO-4")
def law_dates(letter: Letter) -> Iterator[Hit]:
    """The date by a law's number is that law's: «от 06.05.2011 № 354»."""
    for block, text in letter.texts():
        found = dates(text)
        year = letter.written.year if letter.written else dt.MAXYEAR  # an act of this very year is no old law
        for match in _LAW_NUMBER.finditer(text):
            written = {one.date for one in found if _belongs(text, one, match) and one.date.year < year}
            around = {one.date for one in found if abs(one.start - match.start()) < _NEAR_LAW}
            law = _misdated(letter, match["number"].lower(), written, around, fold(text)) if written else None
            if law is not None:
                values = {
                    "found": excerpt(text, max(0, match.start() - 20), match.end(), 10),
                    "expected": f"{law.title} от {law.date:%d.%m.%Y} № {law.number.replace('-фз', '-ФЗ')}",
                }
                yield Hit(letter.where(block), values)


def _slips(day: dt.date, written: set[dt.date]) -> bool:
    """Whether a written day is the right one but for its year, its month or its day."""
    return any([one.day == day.day, one.month == day.month, one.year == day.year].count(True) > 1 for one in written)


def _belongs(text: str, one: Found, number: re.Match[str]) -> bool:
    """Whether a date is that of the act with this number: «от 06.05.2011 № 354», «№ 354 от 6 мая 2011 г.»."""
    if one.end <= number.start():
        return _BEFORE_NUMBER.fullmatch(text[one.end : number.start()]) is not None
    return number.end() <= one.start and _AFTER_NUMBER.fullmatch(text[number.end() : one.start]) is not None


def _misdated(letter: Letter, number: str, written: set[dt.date], around: set[dt.date], text: str) -> Law | None:
    """The act that is meant when number and date are not of one: by its number, or by its date and a number like it.

    Args:
        letter: The letter, for the acts known.
        number: The number of the reference, lower case.
        written: Dates of the reference itself.
        around: Dates near it: one of an edition may stand between the act's own and its number.
        text: The paragraph, folded.
    """
    known = letter.rulebook.laws
    if any(law.date in around for law in known.get(number, ())):
        return None
    meant = [
        law
        for law in known.get(number, ())
        if letter.rulebook.pattern(law.near).search(text) or (_COMPOSED.search(number) and _slips(law.date, written))
    ]
    meant += [
        law
        for law in letter.rulebook.data.laws
        if law.date in written and alike(number, law.number) and letter.rulebook.pattern(law.near).search(text)
    ]
    return meant[0] if meant else None
