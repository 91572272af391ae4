"""Topics of the ЕКТО for a letter: TF-IDF, logistic regression, one temperature for honest confidence."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary, counts
from classifiers.fitting import Row, fit_linear, fit_temperature
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Kind, Segment, TopicGuess

Floats = npt.NDArray[np.float32]

_MIN_TOPICS = 2
MAIN_WEIGHT = 0.5
"""Weight of a letter's main topic against 1 for a phrase of the ЕКТО: with one letter a topic more of it only teaches
the model that long texts belong to the topics that happen to have letters (docs: tests/bench/bench_topics.py)."""
FORMAT = 1
"""Version of the saved form; another one is refused."""


class TopicModelError(ValueError):
    """A topic model that cannot be trained or read; the message is for the user."""


@dataclass(frozen=True)
class Branch:
    """The linear part for one family of segments: people's topics, or those of organisations."""

    codes: tuple[str, ...]
    weights: Floats
    bias: Floats
    temperature: float


def join_subject(text: str, subject: str | None) -> str:
    """Subject and text as one: what a letter is about stands in both."""
    return f"{subject}. {text}" if subject else text


@dataclass(frozen=True)
class TopicModel:
    """Ranks the topics of a letter's segment. Immutable; ``version`` is a digest of everything it was made of."""

    vocabulary: Vocabulary
    branches: tuple[Branch, ...]
    segments: dict[str, tuple[Segment, ...]]
    kinds: dict[str, Kind]
    version: str

    @classmethod
    def train(cls, cards: Sequence[TopicCard], examples: Sequence[ExampleLetter], seed: int = 0) -> TopicModel:
        """Train on the cards' names, definitions and phrases and on confirmed letters.

        Topics of people and topics of organisations are learnt apart: a letter's segment is known before its topic.

        Raises:
            TopicModelError: fewer than two topics.
        """
        if len(cards) < _MIN_TOPICS:
            raise TopicModelError("Для обучения нужны хотя бы две тематики. Проверьте rules/ekto.yaml.")
        rows = [*_card_rows(cards), *_letter_rows(examples, {card.code for card in cards})]
        documents = [counts(row.text) for row in rows]
        vocabulary = Vocabulary.learn(documents)
        vectors = [vocabulary.vector(document) for document in documents]
        branches = []
        for codes in _families(cards):
            chosen = [index for index, row in enumerate(rows) if row.code in codes]
            part, data = [rows[index] for index in chosen], [vectors[index] for index in chosen]
            width = len(vocabulary.columns)
            weights, bias = fit_linear(part, data, codes, width, seed)
            branches.append(Branch(codes, weights, bias, fit_temperature(part, data, codes, width, seed)))
        return cls(
            vocabulary,
            tuple(branches),
            {card.code: card.segments for card in cards},
            {card.code: card.kind for card in cards},
            _digest(cards, rows, branches),
        )

    def guess(
        self, text: str, subject: str | None = None, segment: Segment | None = None, limit: int = 5
    ) -> list[TopicGuess]:
        """The most probable topics, best first; with a segment given, only that segment's topics."""
        return self.weigh(text, subject, segment, limit)[0]

    def weigh(
        self, text: str, subject: str | None = None, segment: Segment | None = None, limit: int = 5
    ) -> tuple[list[TopicGuess], float]:
        """As ``guess``, with the share of the letter's words that the training rows knew (0..1)."""
        document = counts(join_subject(text, subject))
        columns, values = self.vocabulary.vector(document)
        scored: list[tuple[str, float]] = []
        for branch in self.branches:
            allowed = [i for i, code in enumerate(branch.codes) if segment is None or segment in self.segments[code]]
            if not allowed:
                continue
            logits = (branch.bias + values @ branch.weights[columns])[allowed] / branch.temperature
            odds = np.exp(logits - logits.max())
            odds /= odds.sum() * (1 if segment else len(self.branches))
            scored.extend((branch.codes[i], float(share)) for i, share in zip(allowed, odds, strict=True))
        scored.sort(key=lambda pair: (-pair[1], pair[0]))
        guesses = [TopicGuess(code=code, confidence=round(min(share, 1.0), 4)) for code, share in scored[:limit]]
        return guesses, self.vocabulary.coverage(document)

    def kind_shares(self, guesses: Sequence[TopicGuess]) -> dict[Kind, float]:
        """How the default kinds of the guessed topics share their confidence (sums to at most 1)."""
        shares: dict[Kind, float] = {}
        for guess in guesses:
            kind = self.kinds[guess.code]
            shares[kind] = shares.get(kind, 0.0) + guess.confidence
        return shares

    def to_bytes(self) -> bytes:
        """The model as one npz with a JSON head: numbers and strings only, nothing that could run."""
        head = {
            "format": FORMAT,
            "version": self.version,
            "terms": sorted(self.vocabulary.columns),
            "segments": {code: list(segments) for code, segments in self.segments.items()},
            "kinds": self.kinds,
            "branches": [{"codes": branch.codes, "temperature": branch.temperature} for branch in self.branches],
        }
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "head": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8),
            "idf": self.vocabulary.idf,
        }
        for index, branch in enumerate(self.branches):
            arrays[f"weights{index}"] = branch.weights.astype(np.float16)
            arrays[f"bias{index}"] = branch.bias
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TopicModel:
        """Read what ``to_bytes`` wrote.

        Raises:
            TopicModelError: the bytes are damaged or of another format.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                arrays = dict(stored)
            head = json.loads(arrays["head"].tobytes())
            known = head["format"] == FORMAT
            model = cls._restored(head, arrays) if known else None
        except Exception as error:
            raise TopicModelError("Файл модели тематик повреждён. Обучите модель заново.") from error
        if model is None:
            raise TopicModelError("Файл модели тематик другого формата. Обучите модель заново.")
        return model

    @classmethod
    def _restored(cls, head: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> TopicModel:
        branches = tuple(
            Branch(
                tuple(branch["codes"]),
                arrays[f"weights{index}"].astype(np.float32),
                arrays[f"bias{index}"],
                float(branch["temperature"]),
            )
            for index, branch in enumerate(head["branches"])
        )
        return cls(
            Vocabulary({term: column for column, term in enumerate(head["terms"])}, arrays["idf"]),
            branches,
            {code: tuple(map(Segment, segments)) for code, segments in head["segments"].items()},
            {code: Kind(kind) for code, kind in head["kinds"].items()},
            head["version"],
        )


def _families(cards: Sequence[TopicCard]) -> list[tuple[str, ...]]:
    people = tuple(sorted(card.code for card in cards if Segment.B2C in card.segments))
    firms = tuple(sorted(card.code for card in cards if set(card.segments) - {Segment.B2C}))
    return [codes for codes in (people, firms) if len(codes) > 1]


def _card_rows(cards: Iterable[TopicCard]) -> list[Row]:
    rows: list[Row] = []
    for card in cards:
        rows.extend(Row(card.code, phrase, 1.0) for phrase in card.phrases)
        rows.append(Row(card.code, card.name, 1.0))
        rows.append(Row(card.code, card.definition or card.name, 1.0))
        rows.append(Row(card.code, ". ".join([card.name, *card.phrases]), 1.0))
    return rows


def _letter_rows(examples: Iterable[ExampleLetter], known: set[str]) -> list[Row]:
    rows: list[Row] = []
    for number, letter in enumerate(examples):
        text = join_subject(letter.text, letter.subject)
        topics = [code for code in letter.topics if code in known]
        rows.extend(
            Row(code, text, MAIN_WEIGHT if place == 0 else MAIN_WEIGHT / 2, letter=number, main=place == 0)
            for place, code in enumerate(topics)
        )
    return rows


def _digest(cards: Sequence[TopicCard], rows: Sequence[Row], branches: Sequence[Branch]) -> str:
    material = json.dumps(
        [
            FORMAT,
            [(card.code, list(card.segments), card.kind) for card in cards],
            [(row.code, row.text, row.weight) for row in rows],
            [round(branch.temperature, 4) for branch in branches],
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(material.encode()).hexdigest()[:12]
