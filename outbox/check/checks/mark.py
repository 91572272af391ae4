"""The executor mark (12.5.15): who, where on the sheet, in what type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.geometry import POINT_MM, Geometry, Spot
from outbox.check.persons import find_signing, is_person, mentions_surname, same_person
from outbox.check.reader.model import DIRECT, dominant_font, dominant_size
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import clean, dates, has_code, phones, squeeze
from outbox.check.zones import Zone
from rules.wire import ExecutorFacts, Severity, SignatoryFacts

WHERE: Final = "отметка об исполнителе"
_LOCAL_DIGITS: Final = 5
_LONG_DIGITS: Final = 10
_TOUCH: Final = 1.0
"""Overlap of line boxes, in points, that is still «below»."""


def _people(letter: Letter) -> tuple[SignatoryFacts, ExecutorFacts]:
    signatory, executor = letter.case.signatory, letter.case.executor
    assert signatory is not None
    assert executor is not None
    return signatory, executor


@rule("EX-1")
def present(letter: Letter) -> Iterator[Hit]:
    """A mark when somebody else prepared the letter."""
    signatory, executor = _people(letter)
    if not same_person(signatory, executor) and not letter.mark:
        yield Hit("конец письма", {"expected": executor.last_name})


@rule("EX-2")
def absent(letter: Letter) -> Iterator[Hit]:
    """No mark when the signatory prepared the letter."""
    signatory, executor = _people(letter)
    if same_person(signatory, executor) and letter.mark:
        named = mentions_surname(letter.mark, executor.last_name) or bool(letter.people(letter.mark))
        yield Hit(WHERE, doubt="" if named else "строка никого не называет и может быть частью бланка")


def _spots(letter: Letter, geometry: Geometry) -> list[Spot]:
    """Every printed place of the mark's first line, on all pages."""
    blocks = letter.zones.blocks(Zone.MARK)
    if any(block.frame not in {"", DIRECT} for block in blocks):
        raise NotCheckedError("рамку отметки задаёт стиль: LibreOffice печатает её не там, где Word")
    for block in blocks:
        for words in (block.text, _beginning(letter, block.text)):
            spots = geometry.find(words)
            if spots:
                return _not_in_text(letter, words, spots)
    return []


def _not_in_text(letter: Letter, words: str, spots: list[Spot]) -> list[Spot]:
    """The places without those where the text itself names the executor: it stands above the mark."""
    told = squeeze(letter.zones.text(Zone.ADDRESSEE, *TEXT_ZONES, Zone.NOTE)).count(squeeze(words))
    return sorted(spots, key=lambda spot: (spot.page, spot.top))[min(told, len(spots) - 1) :]


def _beginning(letter: Letter, text: str) -> str:
    people = letter.people(clean(text))
    return people[0].text if people else clean(text).split("\n")[0][:25]


def _signature(letter: Letter, geometry: Geometry) -> Spot:
    """The signature's last printed name.

    Raises:
        NotCheckedError: it was not found on the sheets.
    """
    people = letter.signers
    for text in (
        people[-1].text if people else "",
        *(block.text for block in letter.zones.blocks(Zone.SIGNATURE)[::-1]),
    ):
        spots = geometry.find(text)
        if spots:
            return spots[-1]
    raise NotCheckedError("подпись не найдена на листах PDF")


def _printed(letter: Letter) -> tuple[list[Spot], Spot]:
    geometry = letter.geometry
    assert geometry is not None
    spots = _spots(letter, geometry)
    if not spots:
        raise NotCheckedError("отметка об исполнителе не найдена на листах PDF")
    return spots, _signature(letter, geometry)


@rule("EX-3")
def last_sheet(letter: Letter) -> Iterator[Hit]:
    """On the sheet of the signature, and only there."""
    if not letter.mark:
        return
    spots, signature = _printed(letter)
    pages = sorted({spot.page for spot in spots})
    if pages != [signature.page]:
        values = {"found": ", ".join(map(str, pages)), "expected": str(signature.page)}
        yield Hit(f"{WHERE}, лист {pages[0]}", values)


@rule("EX-4")
def bottom_left(letter: Letter) -> Iterator[Hit]:
    """In the lower left corner of the sheet."""
    if not letter.mark:
        return
    spots, signature = _printed(letter)
    spot = next((one for one in spots if one.page == signature.page), spots[0])
    assert letter.geometry is not None
    page = letter.geometry.pages[spot.page - 1]
    limits = letter.rulebook.limits
    section = letter.document.sections[0]
    offset = spot.left * POINT_MM - section.left
    if abs(offset) > limits.mark_left_mm:
        yield Hit(f"{WHERE}, лист {spot.page}", {"offset": f"{offset:.0f}"}, variant="side")
        return
    height = spot.top / page.height
    if height < limits.mark_from:
        doubtful = height >= limits.mark_doubtful_from
        values = {"height": f"{height:.0%}", "expected": f"{limits.mark_from:.0%}"}
        yield Hit(f"{WHERE}, лист {spot.page}", values, severity=Severity.WARNING if doubtful else None)


