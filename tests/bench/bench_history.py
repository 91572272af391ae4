"""Verify a long history: `python tests/bench/bench_history.py [EVENTS]` (1,000,000 in streams of ten, on SQLite).

Prints the time and the peak of memory of the whole verification (`otvet history verify --all`), and the time of the
look that is taken by default after a day of 5,000 events.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
from sqlalchemy import insert

from registry import anchors, clock, events, feed
from registry.models import Event, FeedEntry
from registry.types import canonical_json
from steps import history
from steps.house import House

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
LENGTH = 10
DAY = 5_000
CHUNK = 20_000


def fill(house: House) -> None:
    """Write whole chains straight into the tables, and number them in the feed."""
    key, data, at = 0, {"queue": "BILL"}, clock.now()
    text = canonical_json(data)
    while key < EVENTS:
        rows = []
        for stream in range(key // LENGTH, min(key + CHUNK, EVENTS) // LENGTH):
            prev = events.GENESIS
            for seq in range(1, LENGTH + 1):
                made = events.digest(f"bench:{stream}", seq, at, "system:bench", "note", text, prev)
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


def look(name: str, house: House, *, everything: bool) -> None:
    before, started = _peak(), time.perf_counter()
    found = history.verify(support.SYSTEM, house, everything=everything)
    took = time.perf_counter() - started
    assert found.faults == []
    print(f"{name}: {found.events} events, {took:.1f} s, peak memory {before:.0f} → {_peak():.0f} MB", flush=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        house = support.build(home, f"sqlite:///{home / 'history.db'}", people=False)
        with clock.at(clock.now() - dt.timedelta(days=1)):
            fill(house)
            with house.db.session() as session:
                anchors.daily(support.SYSTEM, session)
        deeds = [events.Deed(f"bench:{stream}", "note") for stream in range(DAY)]
        with house.db.session() as session:
            events.append_many(support.SYSTEM, session, deeds)
            while feed.number_new(session):
                pass
        look("all", house, everything=True)
        look("since the last anchor", house, everything=False)
        house.close()


if __name__ == "__main__":
    main()
