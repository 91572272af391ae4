"""How well alarms are raised: recall and precision per alarm over sentences with their labels, with 95 % bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from classifiers.alarmmodel import AlarmModel
from classifiers.alarms import AlarmFinder, find_alarms
from classifiers.phrases import Words
from classifiers.readingrules import shipped
from classifiers.translit import is_translit, to_cyrillic

_Z: Final = 1.96
_NONE: Final = "-"


class SentenceError(ValueError):
    """A line is no labelled sentence; the Russian message says what is expected."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the codes that must be raised and those that may be."""

    must: frozenset[str]
    may: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class AlarmScore:
    """Counts of one alarm, or of all under «»."""

    code: str
    right: int
    missed: int
    false: int

    @property
    def recall(self) -> float:
        """Share of the alarms that must be raised and were."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def precision(self) -> float:
        """Share of the raised alarms that must be."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall_bounds(self) -> tuple[float, float]:
        """Between what the recall lies in 95 of 100 such samples (Wilson)."""
        return wilson(self.right, self.right + self.missed)

    @property
    def precision_bounds(self) -> tuple[float, float]:
        """The same of the precision."""
        return wilson(self.right, self.right + self.false)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson; (0, 1) of nothing."""
    if not total:
        return 0.0, 1.0
    share, square = hits / total, _Z * _Z / total
    middle = share + square / 2
    reach = _Z * math.sqrt(share * (1 - share) / total + square / total / 4)
    return round((middle - reach) / (1 + square), 3), round((middle + reach) / (1 + square), 3)


def sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    """Sentences of a file: codes over spaces, a tab, the text; «?code» may be raised, «-» none, # begins a remark.

    Raises:
        SentenceError: A line has no tab or no code.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        codes, tab, text = line.rstrip("\n").partition("\t")
        if not tab or not codes.split() or not text.strip():
            raise SentenceError(f"строка {number}: нужны коды признаков (или «-»), знак табуляции и предложение")
        told = codes.split()
        must = frozenset(code for code in told if code != _NONE and not code.startswith("?"))
        yield Sentence(must, frozenset(code[1:] for code in told if code.startswith("?")), text)


def score(
    given: Iterable[Sentence], finder: AlarmFinder | None = None, model: AlarmModel | None = None
) -> tuple[list[AlarmScore], list[tuple[str, bool, str]]]:
    """Scores per alarm, all together first, and the errors: code, whether it was missed (else false), sentence."""
    known = finder or shipped().alarms
    counts: dict[str, list[int]] = {}
    errors = []
    for one in given:
        text = to_cyrillic(one.text) if is_translit(one.text) else one.text
        raised = {alarm.code for alarm in find_alarms(Words(text), text, known, model).alarms}
        sets = (one.must & raised, one.must - raised, raised - one.must - one.may)
        for place, codes in enumerate(sets):
            for code in sorted(codes):
                counts.setdefault(code, [0, 0, 0])[place] += 1
                if place:
                    errors.append((code, place == 1, one.text))
    whole = [sum(row[place] for row in counts.values()) for place in range(3)]
    return [AlarmScore("", *whole), *(AlarmScore(code, *counts[code]) for code in sorted(counts))], errors
