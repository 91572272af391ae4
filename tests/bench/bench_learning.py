"""A night's learning: `python tests/bench/bench_learning.py [LETTERS]` (1,500, the most that one learning takes).

Letters are those of ``tests/data`` with topics, each said several times with other words round it, confirmed by a
person in a register of its own. Prints the time, the processor's time, the peak of memory and what came of it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
from support_confirmed import confirm_letters
from support_learning import noise

from steps import learning as step

LETTERS = int(sys.argv[1]) if len(sys.argv) > 1 else step.MOST_LETTERS
DATA = Path(__file__).parents[1] / "data"
FILES = (DATA / "letters_unseen.jsonl", DATA / "reader" / "topics_5.jsonl")


def told() -> list[tuple[str, str]]:
    """Text and main topic of every labelled letter."""
    lines = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [json.loads(line) for line in lines if line.strip() and not line.startswith("#")]
    return [(row["text"], row["topics"][0]) for row in rows]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        house = support.build(home, f"sqlite:///{home / 'register.db'}")
        texts = [(f"{text} {noise(key)}", code) for key, (text, code) in enumerate(islice(cycle(told()), LETTERS))]
        confirm_letters(house, texts)
        began, spent = time.perf_counter(), time.process_time()
        done = step.learn(support.SYSTEM, house)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{LETTERS} letters: {done.verdict}, {done.figures}")
        wall, used = time.perf_counter() - began, time.process_time() - spent
        print(f"{wall:.0f} s, {used:.0f} s of processor, peak {peak:.0f} MB, load {os.getloadavg()[0]:.1f}")
        house.close()


if __name__ == "__main__":
    main()
