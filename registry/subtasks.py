"""Parts of an answer (standard 6.3, 12.4.12): the reply owner asks, a queue answers, the owner accepts or returns.

The client hears of none of this: one letter, one reply, one owner.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.guards import LIVE_PARTS
from registry.models import Appeal, AppealItem, Subtask

TITLES: Final = {
    "open": "Ждём ответа отдела",
    "answered": "Отдел ответил",
    "accepted": "Принято",
    "returned": "Возвращено на доработку",
    "cancelled": "Снято",
}
ASKABLE: Final = frozenset({"in_verification", "routed", "in_progress", "waiting_client"})


def ask(
    actor: Actor, session: Session, appeal: Appeal, queue: str, question: str, due: dt.date, item: AppealItem | None
) -> Subtask:
    """Ask a queue for a part of the answer; from now on it sees the appeal.

    Raises:
        InputError: No question, or a term past the appeal's own or before today.
        StateError: The answer is out of the executor's hands already, or the item is asked about already.
    """
    rights.require(actor, session, "part.ask", appeal)
    if appeal.state not in ASKABLE:
        raise StateError(f"{appeal.reg_number}: части ответа собирают, пока обращение в работе.")
    if not question.strip():
        raise InputError("Напишите, что нужно от отдела.")
    if not today() <= due <= max(appeal.due_hard, today()):
        raise InputError(f"Внутренний срок — не раньше сегодняшнего дня и не позже {appeal.due_hard:%d.%m.%Y}.")
    if item is not None and any(one.item_id == item.id and one.state in LIVE_PARTS for one in appeal.subtasks):
        raise StateError("По этому вопросу отдел уже готовит часть ответа.")
    row = Subtask(queue=queue, question=question.strip(), due=due, asked_by=actor.id, asked_at=now())
    row.item_id = item.id if item else None
    appeal.subtasks.append(row)
    session.flush()
    data = {"part": row.id, "queue": queue, "due": due, "item": row.item_id}
    _log(actor, session, row, "part.asked", data, {"question": (None, row.question)})
    return row


def get(actor: Actor, session: Session, part_id: int, *, lock: bool = False) -> Subtask:
    """Return a part that the actor may see. Raises NotFoundError."""
    row = session.get(Subtask, part_id, with_for_update=lock, populate_existing=True)
    if row is None or not rights.may(actor, session, "appeal.view", row.appeal):
        raise NotFoundError(f"Поручение {part_id} не найдено или недоступно Вам.")
    return row


def answer(actor: Actor, session: Session, row: Subtask, text: str) -> None:
    """The queue gives its part."""
    if not rights.may_in_queue(actor, session, "part.answer", row.queue):
        raise ForbiddenError("На поручение отвечает работник отдела, которому оно дано.")
    rights.require(actor, session, "appeal.view", row.appeal)
    _require(row, {"open", "returned"}, "Ответить можно на поручение, которое ждёт ответа.")
    if not text.strip():
        raise InputError("Напишите часть ответа.")
    before, row.answer = row.answer, text.strip()
    row.state, row.answered_by, row.answered_at = "answered", actor.id, now()
    row.executor_id = actor.person_id
    _log(actor, session, row, "part.answered", {"part": row.id}, {"answer": (before, row.answer)})


def accept(actor: Actor, session: Session, row: Subtask) -> None:
    """The reply owner takes the part: it becomes the answer to its question."""
    rights.require(actor, session, "part.ask", row.appeal)
    _require(row, {"answered"}, "Принять можно часть, на которую отдел ответил.")
    row.state = "accepted"
    if row.item_id is not None:
        session.get_one(AppealItem, row.item_id).answer = row.answer
    _log(actor, session, row, "part.accepted", {"part": row.id, "item": row.item_id})


def give_back(actor: Actor, session: Session, row: Subtask, remark: str) -> None:
    """The reply owner returns the part with what is to be mended; its term stays."""
    rights.require(actor, session, "part.ask", row.appeal)
    _require(row, {"answered"}, "Вернуть можно часть, на которую отдел ответил.")
    if not remark.strip():
        raise InputError("Напишите, что доработать.")
    before, row.remark = row.remark, remark.strip()
    row.state = "returned"
    _log(actor, session, row, "part.returned", {"part": row.id}, {"remark": (before, row.remark)})


def cancel(actor: Actor, session: Session, row: Subtask, reason: str) -> None:
    """The reply owner does without the part, with the reason: this also lets a final reply go on."""
    rights.require(actor, session, "part.ask", row.appeal)
    _require(row, set(LIVE_PARTS), "Поручение уже закрыто.")
    if not reason.strip():
        raise InputError("Укажите, почему часть не нужна.")
    row.state = "cancelled"
    _log(actor, session, row, "part.cancelled", {"part": row.id}, {"reason": (None, reason.strip())})


def missing(appeal: Appeal) -> list[Subtask]:
    """What the reply owner still waits for or has not taken."""
    return [row for row in appeal.subtasks if row.kind == "part" and row.state in LIVE_PARTS]


def _require(row: Subtask, states: set[str], otherwise: str) -> None:
    if row.state not in states:
        raise StateError(otherwise)


def _log(
    actor: Actor,
    session: Session,
    row: Subtask,
    kind: str,
    data: dict[str, object],
    values: dict[str, tuple[object, object]] | None = None,
) -> None:
    row.appeal.version += 1
    events.append(actor, session, stream(row.appeal), kind, {"queue": row.queue, **data}, values)
