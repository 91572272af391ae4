"""Topics of the ЕКТО for a letter: two linear models that vote together, one over words, one over meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary, counts
from classifiers.fitting import Row, fit_meaning, fit_words
from classifiers.meaning import Embedder, centred
from classifiers.meaning import version as meaning_version
from classifiers.training import ExampleLetter, TopicCard, join_subject
from classifiers.typos import Forms
from classifiers.wordlists import load
from rules.wire import Kind, Segment, TopicGuess

Floats = npt.NDArray[np.float32]

FORMAT = 4
"""Version of what is trained and how, raised with every change of features or fitting; other files are refused."""

_MIN_TOPICS = 2
_FURTHER_WEIGHT = 0.5
"""Weight of a text as an example of its second and further topics, against 1 for the main one."""
_LEAST = 0.0001
"""The least confidence, and how far the greatest stays below certainty."""
_LIBRARIES = ("numpy", "scikit-learn", "pymorphy3", "pymorphy3-dicts-ru")


class TopicModelError(ValueError):
    """A topic model that cannot be trained or read; the message is for the user."""


@dataclass(frozen=True)
class Branch:
    """The linear models for one family of segments: people's topics, or those of organisations."""

    codes: tuple[str, ...]
    words: Floats
    words_bias: Floats
    meaning: Floats
    meaning_bias: Floats


@dataclass(frozen=True)
class Known:
    """Texts of the rules that a letter may be shown to resemble: text, main topic, meaning."""

    texts: tuple[str, ...]
    codes: tuple[str, ...]
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the model makes of one text.

    Attributes:
        guesses: The most probable topics, best first.
        coverage: Share of the text's words that training knew, 0..1.
        queue_share: How sure the queue of the best topic is: the confidence of all topics that go there together.
        agreed: Words alone and meaning alone lead to that same queue.
        vector: The text's meaning, None without an embedder.
    """

    guesses: list[TopicGuess]
    coverage: float
    queue_share: float
    agreed: bool
    vector: Floats | None = field(default=None, repr=False, compare=False)


NOTHING = Weighing([], 0.0, 0.0, agreed=False)


@dataclass(frozen=True, slots=True)
class PieceTopics:
    """What a piece of a letter says by itself.

    Attributes:
        shares: The confidence of each topic.
        lesser: What the less sure voice, of words and meaning, gives to each.
    """

    shares: dict[str, float]
    lesser: dict[str, float]

    def guesses(self, limit: int) -> list[TopicGuess]:
        """The most probable topics, best first."""
        order = sorted(self.shares.items(), key=lambda one: (-one[1], one[0]))
        return [TopicGuess(code=code, confidence=share) for code, share in order[:limit]]


@dataclass(frozen=True, slots=True)
class _Voices:
    """Confidence of each code by both models, by words, by meaning (a row each), and the text's meaning."""

    codes: tuple[str, ...]
    shares: Floats
    vector: Floats | None