@rule("EX-5")
def after_signature(letter: Letter) -> Iterator[Hit]:
    """Below the signature on its sheet."""
    if not letter.mark:
        return
    spots, signature = _printed(letter)
    if any(spot.page == signature.page and spot.top < signature.bottom - _TOUCH for spot in spots):
        yield Hit(f"{WHERE}, лист {signature.page}")


@rule("EX-6")
def typeface(letter: Letter) -> Iterator[Hit]:
    """The typeface of the text."""
    body = dominant_font(letter.zones.blocks(*TEXT_ZONES))
    mark = dominant_font(letter.zones.blocks(Zone.MARK))
    if body and mark and body.value.casefold() != mark.value.casefold():
        yield Hit(WHERE, {"found": f"{mark.value} — {mark.source}", "expected": f"{body.value} — {body.source}"})


@rule("EX-7")
def smaller(letter: Letter) -> Iterator[Hit]:
    """Three to four points smaller than the text."""
    body = dominant_size(letter.zones.blocks(*TEXT_ZONES))
    mark = dominant_size(letter.zones.blocks(Zone.MARK))
    limits = letter.rulebook.limits
    if body and mark and not limits.mark_smaller_min <= body.value - mark.value <= limits.mark_smaller_max:
        low, high = body.value - limits.mark_smaller_max, body.value - limits.mark_smaller_min
        values = {
            "found": f"{mark.value:g} пт — {mark.source}",
            "body": f"{body.value:g} пт — {body.source}",
            "expected": f"{low:g}–{high:g} пт",
        }
        yield Hit(WHERE, values)


@rule("EX-9")
def phone(letter: Letter) -> Iterator[Hit]:
    """A telephone in the mark itself."""
    if letter.mark and not phones(letter.mark):
        yield Hit(WHERE, doubt=_digits_doubt(letter, _LOCAL_DIGITS))


def _digits_doubt(letter: Letter, least: int) -> str:
    """Why a telephone may be there all the same: enough digits stand in the mark, parted in some way of their own."""
    rest = letter.mark
    for one in reversed(dates(rest)):
        rest = rest[: one.start] + rest[one.end :]
    digits = re.sub(r"\D", "", rest)
    return "цифры отметки могут быть телефоном" if len(digits) >= least else ""


@rule("EX-10")
def phone_code(letter: Letter) -> Iterator[Hit]:
    """The telephone has its long-distance code."""
    found = phones(letter.mark)
    if found and not any(has_code(digits) for digits in found):
        values = {"found": re.sub(r"^(\d+)(\d{2})(\d{2})$", r"\1-\2-\3", found[0])}
        yield Hit(WHERE, values, doubt=_digits_doubt(letter, _LONG_DIGITS) if len(found) == 1 else "")


@rule("EX-11")
def right_person(letter: Letter) -> Iterator[Hit]:
    """Name and telephone are those of the executor of the case."""
    signatory, executor = _people(letter)
    if not letter.mark or same_person(signatory, executor):
        return
    people = letter.people(letter.mark)
    named = (
        any(is_person(person, executor) for person in people)
        if people
        else mentions_surname(letter.mark, executor.last_name)
    )
    if not named:
        yield Hit(WHERE, {"expected": executor.last_name}, variant="name")
    found = [digits for digits in phones(letter.mark) if has_code(digits)]
    if (
        executor.phone
        and found
        and not any(digits[-10:] == re.sub(r"\D", "", executor.phone)[-10:] for digits in found)
    ):
        yield Hit(WHERE, {"expected": executor.phone})


def _lines(letter: Letter) -> list[str]:
    return [clean(block.text) for block in letter.zones.blocks(Zone.MARK)]


@rule("EX-8")
def full_name(letter: Letter) -> Iterator[Hit]:
    """The executor's name in full; with initials it is a warning."""
    if not letter.mark:
        return
    people = letter.people(letter.mark)
    short = [one for line in _lines(letter) for one in find_signing(line, letter.wording)]
    executor = letter.context.executor if letter.context else None
    if not people and short:
        if executor is None or executor.patronymic:
            yield Hit(WHERE, {"found": short[0].text}, severity=Severity.WARNING if executor else Severity.HINT)
    elif not people and not short:
        may = re.search(r"(?<![«\w.])[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё-]+", letter.mark) is not None
        yield Hit(WHERE, variant="absent", doubt="имя может быть написано непривычно" if may else "")
    elif not any(person.full for person in people):
        yield Hit(WHERE, {"found": people[0].text}, severity=Severity.WARNING)


@rule("EX-12")
def phone_region(letter: Letter) -> Iterator[Hit]:
    """The long-distance code is one of the company's own."""
    codes = letter.case.company.get("area_codes")
    if not codes:
        raise NotCheckedError("в реквизитах не указаны телефонные коды организации")
    found = [digits for digits in phones(letter.mark) if has_code(digits)]
    landline = [digits[-10:] for digits in found if not digits[-10:].startswith("9")]
    if landline and not any(digits.startswith(tuple(codes)) for digits in landline):
        yield Hit(WHERE, {"found": landline[0][:3], "expected": ", ".join(codes)})
