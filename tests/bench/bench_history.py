"""Verify a long history: `python tests/bench/bench_history.py [EVENTS]` (1,000,000 in streams of ten).

On both databases. Prints the time and the peak of memory of the whole verification (`otvet history verify --all`), and
of the look that is taken by default after a day of 5,000 events, each in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_history
import support_house as support
import support_postgres

from registry import anchors, clock, events, feed

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
DAY = 5_000


def measure(title: str, home: Path, url: str) -> None:
    house = support.build(home, url, people=False, trained=False)
    started = time.perf_counter()
    with clock.at(clock.now() - dt.timedelta(days=1)):
        support_history.fill(house, EVENTS)
        with house.db.session() as session:
            anchors.daily(support.SYSTEM, session)
    deeds = [events.Deed(f"bench:{stream}", "note") for stream in range(DAY)]
    with house.db.session() as session:
        events.append_many(support.SYSTEM, session, deeds)
        while feed.number_new(session):
            pass
    house.close()
    print(f"{title}: written and anchored in {time.perf_counter() - started:.0f} s", flush=True)
    for name, everything in (("all", True), ("since the last anchor", False)):
        seen = support_history.look(home, url, everything=everything)
        assert seen.faults == []
        memory = f"peak memory {seen.before_mb:.0f} → {seen.peak_mb:.0f} MB"
        load = f"load {os.getloadavg()[0]:.1f}"
        print(f"{title}, {name}: {seen.events} events, {seen.seconds:.1f} s, {memory}, {load}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, support_postgres.running() as server:
        home = Path(folder)
        measure("SQLite", home, f"sqlite:///{home / 'history.db'}")
        measure("PostgreSQL", home, support_postgres.new_database(server, f"h{uuid.uuid4().hex}"))


if __name__ == "__main__":
    main()
