"""Lists, search, watch, feed and reports on registers of growing size.

`python tests/bench/bench_register.py [SIZE…] [--only sqlite|postgresql] [--home DIR] [--server URL]`

Writes a register of each size (10,000, 100,000 and 1,000,000 by default: one of 550 letters a day that grows older, so
that the open work is alike) into a database of each kind, and prints the median and the 95th percentile in milliseconds
of every list and search, asked by several people in turn, then what watch, feed and reports take. The load of the
machine stands with each table. A million takes 15 GB a database, and half an hour to write on two free cores.

With DIR and URL (of a PostgreSQL server that keeps running) registers are kept and used again; else all is thrown away.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
import support_house as support
import support_postgres
import support_register
from sqlalchemy import func, select

from registry import clock, feed, search
from registry.actor import Actor
from registry.lists import Filter
from registry.models import Client, Person
from steps import report, views, watch
from steps.house import House
from steps.views import journal

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
PEOPLE = (
    "karpova",
    "bill1",
    "soc1",
    "gareeva",
    "akhmetova",
)  # manager, clerks of a large and a small queue, head, office
SERVER = ("-c", "shared_buffers=2GB", "-c", "max_wal_size=8GB")

Deed = Callable[[Actor], object]


def lists_of(house: House) -> dict[str, Filter]:
    """The tabs of the desk, the narrowed lists, and the archive."""
    day = clock.today()
    month = day - dt.timedelta(days=60)
    executor = _person(house, "bill1")
    return {
        "all open": Filter(),
        "queue": Filter(queue="BILL"),
        "mine": Filter(mine=True),
        "overdue": Filter(overdue=True),
        "due soon": Filter(soon=house.soon_until),
        "in approval": Filter(state="in_approval"),
        "records office": Filter(queue="REG", state="in_verification"),
        "open, topic and channel": Filter(topic="C02", channel="post"),
        "open, VIP": Filter(vip=True),
        "open, segment": Filter(segment="B2B"),
        "open, another executor": Filter(executor=executor),
        "closed": Filter(state="closed", open_only=False),
        "archive, large segment": Filter(segment="B2C", open_only=False),
        "archive, small segment": Filter(segment="B2B", open_only=False),
        "archive, another executor": Filter(executor=executor, open_only=False),
        "archive, another executor and queue": Filter(executor=executor, queue="BILL", open_only=False),
        "archive, queue and topic": Filter(queue="METER", topic="C04.01", open_only=False),
        "archive, never together": Filter(queue="METER", topic="C01.01", open_only=False),
        "archive, month of receipt": Filter(
            received_from=month, received_until=month + dt.timedelta(30), open_only=False
        ),
        "archive, month of the term": Filter(due_from=month, due_until=month + dt.timedelta(30), open_only=False),
    }


def words_of(size: int) -> dict[str, Filter]:
    """Searches as people type them."""
    day = clock.today()
    return {
        "frequent word": Filter(text="перерасчёта", open_only=False),
        "rare word": Filter(text="домофоны", open_only=False),
        "several words": Filter(text="лифт не работает, подъезд", open_only=False),
        "nothing": Filter(text="синхрофазотрон", open_only=False),
        "number": Filter(text=f"ВХ-{day.year}-000123", open_only=False),
        "beginning of a number": Filter(text=f"ВХ-{day.year}-0001", open_only=False),
        "account": Filter(text=f"{1_000_000_000 + size // 5 * 7}", open_only=False),
        "phone": Filter(text="8 917 000-12-34", open_only=False),
        "surname": Filter(text="Галимовой", open_only=False),
        "surname with a slip": Filter(text="Абдрахманва", open_only=False),
        "surname and first name with a slip": Filter(text="Ильдра Закировой", open_only=False),
        "address": Filter(text="Цюрупы 15", open_only=False),
        "word in open work": Filter(text="счётчик"),
        "word, queue, closed": Filter(text="квитанции", queue="PAY", state="closed", open_only=False),
        "word, topic, year": Filter(text="льгота", topic="C05", received_from=dt.date(day.year, 1, 1), open_only=False),
        "surname, segment, channel": Filter(text="Петровой", segment="B2C", channel="email", open_only=False),
    }


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of one deed: median, 95th percentile, the quickest, and 95th percentile of this process's own work.

    On a machine that is shared the last two tell more of the deed, the first two more of the day.
    """

    name: str
    middle: float
    most: float
    best: float
    work: float


def measure(deeds: dict[str, Deed], actors: list[Actor]) -> list[Figures]:
    """Measure each deed by all people in turn, the first time not counted."""
    rows = []
    for name, deed in deeds.items():
        times, work = [], []
        for number in range(ROUNDS + 1):
            for actor in actors:
                started, worked = time.perf_counter(), time.process_time()
                deed(actor)
                if number:
                    times.append((time.perf_counter() - started) * 1000)
                    work.append((time.process_time() - worked) * 1000)
        rows.append(Figures(name, statistics.median(times), _most(times), min(times), _most(work)))
    return rows


