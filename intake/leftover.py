"""Ink that looks like text and lies in no word: what the layout analysis threw away without a word about it.

Next to stamps and signatures whole lines are taken for part of a picture, and the engine's confidence knows nothing of
text that is not there. Such lines are found by their letters, read again as blocks, and reported when that fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray
from PIL import Image

from intake.engine import CONFIDENT_WORD, Engine, EngineError, EngineRun, mean_confidence
from intake.geometry import Rect
from intake.page import Word
from intake.raster import otsu
from rules.recognition import LeftoverLines

_DPI: Final = 150
_MIN_LETTER, _MAX_LETTER = 0.045, 0.24  # inches: from small print to capitals of a heading
_WIDEST: Final = 1.2  # inches: letters that run together
_NARROWEST: Final = 0.012
_FULL: Final = 0.75  # of its box that a letter blackens at most
_LETTERS: Final = 6
_GAP: Final = 2.6  # heights of a letter between words of a line
_WORD_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of looking for leftover ink: the run with the lines found, and how many lines stay unread."""

    run: EngineRun
    found: int
    unread: int


def sweep(images: Sequence[Image.Image], dpi: int, run: EngineRun, engine: Engine, rules: LeftoverLines) -> Swept:
    """Look for lines left outside the words, and read them again.

    Args:
        images: The page as it was read, then other pictures of the same page (with the ink of pens and stamps).
        dpi: Their resolution.
        run: What was read of the first.
        engine: What reads again.
        rules: What is believed of it.
    """
    found = 0
    unread = 0
    for image in images:
        lines = uncovered(image, dpi, run.words)
        if len(lines) > rules.most_lines:  # a drawing, a photograph, a page of specks: not a few lost lines
            unread += len(lines)
            continue
        for line in lines:
            words = _read(image, dpi, line, engine, rules.believed)
            if words:
                run = with_line(run, words)
                found += 1
            elif image is images[0]:
                unread += 1
    return Swept(run, found, unread)


