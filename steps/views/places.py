"""Where on a page words stand: from spans of the text to boxes of the scan. Pure.

Boxes are shares of the upright page: left, top, width, height.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

Box = tuple[float, float, float, float]
Span = tuple[int, int]

_WINDOW: Final = 160  # characters in which the next word is sought: a column apart, not a page
_PLAIN: Final = re.compile(r"[^\w@]+")
_MOST: Final = 400  # doubtful words of a page that are worth marking; a hand is doubtful as a whole


@dataclass(frozen=True, slots=True)
class Printed:
    """A word of a page: its text, box, the engine's confidence (0..100), its line and its span in the page's text."""

    text: str
    box: Box
    confidence: float
    line: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that the engine is not sure of; ``span`` is None where it does not stand in the text."""

    span: Span | None
    box: Box
    confidence: int


def printed(text: str, page: dict[str, Any]) -> list[Printed]:
    """Tie the words of a page, as they were kept, to the text that is shown: both run in one order.

    A word that is not found ahead has no span: it was mended, or a person wrote another.
    """
    width, height = page["width"], page["height"]
    if not width or not height:
        return []
    found: list[Printed] = []
    place = 0
    for word, x, y, w, h, confidence, line, *_ in page["words"]:
        start = text.find(word, place, place + _WINDOW + len(word))
        span = None
        if start >= 0:
            place = start + len(word)
            span = (start, place)
        found.append(Printed(word, (x / width, y / height, w / width, h / height), confidence, line, span))
    return found


def doubts(words: Sequence[Printed], below: float) -> list[Doubt]:
    """Return the words that the engine is less sure of than ``below`` per cent, in reading order."""
    shaky = [word for word in words if word.confidence < below]
    return [Doubt(word.span, _rounded(word.box), round(word.confidence)) for word in shaky[:_MOST]]


def of_span(words: Sequence[Printed], start: int, end: int) -> list[Box]:
    """Return the boxes of the words in a span of the text, one a line."""
    return _by_line([word for word in words if word.span and word.span[0] < end and word.span[1] > start])


def of_words(words: Sequence[Printed], sought: str) -> list[Box]:
    """Return the boxes of the first run of words that says what is sought, whatever its marks and case."""
    wanted = list(_plain(sought.split()))
    if not wanted:
        return []
    have = [(_folded(word.text), word) for word in words]
    have = [pair for pair in have if pair[0]]
    for at in range(len(have) - len(wanted) + 1):
        if [said for said, _ in have[at : at + len(wanted)]] == wanted:
            return _by_line([word for _, word in have[at : at + len(wanted)]])
    whole = "".join(wanted)
    if len(whole) < 5:  # noqa: PLR2004 - shorter ones stand inside words by chance
        return []
    return _by_line([next((word for said, word in have if whole in said), None)])


def _plain(words: Sequence[str]) -> Iterator[str]:
    return (said for said in map(_folded, words) if said)


def _folded(word: str) -> str:
    return _PLAIN.sub("", word.casefold().replace("ё", "е"))


def _by_line(words: Sequence[Printed | None]) -> list[Box]:
    """Boxes around words of one line; where lines are not known, words of one height on the page are one."""
    lines: list[list[Printed]] = []
    for word in words:
        if word is None:
            continue
        if lines and _beside(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_around([word.box for word in line]) for line in lines]


def _beside(one: Printed, other: Printed) -> bool:
    if one.line or other.line:
        return one.line == other.line
    middle = other.box[1] + other.box[3] / 2
    return one.box[1] <= middle <= one.box[1] + one.box[3]


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, low = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return _rounded((left, top, right - left, low - top))


def _rounded(box: Box) -> Box:
    left, top, width, height = box
    return round(left, 5), round(top, 5), round(width, 5), round(height, 5)
