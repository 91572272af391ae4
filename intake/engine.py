"""The port to a recognition engine: what one run of it gives, and how its table of words is read.

Two adapters stand behind it, `intake.enginecommand` (the program, through pytesseract) and `intake.enginelibrary` (the
library in this process, through tesserocr). One suite of tests holds both to the same contract.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from PIL import Image

from intake.page import Word

CONFIDENT_WORD: Final = 80.0
OSD_DPI: Final = 150  # enough to tell which way is up, and half the time of 300
NO_ENGINE: Final = "не установлен tesseract: установите пакеты tesseract-ocr и tesseract-ocr-rus"

_WORD_LEVEL: Final = "5"
_LINE_KEYS: Final = ("block_num", "par_num", "line_num")

# A whole page in any layout; one block of text, for what the layout analysis had thrown away; a page of scattered text,
# which finds lines where specks break the layout, and loses the order of columns; one line.
Layout = Literal["page", "block", "sparse", "line"]
SEGMENTATION: Final[dict[Layout, int]] = {"page": 3, "block": 6, "sparse": 11, "line": 7}


class EngineError(Exception):
    """The engine is missing, failed, or ran out of time on a page; the message is Russian."""


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What one run of the engine gave.

    Attributes:
        text: Text of the page.
        words: Words in pixels of the raster that was given, with the number of their line.
        confidence: Mean word confidence, 0..100; 0 without words.
        confident: Characters in words of confidence 80 and more: what attempts are compared by.
    """

    text: str
    words: list[Word]
    confidence: float
    confident: int


class Engine(Protocol):
    """A recognition engine: single-threaded, one page at a time, in a worker process."""

    def version(self) -> str:
        """Name and version, e.g. ``tesseract 5.3.0``; empty when it is not there."""
        ...

    def problems(self) -> list[str]:
        """What keeps it from working, in Russian with the mend; empty when all is well."""
        ...

    def recognise(
        self, image: Image.Image, dpi: int, layout: Layout = "page", languages: str | None = None
    ) -> EngineRun:
        """Recognise a grey raster with square pixels at its true resolution. Raises EngineError.

        ``languages`` stand for those of the settings, for a piece that is known to be in one of them.
        """
        ...

    def orientation(self, image: Image.Image, dpi: int) -> int:
        """Clockwise turn, in degrees, that sets the page upright; 0 when the engine cannot tell."""
        ...


def run_of(text: str, tsv: str) -> EngineRun:
    """Make the result of a run out of the engine's text and its table of words."""
    words = parse_tsv(tsv)
    return EngineRun(
        text=text.replace("\x00", "").replace("\x0c", "").strip(),
        words=words,
        confidence=mean_confidence(words),
        confident=sum(len(word.text) for word in words if word.confidence >= CONFIDENT_WORD),
    )


def without_specks(run: EngineRun, specks: str) -> EngineRun:
    """The run without words of such characters alone; its confidence stays, since specks tell of the page."""
    if not any(_is_speck(word.text, specks) for word in run.words):
        return run
    lines = []
    for line in run.text.split("\n"):
        left = " ".join(word for word in line.split() if not _is_speck(word, specks))
        if left or not line.strip():  # a line of specks alone goes, an empty one stays
            lines.append(left or line)
    words = [word for word in run.words if not _is_speck(word.text, specks)]
    return replace(run, text="\n".join(lines).strip(), words=words)


def _is_speck(word: str, specks: str) -> bool:
    return all(char in specks for char in word)


def mean_confidence(words: list[Word]) -> float:
    """Mean word confidence, 0..100; 0 without words."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


_COLUMNS: Final = (
    *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
    *("left", "top", "width", "height", "conf", "text"),
)


def parse_tsv(tsv: str) -> list[Word]:
    """Read the words out of the engine's table, with or without its line of headings."""
    words: list[Word] = []
    lines: dict[tuple[str | None, ...], int] = {}
    for row in csv.DictReader(tsv.splitlines(), _COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").replace("\x00", "").strip()
        if row["level"] != _WORD_LEVEL or not text:
            continue
        try:
            x, y, w, h = (float(row[key]) for key in ("left", "top", "width", "height"))
            confidence = float(row["conf"])
        except (TypeError, ValueError):
            continue
        if confidence >= 0:
            line = lines.setdefault(tuple(row[key] for key in _LINE_KEYS), len(lines) + 1)
            words.append(Word(text, x, y, w, h, confidence, line))
    return words


def shrunk(image: Image.Image, dpi: int) -> tuple[Image.Image, int]:
    """Give the raster, and its resolution, that orientation is told from."""
    share = min(1.0, OSD_DPI / dpi)
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0), min(dpi, OSD_DPI)


def missing_models(have: set[str], languages: str) -> list[str]:
    """Name the models that are needed and not there."""
    needed = dict.fromkeys(("rus", "eng", "osd", *languages.split("+")))
    return [
        f"нет данных tesseract «{language}»: установите пакет tesseract-ocr-{language}"
        for language in needed
        if language not in have
    ]
