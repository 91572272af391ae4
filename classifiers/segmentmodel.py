"""Who writes, by what such people write about: learnt from the wordings of topics that only one segment has.

A citizen and an organisation word the same matter differently («верните лишнее» — «просим вернуть переплату»);
signs alone find few of the letters of organisations that do not name themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary, counts, matrix
from classifiers.packed import Arrays, pack, unpack
from classifiers.topics import libraries
from rules.wire import Segment

Floats = npt.NDArray[np.float32]

FORMAT: Final = 1
SEGMENTS: Final = (Segment.B2C, Segment.B2B, Segment.B2B2C)

_STRENGTH: Final = 10.0
_LEAST_TEXTS: Final = 2
"""A term that only one text has teaches nothing."""


class SegmentModelError(ValueError):
    """A model of segments that cannot be read; the message is for the user."""


@dataclass(frozen=True)
class SegmentModel:
    """Logistic regression over the words of a letter. Immutable; ``version`` is a digest of what it was made of."""

    vocabulary: Vocabulary
    words: Floats
    bias: Floats
    version: str

    @classmethod
    def train(cls, rows: Sequence[tuple[str, Segment]]) -> SegmentModel:
        """Learn from texts with their segments; every segment must have some."""
        from sklearn.linear_model import LogisticRegression

        documents = [counts(text) for text, _ in rows]
        known = Counter(term for document in documents for block in document.values() for term in block)
        kept = [
            {name: Counter({t: n for t, n in block.items() if known[t] >= _LEAST_TEXTS}) for name, block in one.items()}
            for one in documents
        ]
        vocabulary = Vocabulary.learn(kept)
        table: Any = matrix([vocabulary.vector(one) for one in kept], len(vocabulary.columns))
        model = LogisticRegression(C=_STRENGTH, max_iter=200, tol=1e-3)
        model.fit(table, [SEGMENTS.index(segment) for _, segment in rows])
        words = model.coef_.T.astype(np.float16).astype(np.float32)
        return cls(vocabulary, words, model.intercept_.astype(np.float32), training_digest(rows))

    def logs(self, text: str) -> dict[Segment, float]:
        """The logarithms of the segments' shares."""
        columns, values = self.vocabulary.vector(counts(text))
        scores = self.bias + values @ self.words[columns]
        logs = scores - scores.max()
        logs = logs - np.log(np.exp(logs).sum())
        return {segment: float(logs[place]) for place, segment in enumerate(SEGMENTS)}

    def dump(self) -> bytes:
        """The model's bytes: one npz with a JSON head, nothing that could run."""
        arrays: Arrays = {"words": self.words.astype(np.float16), "bias": self.bias}
        return pack({"format": FORMAT, "version": self.version}, self.vocabulary, arrays)

    @classmethod
    def restore(cls, data: bytes) -> SegmentModel:
        """Read what ``dump`` wrote.

        Raises:
            SegmentModelError: The bytes are damaged or of another format.
        """
        try:
            head, vocabulary, arrays = unpack(data)
            version = {FORMAT: head["version"]}[head["format"]]
            return cls(vocabulary, arrays["words"].astype(np.float32), arrays["bias"], version)
        except Exception as error:
            raise SegmentModelError("Файл модели сегментов повреждён. Обучите модель заново.") from error


def training_digest(rows: Sequence[tuple[str, Segment]]) -> str:
    """Digest of all that a trained model follows from. Twelve characters."""
    material = [FORMAT, sorted(libraries().items()), [(text, segment.value) for text, segment in rows]]
    return hashlib.sha256(json.dumps(material, ensure_ascii=False).encode()).hexdigest()[:12]