def _most(times: list[float]) -> float:
    return sorted(times)[round(len(times) * 0.95) - 1]


def show(title: str, rows: list[Figures]) -> None:
    """Print a table of figures."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f}): p50, p95, quickest, own work p95, ms")
    for row in rows:
        print(f"  {row.name:36} {row.middle:8.1f} {row.most:8.1f} {row.best:8.1f} {row.work:8.1f}", flush=True)
    print(f"  {'worst':36} {max(row.middle for row in rows):8.1f} {max(row.most for row in rows):8.1f}", end="")
    print(f" {max(row.best for row in rows):8.1f} {max(row.work for row in rows):8.1f}", flush=True)


def once(name: str, deed: Callable[[], object]) -> None:
    """Print what a deed takes that is done once: time, and this process's own work."""
    started, worked = time.perf_counter(), time.process_time()
    found = deed()
    took, work = (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000
    print(f"  {name:36} {took:8.1f} {work:8.1f} ms  {found if found is not None else ''}", flush=True)


def register(title: str, house: House, size: int) -> None:
    """Print all figures of one register."""
    actors = [support.actor(house, login) for login in PEOPLE]
    page = {name: _page(house, wanted) for name, wanted in lists_of(house).items()}
    tabs = [wanted for wanted in lists_of(house).values() if wanted.in_work]
    page["counts of nine tabs"] = lambda actor: views.counts(actor, house, tabs)
    client = _client(house)
    page["client's timeline"] = lambda _: views.client_card(actors[0], house, client)
    page["page of the journal"] = lambda _: journal.page(
        actors[-1], house, support_register.JOURNAL, clock.today().year
    )
    show(f"{title}, {size:,}: lists", measure(page, actors))
    show(f"{title}, {size:,}: search", measure({n: _page(house, one) for n, one in words_of(size).items()}, actors))
    print(f"\n{title}, {size:,}: watch, feed, reports (load {os.getloadavg()[0]:.1f})")
    watch.tick(support.SYSTEM, house)  # what the register was written without: the first anchor, the day's marks
    with clock.at(clock.now() + dt.timedelta(days=1)):
        once("first tick of the next day", lambda: watch.tick(support.SYSTEM, house))
        once("next tick, nothing to do", lambda: watch.tick(support.SYSTEM, house))
    once("feed, nothing new", lambda: _number(house))
    once("feed, 200 events read", lambda: len(report.mirror_batch(house, 1000, 200).cards))
    once("report of overdue", lambda: len(report.overdue(house)))
    once("report of due soon", lambda: len(report.due_soon(house)))
    once("report of queues", lambda: len(report.queues(house)))
    once("report of the month", lambda: len(report.month(house)))
    once("index of one appeal kept", lambda: _refresh(house, size))


def _page(house: House, wanted: Filter) -> Deed:
    return lambda actor: views.queue(actor, house, wanted)


def _person(house: House, login: str) -> int:
    with house.db.session(write=False) as session:
        return session.scalars(select(Person.id).where(Person.login == login)).one()


def _client(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.scalar(select(Client.id).order_by(Client.id).limit(1).offset(100)) or 1


def _number(house: House) -> int:
    with house.db.session() as session:
        return feed.number_new(session)


def _refresh(house: House, size: int) -> None:
    with house.db.session() as session:
        search.refresh(session, size // 2)


def opened(home: Path, url: str, size: int) -> House:
    """A house over a register of that size, written unless it is there."""
    home.mkdir(parents=True, exist_ok=True)
    house = support.build(home, url, people=False)
    with house.db.session(write=False) as session:
        known = session.scalar(select(func.count()).select_from(Person))
    if known:
        return house
    support.add_people(house.db)
    started = time.perf_counter()
    support_register.fill(house, size)
    print(f"{size:,} appeals written in {time.perf_counter() - started:.0f} s")
    return house


def address(server: str, size: int) -> str:
    """The database of a register on a server, new unless it is there."""
    with contextlib.suppress(psycopg.errors.DuplicateDatabase):
        return support_postgres.new_database(server, f"register_{size}")
    return f"{server}/register_{size}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--home", type=Path)
    parser.add_argument("--server")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = given.server
        if given.only != "sqlite" and server is None:
            server = stack.enter_context(support_postgres.running(*SERVER))
        for size in given.sizes:
            urls = {"SQLite": f"sqlite:///{home / f'register-{size}.db'}"}
            if given.only != "sqlite":
                urls["PostgreSQL"] = address(server, size)
            for title, url in urls.items():
                if given.only in {None, title.lower()}:
                    house = opened(home / f"blobs-{size}", url, size)
                    register(title, house, size)
                    house.close()


if __name__ == "__main__":
    main()
