"""Cross-validated figures: ``python tests/bench/bench_topics.py EXAMPLES.jsonl [EKTO.yaml] [REAL.jsonl]``.

Prints top-1 and top-3 of the main topic on letters no row of which was in training, what share is routed without
a person and how often that is right, at several thresholds; kind and segment on the same letters; and, given real
appeals labelled with coarse themes, how often the themes agree.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Kind, Segment, Understanding

FOLDS = 10
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
THEMES = {
    "начисления": ("C01.01", "C01.02", "C01.03", "C01.04", "C01.05", "C01.06", "C01.07", "C01.08", "C02.", "C03.01"),
    "платёжный_документ": ("C01.09", "C01.10"),
    "перерасчёт": ("C02.",),
    "показания": ("C04.01", "C04.02", "C04.06", "C02.02"),
    "пу": ("C04.03", "C04.04", "C04.05"),
    "качество": ("C09.", "C02.04", "C03.03"),
    "отключение": ("C06.07",),
    "лицевой_счёт": ("C07.",),
    "иное": ("C16.", "C09.04", "C03.03"),
}
"""Coarse themes of the real appeals, as prefixes of our codes."""


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _cards(path: Path) -> list[TopicCard]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        TopicCard(
            topic["code"],
            topic["name"],
            tuple(map(Segment, topic["segments"])),
            topic["definition"],
            tuple(topic["phrases"]),
            Kind(topic["kind"]),
        )
        for topic in content["topics"]
    ]


def _letter(row: dict[str, Any]) -> ExampleLetter:
    return ExampleLetter(row["text"], tuple(row["topics"]), row["subject"], Segment(row["segment"]), Kind(row["kind"]))


def _read(classifier: Classifier, row: dict[str, Any], *, with_segment: bool) -> Understanding:
    return classifier.understand(
        row["text"],
        subject=row.get("subject"),
        segment=Segment(row["segment"]) if with_segment else None,
        channel_meta=row.get("channel_meta"),
    )


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} ({sum(hits)}/{len(hits)})" if hits else "-"


def _held_out(cards: list[TopicCard], rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Understanding, bool]]:
    """Every letter read by a model that was trained without it; also whether the hinted segment was right."""
    read = []
    for fold in range(FOLDS):
        train = [_letter(row) for index, row in enumerate(rows) if index % FOLDS != fold]
        classifier = Classifier(TopicModel.train(cards, train))
        for row in rows[fold::FOLDS]:
            hinted = _read(classifier, row, with_segment=False).segment == row["segment"]
            read.append((row, _read(classifier, row, with_segment=True), hinted))
    return read


def _report(title: str, read: list[tuple[dict[str, Any], Understanding, bool]]) -> None:
    _say(f"{title}: {len(read)} letters")
    top = [([guess.code for guess in seen.topics], row["topics"]) for row, seen, _ in read]
    _say("  main topic top-1", _share([codes[:1] == truth[:1] for codes, truth in top]))
    _say("  main topic top-3", _share([truth[0] in codes[:3] for codes, truth in top]))
    _say("  top-1 is any true topic", _share([codes[0] in truth for codes, truth in top if codes]))
    _say("  kind", _share([seen.kind == row["kind"] for row, seen, _ in read]))
    _say("  segment by hint", _share([hinted for *_, hinted in read]))
    for threshold in THRESHOLDS:
        sure = [
            seen.topics[0].code in row["topics"]
            for row, seen, _ in read
            if seen.topics and seen.topics[0].confidence >= threshold
        ]
        _say(f"  confidence >= {threshold:.1f}: coverage {len(sure) / len(read):.2f}, right {_share(sure)}")
    alone = [seen.topics[0].code in row["topics"] for row, seen, _ in read if not seen.needs_person]
    _say(f"  routed without a person: coverage {len(alone) / len(read):.2f}, right {_share(alone)}")


def _themes(classifier: Classifier, rows: list[dict[str, Any]]) -> None:
    """Agreement on real appeals: the theme's codes among the first guess, or the first three."""
    first, third, sure = [], [], []
    for row in rows:
        seen = classifier.understand(row["text"], subject=row.get("subject"), segment=Segment.B2C)
        allowed = THEMES[row["topics"][0]]
        agrees = [guess.code.startswith(allowed) for guess in seen.topics]
        first.append(agrees[0])
        third.append(any(agrees[:3]))
        if not seen.needs_person:
            sure.append(agrees[0])
    _say(f"real appeals, coarse themes: {len(rows)} letters")
    _say("  theme by top-1", _share(first))
    _say("  theme by top-3", _share(third))
    _say(f"  routed without a person: coverage {len(sure) / len(rows):.2f}, theme right {_share(sure)}")


def main(argv: Sequence[str]) -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("ekto", type=Path, nargs="?", default=Path("rules/ekto.yaml"))
    parser.add_argument("real", type=Path, nargs="?")
    options = parser.parse_args(argv)
    cards, rows = _cards(options.ekto), _rows(options.examples)
    begun = time.perf_counter()
    model = TopicModel.train(cards, [_letter(row) for row in rows])
    _say(f"training on everything: {time.perf_counter() - begun:.1f} s, version {model.version}")
    phrases_only = Classifier(TopicModel.train(cards, []))
    _report("phrases only", [(row, _read(phrases_only, row, with_segment=True), True) for row in rows])
    _report(f"{FOLDS}-fold", _held_out(cards, rows))
    classifier = Classifier(model)
    begun = time.perf_counter()
    for row in rows:
        _read(classifier, row, with_segment=False)
    _say(f"speed: {60 * len(rows) / (time.perf_counter() - begun):.0f} letters/min on one core")
    if options.real:
        _themes(classifier, _rows(options.real))


if __name__ == "__main__":
    main(sys.argv[1:])
