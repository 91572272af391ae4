"""P7 in the register, on both databases: what leaves it holds no word of a letter and nothing of restricted appeals."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator

import pytest
import support_house as support
from sqlalchemy import select
from structlog.testing import capture_logs

from registry import clock, lists
from registry.models import Appeal, Arrival, Event, Part
from rules.wire import Channel
from steps import close, draft, outcome, receive, report, route, views, watch, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
LETTER = (
    "Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 года.\n"
    "Лицевой счёт {account}. Адрес: 450000, г. Уфа, ул. Ленина, д. 1, кв. 12.\n"
    "Ильясова Зухра Маратовна, тел. 8 917 123-45-01, ilyasova@mail.example"
)
PERSONAL = ("льясов", "Зухр", "Маратовн", "100200", "Ленина", "9171234501", "123-45-01", "ilyasova", "временного отсут")


def walked(house: House, count: int, *steps: str) -> list[str]:
    """Letters of one person that came 40 days ago, and a file that cannot be read."""
    for number in range(count):
        text = LETTER.format(account=1002003001 + number)
        day = clock.today() - dt.timedelta(days=40)
        name = f"Ильясова {number}.txt"
        receive.add(support.SYSTEM, house, name, text.encode(), channel=Channel.POST, receipt_date=day)
    receive.add(support.SYSTEM, house, "Ильясова Зухра.pdf", b"%PDF-1.7\nilyasova@mail.example", channel=Channel.POST)
    for step in ("triage", "register", *steps):
        work.run(support.SYSTEM, house, step)
    return sorted(row.number for row in views.queue(support.SYSTEM, house, lists.Filter()).rows)


def decided(house: House, number: str) -> None:
    """What people write about a letter, with the client's name in it."""
    office, manager = support.actor(house, "akhmetova"), support.actor(house, "karpova")
    draft.correct_sender(office, house, number, {"last_name": "Ильясова-Зухрова"})
    outcome.name_kind(office, house, number, "request")
    route.move(office, house, number, "LEGAL", "нужна правовая оценка")
    proofs = {"letter": "письмо Ильясовой на ilyasova@mail.example", "date": "2026-11-20"}
    close.without_reply(manager, house, number, "withdrawn", "Зухра Маратовна передумала", proofs)


def leaving(house: House) -> Iterator[tuple[str, object]]:
    """Everything that Prefect, logs or another system gets from the register."""
    with house.db.session(write=False) as session:
        for event in session.scalars(select(Event)):
            yield event.kind, (event.stream, event.actor, event.data)
        for kept in (Arrival, Part, Appeal):
            yield kept.__name__, list(session.scalars(select(kept.work_error)))
    yield "mirrors", [dataclasses.asdict(card) for card in report.mirror_batch(house, 0).cards]
    for rows in (report.overdue, report.due_soon, report.queues, report.month):
        yield rows.__name__, [dataclasses.asdict(row) for row in rows(house)]


def test_nothing_that_leaves_the_register_tells_of_a_person(make_house: Make) -> None:
    house = make_house()
    with capture_logs() as logs:
        numbers = walked(house, 2, "read", "route")
        decided(house, numbers[0])
        watch.tick(support.SYSTEM, house)
        told = [*leaving(house), ("logs", logs)]
    assert {"appeal.read", "appeal.closing", "mirrors", "overdue", "logs"} <= {name for name, _ in told}
    for name, said in told:
        text = json.dumps(said, ensure_ascii=False, default=str)
        assert [word for word in PERSONAL if word in text] == [], name


def test_of_a_restricted_appeal_reports_and_mirrors_say_nothing(make_house: Make) -> None:
    house = make_house(trained=False)
    numbers = walked(house, 3)
    with house.db.session() as session:
        session.scalars(select(Appeal).where(Appeal.reg_number == numbers[1])).one().restricted = True
    watch.tick(support.SYSTEM, house)
    assert {row.number for row in report.overdue(house)} == {numbers[0], numbers[2]}
    assert sum(row.waiting for row in report.queues(house)) == len(numbers) - 1
    assert sum(row.registered for row in report.month(house)) == len(numbers) - 1
    assert [card.number for card in report.mirror_all(house) if card.removed] == [numbers[1]]
