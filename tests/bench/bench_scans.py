"""Character error, fields, lost lines and flags on degraded letters.

Run: ``python tests/bench/bench_scans.py [N] [FOLDER] [CONDITIONS] [--fresh]``. Types N letters (10 by default), scans
each in every condition of `support_scans.CONDITIONS` (or those named, parted by commas), with N pages in an unsteady
hand and N ruined ones beside them; reads them with two workers and prints a table. ``--fresh`` takes the letters of
`support_freshscans`: other texts, faces, layouts and wear. Files made are kept in FOLDER, where one is named, and taken
from there the next time.
"""

from __future__ import annotations

import itertools
import os
import pickle
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import support_freshscans
import support_scans as scans

from intake.document import DocumentReading, read_document
from intake.limits import ReadSettings
from intake.pool import PagePool

BAD = 0.15
AT_ONCE = 30
FRESH = "--fresh" in sys.argv
WORDS = [word for word in sys.argv[1:] if not word.startswith("--")]
MADE = support_freshscans if FRESH else scans


@dataclass
class Score:
    """One page read."""

    condition: str
    number: int
    cer: float | None
    fields: tuple[int, int]
    lost: list[str]
    reading: DocumentReading


def material(count: int, folder: Path | None) -> Iterator[tuple[str, int, scans.Scanned, scans.Sheet | None]]:
    """Every page of the benchmark, made or taken from the folder."""
    for condition in (*scans.CONDITIONS, "hand", "ruined"):
        if len(WORDS) > 2 and condition not in WORDS[2].split(","):
            continue
        for number in range(count):
            sheet = None if condition == "hand" else MADE.sheet(number, stamped=condition == "stamp")
            kept = folder / f"{condition}-{number}.pickle" if folder else None
            if kept is not None and kept.is_file():
                made = pickle.loads(kept.read_bytes())
            else:
                made = _made(condition, number, sheet)
                if kept is not None:
                    kept.write_bytes(pickle.dumps(made))
            yield condition, number, made, sheet


def _made(condition: str, number: int, sheet: scans.Sheet | None) -> scans.Scanned:
    if sheet is None:
        return MADE.handwritten(number)
    return MADE.ruined(sheet, number) if condition == "ruined" else MADE.worn(sheet, condition, number)


def read_all(count: int, folder: Path | None) -> list[Score]:
    """Read everything with two workers, two documents at a time."""
    settings = ReadSettings(workers=2, page_seconds=200, engine_seconds=90)
    with PagePool(settings) as pool, ThreadPoolExecutor(3) as threads:

        def one(item: tuple[str, int, scans.Scanned, scans.Sheet | None]) -> Score:
            condition, number, made, sheet = item
            reading = read_document(made.data, made.name, settings, executor=pool)
            if sheet is None:
                return Score(condition, number, None, (0, 0), [], reading)
            text = reading.text
            found = scans.fields_found(text, sheet)
            return Score(condition, number, scans.cer(text, sheet), found, scans.lost_lines(text, sheet), reading)

        scores: list[Score] = []
        waiting = material(count, folder)
        while some := list(itertools.islice(waiting, AT_ONCE)):  # a sheet is a picture of 26 MB
            scores += threads.map(one, some)
        return scores


def table(scores: list[Score]) -> None:
    """Print a line a condition, then the flags."""
    print("condition    pages  CER mean  median   worst  fields  lost lines (unwarned)  confidence  for a person")
    for condition in dict.fromkeys(score.condition for score in scores):
        these = [score for score in scores if score.condition == condition]
        errors = [score.cer for score in these if score.cer is not None] or [1.0]
        found, wanted = (sum(score.fields[place] for score in these) for place in (0, 1))
        lost = sum(len(score.lost) for score in these)
        silent = sum(len(score.lost) for score in these if not score.reading.reasons)
        sure = mean(score.reading.pages[0].confidence for score in these)
        flagged = sum(score.reading.needs_person for score in these)
        share = f"{found / wanted:6.1%}" if wanted else "     –"
        print(
            f"{condition:<12} {len(these):5} {mean(errors):9.2%} {median(errors):7.2%} {max(errors):7.2%}  {share}"
            f"  {lost:10} ({silent})  {sure:17.1f}  {flagged}"
        )
    bad = [score for score in scores if score.cer is None or score.cer > BAD]
    good = [score for score in scores if score.cer is not None and score.cer <= BAD]
    caught = sum(score.reading.needs_person for score in bad)
    false = sum(score.reading.needs_person for score in good)
    print(f"pages with CER over {BAD:.0%} (all handwritten ones among them) sent to a person: {caught} of {len(bad)}")
    print(f"pages with less sent to a person: {false} of {len(good)}")


def main() -> None:
    count = int(WORDS[0]) if WORDS else 10
    folder = Path(WORDS[1]) if len(WORDS) > 1 else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    scores = read_all(count, folder)
    table(scores)
    print(f"load {os.getloadavg()[0]:.1f}, {len(scores)} pages made and read in {time.monotonic() - started:.0f} s")
    if os.environ.get("OTVET_BENCH_SHOW"):
        for score in scores:
            page = score.reading.pages[0]
            print(score.condition, score.number, score.cer, page.confidence, page.reasons, score.lost)


if __name__ == "__main__":
    main()
