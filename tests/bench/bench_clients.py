"""Load a table of clients: `python tests/bench/bench_clients.py [ROWS]` (100,000, on SQLite).

Four passes over one CSV: a preview of what is new, the load, a preview of what is unchanged, and the load again. Rows a
second by the clock and by this process's own processor time, and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support

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


def main() -> None:
    data = "\n".join([HEAD, *map(row, range(ROWS))]).encode()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        house = support.build(home, f"sqlite:///{home / 'clients.db'}", people=False)
        for name, apply in (("preview", False), ("load", True), ("preview again", False), ("load again", True)):
            started, spent = time.perf_counter(), time.process_time()
            found = clients.load(support.SYSTEM, house, data, apply=apply)
            assert found.rows == ROWS
            took, used = time.perf_counter() - started, time.process_time() - spent
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rates = f"{ROWS / took:.0f} rows/s by the clock, {ROWS / used:.0f} by the processor"
            print(f"{name}: {rates}, peak memory {peak:.0f} MB", flush=True)
        house.close()


if __name__ == "__main__":
    main()
