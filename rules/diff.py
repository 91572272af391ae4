"""What differs between two rule books, value by value, for the person who owns the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from rules.book import FILES, RuleBook

_KEYS = ("id", "code")  # what names an entry of a list
_ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs.

    Attributes:
        file: Name of the file.
        place: Where in it, in the file's own names: ``rules STD_30C quantity``.
        before: The value of the first book as text; None: it has none.
        after: The value of the second.
    """

    file: str
    place: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """«deadlines.yaml: rules STD_30C quantity: 30 → 25»."""
        return f"{self.file}: {self.place}: {self.before or _ABSENT} → {self.after or _ABSENT}"


def compare(one: RuleBook, other: RuleBook) -> list[Change]:
    """Every value that differs, in the order of the files; entries of lists are told apart by their codes."""
    found: list[Change] = []
    for name in FILES:
        before, after = dict(_flat(getattr(one, name))), dict(_flat(getattr(other, name)))
        found.extend(
            Change(f"{name}.yaml", place, before.get(place), after.get(place))
            for place in dict.fromkeys((*before, *after))
            if before.get(place) != after.get(place)
        )
    return found


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{place} {_text(key)}".strip())
    elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        for index, item in enumerate(value, start=1):
            key = next((getattr(item, key) for key in _KEYS if hasattr(item, key)), str(index))
            yield from _flat(item, f"{place} {key}".strip())
    elif value is not None:
        yield place, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, frozenset):
        return ", ".join(sorted(_text(item) for item in value))
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    return str(value)
