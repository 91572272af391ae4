"""Terms: `python tests/bench/bench_terms.py [APPEALS]`.

How many terms a second, every day of 2025 and 2026 under every rule against the second implementation, and how long
the open appeals take to be counted anew when a rule changes, on both databases. Writes nothing outside a temporary
folder.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
import support_postgres
from support_terms import COUNTED, TOPICS, UFA, oracle

from registry.models import Appeal
from rules.editions import Editions
from rules.terms import DueFacts, ItemFacts, due, item_dues
from rules.wire import Channel, Segment
from steps import due as step
from steps.house import House

APPEALS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=number) for number in range(730)]
BOOK = support.book()
CODES = sorted(TOPICS)
BATCH = 1000


def facts(day: dt.date, number: int) -> DueFacts:
    """A letter like many: a topic, a channel, a registration."""
    code = CODES[number % len(CODES)]
    return DueFacts(
        received=dt.datetime.combine(day, dt.time(12), UFA),
        registered=day,
        segment=Segment(TOPICS[code]["segments"][0]),
        is_vip=number % 10 == 0,
        topics=[code],
        channel=list(Channel)[number % len(Channel)],
    )


def speed() -> None:
    letters = [facts(DAYS[number % len(DAYS)], number) for number in range(5000)]
    started = time.perf_counter()
    for one in letters:
        due(BOOK, one)
    print(f"terms with explanation: {len(letters) / (time.perf_counter() - started):.0f} letters a second")
    asked = [
        dataclasses.replace(
            one, items=[ItemFacts(ordinal=place, topic=CODES[place * 7], sure=place < 3) for place in range(1, 4)]
        )
        for one in letters[:1000]
    ]
    started = time.perf_counter()
    for one in asked:
        due(BOOK, one)
        item_dues(BOOK, one)
    print(f"letters of three questions: {len(asked) / (time.perf_counter() - started):.0f} a second")


def every_day() -> None:
    cases = disagreements = 0
    started = time.perf_counter()
    for day in DAYS:
        moment = dt.datetime.combine(day, dt.time(12), UFA)
        for segment in Segment:
            for vip in (False, True):
                for rule in (None, *COUNTED):
                    one = DueFacts(received=moment, registered=day, segment=segment, is_vip=vip, rule=rule)
                    found = due(BOOK, one)
                    disagreements += (found.hard.date, found.target.date) != oracle(one)
                    cases += 1
        for number in range(len(CODES)):
            one = facts(day, number)
            found = due(BOOK, one)
            disagreements += (found.hard.date, found.target.date) != oracle(one)
            cases += 1
    seconds = time.perf_counter() - started
    print(f"every day of 2025-2026: {cases} cases, {disagreements} disagreements with the oracle, {seconds:.0f} s")


def fill(house: House) -> None:
    """Open appeals of the last thirty days, straight into the table."""
    for first in range(0, APPEALS, BATCH):
        with house.db.session() as session:
            session.add_all(_appeal(house, number) for number in range(first, min(first + BATCH, APPEALS)))


def _appeal(house: House, number: int) -> Appeal:
    one = facts(DAYS[-60 + number % 30], number)
    found = due(BOOK, one)
    return Appeal(
        reg_number=f"ВХ-2026-{number + 1:06d}",
        journal="ВХ",
        reg_year=2026,
        reg_seq=number + 1,
        received_at=one.received,
        registered_at=one.received,
        channel=(one.channel or Channel.POST).value,
        segment=one.segment.value,
        is_vip=one.is_vip,
        topic_code=one.topics[0],
        topic_confidence=1.0,
        topic_confirmed_by="person:1",
        due=found.model_dump(mode="json"),
        due_hard=found.hard.date,
        due_target=found.target.date,
        control_date=found.hard.date,
        rules_version=house.book.version,
    )


def recompute(url: str, home: Path) -> None:
    house = support.build(home, url, people=False)
    fill(house)
    rules = tuple(
        rule.model_copy(update={"quantity": 25}) if rule.id == "STD_30C" else rule for rule in BOOK.deadlines.rules
    )
    deadlines = BOOK.deadlines.model_copy(update={"rules": rules})
    deadlines.__dict__.pop("by_id", None)
    new = {"deadlines": deadlines, "deadline_editions": (deadlines,), "version": "new"}
    house.rules = Editions(BOOK.model_copy(update=new))
    for title, apply in (("preview", False), ("recompute", True), ("nothing to do", True)):
        started = time.perf_counter()
        done = step.recompute_open(support.SYSTEM, house, "замер", apply=apply)
        seconds = time.perf_counter() - started
        name = house.db.engine.dialect.name
        print(f"{name}, {title}: {done.looked} open appeals, {len(done.changed)} changed, {seconds:.1f} s")
    house.close()


if __name__ == "__main__":
    speed()
    every_day()
    with tempfile.TemporaryDirectory() as folder, support_postgres.running() as server:
        recompute(f"sqlite:///{folder}/otvet.db", Path(folder))
        recompute(support_postgres.new_database(server, f"t{uuid.uuid4().hex}"), Path(folder))
