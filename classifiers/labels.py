"""Labelled lines of a letter or a form: «Фамилия: Иванов», «Адрес регистрации __Уфа, Мира 5__»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from classifiers.text import fold
from classifiers.wordlists import load

_LINE: Final = re.compile(
    r"(?m)^[ \t|*•–-]*(?P<label>№?[ \t]?[А-Яа-яЁё][А-Яа-яЁё./ \t]{0,44}?)[ \t]*(?:\([^)\n]{0,40}\))?"
    r"[ \t]*(?:[:=|]|[-–—](?=\s)|(?=_{2}))"
    r"[ \t_|]*(?P<value>[^\n]*?)[ \t_|.;,–—-]*$"
)
_MIN_FUZZY: Final = 5
_ADDRESS: Final = re.compile(r"(?<![а-я])адрес(?![а-я])")
_NET: Final = re.compile(r"электрон|почты|сайт|mail|(?<![а-я])эл(?![а-я])|доставк|вашего|вашей|ваш")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value behind a label, with its place in the text."""

    field: str
    value: str
    start: int
    end: int


@cache
def _fields() -> dict[str, str]:
    return {label: name for name, labels in load("labels").items() for label in labels}


def labelled_lines(text: str) -> Iterator[Labelled]:
    """Every labelled line whose label is known, in order; a line without a value is left out."""
    for match in _LINE.finditer(text):
        name = field_of(match["label"])
        if name and match["value"]:
            yield Labelled(name, match["value"], match.start("value"), match.end("value"))


def field_of(label: str) -> str | None:
    """The field that a label names; one letter of a long label may be misread or missing."""
    words = " ".join(re.sub(r"[.]", " ", fold(label)).split())
    known = _fields()
    if words in known:
        return known[words]
    if len(words) < _MIN_FUZZY:
        return None
    near = next((name for one, name in known.items() if len(one) >= _MIN_FUZZY and within_one(words, one)), None)
    return near or ("address" if _ADDRESS.search(words) and not _NET.search(words) else None)


def within_one(one: str, two: str) -> bool:
    """Whether two words differ by at most one letter changed, added or left out."""
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    left, right = one[start:], two[start:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:]
