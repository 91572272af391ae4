"""Cost of reading, and agreement with real appeals: ``python tests/bench/bench_topics.py [REAL.jsonl]``.

How often topics are right is printed by ``otvet evaluate topics``. Here, on letters of ``tests/data``: start, memory,
letters a minute with the shares of the sentence vectors and of the evidence; given real appeals labelled with coarse
themes or with the categories of their portal, how often those agree with ours.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from classifiers import meaning
from classifiers.evaluation import Share
from classifiers.evidence import Spoken
from classifiers.reader import Classifier
from rules.book import load
from rules.wire import Segment
from steps.training import trained

LETTERS = Path(__file__).parents[1] / "data" / "letters_unseen.jsonl"
TIMED = 100

THEMES = {
    "начисления": ("C01.01", "C01.02", "C01.03", "C01.04", "C01.05", "C01.06", "C01.07", "C01.08", "C02.", "C03.01"),
    "платёжный_документ": ("C01.09", "C01.10"),
    "перерасчёт": ("C02.",),
    "показания": ("C04.01", "C04.02", "C04.06", "C02.02"),
    "пу": ("C04.03", "C04.04", "C04.05"),
    "качество": ("C09.", "C02.04", "C03.03"),
    "отключение": ("C06.07",),
    "лицевой_счёт": ("C07.",),
    "иное": ("C16.", "C09.04", "C09.05", "C03.03"),
}
"""Coarse themes of real appeals, as prefixes of our codes."""

CATEGORIES = {
    "теплоснабжения": ("C09.01", "C02.04"),
    "водоснабжение": ("C09.02", "C02.04"),
    "Водоотведение": ("C09.02",),
    "электросети": ("C09.03", "C09.04"),
    "бытовых отходов в районах": ("C03.03",),
    "бытовых отходов с территории": ("C03.03",),
    "капитальный ремонт": ("C09.05", "C09.04"),
    "управляющей компани": ("C09.04", "C09.03"),
    "текущий ремонт многоквартирного": ("C09.04",),
    "лифт": ("C09.04",),
    "дворовой территории": ("C09.04", "C16.01"),
    "в многоквартирном доме": ("C09.04",),
    "пособий": ("C16.01", "C08."),
    "дорог": ("C16.01",),
    "перевозок": ("C16.01",),
    "медицинской": ("C16.01",),
    "Светофоры": ("C16.01",),
    "животные": ("C16.01",),
    "наружное освещение": ("C16.01",),
    "люков": ("C16.01",),
    "деревья": ("C16.01",),
    "запахи": ("C16.01", "C09.", "C03.03"),
    "уборка улиц": ("C16.01",),
}
"""Parts of the names of a portal's categories, as prefixes of our codes."""


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip() and not line.startswith("#")]


def _share(hits: Sequence[bool]) -> str:
    share = Share(sum(hits), len(hits))
    low, high = share.interval
    return f"{share.value:.2f} ({share.hits}/{share.trials}; 95 %: {low:.2f}-{high:.2f})"


def _cost(rows: Sequence[dict[str, Any]], deed: Callable[[dict[str, Any]], object]) -> float:
    """Seconds of processor a letter, since a machine is seldom idle."""
    begun = time.process_time()
    for row in rows:
        deed(row)
    return (time.process_time() - begun) / len(rows)


def _speed(reader: Classifier, rows: list[dict[str, Any]]) -> None:
    model = reader.topic_model
    reader.understand(rows[0]["text"])
    whole = _cost(rows, lambda row: reader.understand(row["text"], subject=row.get("subject")))
    vector = _cost(rows, lambda row: meaning.embed([row["text"]]))
    words = _cost(rows, lambda row: Spoken(model, row["text"]).speaks(row["topics"][0], None))
    chars = sum(len(row["text"]) for row in rows) / len(rows)
    _say(f"reading: {60 / whole:.0f} letters a minute and core, {chars:.0f} characters each")
    _say(f"  of that, the vector of the whole letter: {vector / whole:.0%}, evidence of one topic: {words / whole:.0%}")


def _allowed(row: dict[str, Any]) -> tuple[str, ...]:
    if row.get("topics"):
        return THEMES.get(row["topics"][0], ())
    category = str(row.get("category") or "")
    return next((codes for part, codes in CATEGORIES.items() if part in category), ())


def _agreement(reader: Classifier, rows: list[dict[str, Any]]) -> None:
    """The theme's codes at the first guess, or among the first three; and how many go alone."""
    first, third, sure = [], [], []
    for row in rows:
        allowed = _allowed(row)
        if not allowed or not str(row["text"]).strip():
            continue
        seen = reader.understand(row["text"], subject=row.get("subject"), segment=Segment.B2C)
        agrees = [guess.code.startswith(allowed) for guess in seen.topics] or [False]
        first.append(agrees[0])
        third.append(any(agrees[:3]))
        if not seen.needs_person:
            sure.append(agrees[0])
    if not first:
        _say("real appeals: no row has a theme or category that is known here")
        return
    _say("real appeals, theme at the first guess:", _share(first))
    _say("  among the first three:", _share(third))
    _say(f"  without a person: {len(sure) / len(first):.2f} of them, theme right", _share(sure))


def main(argv: Sequence[str]) -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("real", type=Path, nargs="*")
    parser.add_argument("--most", type=int, default=300, help="real appeals of each file")
    options = parser.parse_args(argv)
    begun, processor = time.monotonic(), time.process_time()
    reader = trained(load())
    spent, seconds = time.process_time() - processor, time.monotonic() - begun
    _say(f"start with a kept model: {spent:.1f} s of processor, {seconds:.1f} s by the clock; version {reader.version}")
    _speed(reader, _rows(LETTERS)[:TIMED])
    for path in options.real:
        _say(path.name)
        _agreement(reader, _rows(path)[: options.most])
    _say(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
