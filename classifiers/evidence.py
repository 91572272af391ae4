"""Why a topic was guessed: the words and the sentence that speak for it, and known wordings that mean the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from classifiers.features import MAX_TOPIC_CHARS, counts, pieces, signs
from classifiers.lemmas import lemma
from classifiers.sentences import split
from classifiers.text import fold, mend_lookalikes
from classifiers.topics import Floats, TopicModel
from classifiers.wordlists import load
from rules.wire import KnownWording, TopicEvidence

WORDS, KNOWN = 6, 3
LEAST_SHARE = 0.04
"""A word is named from this share of all that speaks for the topic."""
LEAST_LIKE = 0.2
"""A known wording is named from this cosine (of differences from the mean text) on."""
QUOTED = 300

_SHORT = 3
"""Words of so few letters («что», «мне») tell a reader nothing, unless they are in capitals («ТКО»)."""
_WORD = re.compile(r"[^\W\d_]{3,}")


class Spoken:
    """A letter weighed once, to be asked what in it speaks for each of several topics."""

    def __init__(self, model: TopicModel, text: str) -> None:
        """Count the pieces of a letter as the model read it."""
        self.model = model
        self.text = text[:MAX_TOPIC_CHARS]
        document = counts(text)
        self._columns, self._values = model.vocabulary.vector(document)
        place = model.vocabulary.columns
        times = {place[term]: many for block in document.values() for term, many in block.items() if term in place}
        self._parts = {
            word: [
                (column, times[column])
                for term in (*pieces(word), f"l{lemma(word)}")
                if (column := place.get(term)) in times
            ]
            for word in dict.fromkeys(_words(self.text))
        }
        self._sentences = [(one, list(dict.fromkeys(_words(one))), signs(one)) for one in split(self.text)]

    def speaks(self, code: str, vector: Floats | None, stored: str = "") -> TopicEvidence:
        """What speaks for one topic of the letter.

        Args:
            code: The topic.
            vector: The letter's meaning as ``Weighing`` gives it, None without an embedder.
            stored: The text that the sentence's place counts in; one of the subject has no place there.
        """
        shares = self._shares(code)
        total = sum(share for share in shares.values() if share > 0)
        said = self._sentence(shares, _signs_for(self.model, code))
        start = stored.find(said) if said else -1
        return TopicEvidence(
            words=_named(self.text, shares, total * LEAST_SHARE),
            sentence=" ".join(said.split())[:QUOTED],
            start=start if start >= 0 else None,
            end=start + len(said) if start >= 0 else None,
            known=_known(self.model, code, vector),
        )

    def _shares(self, code: str) -> dict[str, float]:
        """How much each folded word adds to the topic's score, by its letters and by its lemma."""
        weights = _weights(self.model, code)
        worth = dict(zip(self._columns.tolist(), (self._values * weights[self._columns]).tolist(), strict=True))
        return {
            word: sum(worth.get(column, 0.0) / many for column, many in parts) for word, parts in self._parts.items()
        }

    def _sentence(self, shares: Mapping[str, float], worth: Mapping[str, float]) -> str:
        """The sentence whose words and signs add most, in proportion to the root of its length; empty: none does."""
        best, found = 0.0, ""
        for sentence, words, shown in self._sentences:
            score = sum(shares.get(word, 0.0) for word in words) / max(len(words), 1) ** 0.5
            score += 0.1 * sum(worth.get(sign, 0.0) for sign in shown)
            if score > best:
                best, found = score, sentence
        return found


def _weights(model: TopicModel, code: str) -> Floats:
    branch = next(one for one in model.branches if code in one.codes)
    return np.asarray(branch.words[:, branch.codes.index(code)], dtype=np.float32)


def _signs_for(model: TopicModel, code: str) -> dict[str, float]:
    """What each sign is worth for the topic."""
    weights = _weights(model, code)
    place = model.vocabulary.columns
    return {term: float(weights[place[term]]) for sign in load("signs") if (term := f"s{sign}") in place}


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in _WORD.finditer(fold(mend_lookalikes(text))))


def _named(text: str, shares: Mapping[str, float], least: float) -> list[str]:
    """The strongest words as they stand in the letter, one of each lemma."""
    best = Counter({word: share for word, share in shares.items() if share > least and share > 0})
    named: dict[str, str] = {}
    written = {fold(match.group()): match.group() for match in reversed(list(_WORD.finditer(mend_lookalikes(text))))}
    for word, _ in best.most_common():
        if word in written and (len(word) > _SHORT or written[word].isupper()):
            named.setdefault(lemma(word), written[word])
        if len(named) == WORDS:
            break
    return list(named.values())


def _known(model: TopicModel, code: str, vector: Floats | None) -> list[KnownWording]:
    if vector is None or not model.known.texts:
        return []
    rows = [row for row, topic in enumerate(model.known.codes) if topic == code]
    likeness = model.known.vectors[rows] @ vector
    order = np.argsort(-likeness)[:KNOWN]
    return [
        KnownWording(text=model.known.texts[rows[i]][:QUOTED], similarity=round(min(float(likeness[i]), 1.0), 2))
        for i in order
        if likeness[i] >= LEAST_LIKE
    ]
