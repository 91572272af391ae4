"""Which words the verification page should mark: how many wrong ones an engine's confidence catches, and at what cost.

Run: ``PYTHONPATH=tests python tests/bench/bench_doubts.py [letters]``.
"""

from __future__ import annotations

import sys

import support_scans as scans

from intake.document import read_document
from intake.limits import ReadSettings
from intake.pool import PagePool

CONDITIONS = ("clean", "office", "skewed", "fax", "stamp", "bleed", "dirty", "photocopy")
LEVELS = (50, 60, 70, 75, 80, 85, 90)


def main(letters: int) -> None:
    """Read letters under each condition and hold every word against the words of its sheet."""
    settings = ReadSettings()
    seen: dict[str, list[tuple[float, bool]]] = {"scans": [], "bad scans": []}
    with PagePool(settings) as pool:
        for number in range(letters):
            sheet = scans.sheet(number, stamped=number % 2 == 0)
            true = {scans.folded(word) for order in sheet.readings() for word in order.split()}
            for condition in CONDITIONS:
                scan = scans.worn(sheet, condition, number)
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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
