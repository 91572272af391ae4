"""Where things stand on the sheets: words of the PDF with their boxes. The order inside the .docx is no evidence."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from outbox.check.text import squeeze

LINE_TOLERANCE: Final = 3.0
"""Words whose tops differ by less, in points, stand on one line."""
POINT_MM: Final = 25.4 / 72


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
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            pages = tuple(_page(number, page) for number, page in enumerate(document.pages, 1))
    except Exception as error:
        raise UnreadablePdfError("PDF письма не читается.") from error
    if not any(page.words for page in pages):
        raise UnreadablePdfError("В PDF письма нет текста.")
    return Geometry(pages)


def _page(number: int, page: Any) -> Page:
    lines: list[list[dict[str, Any]]] = []
    for word in sorted(page.extract_words(x_tolerance=1.5), key=lambda item: (item["top"], item["x0"])):
        if lines and word["top"] - lines[-1][0]["top"] < LINE_TOLERANCE:
            lines[-1].append(word)
        else:
            lines.append([word])
    words = tuple(
        (squeeze(word["text"]), Spot(number, word["x0"], word["x1"], word["top"], word["bottom"]))
        for line in lines
        for word in sorted(line, key=lambda item: float(item["x0"]))
    )
    return Page(number, float(page.width), float(page.height), words)
