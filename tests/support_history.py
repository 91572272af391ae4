"""A long history written straight into the tables, with the digests that the services would have given it."""

from __future__ import annotations

import multiprocessing
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import support_house as support
from sqlalchemy import insert, text

from registry import clock, events
from registry.models import Event, FeedEntry
from registry.types import canonical_json
from steps import history
from steps.house import House

LENGTH = 10  # events of a stream
CHUNK = 20_000


@dataclass(frozen=True)
class Look:
    """A verification in a process of its own: its peak is its own."""

    events: int
    anchors: int
    faults: list[str]
    seconds: float
    before_mb: float
    peak_mb: float


def fill(house: House, count: int, *, start: int = 0) -> None:
    """Write whole chains of ten events each, numbered in the feed, up to ``count`` events; both are multiples of ten.

    The first ``start`` are there already.
    """
    key, data, at = start, {"queue": "BILL"}, clock.now()
    body = canonical_json(data)
    while key < count:
        rows: list[dict[str, Any]] = []
        for stream in range(key // LENGTH, min(key + CHUNK, count) // LENGTH):
            prev = events.GENESIS
            for seq in range(1, LENGTH + 1):
                made = events.digest(f"bench:{stream}", seq, at, "system:bench", "note", body, prev)
                rows.append(
                    {"stream": f"bench:{stream}", "seq": seq, "at": at, "actor": "system:bench", "kind": "note",
                     "data": data, "prev_digest": prev, "digest": made, "id": key + len(rows) + 1}
                )  # fmt: skip
                prev = made
        with house.db.session() as session:
            session.execute(insert(Event.__table__), rows)  # type: ignore[arg-type] # it is a table
            numbered = [{"position": row["id"], "event_id": row["id"]} for row in rows]
            session.execute(insert(FeedEntry.__table__), numbered)  # type: ignore[arg-type] # it is a table
        key += len(rows)
    if house.db.engine.dialect.name == "postgresql":  # its own count of keys knows nothing of ours
        with house.db.session() as session:
            session.execute(text("SELECT setval(pg_get_serial_sequence('event', 'id'), :last)"), {"last": key})


def look(home: Path, url: str, *, everything: bool) -> Look:
    """Verify a history in a new process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_look, (home, url, everything))


def _look(home: Path, url: str, everything: bool) -> Look:  # noqa: FBT001 - passed on to another process
    house = support.build(home, url, people=False, trained=False)
    try:
        before, started = peak(), time.perf_counter()
        found = history.verify(support.SYSTEM, house, everything=everything)
        took = time.perf_counter() - started
        return Look(found.events, found.anchors, found.faults, took, before, peak())
    finally:
        house.close()


def peak() -> float:
    """The most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
