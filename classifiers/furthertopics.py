"""Further topics of a letter: those that one of its sentences tells, though the letter is about something else."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.wordlists import load
from rules.wire import Question, TopicGuess

FOUND = 0.5
"""Confidence given to a further topic that was found: measured, about every second one is confirmed (decision 0034)."""

_NEAR = 3
"""Among how many topics of the whole letter a sentence's own topic must be: a sentence alone is easily misread."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What a letter asks, and what it is about."""

    items: list[Question]
    topics: list[TopicGuess]


def may_have_further(ranked: list[TopicGuess]) -> bool:
    """Whether any sentence could tell a further topic: if none is near, the cost of reading them is saved."""
    return len(ranked) > 1 and ranked[1].confidence >= float(load("topics")["sentence_letter_share"])


def told_apart(ranked: list[TopicGuess], said: list[Question]) -> list[Question]:
    """The sentences whose topic is not the letter's main one and is near enough to be believed, one for each topic."""
    told: dict[str, Question] = {}
    limits = load("topics")
    near = {one.code for one in ranked[1:_NEAR] if one.confidence >= limits["sentence_letter_share"]}
    for one in said:
        best = one.topics[0] if one.topics else None
        if best is None or best.code not in near or best.confidence < limits["sentence_share"]:
            continue
        if best.code not in told or told[best.code].topics[0].confidence < best.confidence:
            told[best.code] = one
    return list(told.values())


def with_further(ranked: list[TopicGuess], said: list[Question]) -> list[TopicGuess]:
    """The letter's topics, the main one first, then those told by a sentence or plainly second, then the rest."""
    if not ranked:
        return []
    main, *rest = ranked
    found = {one.topics[0].code for one in told_apart(ranked, said)}
    if rest and rest[0].confidence >= load("topics")["second_share"]:
        found.add(rest[0].code)
    least = min(main.confidence, FOUND)
    raised = [
        TopicGuess(code=one.code, confidence=max(one.confidence, least)) if one.code in found else one for one in rest
    ]
    return [main, *sorted(raised, key=lambda one: -one.confidence)]
