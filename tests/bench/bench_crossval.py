"""Topics by grouped cross-validation, letters in training: ``PYTHONPATH=tests:. python tests/bench/bench_crossval.py``.

The sixty letters of the rules and the 262 unseen ones are put together. Each is read by a model that learnt from the
cards, all wordings and the letters of the other folds; near-duplicates are in one fold, and what is like a letter read
is not learnt. The number of folds may be given. Vectors and models are kept in the user's cache.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import fields
from pathlib import Path

from support_folds import kept_training, kept_vectors

from classifiers.evaluation import Figures, Share, figures
from classifiers.heldout import TestLetter, fold_models, judged_by
from classifiers.training import ExampleLetter
from rules.book import RuleBook, load
from rules.wire import Segment
from steps.training import topic_cards, training_letters

DATA = Path(__file__).parents[1] / "data"
FOLDS = 5


def read_letters(name: str) -> list[TestLetter]:
    """Labelled letters of a file under ``tests/data``; each is named by its file and its own name."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip() and not line.startswith("#")]
    return [
        TestLetter(f"{name}:{one['id']}", one["text"], tuple(one["topics"]), Segment(one["segment"]), one["subject"])
        for one in rows
    ]


def examples(book: RuleBook) -> tuple[list[TestLetter], list[ExampleLetter]]:
    """The sixty letters of the rules and the 262 unseen ones; what may be learnt from, these among it."""
    sixty = [
        TestLetter(f"sixty:{i}", one.text, one.topics, one.segment, one.subject) for i, one in enumerate(book.examples)
    ]
    unseen = read_letters("letters_unseen.jsonl")
    added = [ExampleLetter(one.text, one.topics, one.subject) for one in unseen]
    return sixty + unseen, training_letters(book) + added


def main() -> None:
    book = load()
    letters, training = examples(book)
    began = time.process_time()
    folds = int(sys.argv[1]) if len(sys.argv) > 1 else FOLDS
    with kept_vectors() as embed:
        models = fold_models(letters, topic_cards(book), training, embed, folds, kept_training)
        judged = [one for model, away in models for one in judged_by(model, away)]
    queues = {topic.code: topic.queue for topic in book.ekto.topics}
    sets = {
        "the sixty": [one for one in judged if one.letter.id.startswith("sixty")],
        "262 unseen": [one for one in judged if not one.letter.id.startswith("sixty")],
        "all": judged,
    }
    for name, part in sets.items():
        print(name, *told(figures(part, queues)), sep="\n  ")
    print(f"{folds} folds, {time.process_time() - began:.0f} s of processor time")


def told(found: Figures) -> list[str]:
    """The shares of `figures`, a line each; precision and recall are of letters with several topics."""
    shares = {item.name: getattr(found, item.name) for item in fields(found)}
    return [
        f"{name}: {share.hits} of {share.trials}, {share.hits / share.trials:.3f}"
        for name, share in shares.items()
        if isinstance(share, Share) and share.trials
    ]


if __name__ == "__main__":
    main()
