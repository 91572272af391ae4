"""Where things stand on the sheets: words of the PDF with their boxes. The order inside the .docx is no evidence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from outbox.check.text import squeeze

if TYPE_CHECKING:
    import pypdfium2

LINE_TOLERANCE: Final = 3.0
"""Words whose tops differ by less, in points, stand on one line."""
POINT_MM: Final = 25.4 / 72


class _Box(NamedTuple):
    """Edges as pdfium gives them: points, upwards from the bottom."""

    x0: float
    y0: float
    x1: float
    y1: float


class UnreadablePdfError(Exception):
    """The PDF of the letter cannot be read; rules of geometry stay unchecked."""


@dataclass(frozen=True)
class Spot:
    """A piece of text on a page; distances in points from the left and top edges, pages from 1."""

    page: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One sheet: its size in points and its words in reading order with their squeezed text."""

    number: int
    width: float
    height: float
    words: tuple[tuple[str, Spot], ...]

    @cached_property
    def index(self) -> tuple[str, list[int]]:
        """The page as one squeezed string, and for each character the word it belongs to."""
        owners = [at for at, (word, _) in enumerate(self.words) for _ in word]
        return "".join(word for word, _ in self.words), owners

    @property
    def first_line(self) -> str:
        """Squeezed text of the topmost line."""
        if not self.words:
            return ""
        top = min(spot.top for _, spot in self.words)
        return "".join(word for word, spot in self.words if spot.top - top < LINE_TOLERANCE)


@dataclass(frozen=True)
class Geometry:
    """The letter's sheets."""

    pages: tuple[Page, ...]

    def find(self, text: str) -> list[Spot]:
        """Every place of ``text``, compared without spaces and punctuation; a place may run over lines."""
        needle = squeeze(text)
        found: list[Spot] = []
        for page in self.pages if needle else ():
            string, owners = page.index
            at = string.find(needle)
            while at >= 0:
                spots = [page.words[owner][1] for owner in owners[at : at + len(needle)]]
                found.append(_around(spots))
                at = string.find(needle, at + len(needle))
        return found


def _around(spots: list[Spot]) -> Spot:
    return Spot(
        page=spots[0].page,
        left=min(spot.left for spot in spots),
        right=max(spot.right for spot in spots),
        top=min(spot.top for spot in spots),
        bottom=max(spot.bottom for spot in spots),
    )


def read_geometry(pdf: bytes) -> Geometry:
    """Words of every page with their positions.

    Raises:
        UnreadablePdfError: the bytes are no readable PDF, or it has no text.
    """
    import pypdfium2

    try:
        with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
            pages = tuple(_page(number, page) for number, page in enumerate(document, 1))
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdfError("PDF письма не читается.") from error
    if not any(page.words for page in pages):
        raise UnreadablePdfError("В PDF письма нет текста.")
    return Geometry(pages)


def _page(number: int, page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    left, _, _, top = page.get_cropbox()
    with contextlib.closing(page.get_textpage()) as text:
        found = [
            (squeeze(word), Spot(number, box.x0 - left, box.x1 - left, top - box.y1, top - box.y0))
            for word, box in _words(text)
        ]
    lines: list[list[tuple[str, Spot]]] = []
    for word in sorted(found, key=lambda one: (one[1].top, one[1].left)):
        if lines and word[1].top - lines[-1][0][1].top < LINE_TOLERANCE:
            lines[-1].append(word)
        else:
            lines.append([word])
    words = tuple(word for line in lines for word in sorted(line, key=lambda one: one[1].left))
    return Page(number, width, height, words)


def _words(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, _Box]]:
    """Words of a page with their boxes; up and down these are a size of type above the line's foot.

    The ink of a character says nothing about its line: «о» and «Й» of one line begin and end elsewhere.
    """
    import ctypes

    import pypdfium2.raw as pdfium

    count = text.count_chars()
    x, y = ctypes.c_double(), ctypes.c_double()
    start, word = 0, ""
    for at in range(count + 1):
        character = chr(pdfium.FPDFText_GetUnicode(text, at)) if at < count else " "
        if not character.isspace() and character != "\0":
            start, word = start if word else at, word + character
        elif word:
            pdfium.FPDFText_GetCharOrigin(text, start, x, y)
            height = pdfium.FPDFText_GetFontSize(text, start) * _scale(text, start)
            left, right = text.get_charbox(start, loose=True)[0], text.get_charbox(at - 1, loose=True)[2]
            yield word, _Box(left, y.value, right, y.value + height)
            word = ""


def _scale(text: pypdfium2.PdfTextPage, at: int) -> float:
    """How much the sheet enlarges the size of a character's type."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    return abs(matrix.d) or 1.0 if pdfium.FPDFText_GetMatrix(text, at, matrix) else 1.0
