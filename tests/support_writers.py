"""Writers of numbers that run as processes of their own: what they do is drawn from a seed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

import support_house as support

from registry import numbers
from registry.database import Database

JOURNAL, PATTERN = "incoming", "ВХ-{year}-{seq:06d}"
WRITERS = 8
# Modules are imported once, by the server that forks the writers, not by each of them.
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["support_writers"])
_begin: list[Barrier] = []


class RolledBackError(Exception):
    """The letter failed after its number was given."""


def _perhaps_fail(rng: random.Random, failing: float) -> None:
    if rng.random() < failing:
        raise RolledBackError


def _open(url: str, home: str) -> Database:
    return Database(url, support.roles, Path(home))


def write(url: str, home: str, seed: int, count: int, failing: float) -> list[str]:
    """Number ``count`` letters; some fail after the number was given, some while others wait. Return what stayed."""
    rng, db, kept = random.Random(seed), _open(url, home), []
    for _ in range(count):
        try:
            with db.session() as session:
                text = numbers.give(support.SYSTEM, session, JOURNAL, PATTERN).text
                _perhaps_fail(rng, failing)
            kept.append(text)
        except RolledBackError:
            continue
    db.close()
    return kept


def together(barrier: Barrier) -> None:
    """Let the writers of a pool begin at one moment, all of them started, connected and warm."""
    _begin.append(barrier)


def pace(url: str, home: str, count: int) -> tuple[float, float]:
    """Number ``count`` letters after all writers are ready; the moments of the first and the last of them."""
    db = _open(url, home)
    _number(db, 3)
    _begin[-1].wait(120)
    started = time.monotonic()
    _number(db, count)
    ended = time.monotonic()
    db.close()
    return started, ended


def _number(db: Database, count: int) -> None:
    for _ in range(count):
        with db.session() as session:
            numbers.give(support.SYSTEM, session, JOURNAL, PATTERN)


def run(url: str, home: Path, count: int, *, writers: int = WRITERS, seed: int = 0, failing: float = 0.25) -> list[str]:
    """Let writers run at once; return every number that one of them has committed."""
    with ProcessPoolExecutor(writers, mp_context=context) as pool:
        done = [pool.submit(write, url, str(home), seed + number, count, failing) for number in range(writers)]
        return [text for one in done for text in one.result(240)]


def _hold(url: str, home: str, mark: str) -> None:
    with _open(url, home).session() as session:
        numbers.give(support.SYSTEM, session, JOURNAL, PATTERN)
        Path(mark).touch()
        time.sleep(60)


def kill_in_the_middle(url: str, home: Path) -> None:
    """Kill a process that has been given a number and has not committed it."""
    mark = home / f"holding-{time.monotonic_ns()}"
    process = context.Process(target=_hold, args=(url, str(home), str(mark)))
    process.start()
    until = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert mark.exists(), "the writer never got its number"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)


def without_gaps(texts: Sequence[str], year: int) -> bool:
    return sorted(texts) == [PATTERN.format(year=year, seq=seq) for seq in range(1, len(texts) + 1)]
