"""Load a table of clients: `python tests/bench/bench_clients.py [ROWS]` (100,000, on both databases).

Four passes over one CSV: a preview of what is new, the load, a preview of what is unchanged, and the load again; the
whole of each, by the clock and by the processor time of its own process, with the peak of that process's memory.
"""

from __future__ import annotations

import multiprocessing
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

from steps import clients

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
HEAD = "Код CRM;Клиент;Сегмент;Лицевой счёт;Телефон;Эл. почта;Подтверждённая эл. почта;Адрес;VIP"
NAMES = ("Ильясова Зухра Маратовна", "Орлов Кирилл Дмитриевич", "Галимова Резеда Ильдаровна", "Петров Андрей Павлович")
STREETS = ("Ленина", "Пушкина", "Юрия Гагарина", "50 лет Октября", "Зорге")


def row(number: int) -> str:
    """One client; every number gives another."""
    address = f"г. Уфа, ул. {STREETS[number % 5]}, д. {number // 5 % 200 + 1}, кв. {number // 1000 + 1}"
    contacts = f"8917{number:07};u{number}@mail.example;c{number}@mail.example 12.03.2026"
    return f"k-{number};{NAMES[number % 4]};B2C;{3_000_000_000 + number};{contacts};{address};нет"


def load(name: str, home: Path, url: str, apply: bool) -> None:  # noqa: FBT001 - passed on to another process
    house = support.build(home, url, people=False, trained=False)
    data = (home / "clients.csv").read_bytes()
    before, started, spent = support_history.peak(), time.perf_counter(), time.process_time()
    found = clients.load(support.SYSTEM, house, data, apply=apply)
    took, used = time.perf_counter() - started, time.process_time() - spent
    house.close()
    assert found.rows == ROWS
    rates = f"{took:.0f} s ({ROWS / took:.0f} rows/s), {used:.0f} s of its processor ({ROWS / used:.0f} rows/s)"
    memory = f"peak memory {before:.0f} → {support_history.peak():.0f} MB"
    print(f"{name}: {found.counts}, {rates}, {memory}, load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, support_postgres.running() as server:
        home = Path(folder)
        (home / "clients.csv").write_text("\n".join([HEAD, *map(row, range(ROWS))]))
        urls = {
            "SQLite": f"sqlite:///{home / 'clients.db'}",
            "PostgreSQL": support_postgres.new_database(server, f"c{uuid.uuid4().hex}"),
        }
        context = multiprocessing.get_context("spawn")
        for title, url in urls.items():
            for name, apply in (("preview", False), ("load", True), ("preview again", False), ("load again", True)):
                with context.Pool(1) as pool:
                    pool.apply(load, (f"{title}, {name}", home, url, apply))


if __name__ == "__main__":
    main()
