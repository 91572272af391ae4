"""The order in which the lines of a page are read, told from where they stand: the engine's own follows its blocks.

Where two blocks stand side by side the engine may take a whole column first with all that comes under it, or a name
beside a position last of all. Here lines make rows; rows that stand side by side over a common gutter make a region,
which is read column by column, or row by row where it is a table. All else goes down the page.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from intake.engine import EngineRun
from intake.page import Word

_WIDE_GAP: Final = 2.5  # heights of a line, between words: there the engine may have run two columns together
_SAME_ROW: Final = 0.5  # of a line's height: how far the middles of two lines in one row may differ
_NEXT_LINE: Final = 1.3  # of the usual distance of lines: what still belongs to the block above
_FAR: Final = 2.5  # the same, beyond which nothing belongs to a region any more
_TABLE_COLUMNS: Final = 3
_TABLE_ROWS: Final = 3
_FIGURES: Final = 0.6  # of the lines of a right column: then it is a column of sums


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the engine: its place among the others, its box, its text."""

    index: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


_Row = list[_Line]
_Piece = tuple[int, list[Word]]  # the engine's line, and words of it
_Span = tuple[float, float]


def in_order(run: EngineRun) -> EngineRun:
    """Return the run with text and words in reading order; as it was when its text and words do not agree."""
    known = {number: list(words) for number, words in itertools.groupby(run.words, lambda word: word.line)}
    lines = list(known.values())
    texts = _texts(run.text)
    if len(known) != len({word.line for word in run.words}) or [text for text, _ in texts] != [
        " ".join(word.text for word in words) for words in lines
    ]:
        return run
    pieces = [(number, piece) for number, words in enumerate(lines) for piece in _pieces(words)]
    order = reading_order([_line(index, words, lines[number]) for index, (number, words) in enumerate(pieces)])
    rows = _whole([[pieces[index] for index in row] for row in order])
    if [[number for number, _ in row] for row in rows] == [[number] for number in range(len(lines))]:
        return run
    return replace(run, text=_text(rows, [blank for _, blank in texts]), words=_words(rows))


def reading_order(lines: Sequence[_Line]) -> list[list[int]]:
    """Return the indexes of lines as they are read; what stands in one list is one line of the text."""
    if len(lines) < 2:  # noqa: PLR2004 - nothing to put in order
        return [[line.index] for line in lines]
    height = statistics.median(line.bottom - line.top for line in lines)
    rows = _rows(lines, height)
    pitch = _pitch(rows, height)
    found: list[list[int]] = []
    at = 0
    while at < len(rows):
        if len(rows[at]) == 1:
            found.append([rows[at][0].index])
            at += 1
            continue
        end, columns = _region(rows, at, pitch)
        region = rows[at:end]
        above = _above(rows, at, columns, pitch) if _several(region) else 0
        if above:
            del found[-above:]
            region = rows[at - above : end]
        found += _read(region, columns)
        at = end
    return found


def _pieces(words: list[Word]) -> list[list[Word]]:
    """A line cut at its wide gaps: the engine runs lines of two columns together."""
    height = statistics.median(word.h for word in words)
    pieces = [[words[0]]]
    for before, word in itertools.pairwise(words):
        if word.x - before.x - before.w > height * _WIDE_GAP:
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _whole(rows: Sequence[Sequence[_Piece]]) -> list[list[_Piece]]:
    """Rows of the text: pieces of one line that follow one another are one line again."""
    found: list[list[_Piece]] = []
    for row in rows:
        joined = [
            (number, [word for _, words in group for word in words])
            for number, group in itertools.groupby(row, lambda piece: piece[0])
        ]
        if found and found[-1][-1][0] == joined[0][0]:
            last, more = found[-1][-1], joined.pop(0)
            found[-1][-1:] = [(last[0], [*last[1], *more[1]]), *joined]
        else:
            found.append(joined)
    return found


def _line(index: int, words: Sequence[Word], line: Sequence[Word]) -> _Line:
    """A piece of a line; it stands as high as the whole line, of which it may be a comma."""
    return _Line(
        index,
        left=min(word.x for word in words),
        top=min(word.y for word in line),
        right=max(word.x + word.w for word in words),
        bottom=max(word.y + word.h for word in line),
        text=" ".join(word.text for word in words),
    )


