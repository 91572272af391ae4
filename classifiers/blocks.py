"""Blocks of a letter that are not its author's own words: the executor at the foot, numbers of our own letters.

Blocks are blanked, never cut out: an offset found in what is left is an offset in the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_EXECUTOR: Final = re.compile(
    r"(?im)^[ \t]*(?:исп\.|исп(?:олнител[ьи])?[ \t]*[.:]|исполнитель\b)[^\n]*(?:\n[ \t]*[^\n]{0,60}\d[^\n]{0,40}$)?"
)
"""«Исп. Петрова А.А.» and the line with the telephone below it (GOST R 7.0.97: the executor is not the signatory)."""

_OUR_NUMBER: Final = re.compile(
    r"(?i)(?:\bна\s+)?(?:ваш\w*\s+(?:\w+\s+){0,2})?(?:№\s*)?(?:ИСХ|УВ|ВХ|ПР|ОВ|ДП)-20\d\d-\d{4,8}(?:\s+от\s+\d{1,2}[.,]\d{1,2}[.,]\d{2,4})?"
)
"""Numbers of our own journals, with their dates: they are about our letter, not the client's."""


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans turned to spaces; line breaks stay."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = [char if char == "\n" else " " for char in chars[start:end]]
    return "".join(chars)


def without_foreign_blocks(text: str) -> str:
    """The text without the executor's mark and without mentions of our own numbers."""
    spans = [match.span() for pattern in (_EXECUTOR, _OUR_NUMBER) for match in pattern.finditer(text)]
    return blank(text, spans) if spans else text
