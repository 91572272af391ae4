"""Forms of hard names: ``PYTHONPATH=tests .venv/bin/python tests/bench/bench_names.py [--errors N]``."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from typing import get_args

from support_names import measure
from support_people import Split

PEOPLE = 1_500
VERDICTS = ("right", "asks", "wrong form", "wrong gender")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=get_args(Split))
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--errors", type=int, default=0)
    given = parser.parse_args()
    for split in [given.split] if given.split else get_args(Split):
        table, errors = measure(split, given.people, seed=11)
        total: Counter[str] = sum(table.values(), Counter())
        print(f"{split}: {total.total()} names of {given.people} people")
        for name, counts in [*table.items(), ("all", total)]:
            shares = "  ".join(
                f"{told} {counts[told] / counts.total():.4f}"
                for told in ("right", "asks", "wrong form", "wrong gender")
            )
            print(f"  {name:<22} {shares}")
        for line in random.Random(1).sample(sorted(set(errors)), min(given.errors, len(set(errors)))):
            print("   ", line)


if __name__ == "__main__":
    main()
