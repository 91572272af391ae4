"""The class of a paper, before its kind: an appeal, an authority's paper, a notice of delivery or advertising."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from classifiers.phrases import Lists, Words
from rules.papers import Papers
from rules.wire import DocumentClass

_QUOTES: Final = 2
_MAX_QUOTE: Final = 300


class PaperReader:
    """The classes of one ``rules/papers.yaml``, ready to be asked. Holds nothing of any text."""

    def __init__(self, papers: Papers, lists: Mapping[str, Sequence[str]]) -> None:
        """Read by the classes of a file; ``lists`` are those of alarms.yaml, which it may name."""
        self.papers = papers
        self._lists = Lists({**lists, **papers.words})

    def read(self, text: str) -> DocumentClass:
        """The class of a paper (subject and body) with how far it leads the others, and the words that tell it."""
        words = Words(text[: self.papers.head])
        search = self._lists.search(words)
        weights = self.papers.weights
        scores: dict[str, float] = {}
        proofs: dict[str, str] = {}
        for code, one in self.papers.classes.items():
            strong, weak, against = (
                [span for phrase in phrases if (span := search.first(phrase))]
                for phrases in (one.strong, one.weak, one.against)
            )
            scores[code] = (
                weights.strong * min(len(strong), weights.most_strong)
                + weights.weak * min(len(weak), weights.most_weak)
                + weights.against * min(len(against), weights.most_against)
            )
            quotes = dict.fromkeys(words.quote(*span) for span in (*strong, *weak)[:_QUOTES])
            proofs[code] = " … ".join(quotes)[:_MAX_QUOTE]
        scores[self.papers.usual] += self.papers.least
        odds = {code: math.exp(weights.sharpness * score) for code, score in scores.items()}
        best = max(odds, key=lambda code: odds[code])
        return DocumentClass(code=best, confidence=round(odds[best] / sum(odds.values()), 3), evidence=proofs[best])
