"""Sentences of a letter: where each begins and ends. The one way in which letters are cut.

A full stop of a date, an abbreviation («ул.», «т.е.»), an initial or a list's number ends nothing; a line that is only
wrapped goes on; a stop without a space between two words does end one, as people type it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.text import fold
from classifiers.wordlists import load

_STOP: Final = re.compile(
    r"(?P<hard>[!?…]+|\.{2,})[»\"”)\]]*"
    r"|(?P<point>\.)(?=[»\"”)\]]*(?:\s|\Z)|[А-ЯЁа-яё]{3})[»\"”)\]]*"
    r"|(?P<line>\n)(?P<rest>[^\S\n]*)(?P<next>[^\s]?)"
)
_WORD_BEFORE: Final = re.compile(r"(?:[^\W\d_]+[.-])*[^\W_]+\Z")
_AFTER: Final = re.compile(r"\s*(\S?)")
_MARK: Final = re.compile(r"(?:\A|\n|[;:!?]\s)\s*(?:\d{1,2}|[а-я])\Z")
_INITIALS: Final = re.compile(r"(?:[А-ЯЁ]\.)*[А-ЯЁ]")
_SURNAME_AND_INITIALS: Final = re.compile(r"[А-ЯЁ][а-яё]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\Z")
_YEAR_OR_SUM: Final = re.compile(r"\d\s*\Z")
_BULLETS: Final = frozenset('-–—•*·№«"„“(')
_LOOK_BACK: Final = 24


@cache
def _shortened() -> tuple[frozenset[str], frozenset[str]]:
    words = load("abbreviations")
    return frozenset(words["opening"]), frozenset(words["closing"])


def spans(text: str) -> list[tuple[int, int]]:
    """Beginning and end of every sentence, in order; white space round a sentence belongs to none."""
    found = []
    start = 0
    for match in _STOP.finditer(text):
        end = match.start() if match["line"] else match.end()
        if not _ends(text, match, start):
            continue
        found += _trimmed(text, start, end)
        start = end
    return [*found, *_trimmed(text, start, len(text))]


def split(text: str) -> list[str]:
    """The sentences as they stand in the text."""
    return [text[start:end] for start, end in spans(text)]


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = end - (len(piece) - len(piece.rstrip()))
    return [(left, right)] if left < right else []


def _ends(text: str, match: re.Match[str], start: int) -> bool:
    if match["line"]:
        return _line_ends(text, match)
    if match["hard"]:
        return True
    return _point_ends(text, match, start)


def _line_ends(text: str, match: re.Match[str]) -> bool:
    """An empty line ends; so does one before a capital, a figure or a bullet; one wrapped in a sentence goes on."""
    first = match["next"]
    if not first:
        return True
    if first.islower():
        before = text[max(match.start() - 1, 0) : match.start()]
        return before == "\n" or bool(re.match(r"[а-я]\)\s", text[match.start("next") : match.start("next") + 3]))
    return first.isupper() or first.isdecimal() or first in _BULLETS


def _point_ends(text: str, match: re.Match[str], start: int) -> bool:
    at = match.start()
    before = text[max(at - _LOOK_BACK, start) : at]
    after = _AFTER.match(text, match.end())
    following = after[1] if after else ""
    word = _WORD_BEFORE.search(before)
    if not following or _MARK.search(before):  # «1. Прошу», «а. копию»
        return not following
    return word is None or _word_ends(word, before, following)


def _word_ends(word: re.Match[str], before: str, following: str) -> bool:
    """Whether the full stop behind a word ends the sentence, with what stands before the stop and after it."""
    plain = fold(word.group())
    opening, closing = _shortened()
    if _INITIALS.fullmatch(word.group()):
        return bool(_SURNAME_AND_INITIALS.search(before)) and following.isupper()
    if plain in closing and _closes(before, word.start(), plain):
        return following.isupper()
    if plain in opening or plain in closing:
        return plain not in opening and plain != "г" and following.isupper()
    if plain.isdecimal() and len(plain) <= 2:  # noqa: PLR2004 - a day or a month: «12. 05. 2026»
        return not following.isdecimal()
    return True


def _closes(before: str, at: int, plain: str) -> bool:
    """Whether «г.», «д.» and their like stand behind a figure («2025 г.», «300 руб.») or shorten «и так далее»."""
    return bool(_YEAR_OR_SUM.search(before[:at])) or "." in plain or before[:at].endswith("и ")