@dataclass(frozen=True)
class TopicModel:
    """Ranks the topics of a letter's segment. Immutable; ``version`` is a digest of everything it was made of.

    ``embed`` gives the vectors of meaning; without it the model goes by words alone and never says that it agrees.
    """

    vocabulary: Vocabulary
    branches: tuple[Branch, ...]
    centre: Floats
    segments: dict[str, tuple[Segment, ...]]
    kinds: dict[str, Kind]
    queues: dict[str, str]
    version: str
    known: Known
    embed: Embedder | None = None

    @classmethod
    def train(
        cls, cards: Sequence[TopicCard], examples: Sequence[ExampleLetter], embed: Embedder | None = None, seed: int = 0
    ) -> TopicModel:
        """Train on the cards' names, definitions and phrases, on wordings and on confirmed letters.

        Topics of people and topics of organisations are learnt apart: a letter's segment is known before its topic.

        Raises:
            TopicModelError: fewer than two topics.
        """
        if len(cards) < _MIN_TOPICS:
            raise TopicModelError("Для обучения нужны хотя бы две тематики. Проверьте rules/ekto.yaml.")
        texts, rows = training_rows(cards, examples)
        documents = [counts(text) for text in texts]
        vocabulary = Vocabulary.learn(documents)
        vectors = [vocabulary.vector(document) for document in documents]
        meanings = embed(texts) if embed else np.zeros((len(texts), 1), dtype=np.float32)
        centre = meanings.mean(axis=0)
        meanings = centred(meanings, centre)
        branches = []
        for codes in _families(cards):
            chosen = [row for row in rows if row.code in codes]
            used = sorted({row.source for row in chosen})
            place = {source: index for index, source in enumerate(used)}
            part = [Row(row.code, row.weight, place[row.source]) for row in chosen]
            words, words_bias = fit_words(part, [vectors[one] for one in used], codes, len(vocabulary.columns), seed)
            meaning, meaning_bias = fit_meaning(part, meanings[used], codes, seed)
            branches.append(Branch(codes, _rounded(words), words_bias, meaning, meaning_bias))
        return cls(
            vocabulary,
            tuple(branches),
            centre,
            {card.code: card.segments for card in cards},
            {card.code: card.kind for card in cards},
            {card.code: card.queue for card in cards},
            training_digest(cards, examples, meaning_version() if embed else "нет"),
            _known(cards, examples, texts, meanings),
            embed,
        )

    @cached_property
    def forms(self) -> Forms:
        """The words that training met, for slips of the pen; made at the first reading."""
        return Forms(self.known.texts)

    def guess(
        self, text: str, subject: str | None = None, segment: Segment | None = None, limit: int = 5
    ) -> list[TopicGuess]:
        """The most probable topics, best first; with a segment given, only that segment's topics."""
        return self.weigh(text, subject, segment, limit).guesses

    def read_piece(self, text: str, segment: Segment | None, *, by_words: bool = False) -> PieceTopics:
        """The topics of a piece of a letter; ``by_words`` leaves out its meaning, which costs most of a reading."""
        told = self._voices(self.forms.mend(text), segment, self.embed if not by_words else None)
        if not told.codes:
            return PieceTopics({}, {})
        words = told.shares[1] ** (1 / _settings("words_temperature"))
        lesser = np.minimum(words / words.sum(), told.shares[2])
        shares = {code: _told(share) for code, share in zip(told.codes, told.shares[0], strict=True)}
        return PieceTopics(shares, dict(zip(told.codes, lesser.tolist(), strict=True)))

    def weigh(self, text: str, subject: str | None = None, segment: Segment | None = None, limit: int = 5) -> Weighing:
        """As ``guess``, with what tells how far the guess may be trusted."""
        whole = self.forms.mend(join_subject(text, subject))
        told = self._voices(whole, segment, self.embed)
        if not told.codes:
            return NOTHING
        codes, (both, words, alone) = told.codes, told.shares
        order = sorted(range(len(codes)), key=lambda index: (-both[index], codes[index]))
        best = self.queues[codes[order[0]]]
        same = [index for index, code in enumerate(codes) if self.queues[code] == best]
        return Weighing(
            [TopicGuess(code=codes[i], confidence=_told(both[i])) for i in order[:limit]],
            self.vocabulary.coverage(counts(whole)),
            round(float(both[same].sum()), 4),
            agreed=told.vector is not None and int(words.argmax()) in same and int(alone.argmax()) in same,
            vector=told.vector,
        )

    def _voices(self, text: str, segment: Segment | None, embed: Embedder | None) -> _Voices:
        columns, values = self.vocabulary.vector(counts(text))
        meaning = centred(embed([text]), self.centre)[0] if embed else None
        codes: list[str] = []
        votes: list[Floats] = []
        for branch in self.branches:
            allowed = [i for i, code in enumerate(branch.codes) if segment is None or segment in self.segments[code]]
            if allowed:
                codes.extend(branch.codes[i] for i in allowed)
                votes.append(self._votes(branch, columns, values, meaning)[:, allowed])
        return _Voices(tuple(codes), _shares(votes) if codes else np.zeros((3, 0), dtype=np.float32), meaning)

    def _votes(self, branch: Branch, columns: npt.NDArray[np.int32], values: Floats, meaning: Floats | None) -> Floats:
        """Log-odds of a branch's topics: by both models together, by words, by meaning."""
        words = _logs(branch.words_bias + values @ branch.words[columns])
        if meaning is None:
            return np.stack([words / _settings("words_temperature"), words, words])
        alone = _logs(branch.meaning_bias + meaning @ branch.meaning)
        return np.stack([(words + alone) / _settings("temperature"), words, alone])

    def kind_shares(self, guesses: Sequence[TopicGuess]) -> dict[Kind, float]:
        """How the default kinds of the guessed topics share their confidence (sums to at most 1)."""
        shares: dict[Kind, float] = {}
        for guess in guesses:
            kind = self.kinds[guess.code]
            shares[kind] = shares.get(kind, 0.0) + guess.confidence
        return shares


