"""Further matters of a letter: those that one of its pieces tells, though the letter is about something else.

Whether a letter has a further topic is decided by six figures together (decision 0063): how the whole letter and how
its pieces, asking or telling, show the topic, and what the main topic has in the piece that shows it most.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from classifiers.questions import Unit, bounded, points, units
from classifiers.topics import PieceTopics, TopicModel
from classifiers.training import join_subject
from classifiers.wordlists import load
from rules.wire import Question, Segment, TopicGuess

FOUND = 0.5
"""Confidence given to a further topic that was found: measured, about every second one is confirmed (decision 0034)."""

_NEAR = 3
"""Among how many further topics of the whole letter one is looked for, beside those that a piece tells."""
_FAR = 6
"""Ranks past this one are as far."""
_LEAST = 0.00001


@dataclass(frozen=True, slots=True)
class Questions:
    """What a letter asks, and what it is about."""

    items: list[Question]
    topics: list[TopicGuess]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a letter with what it says by itself; ``read`` when its meaning was looked at, not words alone."""

    unit: Unit
    topics: PieceTopics
    read: bool = True

    @property
    def question(self) -> Question:
        """The piece as a question of its own."""
        return Question(text=self.unit.text, topics=self.topics.guesses(_NEAR))

    def share(self, code: str) -> float:
        """How sure the piece by itself is of a topic."""
        return self.topics.shares.get(code, 0.0)


def read_letter(
    model: TopicModel, matter: str, head: str | None, segment: Segment | None, ranked: list[TopicGuess]
) -> tuple[list[Piece], bool]:
    """The pieces of a letter, read, and whether they are points of a list; a letter of one piece stands whole.

    Args:
        model: What reads them.
        matter: The letter's words, as of `questions.body`.
        head: The letter's subject.
        segment: Who writes.
        ranked: The letter's topics.
    """
    if listed := bounded(points(matter)):
        return [Piece(Unit(one, asks=True), model.read_piece(one, segment)) for one in listed], True
    pieces = units(matter)
    if len(pieces) > 1:
        return read_pieces(model, pieces, segment, ranked), False
    whole = Unit(join_subject(matter, head), asks=any(one.asks for one in pieces))
    return [Piece(whole, model.read_piece(whole.text, segment))], False


def read_pieces(model: TopicModel, said: list[Unit], segment: Segment | None, ranked: list[TopicGuess]) -> list[Piece]:
    """What every piece says by itself; its meaning, most of a reading's cost, is looked at where words settle nothing.

    Words settle a piece when they surely tell the main topic; where the whole letter shows no other topic, all pieces
    but a request whose words tell another one are settled too.
    """
    limits = load("topics")
    main = ranked[0].code if ranked else ""
    near = len(ranked) > 1 and ranked[1].confidence >= limits["near_share"]
    found = []
    for unit in said:
        told = model.read_piece(unit.text, segment, by_words=True)
        best = next(iter(told.guesses(1)), TopicGuess(code=main, confidence=1.0))
        if best.code == main:
            read = near and best.confidence < limits["words_sure"]
        else:
            read = near or (unit.asks and best.confidence >= limits["words_other"])
        read = read and model.embed is not None
        found.append(Piece(unit, model.read_piece(unit.text, segment) if read else told, read or model.embed is None))
    return found


def further_topics(ranked: list[TopicGuess], pieces: list[Piece]) -> dict[str, float]:
    """The letter's topics beside the main one, each with the probability that it is one.

    Args:
        ranked: The letter's topics.
        pieces: What its pieces say; one alone stands for the whole letter.
    """
    weights, least = load("topics")["further"], load("topics")["further_share"]
    found = {}
    for code, figures in spoken_for(ranked, pieces).items():
        score = weights["bias"] + sum(weights[name] * value for name, value in figures.items())
        probability = 1 / (1 + math.exp(-score))
        if probability >= least:
            found[code] = probability
    return found


def spoken_for(ranked: list[TopicGuess], pieces: list[Piece]) -> dict[str, dict[str, float]]:
    """The topics that may be further ones, each with the six figures that decide."""
    if not ranked:
        return {}
    limits = load("topics")
    main, whole = ranked[0].code, {one.code: one.confidence for one in ranked}
    ranks = {one.code: place for place, one in enumerate(ranked)}
    read = [one for one in pieces if one.read]
    likely = {one.code for one in ranked[1 : _NEAR + 1] if one.confidence >= limits["letter_candidate"]}
    best = [guess for one in read for guess in one.topics.guesses(1)]
    likely |= {guess.code for guess in best if guess.confidence >= limits["piece_candidate"]}
    return {
        code: {
            "whole": _odds(max(whole.get(code, 0.0), limits["whole_least"])),
            "asked": _odds(max((one.share(code) for one in read if one.unit.asks), default=0.0)),
            "told": _odds(max((one.share(code) for one in read if not one.unit.asks), default=0.0)),
            "lesser_voice": _odds(max((one.topics.lesser.get(code, 0.0) for one in read), default=0.0)),
            "main_here": _odds(max(pieces, key=lambda one: (one.read, one.share(code))).share(main)) if pieces else 0.0,
            "rank": float(min(ranks.get(code, _FAR), _FAR)),
        }
        for code in sorted(likely - {main})
    }


def _odds(share: float) -> float:
    """Log-odds of a share, of ±11.5 at most."""
    bounded = min(max(share, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def matters(ranked: list[TopicGuess], pieces: list[Piece], further: Collection[str]) -> list[Question]:
    """The letter's questions: runs of pieces on one matter, each with its topics; one question when all is one matter.

    A piece begins another question when it is sure of a topic of the letter that was not yet met; one that only tells
    must be plainly among the letter's topics. So does one that asks behind «кроме того», «ещё».

    Args:
        ranked: The letter's topics.
        pieces: What it says, in its order.
        further: Its topics beside the main one.
    """
    limits = load("topics")
    shares = {one.code: one.confidence for one in ranked}
    theirs = {*further, *(one.code for one in ranked[:1])}
    groups: list[_Group] = []
    for piece in pieces:
        unit, question = piece.unit, piece.question
        best = question.topics[0] if question.topics else TopicGuess(code="", confidence=0.0)
        plain = unit.asks or shares.get(best.code, 0.0) >= limits["told_letter_share"]
        sure = plain and best.code in theirs and best.confidence >= limits["piece_share"]
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


def with_further(ranked: list[TopicGuess], further: Mapping[str, float]) -> list[TopicGuess]:
    """The letter's topics, the main one first, then the further ones, the likeliest before, then the rest."""
    if not ranked:
        return []
    main, *rest = ranked
    least = min(main.confidence, FOUND)
    whole = {one.code: one.confidence for one in rest}
    raised = [
        TopicGuess(code=code, confidence=max(whole.get(code, 0.0), least))
        for code in sorted(further, key=lambda code: (-further[code], code))
    ]
    raised.sort(key=lambda one: -one.confidence)
    return [main, *raised, *(one for one in rest if one.code not in further)]
