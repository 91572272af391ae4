"""Which words the verification page should mark: how many wrong ones an engine's confidence catches, and at what cost.

Run: ``PYTHONPATH=tests python tests/bench/bench_doubts.py [letters] [--fresh]``; ``--fresh`` takes the letters of
`support_freshscans`, on which the threshold in force was chosen.
"""

from __future__ import annotations

import sys

import support_freshscans
import support_scans as scans

from intake.document import read_document
from intake.limits import ReadSettings
from intake.pool import PagePool

CONDITIONS = ("clean", "office", "skewed", "fax", "stamp", "bleed", "dirty", "photocopy")
LEVELS = (50, 60, 70, 75, 80, 85, 90)


def main(letters: int, *, fresh: bool) -> None:
    """Read letters under each condition and hold every word against the words of its sheet."""
    made = support_freshscans if fresh else scans
    settings = ReadSettings()
    seen: dict[str, list[tuple[float, bool]]] = {"scans": [], "bad scans": []}
    with PagePool(settings) as pool:
        for number in range(letters):
            sheet = made.sheet(number, stamped=number % 2 == 0)
            true = {scans.folded(word) for order in sheet.readings() for word in order.split()}
            for condition in CONDITIONS:
                scan = made.worn(sheet, condition, number)
                reading = read_document(scan.data, scan.name, settings, executor=pool)
                kind = "bad scans" if condition in {"dirty", "photocopy"} else "scans"
                for word in reading.words[0].words:
                    if said := scans.folded(word.text):
                        seen[kind].append((word.confidence, said not in true))
    for kind, words in seen.items():
        wrong = sum(bad for _, bad in words)
        print(f"{kind}: words {len(words)}, wrong {wrong}")
        for level in LEVELS:
            marked = [bad for confidence, bad in words if confidence < level]
            caught = sum(marked) / max(1, wrong)
            idle = (len(marked) - sum(marked)) / max(1, len(words) - wrong)
            print(f"  below {level}: wrong words caught {caught:.0%}, right words marked {idle:.1%}")


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    main(numbers[0] if numbers else 6, fresh="--fresh" in sys.argv)
