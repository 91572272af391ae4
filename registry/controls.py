"""Controls: what a reply promised the client, with a date and a holder of its own, until it is kept or taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from registry import events, rights, staff
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Control, Person, Reply

TITLES: Final = {"open": "На контроле", "done": "Исполнено", "cancelled": "Снято с контроля"}


def make(actor: Actor, session: Session, appeal: Appeal, promise: str, due: dt.date, reply: Reply | None) -> Control:
    """Put a promise under control; whoever answers for the appeal holds it until it is handed to another.

    Raises:
        InputError: No words, or a day that is past.
    """
    rights.require(actor, session, "control.manage", appeal)
    if not promise.strip():
        raise InputError("Напишите, что обещано клиенту.")
    if due < today():
        raise InputError("Срок обещания не может быть в прошлом.")
    if any(row.state == "open" and row.promise == promise.strip() for row in of(session, appeal)):
        raise InputError("Это обещание уже стоит на контроле.")
    return _put(actor, session, appeal, promise.strip(), due, reply)


def from_words(actor: Actor, session: Session, reply: Reply, found: Sequence[tuple[str, dt.date]]) -> int:
    """Put what a letter promises under control as it is signed; return how many promises were new.

    Whoever signs the letter makes the promise. A sentence that is none is taken off in one action, like any other.
    """
    rights.require(actor, session, "reply.sign", reply.appeal)
    known = {row.promise for row in of(session, reply.appeal) if row.state == "open"}
    fresh = [(text, due) for text, due in dict.fromkeys(found) if text not in known and due >= today()]
    for text, due in fresh:
        _put(actor, session, reply.appeal, text, due, reply, found=True)
    return len(fresh)


def void(actor: Actor, session: Session, reply: Reply) -> None:
    """A letter was taken back before it left: what it would have promised is promised to nobody."""
    for row in of(session, reply.appeal):
        if row.reply_id == reply.id and row.state == "open":
            _settle(actor, session, row, reply.appeal, "cancelled", "письмо возвращено до отправки")


def _put(
    actor: Actor,
    session: Session,
    appeal: Appeal,
    promise: str,
    due: dt.date,
    reply: Reply | None,
    *,
    found: bool = False,
) -> Control:
    row = Control(
        appeal_id=appeal.id,
        reply_id=reply.id if reply else None,
        promise=promise,
        due=due,
        queue=appeal.queue or "REG",
        holder_id=appeal.executor_id,
        made_by=actor.id,
        made_at=now(),
        state="open",
    )
    session.add(row)
    session.flush()
    data = {"control": row.id, "due": due, "queue": row.queue, "holder": row.holder_id, "reply": row.reply_id}
    data |= {"found": True} if found else {}
    events.append(actor, session, stream(appeal), "control.made", data, {"promise": (None, row.promise)})
    return row


def get(actor: Actor, session: Session, control_id: int, *, lock: bool = False) -> tuple[Control, Appeal]:
    """Return a control with its appeal. Raises NotFoundError, also when the actor neither sees it nor holds it."""
    row = session.get(Control, control_id, with_for_update=lock, populate_existing=True)
    appeal = session.get(Appeal, row.appeal_id) if row else None
    if row is None or appeal is None or not (rights.sees(actor, session, appeal) or holds(actor, session, row, appeal)):
        raise NotFoundError(f"Контроль {control_id} не найден или недоступен Вам.")
    return row, appeal


def settle(actor: Actor, session: Session, control_id: int, note: str, *, kept: bool) -> None:
    """The promise is kept, or is taken back; how, in words."""
    row, appeal = get(actor, session, control_id, lock=True)
    _require_keeper(actor, session, row, appeal)
    _require_open(row)
    if not note.strip():
        raise InputError("Укажите, как исполнено обещание или почему оно снято.")
    _settle(actor, session, row, appeal, "done" if kept else "cancelled", note.strip())


def _settle(actor: Actor, session: Session, row: Control, appeal: Appeal, state: str, note: str) -> None:
    row.state = state
    row.settled_by, row.settled_at, row.note = actor.id, now(), note
    data = {"control": row.id, "state": row.state, "due": row.due, "late": today() > row.due}
    events.append(actor, session, stream(appeal), "control.settled", data, {"note": (None, row.note)})


def hand_over(actor: Actor, session: Session, control_id: int, holder: Person) -> None:
    """Give the promise to another person to keep: he need not work in the appeal's queue.

    Raises:
        InputError: The other has left, keeps no promises by his role, holds it already, or may not know of the appeal.
    """
    row, appeal = get(actor, session, control_id, lock=True)
    _require_keeper(actor, session, row, appeal)
    _require_open(row)
    other = staff.actor_of(holder)
    if not holder.active or not rights.may(other, session, "control.manage"):
        raise InputError(f"{holder.short_name} не ведёт контроль обещаний. Выберите работника из списка.")
    if rights.hidden(other, session, appeal):
        raise InputError(f"{appeal.reg_number}: этому работнику обращение недоступно, передать обещание ему нельзя.")
    if row.holder_id == holder.id:
        raise InputError(f"Обещание уже держит {holder.short_name}.")
    before, row.holder_id = row.holder_id, holder.id
    data = {"control": row.id, "before": before, "holder": holder.id}
    events.append(actor, session, stream(appeal), "control.handed_over", data)


def of(session: Session, appeal: Appeal) -> Sequence[Control]:
    """Return an appeal's controls, the nearest first."""
    return session.scalars(select(Control).where(Control.appeal_id == appeal.id).order_by(Control.due)).all()


def holds(actor: Actor, session: Session, row: Control, appeal: Appeal) -> bool:
    """Whether the promise was given to this very person, who may know of its appeal."""
    is_his = actor.person_id is not None and row.holder_id == actor.person_id
    return is_his and rights.may(actor, session, "control.manage") and not rights.hidden(actor, session, appeal)


def keeps(actor: Actor, session: Session, row: Control, appeal: Appeal) -> bool:
    """Whether the actor may settle a promise or hand it over: he leads the controls of the appeal, or holds it."""
    return rights.may(actor, session, "control.manage", appeal) or holds(actor, session, row, appeal)


def holders(session: Session) -> list[Person]:
    """Return the people who may be given a promise, by name."""
    matrix = rights.matrix(session)
    return [one for one in staff.everyone(session) if matrix.scope(one.roles, "control.manage") is not None]


def waiting(
    actor: Actor, session: Session, *, mine: bool = False, until: dt.date | None = None, limit: int = 200
) -> Sequence[tuple[Control, Appeal]]:
    """Return open promises that the actor may see, the nearest first: of his appeals, and those he holds.

    Args:
        actor: Who looks.
        session: The transaction.
        mine: Only those he holds.
        until: Only those due on this day or before.
        limit: At most so many.
    """
    seen = rights.visible(actor, session)
    held = and_(Control.holder_id == actor.person_id, rights.unhidden(actor, session))
    query = (
        select(Control, Appeal)
        .join(Appeal, Appeal.id == Control.appeal_id)
        .where(Control.state == "open", held if mine else or_(seen, held), *([Control.due <= until] if until else []))
        .order_by(Control.due, Control.id)
        .limit(limit)
    )
    return [(row, appeal) for row, appeal in session.execute(query).tuples()]


def _require_keeper(actor: Actor, session: Session, row: Control, appeal: Appeal) -> None:
    if not holds(actor, session, row, appeal):
        rights.require(actor, session, "control.manage", appeal)


def _require_open(row: Control) -> None:
    if row.state != "open":
        raise StateError("Это обещание уже снято с контроля.")
