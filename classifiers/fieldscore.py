"""How well the fields of senders are read: precision, recall and F1 per field over labelled letters."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from classifiers.addresskeys import address_key
from classifiers.contacts import normal_phone
from classifiers.nameparts import split_name
from classifiers.text import fold
from rules.wire import Sender

FIELDS: Final = tuple(Sender.model_fields)

_SHORT: Final = {
    "org": "org_name",
    "account": "account_number",
    "contract": "contract_number",
    "phone": "phones",
    "email": "emails",
}
"""Names of the sixty example letters, and ours."""

_RESAMPLES, _SEED = 1_000, 7
_LOW, _HIGH = 2.5, 97.5

Labels = dict[str, frozenset[str]]


class LabelError(ValueError):
    """The labels of a letter are none; the Russian message says what is expected."""


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Counts of one field over all letters; ``low`` and ``high`` bound F1 in 95 of 100 resamples of the letters."""

    field: str
    right: int
    wrong: int
    missed: int
    low: float
    high: float

    @property
    def precision(self) -> float:
        """Share of what was read that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what stands in the letters that was read."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A field of one letter that was read otherwise than labelled."""

    letter: str
    field: str
    expected: str
    found: str


def labels_of(sender: Mapping[str, Any]) -> Labels:
    """The labelled fields of a letter, comparable. A field that the labels leave out is not judged.

    Takes the names of the wire (``rules.wire.Sender``) and those of the example letters (``name``, ``org``,
    ``account``, ``contract``, ``phone``, ``email``).

    Raises:
        LabelError: A field has a name that nobody knows, or a value of the wrong type.
    """
    given: dict[str, Any] = {_SHORT.get(name, name): value for name, value in sender.items() if name != "name"}
    if "name" in sender:
        given |= _name(sender["name"])
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise LabelError(f"Поле «{unknown[0]}» в «sender» не известно. Возможны: {', '.join(FIELDS)}.")
    return {name: _comparable(name, value) for name, value in given.items()}


def found_of(sender: Sender) -> Labels:
    """What was read, comparable with the labels."""
    return {name: _comparable(name, value) for name, value in sender.model_dump(mode="json").items()}


def _name(value: object) -> dict[str, Any]:
    if value is not None and not isinstance(value, str):
        raise LabelError("Поле «name» в «sender» должно быть строкой.")
    parts = split_name((value or "").split(",")[0])
    return {"last_name": parts.last_name, "first_name": parts.first_name, "patronymic": parts.patronymic}


def _comparable(name: str, value: object) -> frozenset[str]:
    values = value if isinstance(value, list) else [value]
    if not all(item is None or isinstance(item, str | dt.date) for item in values):
        raise LabelError(f"Поле «{name}» в «sender» должно быть строкой, списком строк или null.")
    return frozenset(_plain(name, str(item)) for item in values if item is not None and str(item).strip())


def _plain(name: str, value: str) -> str:
    if name == "address" and (key := address_key(value)) is not None:
        return key.place
    if name == "phones":
        return normal_phone(value) or value
    if name == "account_number":
        return re.sub(r"\D", "", value)
    return re.sub(r"[^\w/-]+", " ", fold(value)).strip()


def misses(letter: str, labels: Labels, found: Labels) -> list[Miss]:
    """The labelled fields that were read otherwise."""
    return [
        Miss(letter, name, "; ".join(sorted(expected)), "; ".join(sorted(found.get(name, frozenset()))))
        for name, expected in labels.items()
        if expected != found.get(name, frozenset())
    ]


def scores(pairs: Iterable[tuple[Labels, Labels]]) -> list[FieldScore]:
    """The score of every field that any letter labels; ``pairs`` are labels and what was read."""
    counts = np.array([_counts(labels, found) for labels, found in pairs], dtype=np.int64)
    if not counts.size:
        return []
    rng = np.random.default_rng(_SEED)
    times = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_RESAMPLES)
    resampled = np.tensordot(times, counts, axes=1)
    return [
        _score(name, counts[:, place].sum(axis=0), resampled[:, place])
        for place, name in enumerate(FIELDS)
        if counts[:, place].any()
    ]


def _counts(labels: Labels, found: Labels) -> list[tuple[int, int, int]]:
    rows = []
    for name in FIELDS:
        expected = labels.get(name)
        seen = found.get(name, frozenset())
        rows.append(
            (0, 0, 0) if expected is None else (len(expected & seen), len(seen - expected), len(expected - seen))
        )
    return rows


def _score(name: str, total: Sequence[int], resampled: Any) -> FieldScore:
    right, wrong, missed = (int(count) for count in total)
    whole = 2 * resampled[:, 0] + resampled[:, 1] + resampled[:, 2]
    f1 = np.where(whole > 0, 2 * resampled[:, 0] / np.maximum(whole, 1), 1.0)
    low, high = np.percentile(f1, (_LOW, _HIGH))
    return FieldScore(name, right, wrong, missed, round(float(low), 3), round(float(high), 3))
