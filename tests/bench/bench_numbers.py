"""Numbers a second and the time to write a long journal: `python tests/bench/bench_numbers.py [EACH] [ROWS]`.

Numbers are given one a transaction, by one process and by eight, on SQLite and on PostgreSQL (whose test server runs
without fsync); what is printed counts committed numbers alone and excludes the start of the processes. Beside it stands
the processor time of a number, which does not depend on what else the machine does. The journal has ROWS appeals; it is
written as a workbook and as sheets, with the peak of memory of this process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
import support_postgres
import support_writers as writers
from sqlalchemy import insert

from registry import clock
from registry.models import Appeal, Counter, Number, Party
from registry.numbers import give
from steps import journal as steps
from steps.house import House

EACH = int(sys.argv[1]) if len(sys.argv) > 1 else 400
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
CHUNK = 5000
WARM = 20


def rate(url: str, home: Path, count: int) -> float:
    """Numbers a second of ``count`` processes that share the same work, from the first number to the last commit."""
    begin = writers.context.Barrier(count)
    ready = {"initializer": writers.together, "initargs": (begin,)}
    with ProcessPoolExecutor(count, mp_context=writers.context, **ready) as pool:
        done = [pool.submit(writers.pace, url, str(home), EACH // count) for _ in range(count)]
        spans = [one.result() for one in done]
    return EACH // count * count / (max(ended for _, ended in spans) - min(started for started, _ in spans))


def processor(url: str, home: Path) -> float:
    """Milliseconds of this process's processor for one number, its commit included: the same at any load."""
    house = support.build(home, url, people=False)
    for _ in range(WARM):
        _give(house)
    started = time.process_time()
    for _ in range(EACH):
        _give(house)
    spent = time.process_time() - started
    house.close()
    return 1000 * spent / EACH


def _give(house: House) -> None:
    with house.db.session() as session:
        give(support.SYSTEM, session, writers.JOURNAL, writers.PATTERN)


def numbers(name: str, url: str, home: Path) -> None:
    support.build(home, url, people=False).close()
    print(f"{name}: {processor(url, home):.2f} ms of processor a number", flush=True)
    one, eight = rate(url, home, 1), rate(url, home, writers.WRITERS)
    print(
        f"{name}: {one:.0f} numbers/s by 1 process, {eight:.0f} by {writers.WRITERS}, ratio {eight / one:.2f}",
        flush=True,
    )


def fill(house: House) -> None:
    """Write a year's journal of ROWS appeals straight into the tables."""
    year, moment, day = clock.today().year, clock.now(), clock.today()
    due: dict[str, dict[str, str]] = {"hard": {}, "target": {}}
    fields = {"last_name": "Ильясова", "first_name": "Зухра", "patronymic": "Маратовна"}
    with house.db.session() as session:
        session.add(Counter(journal=writers.JOURNAL, year=year, last=ROWS, last_at=moment))
        for start in range(1, ROWS + 1, CHUNK):
            keys = range(start, min(start + CHUNK, ROWS + 1))
            texts = {key: writers.PATTERN.format(year=year, seq=key) for key in keys}
            appeals = [
                {
                    "id": key, "reg_number": texts[key], "journal": writers.JOURNAL, "reg_year": year, "reg_seq": key,
                    "received_at": moment, "registered_at": moment, "channel": "email", "queue": "BILL",
                    "subject": "Перерасчёт за временное отсутствие", "due": due, "due_hard": day, "due_target": day,
                }
                for key in keys
            ]  # fmt: skip
            session.execute(insert(Appeal), appeals)
            session.execute(insert(Party), [{"appeal_id": key, "role": "author", "fields": fields} for key in keys])
            given = {"journal": writers.JOURNAL, "year": year, "issued_at": moment, "issued_by": "system:bench"}
            session.execute(
                insert(Number), [{**given, "seq": key, "text": texts[key], "appeal_id": key} for key in keys]
            )


def journal(home: Path) -> None:
    house = support.build(home, f"sqlite:///{home / 'journal.db'}", people=False)
    fill(house)
    wanted = steps.Extract(writers.JOURNAL, clock.today().year)
    forms: tuple[steps.Form, ...] = ("xlsx", "pdf")
    for form in forms:
        before, started = _peak(), time.perf_counter()
        with (home / f"journal.{form}").open("wb") as out:
            count = steps.export(support.SYSTEM, house, wanted, form, out)
        took, size = time.perf_counter() - started, (home / f"journal.{form}").stat().st_size / 2**20
        print(f"{form}: {count} rows in {took:.1f} s, {size:.1f} MB, peak memory {before:.0f} → {_peak():.0f} MB")
    house.close()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, support_postgres.running() as server:
        home = Path(folder)
        numbers("SQLite", f"sqlite:///{home / 'numbers.db'}", home)
        numbers("PostgreSQL", support_postgres.new_database(server, f"b{uuid.uuid4().hex}"), home)
        journal(home)


if __name__ == "__main__":
    main()
