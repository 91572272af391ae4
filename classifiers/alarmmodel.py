"""Alarms by what sentences mean: a second finder beside the phrases, learnt from the rules' sentences (decision 0053).

One logistic regression for each alarm over the words of a sentence and over its vector together.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary, counts, matrix
from classifiers.meaning import Embedder, centred
from classifiers.meaning import version as meaning_version
from classifiers.packed import Arrays, pack, unpack
from classifiers.sentences import split
from classifiers.topics import libraries
from rules.wire import Alarm

Floats = npt.NDArray[np.float32]

FORMAT: Final = 1
"""Version of what is trained and how; other files are refused."""

USUAL_THRESHOLD: Final = 0.6

PIECE: Final = 120
"""Short sentences in a row are read together up to so many characters: «Ну всё. Беру биту и еду.»"""
MOST_PIECES: Final = 60
MOST_VECTORS: Final = 6
"""Pieces of one letter whose meaning is looked at, those with the likeliest words first."""
LEAST_LIFT: Final = 0.1
"""What the words of a piece must add for its meaning to be looked at: 7 of 78 unseen alarms add less, and 25 of 100
ordinary pieces."""

_STRENGTH: Final = 10.0
_MEANING_WEIGHT: Final = 2.0
"""How long a vector is beside the words of its sentence."""
_RAISED_WEIGHT: Final = 3.0
_LONGEST: Final = 400
_QUOTE: Final = 200


class AlarmModelError(ValueError):
    """A model of alarms that cannot be read; the message is for the user."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """A sentence to learn from, with the alarms that it raises and those that it may."""

    text: str
    raised: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


class Raised(NamedTuple):
    """The alarms of a text, and those that it only may raise: a person is asked, nothing else follows from them."""

    alarms: Sequence[Alarm] = ()
    possible: Sequence[Alarm] = ()


@dataclass(frozen=True)
class AlarmModel:
    """Finds alarms by meaning. Immutable; ``version`` is a digest of everything it was made of."""

    vocabulary: Vocabulary
    codes: tuple[str, ...]
    words: Floats
    meaning: Floats
    bias: Floats
    centre: Floats
    thresholds: Floats
    doubts: Floats
    version: str
    embed: Embedder

    @classmethod
    def train(cls, rows: Sequence[AlarmRow], embed: Embedder) -> AlarmModel:
        """Learn from sentences; every alarm that one of them raises is told from ``USUAL_THRESHOLD`` on."""
        codes = tuple(sorted({code for row in rows for code in row.raised}))
        documents = [counts(row.text) for row in rows]
        vocabulary = Vocabulary.learn(documents)
        table: Any = matrix([vocabulary.vector(one) for one in documents], len(vocabulary.columns))
        vectors = embed([row.text for row in rows])
        centre = vectors.mean(axis=0)
        vectors = _centred(vectors, centre)
        values, basis = np.linalg.eigh((table @ table.T).toarray().astype(np.float64) + (vectors @ vectors.T))
        keep = values > values[-1] * 1e-6
        basis, roots = basis[:, keep], np.sqrt(values[keep])
        points = np.asarray(basis * roots, dtype=np.float32)
        columns, bias = [], []
        for code in codes:
            column, offset = _fit(points, rows, code)
            columns.append((basis / roots) @ column)
            bias.append(offset)
        spread = np.stack(columns, axis=1)
        meaning = np.asarray(vectors.T @ spread, dtype=np.float32)
        return cls(
            vocabulary,
            codes,
            np.asarray(table.T @ spread, dtype=np.float16).astype(np.float32),
            meaning,
            np.asarray(bias, dtype=np.float32),
            centre,
            np.full(len(codes), _logit(USUAL_THRESHOLD), dtype=np.float32),
            np.full(len(codes), np.inf, dtype=np.float32),
            training_digest(rows),
            embed,
        )

    def at(self, thresholds: Mapping[str, float], possible: Mapping[str, float] | None = None) -> AlarmModel:
        """The same model with other thresholds.

        Args:
            thresholds: From which probability on each alarm is raised.
            possible: From which probability on a person is asked about an alarm that is not; others are never doubted.
        """
        level = [_logit(thresholds.get(code, USUAL_THRESHOLD)) for code in self.codes]
        doubted = possible or {}
        least = [_logit(doubted[code]) if code in doubted else math.inf for code in self.codes]
        raised, doubted_from = (np.asarray(one, dtype=np.float32) for one in (level, least))
        return replace(self, thresholds=raised, doubts=doubted_from)

    def find(self, text: str, known: Collection[str] = ()) -> Raised:
        """The alarms of a text beside those already known, each with the piece that raised it most surely."""
        pieces = pieces_of(text)
        if not pieces:
            return Raised()
        wanted = np.asarray([code not in known for code in self.codes])
        scores = np.stack([self._by_words(piece) for piece in pieces])
        hope = np.where(wanted, scores - self.bias, -np.inf).max(axis=1)
        chosen = [int(place) for place in np.argsort(-hope)[:MOST_VECTORS] if hope[place] >= LEAST_LIFT]
        if not chosen:
            return Raised()
        vectors = _centred(self.embed([pieces[place] for place in chosen]), self.centre)
        sure = np.where(wanted, scores[chosen] + vectors @ self.meaning, -np.inf)
        alarms: list[Alarm] = []
        possible: list[Alarm] = []
        top = sure.max(axis=0)
        for column in np.flatnonzero(top >= np.minimum(self.thresholds, self.doubts)):
            quote = " ".join(pieces[chosen[int(sure[:, column].argmax())]].split())[:_QUOTE]
            share = round(1 / (1 + math.exp(-float(top[column]))), 2)
            one = Alarm(code=self.codes[column], evidence=quote, meaning=share)
            (alarms if top[column] >= self.thresholds[column] else possible).append(one)
        return Raised(alarms, possible)

    def _by_words(self, piece: str) -> Floats:
        columns, values = self.vocabulary.vector(counts(piece))
        return np.asarray(self.bias + values @ self.words[columns], dtype=np.float32)

    def dump(self) -> bytes:
        """The model's bytes: one npz with a JSON head, nothing that could run."""
        arrays: Arrays = {
            "words": self.words.astype(np.float16),
            "meaning": self.meaning,
            "bias": self.bias,
            "centre": self.centre,
        }
        return pack({"format": FORMAT, "version": self.version, "codes": self.codes}, self.vocabulary, arrays)

    @classmethod
    def restore(cls, data: bytes, embed: Embedder) -> AlarmModel:
        """Read what ``dump`` wrote.

        Raises:
            AlarmModelError: The bytes are damaged or of another format.
        """
        try:
            head, vocabulary, arrays = unpack(data)
            return cls(
                vocabulary,
                tuple(head["codes"]),
                arrays["words"].astype(np.float32),
                arrays["meaning"],
                arrays["bias"],
                arrays["centre"],
                np.full(len(head["codes"]), _logit(USUAL_THRESHOLD), dtype=np.float32),
                np.full(len(head["codes"]), np.inf, dtype=np.float32),
                {FORMAT: head["version"]}[head["format"]],
                embed,
            )
        except Exception as error:
            raise AlarmModelError("Файл модели особых признаков повреждён. Обучите модель заново.") from error


