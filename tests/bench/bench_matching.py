"""Whose letter is it: `python tests/bench/bench_matching.py [CLIENTS] [LETTERS] [SEED…]` (5,000, 3,000, 21 22).

A town of clients and letters whose authors are known (`tests/support_matching.py`). Prints precision and recall of what
is linked without a person, bins of confidence against truth, and what became of each kind of author. The weights of
`rules/clients.yaml` were fitted to seed 11; any other seed is a town that they never saw.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
import support_matching as matching

CLIENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
LETTERS = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
SEEDS = [int(one) for one in sys.argv[3:]] or [21, 22]


def tell(title: str, judged: Sequence[matching.Judged]) -> None:
    share, linked = matching.precision(judged)
    bins, error = matching.calibration(judged)
    print(f"{title}: {linked} linked, precision {share:.4f}, recall {matching.recall(judged):.3f}, error {error:.3f}")
    for one in bins:
        print(f"  {one.low:.1f}: {one.count:5} letters, confidence {one.confidence:.3f}, right {one.right:.3f}")
    kinds = Counter((one.letter.situation, outcome(one)) for one in judged)
    for kind in sorted({name for name, _ in kinds}):
        print(
            f"  {kind}: " + ", ".join(f"{what} {kinds[kind, what]}" for what in ("right", "wrong", "left to a person"))
        )


def outcome(one: matching.Judged) -> str:
    return ("right" if one.right else "wrong") if one.linked else "left to a person"


def main() -> None:
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            house = support.build(home, f"sqlite:///{home / 'town.db'}", people=False, trained=False)
            town = matching.Letters(support.book(), seed, CLIENTS)
            matching.settle(support.SYSTEM, house, town.records)
            started = time.process_time()
            judged = matching.judge(house, town.letters(LETTERS))
            used = (time.process_time() - started) / LETTERS * 1000
            tell(f"seed {seed}, {CLIENTS} clients, {LETTERS} letters", judged)
            print(f"  {used:.1f} ms of the processor a letter, load {os.getloadavg()[0]:.1f}", flush=True)
            house.close()


if __name__ == "__main__":
    main()
