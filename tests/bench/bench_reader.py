"""The reader on hand-written rows: ``PYTHONPATH=tests python tests/bench/bench_reader.py SET [AREA…] [--errors N]``.

Areas: names, kinds, marks (segment, language, reply channel, needs), items, fields, noisy (fields with 3 % of the
characters spoilt into look-alikes), figures (readings, sums, periods), parties.
``otvet evaluate alarms tests/data/alarms_third.tsv`` measures alarms.
"""

from __future__ import annotations

import argparse
from collections import Counter

from support_reader import areas

from classifiers.alarmscore import wilson


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set")
    parser.add_argument("areas", nargs="*")
    parser.add_argument("--errors", type=int, default=0)
    given = parser.parse_args()
    for name, judge in areas(given.set).items():
        if given.areas and name not in given.areas:
            continue
        verdicts = list(judge())
        parts: dict[str, Counter[str]] = {}
        for one in verdicts:
            parts.setdefault(one.part, Counter())[one.kind] += 1
            parts.setdefault("all", Counter())[one.kind] += 1
        print(f"{name}:")
        for part, counts in parts.items():
            low, high = wilson(counts["right"], counts.total())
            told = ", ".join(f"{kind} {count}" for kind, count in counts.items() if kind != "right")
            share = counts["right"] / counts.total()
            print(f"  {part:<24} {share:.3f} ({low:.2f}–{high:.2f}) of {counts.total()}  {told}")
        for one in [one for one in verdicts if not one.right][: given.errors]:
            print(f"    {one.part}: {one.kind}: {one.shown}")


if __name__ == "__main__":
    main()
