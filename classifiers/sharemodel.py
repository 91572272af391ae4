"""How likely each of a few labels is by what a letter says: who writes, what kind of letter it is.

Logistic regression over the words of a letter and, where it was learnt with them, over its vector. Signs and cues alone
find few of the organisations that do not name themselves and few complaints that use none of the usual words.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary, counts, matrix
from classifiers.meaning import WIDTH, Embedder, centred
from classifiers.meaning import version as meaning_version
from classifiers.packed import Arrays, pack, unpack
from classifiers.topics import libraries

Floats = npt.NDArray[np.float32]
Label = TypeVar("Label", bound=StrEnum)

FORMAT: Final = 2

_STRENGTH: Final = 10.0
_LEAST_TEXTS: Final = 2
"""A term that only one text has teaches nothing."""


class ShareModelError(ValueError):
    """A model that cannot be read; the message is for the user."""


@dataclass(frozen=True)
class ShareModel(Generic[Label]):
    """The shares of labels by a letter's words and meaning. Immutable; ``version`` digests what it was made of."""

    labels: tuple[Label, ...]
    vocabulary: Vocabulary
    words: Floats
    vectors: Floats
    bias: Floats
    centre: Floats
    version: str

    @classmethod
    def train(cls, rows: Sequence[tuple[str, Label]], embed: Embedder | None = None) -> ShareModel[Label]:
        """Learn from texts with their labels, of which there must be two and more; by words alone without ``embed``."""
        from scipy.sparse import csr_matrix, hstack
        from sklearn.linear_model import LogisticRegression

        labels = tuple(sorted({label for _, label in rows}))
        documents = [counts(text) for text, _ in rows]
        known = Counter(term for document in documents for block in document.values() for term in block)
        kept = [
            {name: Counter({t: n for t, n in block.items() if known[t] >= _LEAST_TEXTS}) for name, block in one.items()}
            for one in documents
        ]
        vocabulary = Vocabulary.learn(kept)
        width = len(vocabulary.columns)
        table: Any = matrix([vocabulary.vector(one) for one in kept], width)
        centre = np.zeros(WIDTH, dtype=np.float32)
        if embed is not None:
            vectors = embed([text for text, _ in rows])
            centre = vectors.mean(axis=0)
            table = hstack([table, csr_matrix(centred(vectors, centre))]).tocsr()
        model = LogisticRegression(C=_STRENGTH, max_iter=200, tol=1e-3)
        model.fit(table, [labels.index(label) for _, label in rows])
        spread = _each(model.coef_).T.astype(np.float16).astype(np.float32)
        bias = _each(model.intercept_[:, None])[:, 0].astype(np.float32)
        learnt = spread[width:] if embed is not None else np.zeros((WIDTH, len(labels)), dtype=np.float32)
        return cls(labels, vocabulary, spread[:width], learnt, bias, centre, training_digest(rows, embed))

    def logs(self, text: str, vector: Floats | None = None) -> dict[Label, float]:
        """The logarithms of the labels' shares; ``vector`` is what the text means, where that is known."""
        columns, values = self.vocabulary.vector(counts(text))
        scores = self.bias + values @ self.words[columns]
        if vector is not None:
            scores = scores + centred(vector[None], self.centre)[0] @ self.vectors
        logs = scores - scores.max()
        logs = logs - np.log(np.exp(logs).sum())
        return {label: float(logs[place]) for place, label in enumerate(self.labels)}

    def dump(self) -> bytes:
        """The model's bytes: one npz with a JSON head, nothing that could run."""
        arrays: Arrays = {
            "words": self.words.astype(np.float16),
            "vectors": self.vectors.astype(np.float16),
            "bias": self.bias,
            "centre": self.centre,
        }
        return pack({"format": FORMAT, "version": self.version, "labels": self.labels}, self.vocabulary, arrays)

    @classmethod
    def restore(cls, data: bytes, of: type[Label]) -> ShareModel[Label]:
        """Read what ``dump`` wrote of a model of these labels.

        Raises:
            ShareModelError: The bytes are damaged, of another format or of other labels.
        """
        try:
            head, vocabulary, arrays = unpack(data)
            version = {FORMAT: head["version"]}[head["format"]]
            labels = tuple(of(label) for label in head["labels"])
            words, means = (arrays[name].astype(np.float32) for name in ("words", "vectors"))
            return cls(labels, vocabulary, words, means, arrays["bias"], arrays["centre"], version)
        except Exception as error:
            raise ShareModelError("Файл модели повреждён. Обучите модель заново.") from error


def _each(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One row a label: of two labels the library gives one row, that of the second."""
    return np.concatenate([-rows, rows]) / 2 if len(rows) == 1 else rows


def training_digest(rows: Sequence[tuple[str, StrEnum]], embed: Embedder | None = None) -> str:
    """Digest of all that a trained model follows from. Twelve characters."""
    by = meaning_version() if embed else ""
    material = [FORMAT, by, sorted(libraries().items()), [(text, label.value) for text, label in rows]]
    return hashlib.sha256(json.dumps(material, ensure_ascii=False).encode()).hexdigest()[:12]
