"""Parts of an answer: asked of queues, answered, accepted or returned; one reply owner collects them (step 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec

from registry import appeals, clock, subtasks
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, Subtask
from steps.house import House

RESERVE_DAYS: Final = 3  # working days that stay for putting the answer together, checking and signing it

Asked = ParamSpec("Asked")


def ask(
    actor: Actor,
    house: House,
    number: str,
    queue: str,
    question: str,
    *,
    due: dt.date | None = None,
    item_id: int | None = None,
) -> int:
    """Ask a queue for a part; without a term the inner one is counted. Returns its key."""
    if queue not in house.book.queues.by_id:
        raise InputError("Такой очереди нет. Выберите очередь из списка.")
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        item = next((one for one in appeal.items if one.id == item_id), None) if item_id else None
        day = due or inner_due(house, appeal)
        return subtasks.ask(actor, session, appeal, queue, question, day, item).id


def inner_due(house: House, appeal: Appeal) -> dt.date:
    """The inner term: some working days before the appeal's target, today at the earliest."""
    calendar = house.book.calendars.for_terms
    day = min(appeal.due_target, appeal.due_hard)
    for _ in range(RESERVE_DAYS):
        day = calendar.previous_working(day - dt.timedelta(days=1))
    return max(day, clock.today())


def answer(actor: Actor, house: House, part_id: int, text: str) -> str:
    """The queue gives its part. Returns the appeal's number, as all below."""
    return _do(actor, house, part_id, subtasks.answer, text)


def accept(actor: Actor, house: House, part_id: int) -> str:
    """The reply owner takes the part."""
    return _do(actor, house, part_id, subtasks.accept)


def give_back(actor: Actor, house: House, part_id: int, remark: str) -> str:
    """The reply owner returns the part with a remark."""
    return _do(actor, house, part_id, subtasks.give_back, remark)


def cancel(actor: Actor, house: House, part_id: int, reason: str) -> str:
    """The reply owner does without the part."""
    return _do(actor, house, part_id, subtasks.cancel, reason)


def _do(
    actor: Actor,
    house: House,
    part_id: int,
    deed: Callable[Concatenate[Actor, Session, Subtask, Asked], None],
    *words: Asked.args,
    **named: Asked.kwargs,
) -> str:
    with house.db.session() as session:
        row = subtasks.get(actor, session, part_id, lock=True)
        deed(actor, session, row, *words, **named)
        return row.appeal.reg_number
