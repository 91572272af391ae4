"""Further matters of a letter: those that one of its sentences tells, though the letter is about something else."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.questions import Unit
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


def matters(ranked: list[TopicGuess], units: list[Unit], told: list[Question]) -> list[Question]:
    """The letter's questions: runs of pieces on one matter, each with its topics; one question when all is one matter.

    A piece begins another question when its own topic is sure, near the letter's and not yet met; a piece that only
    tells must be plainly among the letter's topics. So does one that asks behind «кроме того», «ещё».

    Args:
        ranked: The letter's topics.
        units: Its pieces.
        told: The same pieces with their own topics.
    """
    limits, shares = load("topics"), {one.code: one.confidence for one in ranked}
    near = {one.code for one in ranked[:_NEAR]}
    groups: list[_Group] = []
    for unit, question in zip(units, told, strict=True):
        best = question.topics[0] if question.topics else TopicGuess(code="", confidence=0.0)
        least, share = (
            (limits["sentence_share"], limits["sentence_letter_share"])
            if unit.asks
            else (limits["told_share"], limits["told_letter_share"])
        )
        sure = best.code in near and best.confidence >= least and shares.get(best.code, 0.0) >= share
        last = groups[-1] if groups else None
        if last is None:
            groups.append(_Group([unit.text], question.topics, asks=unit.asks, sure=sure))
        elif unit.asks and not last.asks and not (last.sure and sure and best.code != last.code):
            last.take(unit.text, question.topics, asks=True, sure=last.sure or sure)
        elif (sure and best.code not in {one.code for one in groups}) or (
            unit.opens and unit.asks and last.asks and best.confidence >= limits["opens_share"]
        ):
            groups.append(_Group([unit.text], question.topics, asks=unit.asks, sure=sure))
        else:
            last.texts.append(unit.text)
    kept = [one for one in groups if one.asks or one.sure]
    return [Question(text=" ".join(one.texts), topics=one.topics) for one in kept]


@dataclass(slots=True)
class _Group:
    """Pieces on one matter; ``sure`` when one of them tells its topic surely."""

    texts: list[str]
    topics: list[TopicGuess]
    asks: bool
    sure: bool

    @property
    def code(self) -> str:
        return self.topics[0].code if self.topics else ""

    def take(self, text: str, topics: list[TopicGuess], *, asks: bool, sure: bool) -> None:
        """Add a piece; the surer topic stays."""
        self.texts.append(text)
        self.asks, self.sure = asks, sure
        if topics and (not self.topics or topics[0].confidence > self.topics[0].confidence):
            self.topics = topics


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