def training_rows(cards: Sequence[TopicCard], examples: Iterable[ExampleLetter]) -> tuple[list[str], list[Row]]:
    """The texts to learn from, and each as an example of its topics."""
    texts: list[str] = []
    rows: list[Row] = []

    def add(text: str, codes: Iterable[str]) -> None:
        rows.extend(
            Row(code, _FURTHER_WEIGHT if further else 1.0, len(texts)) for further, code in enumerate(codes) if code
        )
        texts.append(text)

    for card in cards:
        described = (*card.phrases, card.name, card.definition or card.name, ". ".join([card.name, *card.phrases]))
        for text in described:
            add(text, [card.code])
    known = {card.code for card in cards}
    for letter in examples:
        add(letter.whole, [code for code in letter.topics if code in known])
    return texts, rows


def _known(
    cards: Sequence[TopicCard], examples: Sequence[ExampleLetter], texts: Sequence[str], vectors: Floats
) -> Known:
    """Phrases of the cards and wordings of the rules; what clients wrote stays out."""
    said = {phrase: card.code for card in cards for phrase in card.phrases}
    said |= {one.whole: one.topics[0] for one in examples if one.shown and one.topics}
    hidden = {one.whole for one in examples if not one.shown}
    rows = {text: row for row, text in enumerate(texts) if text in said and text not in hidden}
    return Known(tuple(rows), tuple(said[text] for text in rows), _rounded(vectors[list(rows.values())]))


def training_digest(cards: Sequence[TopicCard], examples: Sequence[ExampleLetter], embedder: str) -> str:
    """Digest of all that a trained model follows from: data, form of the model, libraries. Twelve characters."""
    material = [
        FORMAT,
        embedder,
        load("signs"),
        list(libraries().items()),
        [(card.code, list(card.segments), card.kind, card.queue) for card in cards],
        *training_rows(cards, examples),
    ]
    told = json.dumps(material, ensure_ascii=False, default=lambda row: (row.code, row.weight, row.source))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def libraries() -> dict[str, str]:
    """The libraries that a trained model depends on, with their versions."""
    return {name: metadata.version(name) for name in _LIBRARIES}


def _told(share: np.float32) -> float:
    """A share as it is shown and kept: only a person is wholly sure, and what is named is not impossible."""
    return round(min(max(float(share), _LEAST), 1 - _LEAST), 4)


def _settings(name: str) -> float:
    return float(load("topics")[name])


def _rounded(weights: Floats) -> Floats:
    """What a saved model holds, so that a fresh one and a loaded one say the same to the last digit."""
    return weights.astype(np.float16).astype(np.float32)


def _logs(scores: Floats) -> Floats:
    top = scores - scores.max()
    return np.asarray(top - np.log(np.exp(top).sum()), dtype=np.float32)


def _shares(votes: Sequence[Floats]) -> Floats:
    """Confidences that sum to one over all branches, for each of the three voices."""
    odds = [np.exp(vote - vote.max(axis=1, keepdims=True)) for vote in votes]
    even = [one / one.sum(axis=1, keepdims=True) / len(votes) for one in odds]
    return np.concatenate(even, axis=1)


def _families(cards: Sequence[TopicCard]) -> list[tuple[str, ...]]:
    people = tuple(sorted(card.code for card in cards if Segment.B2C in card.segments))
    firms = tuple(sorted(card.code for card in cards if set(card.segments) - {Segment.B2C}))
    return [codes for codes in (people, firms) if len(codes) > 1]
