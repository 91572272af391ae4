"""What the reader hands over: blocks of text with the effective look of every run, and where each value came from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Place(StrEnum):
    """The container that a block stands in."""

    BODY = "body"
    CELL = "cell"
    TEXTBOX = "textbox"
    FRAME = "frame"
    FOOTER = "footer"
    HEADER = "header"


DIRECT: Final = "прямое форматирование"
"""Source of a value that the paragraph or run sets itself."""


class Align(StrEnum):
    """Effective horizontal alignment; Word's ``start``/``end`` are mapped for left-to-right text."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True)
class Sourced(Generic[T]):
    """A value with where it was set, in Russian, for the evidence of a finding."""

    value: T
    source: str


@dataclass(frozen=True)
class Span:
    """A run of text with one look. ``font`` is the typeface of Cyrillic (hAnsi); ``size`` is in points."""

    text: str
    font: Sourced[str]
    size: Sourced[float]


@dataclass(frozen=True)
class Cell:
    """Position of a block inside a table; ``table`` counts the tables of the document."""

    table: int
    row: int
    column: int
    columns: int


@dataclass(frozen=True)
class Block:
    """One paragraph as a reader of the paper sees it: tracked deletions and hidden text are gone.

    Indents are in millimetres. ``number`` counts the paragraphs of the document from 1.
    """

    number: int
    text: str
    spans: tuple[Span, ...] = ()
    style: str = ""
    bookmarks: tuple[str, ...] = ()
    place: Place = Place.BODY
    align: Sourced[Align] = field(default_factory=lambda: Sourced(Align.LEFT, "по умолчанию"))
    left: float = 0.0
    right: float = 0.0
    first_line: float = 0.0
    list_item: bool = False
    new_page: bool = False
    section: int = 0
    cell: Cell | None = None
    box: int = 0
    """Of the text box that holds it, counted from 1; 0 outside of one."""
    frame: str = ""
    """Where the frame around it is set; empty without one."""
    part: str = "document"

    def dominant_font(self) -> Sourced[str] | None:
        """The typeface of most letters of the block."""
        return dominant_font((self,))

    def dominant_size(self) -> Sourced[float] | None:
        """The size of most letters of the block, in points."""
        return dominant_size((self,))


@dataclass(frozen=True)
class Section:
    """Page setup of a section, in millimetres, and the header and footer parts that it prints."""

    width: float = 210.0
    height: float = 297.0
    left: float = 20.0
    right: float = 20.0
    top: float = 20.0
    bottom: float = 20.0
    footers: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A letter as read: blocks in order, page setup, and traces of unfinished work."""

    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = (Section(),)
    tracked_changes: int = 0
    comments: int = 0
    hidden: tuple[str, ...] = ()
    application: str = ""


def dominant_font(blocks: tuple[Block, ...]) -> Sourced[str] | None:
    """The typeface that most non-blank characters of ``blocks`` are set in."""
    counts: Counter[str] = Counter()
    first: dict[str, Sourced[str]] = {}
    for span in (span for block in blocks for span in block.spans):
        counts[span.font.value] += len("".join(span.text.split()))
        first.setdefault(span.font.value, span.font)
    return first[counts.most_common(1)[0][0]] if +counts else None


def dominant_size(blocks: tuple[Block, ...]) -> Sourced[float] | None:
    """The size that most non-blank characters of ``blocks`` are set in, in points."""
    counts: Counter[float] = Counter()
    first: dict[float, Sourced[float]] = {}
    for span in (span for block in blocks for span in block.spans):
        counts[span.size.value] += len("".join(span.text.split()))
        first.setdefault(span.size.value, span.size)
    return first[counts.most_common(1)[0][0]] if +counts else None
