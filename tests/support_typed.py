"""Letters given as text, typed on sheets of A4, scanned as an office does and recognised."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from support_scans import DPI, FACES, LEFT, PAGE, RIGHT, TOP, noise, turn

from intake.document import read_document
from intake.limits import ReadSettings

SIZES: Final = (46, 50, 54)  # pixels: 11 to 13 points
LEADING: Final = 1.35
FOOT: Final = 200
SPACE: Final = 22
"""Pixels of a space in a run that sets text off to the right."""
_RUN: Final = re.compile(r"\S+(?:\s\S+)*")


def recognised(text: str, seed: int) -> str:
    """The letter as recognition reads its scan."""
    return read_document(scanned(text, seed), "скан.pdf", ReadSettings()).text.replace("\f", "\n")


def scanned(text: str, seed: int) -> bytes:
    """A PDF of pictures: the letter in one of five typefaces, a little turned and grainy, at 300 dpi."""
    rng = np.random.default_rng(seed)
    face = _face(FACES[seed % len(FACES)], SIZES[seed % len(SIZES)])
    pages = [noise(turn(page, float(rng.uniform(-1.0, 1.0))), 4, rng) for page in _pages(text, face)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", resolution=DPI, quality=65, save_all=True, append_images=pages[1:])
    return buffer.getvalue()


@cache
def _face(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _pages(text: str, face: ImageFont.FreeTypeFont) -> Iterator[Image.Image]:
    page, y = _sheet(), TOP
    step = round(face.size * LEADING)
    for line in text.expandtabs(8).split("\n"):
        for row in _rows(line, face):
            if y > PAGE[1] - FOOT:
                yield page
                page, y = _sheet(), TOP
            for x, words in row:
                ImageDraw.Draw(page).text((x, y), words, font=face, fill=28)
            y += step
        if not line.strip():
            y += step // 2
    yield page


def _rows(line: str, face: ImageFont.FreeTypeFont) -> Iterator[list[tuple[int, str]]]:
    """A line of text as rows of the sheet: set off as typed, a long one goes on below where its last run begins."""
    row: list[tuple[int, str]] = []
    past = LEFT
    for match in _RUN.finditer(line):
        x = max(LEFT + SPACE * match.start(), past)
        x = min(x, max(past, RIGHT - round(face.getlength(match.group()))), RIGHT - 6 * round(face.size))
        x = max(x, past)
        words = match.group()
        while True:
            fits = _fitting(words, RIGHT - x, face)
            row.append((x, fits))
            words = words[len(fits) :].lstrip()
            if not words:
                break
            yield row
            row = []
        past = x + round(face.getlength(fits)) + SPACE * 2
    if row:
        yield row


def _fitting(words: str, width: int, face: ImageFont.FreeTypeFont) -> str:
    """As many of the words as the width takes, one at least."""
    ends = [match.end() for match in re.finditer(r"\S+", words)]
    return words[: max((end for end in ends if face.getlength(words[:end]) <= width), default=ends[0])]


def _sheet() -> Image.Image:
    return Image.new("L", PAGE, 252)
