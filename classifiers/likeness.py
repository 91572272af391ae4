"""How much two letters are the same words: for proposing duplicates. Survives OCR, quoting and another layout."""

from __future__ import annotations

from typing import Final

LETTERS: Final = 6000  # the beginning tells enough, and the cost stays bounded
SHINGLE: Final = 5
TOO_SHORT: Final = 40  # two notes of a line are alike by chance


def likeness(first: str, second: str) -> float:
    """Return the share of the shorter text's five-letter shingles that the other has too, 0..1.

    Letters only: digits, spaces and punctuation are what OCR and mail programs change. A text shorter than 40 letters
    is like nothing.
    """
    one, other = _letters(first), _letters(second)
    if min(len(one), len(other)) < TOO_SHORT:
        return 0.0
    left, right = _shingles(one), _shingles(other)
    return len(left & right) / min(len(left), len(right))


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold().replace("ё", "е")))[:LETTERS]


def _shingles(text: str) -> set[str]:
    return {text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1)}
