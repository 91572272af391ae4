"""Learn the weights of further topics (decision 0063): ``PYTHONPATH=tests:. python tests/bench/bench_further.py``.

Letters of `bench_crossval.py`, rows of ``tests/data/reader`` and letters composed of two or three of them are read by
models that saw none of their fold; the weights are learnt on four folds and judged on the fifth, and printed once for
all. Rows of the reader's sets are in no training, so they are dealt to the folds. Vectors and the models of the folds
are kept in the user's cache: a second run reads letters only.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from bench_crossval import FOLDS, examples, read_letters
from support_composed import composed
from support_folds import kept_training, kept_vectors
from support_reader import listed

from classifiers.furthertopics import read_letter, spoken_for
from classifiers.heldout import TestLetter, fold_models
from classifiers.questions import body
from classifiers.text import prepare
from classifiers.topics import TopicModel
from classifiers.translit import is_translit, to_cyrillic
from rules.book import load
from rules.wire import Segment
from steps.training import topic_cards

RANKED = 30
COMPOSED, COMPOSED_WEIGHT = 80, 0.3
"""Composed letters of a fold, and how much each counts: they join what people seldom join."""
STRENGTH = 0.3
LEAST = (0.3, 0.35, 0.4, 0.45, 0.5)


@dataclass(frozen=True)
class Seen:
    """A letter's main guess, the figures of its possible further topics, and which of them are true."""

    letter: TestLetter
    fold: int
    main: str
    figures: dict[str, dict[str, float]]

    @property
    def true(self) -> list[set[str]]:
        return [set(one.split("|")) for one in self.letter.topics]

    @property
    def further(self) -> list[set[str]]:
        """The true topics that the main guess leaves to be found."""
        left = self.true
        hit = next((one for one in left if self.main in one), None)
        return [one for one in left if one is not hit]

    @property
    def kind(self) -> str:
        return "composed" if self.letter.id.startswith("+") else self.letter.id.partition(":")[0]


def main() -> None:
    begun = time.process_time()
    book = load()
    letters, training = examples(book)
    rows = list(_rows())
    seen: list[Seen] = []
    with kept_vectors() as embed:
        models = fold_models(letters, topic_cards(book), training, embed, FOLDS, kept_training)
        for fold, (model, away) in enumerate(models):
            mine = away + rows[fold::FOLDS]
            single = [one for one in mine if len(one.topics) == 1 and not one.id.startswith("items")]
            mine += composed(single, COMPOSED, random.Random(fold))
            seen += [_seen(model, one, fold) for one in mine]
    judged = {id(one): share for fold in range(FOLDS) for one, share in _learnt(seen, fold)}
    for least in LEAST:
        print(f"from {least}:", *_told(seen, judged, least), sep="\n  ")
    names, weights, bias = _fit(seen)
    print({"bias": round(bias, 3)} | dict(zip(names, weights.round(3).tolist(), strict=True)))
    print(f"{len(seen)} letters, {time.process_time() - begun:.0f} s of processor time")


def _rows() -> Iterator[TestLetter]:
    for name in ("reader/topics_5.jsonl", "reader/letters_4.jsonl"):
        yield from read_letters(name)
    for which in "123":
        for place, one in enumerate(listed(f"items_{which}.yaml")):
            segment = Segment(one.get("segment", "B2C"))
            yield TestLetter(f"items_{which}:{place}", one["text"], tuple(one["topics"]), segment)


def _seen(model: TopicModel, letter: TestLetter, fold: int) -> Seen:
    matter = body(prepare(to_cyrillic(letter.text) if is_translit(letter.text) else letter.text))
    head = prepare(letter.subject or "")[:500] or None
    ranked = model.weigh(matter, head, letter.segment, RANKED).guesses
    pieces, _ = read_letter(model, matter, head, letter.segment, ranked)
    return Seen(letter, fold, ranked[0].code, spoken_for(ranked, pieces))


def _fit(seen: Sequence[Seen]) -> tuple[list[str], npt.NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    names = list(next(iter(one for one in seen if one.figures)).figures.popitem()[1])
    rows = [(one, code, figures) for one in seen for code, figures in one.figures.items()]
    table = np.asarray([[figures[name] for name in names] for _, _, figures in rows])
    mean, spread = table.mean(axis=0), table.std(axis=0)
    true = [any(code in topic for topic in one.further) for one, code, _ in rows]
    weight = [COMPOSED_WEIGHT if one.kind == "composed" else 1.0 for one, _, _ in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit((table - mean) / spread, true, sample_weight=weight)
    weights = model.coef_[0] / spread
    return names, weights, float(model.intercept_[0] - weights @ mean)


def _learnt(seen: Sequence[Seen], fold: int) -> Iterator[tuple[Seen, dict[str, float]]]:
    """The letters of a fold with the probabilities that the other folds' weights give to their further topics."""
    names, weights, bias = _fit([one for one in seen if one.fold != fold])
    for one in seen:
        if one.fold == fold:
            scores = {code: bias + weights @ [row[name] for name in names] for code, row in one.figures.items()}
            yield one, {code: 1 / (1 + math.exp(-score)) for code, score in scores.items()}


def _told(seen: Sequence[Seen], judged: dict[int, dict[str, float]], least: float) -> Iterator[str]:
    """F1 of letters with several topics, and how many with one get a second, of each set."""
    for kind in [*dict.fromkeys(one.kind for one in seen), "all but composed"]:
        mine = [one for one in seen if one.kind == kind or (kind.startswith("all") and one.kind != "composed")]
        found = {id(one): [one.main, *(c for c, share in judged[id(one)].items() if share >= least)] for one in mine}
        several = [one for one in mine if len(one.letter.topics) > 1]
        single = [one for one in mine if len(one.letter.topics) == 1]
        hits = sum(_hits(found[id(one)], one.true) for one in several)
        told = sum(len(found[id(one)]) + len(one.true) for one in several)
        extra = sum(len(found[id(one)]) > 1 for one in single)
        if several:
            yield f"{kind}: F1 {2 * hits / told:.3f} of {len(several)}; a second topic for {extra} of {len(single)}"


def _hits(found: Sequence[str], true: Sequence[set[str]]) -> int:
    left = list(true)
    for code in found:
        hit = next((one for one in left if code in one), None)
        if hit is not None:
            left.remove(hit)
    return len(true) - len(left)


if __name__ == "__main__":
    main()
