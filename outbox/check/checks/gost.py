"""The optional profile of ГОСТ Р 7.0.97-2025: what professionals expect beside the standard. Never stops a letter.

Facts are those of public commentaries to the GOST, which is voluntary unless an organisation adopts it; where it
differs from the standard, the standard wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.checks.enclosures import note_items
from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.geometry import LINE_TOLERANCE, POINT_MM
from outbox.check.reader.model import Align, Place, dominant_size
from outbox.check.rule import Hit, rule
from outbox.check.text import clean, dates
from outbox.check.zones import Zone

_MARGINS: Final = (("левое", "left"), ("правое", "right"), ("верхнее", "top"), ("нижнее", "bottom"))
_SLACK: Final = 0.5  # millimetres: twips do not hit them
_CORNER: Final = 80.0
_TOP_EDGE: Final = 10.0
_SLASHED_DATE: Final = re.compile(r"(?<!\d)\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.\d{2}(?!\d)")
_SHEETS: Final = re.compile(r"на\s+\d+\s*л\.\s*в\s+\d+\s*экз")


@rule("GS-1")
def margins(letter: Letter) -> Iterator[Hit]:
    """At least 20 mm left, 10 right, 20 top and bottom."""
    if not letter.document.sections:
        return
    section = letter.document.sections[0]
    for title, name in _MARGINS:
        found, least = getattr(section, name), getattr(letter.rulebook.limits, f"gost_{name}_mm")
        if found < least - _SLACK:
            yield Hit("поля страницы", {"side": title, "found": f"{found:.0f}", "expected": f"{least:g}"})


@rule("GS-2")
def page_numbers(letter: Letter) -> Iterator[Hit]:
    """Pages from the second on are numbered in the middle of the top margin, the first is not."""
    geometry = letter.geometry
    assert geometry is not None
    for page in geometry.pages:
        top = min((spot.top for _, spot in page.words), default=0.0)
        line = [(word, spot) for word, spot in page.words if spot.top - top < LINE_TOLERANCE]
        number = next((spot for word, spot in line if word == str(page.number)), None) if len(line) == 1 else None
        centred = number is not None and abs((number.left + number.right) / 2 - page.width / 2) * POINT_MM < _CORNER / 2
        if (page.number > 1) != centred and (page.number > 1 or number is not None):
            yield Hit(f"лист {page.number}")
            return


@rule("GS-3")
def size(letter: Letter) -> Iterator[Hit]:
    """Type of 12 to 14 points."""
    found = dominant_size(letter.zones.blocks(*TEXT_ZONES))
    limits = letter.rulebook.limits
    if found and not limits.gost_size_min <= found.value <= limits.gost_size_max:
        yield Hit("текст письма", {"found": f"{found.value:g}"})


@rule("GS-4")
def paragraphs(letter: Letter) -> Iterator[Hit]:
    """A first line indented by 1.25 cm, text set to both margins."""
    for block in letter.zones.blocks(Zone.PREAMBLE, Zone.BODY):
        if block.list_item or block.cell is not None or block.place is not Place.BODY:
            continue
        if abs(block.first_line - letter.rulebook.limits.gost_indent_mm) > 1 or block.align.value is not Align.JUSTIFY:
            yield Hit(letter.where(block))
            return


@rule("GS-5")
def date_form(letter: Letter) -> Iterator[Hit]:
    """Dates as 05.11.2026 or 5 ноября 2026 г."""
    for block, text in letter.texts(Zone.LETTERHEAD, Zone.PREAMBLE, Zone.BODY):
        match = _SLASHED_DATE.search(text)
        if match and "№" not in text[max(0, match.start() - 12) : match.start()]:
            yield Hit(letter.where(block), {"found": match.group()})


@rule("GS-6")
def requisites(letter: Letter) -> Iterator[Hit]:
    """The letterhead has the letter's date and number."""
    text = letter.zones.text(Zone.LETTERHEAD)
    if not text:
        return
    missing = [
        what
        for what, there in (
            ("даты", dates(text) or _SLASHED_DATE.search(text)),
            ("номера", re.search(r"№\s*[\w/-]*\d", text)),
        )
        if not there
    ]
    if missing:
        yield Hit("бланк", {"missing": " и ".join(missing)})


@rule("GS-7")
def note_form(letter: Letter) -> Iterator[Hit]:
    """The note of enclosures says on how many sheets and in how many copies."""
    if note_items(letter) and not _SHEETS.search(letter.zones.text(Zone.NOTE)):
        yield Hit("отметка о приложениях")


@rule("GS-8")
def initials_first(letter: Letter) -> Iterator[Hit]:
    """In the signature the initials stand before the surname: С.В. Иванова."""
    people = letter.signers
    if people and not people[0].full and not re.match(r"[А-ЯЁ]\.", clean(people[0].text)):
        yield Hit("подпись", {"found": people[0].text})