def pieces_of(text: str) -> list[str]:
    """The sentences of a text, short ones in a row joined."""
    found: list[str] = []
    for sentence in split(text):
        if found and len(found[-1]) + len(sentence) < PIECE:
            found[-1] = f"{found[-1]} {sentence}"
        elif len(found) >= MOST_PIECES:
            break
        else:
            found.append(sentence[:_LONGEST])
    return found


def training_digest(rows: Sequence[AlarmRow]) -> str:
    """Digest of all that a trained model follows from. Twelve characters."""
    material = [
        FORMAT,
        meaning_version(),
        sorted(libraries().items()),
        [(row.text, sorted(row.raised), sorted(row.may)) for row in rows],
    ]
    return hashlib.sha256(json.dumps(material, ensure_ascii=False).encode()).hexdigest()[:12]


def _fit(points: Floats, rows: Sequence[AlarmRow], code: str) -> tuple[npt.NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    kept = [place for place, row in enumerate(rows) if code not in row.may]
    raised = np.asarray([code in rows[place].raised for place in kept])
    model = LogisticRegression(C=_STRENGTH, max_iter=200, tol=1e-3)
    model.fit(points[kept], raised, sample_weight=np.where(raised, _RAISED_WEIGHT, 1.0))
    return model.coef_[0].astype(np.float64), float(model.intercept_[0])


def _centred(vectors: Floats, centre: Floats) -> Floats:
    return np.asarray(_MEANING_WEIGHT * centred(vectors, centre), dtype=np.float32)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
