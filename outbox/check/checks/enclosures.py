"""Appendices: each on its own sheet, none missing (12.5.16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.lemmas import lemmas
from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.geometry import Geometry, Spot
from outbox.check.likeness import ENCLOSURE
from outbox.check.reader.model import Block
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import clean, fold, squeeze
from outbox.check.zones import Zone

_SHEETS: Final = re.compile(r"\bна\s+(\d{1,3})\s*л")
_SHORT: Final = 3
_COUNTED: Final = frozenset({"лист", "экземпляр", "копия", "указанный", "упомянутый"})
_ENCLOSED: Final = re.compile(
    r"^\W*(?:к\s+\w+\s+)?(?:прилож|прилаг)\w*|\b(?:прилож|прилаг)\w*[^.\n]{0,120}\bна\s+\d+\s*л", re.MULTILINE
)
"""A line that begins as a note of appendices, or a sentence that counts their sheets."""
_ITEM: Final = re.compile(r"(?:^|[\s;])(\d{1,2})[.)]\s+(?=\S)")


def headings(letter: Letter) -> list[Block]:
    """Headings «Приложение [№ n]» of the appendices inside the file."""
    return [block for block in letter.zones.blocks(Zone.ENCLOSURE) if ENCLOSURE.match(clean(block.text))]


def _spots(letter: Letter) -> list[tuple[Block, Spot]]:
    """Where each heading is printed: the topmost line that begins with it, each place used once."""
    geometry = letter.geometry
    assert geometry is not None
    found: list[tuple[Block, Spot]] = []
    used: set[tuple[int, float]] = set()
    for block in headings(letter):
        spots = [spot for spot in geometry.find(block.text) if _alone(geometry, spot, block.text)]
        fresh = [spot for spot in spots if (spot.page, spot.top) not in used]
        if not fresh:
            raise NotCheckedError("заголовок приложения не найден на листах PDF")
        used.add((fresh[0].page, fresh[0].top))
        found.append((block, fresh[0]))
    return found


def _alone(geometry: Geometry, spot: Spot, text: str) -> bool:
    """Whether the line holds nothing but the heading."""
    words = geometry.pages[spot.page - 1].words
    line = "".join(word for word, place in words if spot.top - 3 < place.top < spot.bottom)
    return line.startswith(squeeze(text)) and len(line) <= len(squeeze(text)) + 2


@rule("AP-1")
def own_sheet(letter: Letter) -> Iterator[Hit]:
    """No appendix begins on a sheet of the letter."""
    people = letter.signers
    if not headings(letter) or not people:
        return
    assert letter.geometry is not None
    signature = letter.geometry.find(people[-1].text)
    if not signature:
        raise NotCheckedError("подпись не найдена на листах PDF")
    for block, spot in _spots(letter):
        if spot.page <= signature[-1].page:
            yield Hit(f"{clean(block.text)}, лист {spot.page}")


@rule("AP-2")
def each_on_own_sheet(letter: Letter) -> Iterator[Hit]:
    """Every appendix begins a sheet of its own."""
    if not headings(letter):
        return
    assert letter.geometry is not None
    taken: set[int] = set()
    for block, spot in _spots(letter):
        first = letter.geometry.pages[spot.page - 1].first_line
        if spot.page in taken or not (first.startswith(squeeze(block.text)) or first.isdigit()):
            yield Hit(f"{clean(block.text)}, лист {spot.page}")
        taken.add(spot.page)


def note_items(letter: Letter) -> int:
    """How many appendices the note of the letter names; 0 when there is no note."""
    blocks = letter.zones.blocks(Zone.NOTE)
    if not blocks:
        return 0
    text = re.sub(r"^приложени[ея]\s*:?\s*", "", letter.zones.text(Zone.NOTE), flags=re.IGNORECASE)
    numbered = [int(number) for number in _ITEM.findall(" " + text.replace("\n", " "))]
    if numbered[:1] == [1]:
        return max(numbered)
    listed = sum(block.list_item or clean(block.text)[:1] in "-–—•" for block in blocks)
    rest = [block for block in blocks[1:] if clean(block.text)]
    counted = len(_SHEETS.findall(text))
    headed = re.fullmatch(r"приложени[ея]\s*:", clean(blocks[0].text), re.IGNORECASE)
    return max(listed, counted, len(rest) if headed else 1)


@rule("AP-3")
def none_missing(letter: Letter) -> Iterator[Hit]:
    """The note, the appendices in the file and those of the case agree."""
    noted, inside = note_items(letter), len(headings(letter))
    if inside and inside != noted:
        yield Hit("отметка о приложениях", {"noted": str(noted), "real": str(inside)})
        return
    if not letter.known("enclosures"):
        raise NotCheckedError("в деле не указано, есть ли приложения")
    expected = len(letter.case.enclosures)
    if expected != noted:
        text = fold(letter.zones.text(*TEXT_ZONES, Zone.TRAILING, Zone.NOTE))
        told = _ENCLOSED.search(text) if expected and not noted else None
        doubt = f"о приложениях могут говорить слова «{told.group().strip()[:40]}»" if told else ""
        yield Hit("отметка о приложениях", {"noted": str(noted), "real": str(expected)}, variant="case", doubt=doubt)
        return
    said = _names(letter.zones.text(Zone.NOTE))
    for title in letter.case.enclosures:
        if said and _names(title) and not said & _names(title):
            yield Hit("отметка о приложениях", {"found": title}, variant="other")


def _names(text: str) -> set[str]:
    """Words that say what an appendix is: «Приложение: на 2 л. в 1 экз.» says nothing."""
    return {one for one in lemmas(fold(text)) if len(one) > _SHORT and not one.startswith("приложени")} - _COUNTED


@rule("AP-4")
def sheets(letter: Letter) -> Iterator[Hit]:
    """«на N л.» of the note equals the sheets that each appendix takes in the file."""
    if not headings(letter):
        return
    noted = [int(number) for number in _SHEETS.findall(letter.zones.text(Zone.NOTE))]
    spots = sorted(_spots(letter), key=lambda one: one[1].page)
    assert letter.geometry is not None
    ends = [spot.page for _, spot in spots[1:]] + [len(letter.geometry.pages) + 1]
    taken = [end - spot.page for (_, spot), end in zip(spots, ends, strict=True)]
    if len(noted) != len(taken):
        return  # another rule counts the appendices
    for number, (said, real) in enumerate(zip(noted, taken, strict=True), 1):
        if said != real:
            yield Hit("отметка о приложениях", {"number": str(number), "found": str(said), "expected": str(real)})
