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
    return overlap(shingles(first), shingles(second))


def shingles(text: str) -> frozenset[str]:
    """Return a text's five-letter shingles, none of a short text: where many texts are compared, each is cut once."""
    letters = _letters(text)
    if len(letters) < TOO_SHORT:
        return frozenset()
    return frozenset(letters[start : start + SHINGLE] for start in range(len(letters) - SHINGLE + 1))


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return ``likeness`` of two texts by their shingles."""
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold().replace("ё", "е")))[:LETTERS]
