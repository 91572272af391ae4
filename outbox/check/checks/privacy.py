"""Personal data of others and of documents (6.11, 12.13.19)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.persons import Person, is_person
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import fold, quotations, sentence_around
from rules.wire import Severity

_PASSPORT: Final = re.compile(
    r"паспорт\w*[^.]{0,40}?\d{2}\s?\d{2}\s*(?:№\s*)?\d{6}"
    r"|сери\w+\s+\d{2}\s?\d{2}\s*(?:№|номер)?\s*\d{6}"
)
_SNILS: Final = re.compile(
    r"(?<!\d)\d{3}-\d{3}-\d{3}[\s-]\d{2}(?!\d)|снилс\D{0,12}\d{3}[\s-]?\d{3}[\s-]?\d{3}[\s-]?\d{2}(?!\d)", re.IGNORECASE
)
_CARD: Final = re.compile(r"(?<![\d-])\d{4}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{4}(?![\d-])")
_OF_A_CARD: Final = re.compile(r"\bкарт(?:а|ы|е|у|ой|очк\w+)\b")
_LUHN: Final = 10
_MONEY: Final = r"\d[\d\s]{0,14}(?:[.,]\d{1,2})?\s*(?:руб|₽)"
_OF_THE_ACCOUNT: Final = re.compile(
    r"(?:лицев\w+ счет\w*|\bл/с\b)[^.]{0,15}?\d{6,}"
    r"|(?:задолженност|долг|переплат|недоплат|начислен|перерасчет|сальдо|баланс|к оплате|пен[яией]+|возврат)"
    rf"[^.;]{{0,80}}?{_MONEY}"
    rf"|{_MONEY}[^.;]{{0,60}}?(?:задолженност|долг|переплат|начислен|пен[яией]+)"
    r"|показани\w+[^.;]{0,60}?\d{2,}(?![\d.]*\s*(?:числа|год|г\.|января|февраля|марта|апреля|мая|июня|июля|августа|сентября"
    r"|октября|ноября|декабря|\.\d))"
    r"|\d[\d\s]{0,14}(?:[.,]\d+)?\s*(?:куб\.?\s*м|м³|квт|гкал)"
)


@rule("TN-16")
def foreign_data(letter: Letter) -> Iterator[Hit]:
    """No numbers of passports, СНИЛС or cards; no full names of people who are not of the case (a warning)."""
    for block, text in letter.texts():
        document = _document(text)
        if document:
            yield Hit(letter.where(block), {"found": document})
            continue
        quoted = quotations(text)
        for person in letter.people(text):
            outside = not any(left <= person.start < right for left, right in quoted)
            if person.full and outside and not _of_the_case(letter, person) and not _at_work(letter, text, person):
                yield Hit(letter.where(block), variant="person", severity=Severity.WARNING)


def _at_work(letter: Letter, text: str, person: Person) -> bool:
    """Whether somebody is named for his work: «мастер …», «признательность …», «ответственный — …»."""
    sentence = sentence_around(text, person.start)
    return letter.search("at_work", sentence) is not None or letter.positioned(sentence)


def _document(text: str) -> str | None:
    """Which document's number stands in a text; the number itself is not repeated."""
    if _PASSPORT.search(fold(text)):
        return "паспорта"
    if _SNILS.search(text):
        return "СНИЛС"
    for one in _CARD.finditer(text):
        if _is_card(one.group()) or _OF_A_CARD.search(fold(text[max(0, one.start() - 40) : one.start()])):
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


@rule("DG-1")
def disclosure(letter: Letter) -> Iterator[Hit]:
    """Data of the account go only to a recipient whom the client's card proves; an unknown one is not proved (6.11).

    A case that says nothing at all of the recipient is not checked; one that says «unknown» stops the letter.
    """
    if not letter.known("recipient_confirmed"):
        raise NotCheckedError("в деле не указано, подтверждён ли получатель")
    if letter.case.recipient_confirmed:
        return
    for block, text in letter.texts():
        match = _OF_THE_ACCOUNT.search(fold(text))
        if match and not letter.search("general_sums", sentence_around(text, match.start())):
            yield Hit(letter.where(block))
            return
