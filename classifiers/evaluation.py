"""Figures over judged letters: how often right, how often alone, where confused, each share with its interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.furthertopics import FOUND
from classifiers.heldout import Judged

THRESHOLDS = tuple(round(0.3 + 0.05 * step, 2) for step in range(14))
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """Hits among trials, with Wilson's 95 % interval: honest for few trials too."""

    hits: int
    trials: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing is 0."""
        return self.hits / self.trials if self.trials else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which bounds the true share lies, 95 times of 100."""
        if not self.trials:
            return 0.0, 1.0
        spread = _Z * _Z / self.trials
        middle = (self.value + spread / 2) / (1 + spread)
        half = _Z * math.sqrt(self.value * (1 - self.value) / self.trials + spread / self.trials / 4) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold of the abstention curve: what share of letters goes alone, and how many of them rightly."""

    threshold: float
    coverage: Share
    right: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured over a set of letters.

    Attributes:
        first, third: The main topic is guessed first, among the first three.
        some: The first guess is one of the letter's topics.
        queue: The first guess leads to the main topic's queue.
        precision, recall: Of the topics found in letters with several.
        alone: Letters that no person need look at; alone_queue, alone_topic: of those, rightly placed.
        curve: The same at other thresholds of the queue's confidence.
        surprise: Mean difference between confidence and share of hits, over ten bins (expected calibration error).
        by_topic: First and third by true main topic.
        confusions: True main topic and first guess, with how often, the commonest first.
    """

    first: Share
    third: Share
    some: Share
    queue: Share
    precision: Share
    recall: Share
    alone: Share
    alone_queue: Share
    alone_topic: Share
    curve: tuple[Point, ...]
    surprise: float
    by_topic: Mapping[str, tuple[Share, Share]]
    confusions: tuple[tuple[str, str, int], ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of the topics of letters with several."""
        both = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / both if both else 0.0


def figures(judged: Sequence[Judged], queues: Mapping[str, str]) -> Figures:
    """Count everything; ``queues``: topic to the queue that handles it."""
    several = [one for one in judged if len(one.letter.topics) > 1]
    alone = [one for one in judged if not one.seen.needs_person]
    pairs = Counter((one.letter.topics[0], _first(one)) for one in judged if _first(one) != one.letter.topics[0])
    found = sum(len(_found(one)) for one in several)
    true = sum(len(one.letter.topics) for one in several)
    both = sum(len(_found(one) & set(one.letter.topics)) for one in several)
    return Figures(
        first=_share(_first(one) == one.letter.topics[0] for one in judged),
        third=_share(_among_three(one) for one in judged),
        some=_share(_first(one) in one.letter.topics for one in judged),
        queue=_share(_right_queue(one, queues) for one in judged),
        precision=Share(both, found),
        recall=Share(both, true),
        alone=Share(len(alone), len(judged)),
        alone_queue=_share(_right_queue(one, queues) for one in alone),
        alone_topic=_share(_first(one) == one.letter.topics[0] for one in alone),
        curve=tuple(_point(judged, queues, threshold) for threshold in THRESHOLDS),
        surprise=_surprise(judged),
        by_topic=_by_topic(judged),
        confusions=tuple((true, guess, times) for (true, guess), times in pairs.most_common()),
    )


def _share(hits: Iterable[bool]) -> Share:
    told = list(hits)
    return Share(sum(told), len(told))


def _first(one: Judged) -> str:
    return one.seen.topics[0].code if one.seen.topics else "—"


def _among_three(one: Judged) -> bool:
    return one.letter.topics[0] in [guess.code for guess in one.seen.topics[:3]]


def _found(one: Judged) -> set[str]:
    """The main guess, and every further topic that the letter surely has."""
    least = min(FOUND, one.seen.topics[0].confidence) if one.seen.topics else FOUND
    return {guess.code for guess in one.seen.topics if guess.confidence >= least}


def _right_queue(one: Judged, queues: Mapping[str, str]) -> bool:
    return bool(one.seen.topics) and queues[_first(one)] == queues[one.letter.topics[0]]


def _point(judged: Sequence[Judged], queues: Mapping[str, str], threshold: float) -> Point:
    sure = [one for one in judged if one.agreed and one.queue_share >= threshold]
    return Point(threshold, Share(len(sure), len(judged)), _share(_right_queue(one, queues) for one in sure))


def _by_topic(judged: Sequence[Judged]) -> dict[str, tuple[Share, Share]]:
    codes = sorted({one.letter.topics[0] for one in judged})
    return {
        code: (
            _share(_first(one) == code for one in judged if one.letter.topics[0] == code),
            _share(_among_three(one) for one in judged if one.letter.topics[0] == code),
        )
        for code in codes
    }


def _surprise(judged: Sequence[Judged]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for one in judged:
        if one.seen.topics:
            share = one.seen.topics[0].confidence
            bins.setdefault(min(int(share * 10), 9), []).append((share, _first(one) in one.letter.topics))
    gaps = (abs(sum(share - hit for share, hit in rows)) for rows in bins.values())
    return sum(gaps) / max(len(judged), 1)
