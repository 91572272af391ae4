"""Alarms of known sentences: ``PYTHONPATH=tests .venv/bin/python tests/bench/bench_alarms.py [--errors]``."""

from __future__ import annotations

import argparse

from support_alarms import rows

from classifiers.alarms import find_alarms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true")
    given = parser.parse_args()
    counts: dict[str, list[int]] = {}
    for code, must, sentence in rows():
        raised = code in {alarm.code for alarm in find_alarms(sentence)}
        row = counts.setdefault(code, [0, 0, 0, 0])
        row[2 * (not must) + (raised is not must)] += 1
        if given.errors and raised is not must:
            print(f"  {code}: {'missed' if must else 'false'}: {sentence}")
    print("code: found of those that must be, false of those that must not")
    for code, (found, missed, quiet, false) in counts.items():
        print(f"  {code:<22} {found}/{found + missed}   {false}/{quiet + false}")
    found, missed, quiet, false = (sum(row[place] for row in counts.values()) for place in range(4))
    print(f"  recall {found / (found + missed):.3f}, precision {found / (found + false):.3f}")


if __name__ == "__main__":
    main()
