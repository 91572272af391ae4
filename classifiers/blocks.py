"""Blocks of a letter that are not its author's own words: an authority's covering letter, the executor at the foot.

Blocks are blanked, never cut out: an offset found in what is left is an offset in the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from classifiers.wordlists import any_of, load

_EXECUTOR: Final = re.compile(
    r"(?im)^[ \t]*(?:исп\.|исп(?:олнител[ьи])?[ \t]*[.:]|исполнитель\b)[^\n]*(?:\n[ \t]*[^\n]{0,60}\d[^\n]{0,40}$)?"
)
"""«Исп. Петрова А.А.» and the line with the telephone below it (GOST R 7.0.97: the executor is not the signatory)."""

_OUR_NUMBER: Final = re.compile(
    r"(?i)(?:\bна\s+)?(?:ваш\w*\s+(?:\w+\s+){0,2})?(?:№\s*)?(?:ИСХ|УВ|ВХ|ПР|ОВ|ДП)-20\d\d-\d{4,8}(?:\s+от\s+\d{1,2}[.,]\d{1,2}[.,]\d{2,4})?"
)
"""Numbers of our own journals, with their dates: they are about our letter, not the client's."""

_FORWARDS: Final = re.compile(
    r"(?i)(?:направля\w+|перенаправля\w+|препровожда\w+|пересыла\w+|пересла\w+|направил\w*|перенаправил\w*|поступил\w+|прос\w+\s+(?:\w+\s+){0,2}рассмотреть)[^.]{0,160}?\b(?:обращени\w+|жалоб\w+|заявлени\w+|письм\w+)"
)
_LETTER_BEGINS: Final = re.compile(
    r"(?im)^[ \t]*(?:[-–—=_*]{3,}[^\n]*$|(?:текст\s+)?(?:обращени[ея]|заявлени[ея]|жалоб[аы])[ \t]*:?[ \t]*$"
    r"|(?:генеральному\s+директору|директору|руководителю|начальнику|в)\s+[^\n]{0,40}\bЕИРЦ\b[^\n]*|[^\n]{0,40}\bот\s+[А-ЯЁ][а-яё]+(?:ой|а|ого|ей|ы|и)\s+[А-ЯЁ][^\n]*)"
)
_HEAD: Final = 400
_COVER_LEAST: Final = 30
_MAX_LINES_ABOVE: Final = 3


@cache
def _authority() -> re.Pattern[str]:
    """A body of power by the beginning of its name (data/bodies.yaml)."""
    return any_of([rf"\b(?:{'|'.join(load('bodies')['forwards'])})"])


@dataclass(frozen=True, slots=True)
class Cover:
    """A covering letter of an authority; the citizen's letter begins at ``end`` (the text's end when only it came)."""

    end: int
    org_start: int
    forwards_at: int


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


def find_cover(text: str) -> Cover | None:
    """The covering letter with which an authority forwards somebody's letter; None when there is none."""
    org = _authority().search(text[:_HEAD])
    forwards = _FORWARDS.search(text)
    if org is None or forwards is None or text[: org.start()].count("\n") > _MAX_LINES_ABOVE:
        return None
    if re.search(r"(?i)\b(?:в|от|директору|прокурору)\s*$", text[max(org.start() - 14, 0) : org.start()]):
        return None
    line = text.rfind("\n", 0, org.start()) + 1
    for begins in _LETTER_BEGINS.finditer(text, forwards.end() + _COVER_LEAST):
        return Cover(begins.start(), line, forwards.start())
    return Cover(len(text), line, forwards.start())
