"""Cost of reading, and agreement with real appeals: ``python tests/bench/bench_topics.py LETTERS.jsonl [REAL.jsonl]``.

How often topics are right is printed by ``otvet evaluate topics``. Here: start, memory, letters a minute with the share
of the sentence vector in them; and, given real appeals labelled with coarse themes, how often the themes agree.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers import meaning
from classifiers.reader import Classifier
from rules.book import load
from rules.wire import Segment
from steps.training import trained

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


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} ({sum(hits)}/{len(hits)})" if hits else "-"


def _speed(reader: Classifier, rows: list[dict[str, Any]]) -> None:
    """CPU time, since a machine is seldom idle."""
    reader.understand(rows[0]["text"])
    begun = time.process_time()
    for row in rows:
        meaning.embed([row["text"]])
    vectors = time.process_time() - begun
    begun = time.process_time()
    for row in rows:
        reader.understand(row["text"], subject=row.get("subject"), channel_meta=row.get("channel_meta"))
    spent = time.process_time() - begun
    chars = sum(len(row["text"]) for row in rows) / len(rows)
    _say(f"reading: {60 * len(rows) / spent:.0f} letters a minute and core, {chars:.0f} characters each")
    _say(f"  of that, the vector of the whole letter: {vectors / spent:.0%}")


def _themes(reader: Classifier, rows: list[dict[str, Any]]) -> None:
    """Agreement on real appeals: the theme's codes among the first guess, or the first three."""
    first, third, sure = [], [], []
    for row in rows:
        seen = reader.understand(row["text"], subject=row.get("subject"), segment=Segment.B2C)
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
    parser.add_argument("letters", type=Path)
    parser.add_argument("real", type=Path, nargs="?")
    options = parser.parse_args(argv)
    begun = time.process_time()
    reader = trained(load())
    _say(f"start with a kept model: {time.process_time() - begun:.1f} s of CPU, version {reader.version}")
    _speed(reader, _rows(options.letters))
    if options.real:
        _themes(reader, _rows(options.real))
    _say(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
