"""Paragraphs that hold several parts of a letter with line breaks between them are read line by line."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Final

from outbox.check.reader.model import Block, Document, Place, Span
from outbox.check.text import clean, fold
from outbox.check.wording import Wording

_ANCHOR: Final = re.compile(
    r"^\W*(?:кому|копия|тема)\s*:|^\W*(?:глубоко|много)?уважаем\w+\s|^с\s+(?:\w+\s+)?уважением\b|^приложени[ея]\s*:"
    r"|^исп(?:олнитель|олн)?\b|^об?о?\s+[а-яё]+[а-яё\s]{3,80}$",
    re.IGNORECASE,
)
"""Beginnings of lines that are parts of their own, wherever a line break stands before them."""
_SENTENCE: Final = 40
_TEXTS: Final = 2
"""Paragraphs with sentences in a letter whose text is one: itself, and what a clerk added below."""
_ENDS: Final = (".", "!", "?")
_GREETING: Final = re.compile(r"^\W*(?:глубоко|много)?уважаем|^\W*(?:здравствуй|добр(?:ый|ое|ого)\s)", re.IGNORECASE)
"""How a salutation begins, wherever it stands."""


def by_lines(document: Document, wording: Wording) -> Document:
    """The document with such paragraphs cut at their line breaks; all blocks are numbered anew."""
    blocks: list[Block] = []
    layout = _layout_tables(document)
    whole = _whole_text(document)
    for block in document.blocks:
        if block.cell is not None and block.cell.table in layout:
            block = dataclasses.replace(block, cell=None, place=Place.BODY)  # noqa: PLW2901 - the same block, freed
        for part in _parts(block, wording, is_text=block.number == whole):
            blocks.append(dataclasses.replace(part, number=len(blocks) + 1))
    return dataclasses.replace(document, blocks=tuple(blocks))


def _layout_tables(document: Document) -> set[int]:
    """Tables of one column that hold the letter itself: a frame around the text and no table of facts."""
    greeted = {one.cell.table for one in document.blocks if one.cell is not None and _GREETING.match(clean(one.text))}
    return {
        one.cell.table
        for one in document.blocks
        if one.cell is not None and one.cell.columns == 1 and one.cell.table in greeted
    }


def _parts(block: Block, wording: Wording, *, is_text: bool) -> Iterator[Block]:
    lines = block.text.split("\n")
    said = [clean(line) for line in lines if clean(line)]
    if len(lines) == 1 or not (is_text or any(_begins_part(line, wording) for line in said)):
        yield block
        return
    first = True
    for spans in _cut(block.spans):
        text = "".join(span.text for span in spans)
        if text.strip():
            yield dataclasses.replace(block, text=text, spans=spans, new_page=block.new_page and first)
            first = False


def _whole_text(document: Document) -> int | None:
    """The number of the one paragraph that holds all sentences of a letter, broken by lines between; None: none does.

    Where several paragraphs hold sentences, a break is none between paragraphs (13.6: each sentence on a new line).
    """
    told = [(block.number, _sentences(block)) for block in document.blocks]
    several = [number for number, count in told if count > 1]
    return several[0] if len(several) == 1 and sum(count > 0 for _, count in told) <= _TEXTS else None


def _sentences(block: Block) -> int:
    """Lines of a paragraph that are sentences of their own."""
    lines = (clean(line) for line in block.text.split("\n"))
    return sum(len(line) >= _SENTENCE and line.endswith(_ENDS) for line in lines)


def _begins_part(line: str, wording: Wording) -> bool:
    folded = fold(line)
    own = (
        wording.regards.match(folded)
        or wording.topics.match(folded)
        or any(one.match(folded) for one in wording.labels.values())
    )
    return _ANCHOR.match(line) is not None or bool(own)


def _cut(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """The spans of each line."""
    line: list[Span] = []
    for span in spans:
        head, *rest = span.text.split("\n")
        line.append(dataclasses.replace(span, text=head))
        for text in rest:
            yield tuple(line)
            line = [dataclasses.replace(span, text=text)]
    yield tuple(line)