def uncovered(image: Image.Image, dpi: int, words: Sequence[Word]) -> list[Rect]:
    """Boxes of rows of letter-like spots that no word covers, in pixels of the image, from the top."""
    factor = max(1, int(dpi / _DPI))
    small = image.reduce(factor) if factor > 1 else image
    scale = dpi / factor
    dark = np.asarray(small) < otsu(small)
    for word in words:
        pad = word.h * 0.25
        top, bottom = (word.y - pad) / factor, (word.y + word.h + pad) / factor
        left, right = (word.x - pad) / factor, (word.x + word.w + pad) / factor
        dark[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = False
    spots = _letters(dark, scale)
    return [Rect(x * factor, y * factor, w * factor, h * factor) for x, y, w, h in _rows(spots)]


def _letters(dark: NDArray[np.bool_], dpi: float) -> NDArray[np.float64]:
    """Spots of the size of letters, as rows of left, top, width, height."""
    labels, count = scipy.ndimage.label(dark, structure=np.ones((3, 3), dtype=np.int8))
    if not count:
        return np.empty((0, 4))
    places: list[Any] = scipy.ndimage.find_objects(labels)
    boxes = np.array([(s[1].start, s[0].start, s[1].stop - s[1].start, s[0].stop - s[0].start) for s in places], float)
    areas = np.bincount(labels.ravel())[1:]
    wide, high = boxes[:, 2] / dpi, boxes[:, 3] / dpi
    fill = areas / (boxes[:, 2] * boxes[:, 3])
    good = (high > _MIN_LETTER) & (high < _MAX_LETTER) & (wide < _WIDEST) & (wide > _NARROWEST)
    letters: NDArray[np.float64] = boxes[good & (fill < _FULL) & (fill > 0.12)]  # noqa: PLR2004 - a frame or a loop of a pen is mostly hollow
    return letters


def _rows(spots: NDArray[np.float64]) -> list[tuple[float, float, float, float]]:
    rows: list[tuple[float, float, float, float]] = []
    left = np.ones(len(spots), dtype=bool)
    for place in np.argsort(spots[:, 0]) if len(spots) else ():
        if not left[place]:
            continue
        row = [place]
        left[place] = False
        while True:
            x, y, w, h = spots[row[-1]]
            middle, end = y + h / 2, x + w
            near = left & (spots[:, 0] >= end - h * 0.3) & (spots[:, 0] - end < _GAP * h)
            near &= np.abs(spots[:, 1] + spots[:, 3] / 2 - middle) < h * 0.45
            near &= (spots[:, 3] < h * 2.1) & (spots[:, 3] > h / 2.1)
            candidates = np.nonzero(near)[0]
            if not len(candidates):
                break
            following = int(candidates[spots[candidates, 0].argmin()])
            row.append(following)
            left[following] = False
        box = spots[row]
        letters = np.maximum(1, np.round(box[:, 2] / (box[:, 3] * 0.8))).sum()
        if letters >= _LETTERS and len(row) > 2:  # noqa: PLR2004 - two long strokes are a rule or a signature
            x, y = box[:, 0].min(), box[:, 1].min()
            rows.append((x, y, (box[:, 0] + box[:, 2]).max() - x, (box[:, 1] + box[:, 3]).max() - y))
    return sorted(rows, key=lambda row: row[1])


def _read(image: Image.Image, dpi: int, line: Rect, engine: Engine, believed: float) -> list[Word]:
    pad = round(max(line.h * 0.6, dpi * 0.05))
    left, top = max(0, round(line.x) - pad), max(0, round(line.y) - pad)
    right, bottom = round(line.x + line.w) + pad, round(line.y + line.h) + pad
    piece = image.crop((left, top, min(right, image.width), min(bottom, image.height)))
    framed = Image.new("L", (piece.width + 2 * pad, piece.height + 2 * pad), 255)
    framed.paste(piece, (pad, pad))
    try:
        words = engine.recognise(framed, dpi, "block").words
    except EngineError:
        return []
    like = [word for word in words if sum(char.isalnum() for char in word.text) >= len(word.text) * _WORD_SHARE]
    if not like or mean_confidence(like) < believed or sum(len(word.text) for word in like) < _LETTERS:
        return []
    shift_x, shift_y = left - pad, top - pad
    return [word._replace(x=word.x + shift_x, y=word.y + shift_y, line=0) for word in like]


def with_line(run: EngineRun, words: list[Word]) -> EngineRun:
    """Put a line found later into its place in text and words: below the line above it."""
    number = max((word.line for word in run.words), default=0) + 1
    words = [word._replace(line=number) for word in sorted(words, key=lambda word: word.x)]
    text = " ".join(word.text for word in words)
    place, index = 0, 0
    lines = run.text.split("\n")
    nearest = _line_above(run.words, words[0])
    if nearest is not None:
        filled = [row for row, line in enumerate(lines) if line.strip()]
        known = list(dict.fromkeys(word.line for word in run.words))
        # Lines of the text and of the table of words go together; where they do not, the end is as good as any place.
        place = filled[known.index(nearest)] + 1 if len(filled) == len(known) else len(lines)
        index = 1 + max(row for row, word in enumerate(run.words) if word.line == nearest)
    return replace(
        run,
        text="\n".join([*lines[:place], text, *lines[place:]]).strip(),
        words=[*run.words[:index], *words, *run.words[index:]],
        confident=run.confident + sum(len(word.text) for word in words if word.confidence >= CONFIDENT_WORD),
    )


def _line_above(words: Sequence[Word], first: Word) -> int | None:
    """Number of the line over a word; of two side by side the one nearer to it."""
    above = [word for word in words if word.y + word.h / 2 < first.y + first.h / 2]
    if not above:
        return None
    return max(above, key=lambda word: word.y + word.h / 2 - abs(word.x - first.x) * 0.01).line