def _rows(lines: Sequence[_Line], height: float) -> list[_Row]:
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda one: one.middle):
        last = rows[-1] if rows else []
        beside = last and all(line.left >= one.right or line.right <= one.left for one in last)
        if beside and abs(line.middle - last[0].middle) <= height * _SAME_ROW:
            last.append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _pitch(rows: Sequence[_Row], height: float) -> float:
    """The usual distance of one line from the next."""
    steps = [after[0].middle - before[0].middle for before, after in itertools.pairwise(rows)]
    near = [step for step in steps if height * 0.8 < step < height * 3]
    return statistics.median(near) if near else height * 1.5


def _region(rows: Sequence[_Row], first: int, pitch: float) -> tuple[int, list[_Span]]:
    """Return the row after a region that begins here, and its columns.

    Rows with something in one column alone belong to it between rows with more, or as the next lines of a block.
    """
    columns = _spans(rows[first])
    end = at = first + 1
    while at < len(rows) and rows[at][0].middle - rows[at - 1][0].middle <= pitch * _FAR:
        joined = _merged([*columns, *_spans(rows[at])])
        if len(joined) < len(columns):
            break
        if len(rows[at]) > 1:
            columns, end = joined, at + 1
        elif len(joined) > len(columns):
            break
        at += 1
    if _several(rows[first:end]):
        while end < at and _continues(rows[end][0], rows[first:end], pitch):
            end += 1
    return end, columns


def _above(rows: Sequence[_Row], first: int, columns: Sequence[_Span], pitch: float) -> int:
    """How many rows over a region begin one of its columns."""
    count = 0
    while first > count and len(rows[first - count - 1]) == 1:
        line = rows[first - count - 1][0]
        below = rows[first - count][0].middle
        if below - line.middle > pitch * _NEXT_LINE:
            break
        if len(_merged([*columns, (line.left, line.right)])) != len(columns) or line.left <= columns[0][0]:
            break  # what stands over the left column may be anything; over another it is its beginning
        count += 1
    return count


def _continues(line: _Line, region: Sequence[_Row], pitch: float) -> bool:
    over = [one for row in region for one in row if one.left < line.right and line.left < one.right]
    return bool(over) and line.middle - max(one.middle for one in over) <= pitch * _NEXT_LINE


def _several(region: Sequence[_Row]) -> bool:
    return sum(len(row) > 1 for row in region) > 1


def _read(region: Sequence[_Row], columns: Sequence[_Span]) -> list[list[int]]:
    if _is_table(region, columns):
        return [[line.index for line in row] for row in region]
    if len(columns) >= _TABLE_COLUMNS or not _several(region):
        return [[line.index] for row in region for line in row]
    return [
        [line.index]
        for left, right in columns
        for row in region
        for line in row
        if line.left < right and left < line.right
    ]


def _is_table(region: Sequence[_Row], columns: Sequence[_Span]) -> bool:
    full = [row for row in region if len(row) >= min(len(columns), _TABLE_COLUMNS)]
    if len(full) < _TABLE_ROWS:
        return False
    if len(columns) >= _TABLE_COLUMNS:
        return True
    right = ["".join(row[-1].text.split()) for row in full]
    figures = sum(sum(map(str.isdigit, text)) * 2 >= len(text) for text in right)
    return figures >= len(right) * _FIGURES


def _spans(row: _Row) -> list[_Span]:
    return [(line.left, line.right) for line in row]


def _merged(spans: Sequence[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for left, right in sorted(spans):
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _texts(text: str) -> list[tuple[str, bool]]:
    """The lines of a text that are not empty, spaces made single, and whether an empty one stands before each."""
    found: list[tuple[str, bool]] = []
    blank = False
    for line in text.split("\n"):
        words = line.split()
        if words:
            found.append((" ".join(words), blank))
        blank = not words
    return found


def _text(rows: Sequence[Sequence[_Piece]], blanks: Sequence[bool]) -> str:
    """Lines anew: an empty one stays before a line that had it, and comes where neighbours have changed."""
    parts: list[str] = []
    before = -1
    for row in rows:
        first = row[0][0]
        if parts and (blanks[first] or first != before + 1):
            parts.append("")
        parts.append(" ".join(word.text for _, words in row for word in words))
        before = row[-1][0]
    return "\n".join(parts)


def _words(rows: Sequence[Sequence[_Piece]]) -> list[Word]:
    return [
        word._replace(line=number) for number, row in enumerate(rows, start=1) for _, words in row for word in words
    ]
