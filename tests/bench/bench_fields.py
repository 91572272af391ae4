"""Senders of invented letters: ``PYTHONPATH=tests .venv/bin/python tests/bench/bench_fields.py [--errors N]``.

``--rows 5`` takes the hand-written letters of ``tests/data/reader/fields_5.yaml`` instead, ``--spelt`` letters whose
addresses, posts, contracts and telephones are put together from parts. ``--seeds`` spoils each set so many times.

Prints F1 per field for both sets («held»: layouts, names, streets and firms that the readers were not tuned on), clean
and with 3 % of the characters spoilt, and how many letters a minute are read.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from itertools import product
from typing import Any, cast, get_args

import structlog
from support_letters import Letter, Set, letters, noisy
from support_reader import listed
from support_spelt import spelt_letters
from support_typed import recognised

from classifiers.fields import read_sender
from classifiers.fieldscore import FIELDS, FieldScore, Miss, found_of, labels_of, misses, scores
from classifiers.text import prepare

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
LETTERS, SHARE = 990, 0.03
NOISES = ("clean", "look-alikes", "any character")
SCANNED = "scanned"


def measure(made: list[Letter], noise: str) -> tuple[list[FieldScore], list[Miss], float]:
    """Scores, misses, and letters a minute."""
    rng = random.Random(3)
    pairs, missed = [], []
    spent = 0.0
    for place, letter in enumerate(made):
        text = letter.text if noise == "clean" else noisy(letter.text, SHARE, rng, alike=noise == "look-alikes")
        began = time.perf_counter()
        reading = read_sender(prepare(text), channel_meta=letter.meta)
        spent += time.perf_counter() - began
        found, labels = found_of(reading.sender), labels_of(letter.sender)
        pairs.append((labels, found))
        missed += misses(f"{place} {letter.layout}", labels, found)
    return scores(pairs), missed, len(made) / spent * 60


def measure_rows(
    rows: Sequence[dict[str, Any]], noise: str, seeds: int = 1
) -> tuple[list[FieldScore], list[Miss], float]:
    """The same for hand-written letters; several readings of one label («a|b») are all right."""
    pairs, missed = [], []
    began = time.perf_counter()
    turns = product(range(seeds if noise != "clean" else 1), enumerate(rows))
    for seed, (place, row) in turns:
        rng = random.Random(place + seed * 10_000)
        text = _spoilt(row["text"], noise, rng, place)
        found = found_of(read_sender(prepare(text)).sender)
        judged = [name for name in FIELDS if name not in (*row.get("skip", ()), "gender")]
        labels = {name: _nearest(name, row.get(name), found[name]) for name in judged}
        pairs.append((labels, found))
        missed += misses(f"{place} {row['text'][:40]!r}", labels, found)
    return scores(pairs), missed, len(pairs) / (time.perf_counter() - began) * 60


def _spoilt(text: str, noise: str, rng: random.Random, place: int) -> str:
    if noise == SCANNED:
        return recognised(text, place)
    return text if noise == "clean" else noisy(text, SHARE, rng, alike=noise == "look-alikes")


def _nearest(name: str, given: Any, found: frozenset[str]) -> frozenset[str]:
    choices = [
        one.split("|") if isinstance(one, str) else [one] for one in (given if isinstance(given, list) else [given])
    ]
    readings = [labels_of({name: list(one) if isinstance(given, list) else one[0]})[name] for one in product(*choices)]
    return found if found in readings else readings[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=get_args(Set))
    parser.add_argument("--noise", choices=(*NOISES, SCANNED), help="«scanned»: rows typed on paper and recognised")
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--field", choices=FIELDS)
    parser.add_argument("--rows", help="the set of hand-written letters")
    parser.add_argument("--spelt", action="store_true", help="letters put together from parts")
    parser.add_argument("--seeds", type=int, default=1, help="how often a set of rows is spoilt")
    parser.add_argument("--show", type=int, help="print this letter")
    given = parser.parse_args()
    ways = ["spelt"] if given.spelt else [given.rows or given.set] if given.rows or given.set else list(get_args(Set))
    for which in ways:
        made = _made(which, given)
        if given.show is not None:
            print(made[given.show]["text"] if isinstance(made[given.show], dict) else made[given.show].text)
        for noise in [given.noise] if given.noise else NOISES:
            by_rows = given.rows or given.spelt
            table, missed, speed = measure_rows(made, noise, given.seeds) if by_rows else measure(made, noise)
            print(f"{which}, {noise}: {len(made)} letters, {speed:,.0f} a minute")
            print("  " + "  ".join(f"{one.field} {one.f1:.3f}" for one in table))
            wanted = [one for one in missed if given.field in (None, one.field)]
            for one in random.Random(1).sample(wanted, min(given.errors, len(wanted))):
                print(f"    {one.letter}: {one.field}: expected {one.expected!r}, found {one.found!r}")


def _made(which: str, given: argparse.Namespace) -> list[Any]:
    if given.spelt:
        return list(spelt_letters(seed=1, count=given.letters))
    return (
        listed(f"fields_{which}.yaml") if given.rows else list(letters(cast(Set, which), seed=1, count=given.letters))
    )


if __name__ == "__main__":
    main()
