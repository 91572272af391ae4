"""Where the next letter of a pile begins, from the words of each sheet: a proposal for a person, never a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.piles import Borders

UPPER_LINES = 14  # lines of the head of a letter: addressee, author, title
LAST_LINES = 2  # where a page number may stand


@dataclass(frozen=True, slots=True)
class Border:
    """What the words of one sheet say.

    Attributes:
        begins: Whether the sheet is proposed as a beginning.
        score: Sum of the weights found.
        reasons: Titles of the signs found, in Russian.
    """

    begins: bool
    score: float
    reasons: tuple[str, ...] = ()


def borders(texts: Sequence[str], rules: Borders) -> list[Border]:
    """Say of every sheet whether a letter begins on it; the first one always does.

    Args:
        texts: Words of the sheets, or of their upper parts, in the order of the pile.
        rules: Signs and weights (rules/piles.yaml).
    """
    return [_of_sheet(text, rules, first=number == 0) for number, text in enumerate(texts)]


def _of_sheet(text: str, rules: Borders, *, first: bool) -> Border:
    lines = [" ".join(line.split()) for line in text.casefold().splitlines() if line.strip()]
    shown = "\n".join([*lines[:UPPER_LINES], *lines[UPPER_LINES:][-LAST_LINES:]])
    found = [sign for sign in rules.signs if sign.found(shown)]
    score = sum(sign.weight for sign in found)
    return Border(first or score >= rules.border, score, tuple(sign.title for sign in found))
