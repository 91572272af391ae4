"""Parts of a letter (12.5.9): by style name, then by bookmark, then by what the text looks like.

A style name says where a part is, never that it is right: the rules look at the effective values. Heuristics serve
letters made without our styles; ``confidence`` tells which of them found a part (1.0, 0.9, 0.8 and less), and
``doubts`` why a part that is not there, or is another than it should be, may stand in the letter all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from outbox.check.reader.model import Block, Document, Place
from outbox.check.text import clean, fold
from outbox.check.wording import Wording
from rules.wire import LetterContext

MARKED_BY_STYLE: Final = 1.0
MARKED_BY_BOOKMARK: Final = 0.9
NAMED_BY_CASE: Final = 0.8
GUESSED: Final = 0.7
GROPED: Final = 0.4
"""Found by its place alone: what it says of a person or a position is not believed."""


class Zone(StrEnum):
    """A part of a letter."""

    LETTERHEAD = "letterhead"
    ADDRESSEE = "addressee"
    COPY = "copy"
    TOPIC = "topic"
    SALUTATION = "salutation"
    PREAMBLE = "preamble"
    BODY = "body"
    CLOSING = "closing"
    NOTE = "enclosure_note"
    REGARDS = "regards"
    SIGNATURE = "signature"
    STAMP = "e_signature_stamp"
    MARK = "executor_mark"
    ENCLOSURE = "enclosure"
    TRAILING = "trailing"


ZONE_TITLES: Final = {
    Zone.LETTERHEAD: "бланк",
    Zone.ADDRESSEE: "поле «Кому»",
    Zone.COPY: "поле «Копия»",
    Zone.TOPIC: "поле «Тема»",
    Zone.SALUTATION: "обращение",
    Zone.PREAMBLE: "преамбула",
    Zone.BODY: "основной текст",
    Zone.CLOSING: "заключение",
    Zone.NOTE: "отметка о приложениях",
    Zone.REGARDS: "заключительная формула",
    Zone.SIGNATURE: "подпись",
    Zone.STAMP: "отметка об электронной подписи",
    Zone.MARK: "отметка об исполнителе",
    Zone.ENCLOSURE: "приложение",
    Zone.TRAILING: "текст после подписи",
}


@dataclass(frozen=True)
class Zones:
    """The letter by parts; a missing part is an empty tuple."""

    parts: dict[Zone, tuple[Block, ...]] = field(default_factory=dict)
    confidence: dict[Zone, float] = field(default_factory=dict)
    document: Document = field(default_factory=lambda: Document(()))
    doubts: dict[Zone, str] = field(default_factory=dict)

    def blocks(self, *zones: Zone) -> tuple[Block, ...]:
        """Blocks of the named parts, in the order of the document."""
        found = [block for zone in zones for block in self.parts.get(zone, ())]
        return tuple(sorted(found, key=lambda block: block.number))

    def text(self, *zones: Zone) -> str:
        """Cleaned text of the named parts, a line a block."""
        return "\n".join(clean(block.text) for block in self.blocks(*zones))

    def rows(self, *zones: Zone) -> str:
        """Cleaned text of the named parts, the cells of a row of a table in one line: «На № | 12 | от | 01.02.2026»."""
        lines: list[str] = []
        row: tuple[int, int] | None = None
        for block in self.blocks(*zones):
            own = (block.cell.table, block.cell.row) if block.cell is not None else None
            if lines and own is not None and own == row:
                lines[-1] += f" {clean(block.text)}"
            else:
                lines.append(clean(block.text))
            row = own
        return "\n".join(lines)

    def zone_of(self, block: Block) -> Zone | None:
        """The part that holds ``block``."""
        return next((zone for zone, blocks in self.parts.items() if block in blocks), None)


_STYLE_WORDS: Final = (
    (Zone.ENCLOSURE, r"приложени\w*\b(?!.*отметк)|enclosure(?!.*note)"),
    (Zone.MARK, r"исполнител|executor"),
    (Zone.SALUTATION, r"обращени|приветств|salutation"),
    (Zone.PREAMBLE, r"преамбул|preamble"),
    (Zone.CLOSING, r"заключени|closing"),
    (Zone.REGARDS, r"с уважением|regards"),
    (Zone.SIGNATURE, r"подпис|signature"),
    (Zone.COPY, r"копи[яи]|copy"),
    (Zone.TOPIC, r"\bтем[аы]\b|topic|subject|заголовок к тексту"),
    (Zone.ADDRESSEE, r"адресат|кому|addressee"),
    (Zone.LETTERHEAD, r"бланк|реквизит|letterhead|на №"),
    (Zone.BODY, r"основной текст|\bтекст\b|абзац|body"),
)
_NOTE_STYLE: Final = re.compile(
    r"отметк\w* о (налич\w+ )?приложен|enclosure.?(note|list)|(?:список|перечень) приложений", re.IGNORECASE
)


def style_zone(name: str) -> Zone | None:
    """The part that a style or bookmark of ours names: «Письмо Обращение», «letter_salutation»."""
    words = fold(name).replace("_", " ").replace(".", " ")
    if not words.startswith(("письмо", "letter", "ответ", "otvet")):
        return None
    if _NOTE_STYLE.search(words):
        return Zone.NOTE
    return next((zone for zone, pattern in _STYLE_WORDS if re.search(pattern, words)), None)


def marked_zone(block: Block) -> tuple[Zone, float] | None:
    """What the style or the bookmarks of a block say."""
    zone = style_zone(block.style)
    if zone is not None:
        return zone, MARKED_BY_STYLE
    for name in block.bookmarks:
        zone = style_zone(name)
        if zone is not None:
            return zone, MARKED_BY_BOOKMARK
    return None


def find_zones(document: Document, wording: Wording, context: LetterContext | None = None) -> Zones:
    """Divide a letter into its parts.

    Args:
        document: The letter as read.
        wording: Words by which parts are known (``LetterRules.wording``).
        context: Facts of the case: who it names is found by name, whatever the lines look like.
    """
    from outbox.check.evidence import evidence_of, people_of
    from outbox.check.lines import by_lines
    from outbox.check.zoning import Zoner

    known = wording.of_case(*people_of(context))
    return Zoner(by_lines(document, known), known, evidence_of(context, known)).divide()


def in_flow(block: Block) -> bool:
    """Whether the block belongs to the running text of the letter (also as a cell of a table)."""
    return block.place in {Place.BODY, Place.CELL}
