"""Further topics of a letter: those that one of its requests tells, though the whole letter is about something else."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.wordlists import load
from rules.wire import Question, TopicGuess

FOUND = 0.5
"""Confidence given to a further topic that was found: measured, about every second one is confirmed (decision 0024)."""

_NEAR = 4
"""Among how many topics of the whole letter a request's own topic must be: a clause alone is easily misread."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What a letter asks, and what it is about."""

    items: list[Question]
    topics: list[TopicGuess]


def told_by_requests(ranked: list[TopicGuess], requests: list[Question]) -> list[Question]:
    """The requests whose topic is not the letter's main one and is near enough to be believed, one for each topic."""
    told: dict[str, Question] = {}
    limits = load("topics")
    near = {one.code for one in ranked[1:_NEAR] if one.confidence >= limits["request_letter_share"]}
    for request in requests:
        best = request.topics[0] if request.topics else None
        if best is None or best.code not in near or best.confidence < limits["request_share"]:
            continue
        if best.code not in told or told[best.code].topics[0].confidence < best.confidence:
            told[best.code] = request
    return list(told.values())


def with_further(ranked: list[TopicGuess], requests: list[Question]) -> list[TopicGuess]:
    """The letter's topics, the main one first, then those found in requests or plainly second, then the rest."""
    if not ranked:
        return []
    main, *rest = ranked
    found = {one.topics[0].code for one in told_by_requests(ranked, requests)}
    if rest and rest[0].confidence >= load("topics")["second_share"]:
        found.add(rest[0].code)
    least = min(main.confidence, FOUND)
    raised = [
        TopicGuess(code=one.code, confidence=max(one.confidence, least)) if one.code in found else one for one in rest
    ]
    return [main, *sorted(raised, key=lambda one: -one.confidence)]
