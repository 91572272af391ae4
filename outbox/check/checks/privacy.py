"""Personal data of others and of documents (6.11, 12.13.19)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.persons import Person, find_persons, is_person
from outbox.check.rule import Hit, rule
from outbox.check.text import fold, quotations
from rules.wire import Severity

_PASSPORT: Final = re.compile(
    r"паспорт\w*[^.]{0,40}?\d{2}\s?\d{2}\s*(?:№\s*)?\d{6}"
    r"|сери\w+\s+\d{2}\s?\d{2}\s*(?:№|номер)?\s*\d{6}"
)
_SNILS: Final = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[\s-]\d{2}(?!\d)")
_CARD: Final = re.compile(r"(?<![\d-])\d{4}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{4}(?![\d-])")
_LUHN: Final = 10


@rule("TN-16")
def foreign_data(letter: Letter) -> Iterator[Hit]:
    """No numbers of passports, СНИЛС or cards; no full names of people who are not of the case (a warning)."""
    for block, text in letter.texts():
        document = _document(text)
        if document:
            yield Hit(letter.where(block), {"found": document})
            continue
        quoted = quotations(text)
        for person in find_persons(text):
            outside = not any(left <= person.start < right for left, right in quoted)
            if person.full and outside and not _of_the_case(letter, person):
                yield Hit(letter.where(block), variant="person", severity=Severity.WARNING)


def _document(text: str) -> str | None:
    """Which document's number stands in a text; the number itself is not repeated."""
    if _PASSPORT.search(fold(text)):
        return "паспорта"
    if _SNILS.search(text):
        return "СНИЛС"
    if any(_is_card(match.group()) for match in _CARD.finditer(text)):
        return "банковской карты"
    return None


def _is_card(text: str) -> bool:
    """Whether sixteen digits hold the check digit of a payment card."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [sum(divmod(2 * one, _LUHN)) if at % 2 == 0 else one for at, one in enumerate(digits)]
    return sum(doubled) % _LUHN == 0


def _of_the_case(letter: Letter, person: Person) -> bool:
    case = letter.context
    if case is None:
        return False
    known = [one for one in (case.signatory, case.executor) if one]
    client = case.client
    if client and client.last_name and fold(client.last_name)[:4] == fold(person.surname)[:4]:
        return True
    if case.incoming and case.incoming.text and fold(person.surname)[:5] in fold(case.incoming.text):
        return True  # the client spoke of that person first
    return any(is_person(person, one) for one in known)
