"""What the topic model sees of a text: weighted n-grams of characters and of lemmas."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from classifiers.lemmas import lemmas
from classifiers.text import fold, mend_lookalikes
from classifiers.wordlists import any_of, load

MAX_TOPIC_CHARS = 6_000
"""Characters of a letter that the topic model weighs: past them a letter repeats itself."""

Vector = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]
"""A sparse row: column numbers and their weights."""

_NGRAMS = range(2, 6)
_DIGITS = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_CONTACT = re.compile(r"\S{1,64}@\S{1,64}|https?://\S{1,200}")
_TOKEN = re.compile(r"[а-яәөүҡғҙңҫһa-z0]+")
_BLOCKS = (("c", 0.7), ("l", 0.6), ("s", 0.6))


def simplify(text: str) -> str:
    """Lower case, ё as е, addresses of mail and web left out."""
    return _CONTACT.sub(" ", fold(mend_lookalikes(text[:MAX_TOPIC_CHARS])))


@lru_cache(maxsize=64)  # several models look at the same pieces of a letter
def counts(text: str) -> dict[str, Counter[str]]:
    """Counted terms of a simplified text by block: ``c`` character n-grams within words, ``l`` lemma 1-2-grams."""
    told = simplify(text)
    plain = _DIGITS.sub("0", told)  # one number says as much as another
    chars: Counter[str] = Counter()
    for word, times in Counter(_TOKEN.findall(plain)).items():
        for piece in pieces(word):
            chars[piece] += times
    words = lemmas(plain)
    grams = Counter(f"l{word}" for word in words)
    grams.update(f"l{one} {two}" for one, two in pairwise(words))
    return {"c": chars, "l": grams, "s": Counter(f"s{sign}" for sign in _signs(told))}


def pieces(word: str) -> Iterator[str]:
    """The character n-grams of one simplified word, as terms."""
    padded = f" {word} "
    for size in _NGRAMS:
        for start in range(max(len(padded) - size + 1, 1)):
            yield f"c{padded[start : start + size]}"


def signs(text: str) -> list[str]:
    """The signs of a text as terms, in the order of signs.yaml."""
    return [f"s{sign}" for sign in _signs(simplify(text))]


def _signs(plain: str) -> list[str]:
    """The signs of signs.yaml that a simplified text shows: what is asked, whatever words surround it."""
    return [name for name, pattern in _patterns() if pattern.search(plain)]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, any_of(f"(?<!\\w)(?:{one})(?!\\w)" for one in patterns)) for name, patterns in load("signs").items()
    )


@dataclass(frozen=True)
class Vocabulary:
    """Known terms with their column and inverse document frequency."""

    columns: dict[str, int]
    idf: npt.NDArray[np.float32]

    @classmethod
    def learn(cls, documents: Sequence[dict[str, Counter[str]]]) -> Vocabulary:
        """Terms of all documents; idf is smoothed, ``ln((1 + n) / (1 + df)) + 1``."""
        frequency: Counter[str] = Counter()
        for document in documents:
            for block in document.values():
                frequency.update(block.keys())
        terms = sorted(frequency)
        total = len(documents)
        idf = [math.log((1 + total) / (1 + frequency[term])) + 1 for term in terms]
        return cls({term: column for column, term in enumerate(terms)}, np.asarray(idf, dtype=np.float32))

    def vector(self, document: dict[str, Counter[str]]) -> Vector:
        """One row: sublinear term frequency times idf, each block at its own length."""
        columns: list[int] = []
        weights: list[float] = []
        for block, share in _BLOCKS:
            known = [(self.columns[term], times) for term, times in document[block].items() if term in self.columns]
            row = [(1 + math.log(times)) * float(self.idf[column]) for column, times in known]
            norm = math.sqrt(sum(weight * weight for weight in row)) or 1.0
            columns.extend(column for column, _ in known)
            weights.extend(share * weight / norm for weight in row)
        return np.asarray(columns, dtype=np.int32), np.asarray(weights, dtype=np.float32)

    def coverage(self, document: dict[str, Counter[str]]) -> float:
        """Share of the text's single lemmas that training knew: low for a letter about something else."""
        single = [term for term in document["l"] if " " not in term]
        return sum(term in self.columns for term in single) / len(single) if single else 0.0


def matrix(vectors: Iterable[Vector], width: int) -> object:
    """Rows stacked into a scipy CSR matrix."""
    from scipy.sparse import csr_matrix

    rows = list(vectors)
    indptr = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])])
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, columns, indptr), shape=(len(rows), width))
