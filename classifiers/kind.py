"""Kind of an appeal: weighed cues of the text, the topic's default and what was learnt of kinds as further voices."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

from classifiers.text import fold
from classifiers.wordlists import any_of, load
from rules.wire import Kind

DEFAULT_WEIGHT = 6.0
"""How much the default kind of the main topic weighs, in the units of kind.yaml."""

CALM_SHARE = 0.4
"""What is left of a topic's default «complaint» when the letter asks and complains of nothing («что такое пеня»)."""

LEARNT_WEIGHT = 1.0
"""How much the logarithm of a kind's share by words and meaning weighs (decision 0058)."""

MAX_KIND_CHARS = 6_000
_MAX_HITS = 2
_SHARPNESS = 1.1


_ASKED = re.compile(
    r"(?:^|(?<=[.!?\n,]))\s*(?:а |и |но |подскажите,? |скажите,? )?(?:куда|где|когда|сколько"
    r"|как(?:ой|ая|ое|ие|им|ую|их)?|что|кто|кому|почему|зачем|за что|откуда|имею ли|положен\w* ли|нуж\w+ ли|надо ли"
    r"|в какой|в каком|до како\w+|на каком|не могли бы вы (?:рассказать|сказать|подсказать|объяснить|пояснить"
    r"|уточнить))\b[^.!?\n]{0,300}\?"
)
"""A sentence that asks: «справка», «заявление» in it are what is asked about, not what is asked for."""


Scores = Mapping[Kind, float]


@cache
def _cues() -> tuple[tuple[Kind, re.Pattern[str], float], ...]:
    return tuple(
        (Kind(kind), any_of([pattern]), float(weight))
        for kind, rows in load("kind").items()
        for pattern, weight in rows
    )


def cues(text: str) -> Scores:
    """What the words of subject and body speak for, kind by kind."""
    plain = fold(text[:MAX_KIND_CHARS])
    told = _ASKED.sub(" ", plain)
    scores = dict.fromkeys(Kind, 0.0)
    for kind, pattern, weight in _cues():
        within = told if kind is Kind.REQUEST else plain
        hits = sum(1 for _ in zip(range(_MAX_HITS), pattern.finditer(within), strict=False))
        scores[kind] += weight * (1 if hits == 1 else 1.3) if hits else 0.0
    return scores


def decide(
    heard: Scores, defaults: Mapping[Kind, float] | None = None, learnt: Mapping[Kind, float] | None = None
) -> tuple[Kind, float]:
    """The kind and how far it is ahead of the others.

    Args:
        heard: what `cues` heard in the text.
        defaults: the kinds that the ЕКТО gives the probable topics, with their share (0..1). Only defaults:
            one topic comes as question and as complaint.
        learnt: logarithms of the kinds' shares, as ``ShareModel`` gives them.
    """
    scores = dict(heard)
    calm = scores[Kind.QUESTION] > 0 and not scores[Kind.COMPLAINT]
    for kind, share in (defaults or {}).items():
        scores[kind] += DEFAULT_WEIGHT * share * (CALM_SHARE if calm and kind is Kind.COMPLAINT else 1.0)
    if not any(scores.values()) and not learnt:
        return Kind.QUESTION, 0.0
    for kind, share in (learnt or {}).items():
        scores[kind] += LEARNT_WEIGHT * share
    odds = {kind: math.exp(_SHARPNESS * score) for kind, score in scores.items()}
    best = max(odds, key=lambda kind: odds[kind])
    return best, round(odds[best] / sum(odds.values()), 3)
