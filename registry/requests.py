"""Data asked of the client: the clock runs on, and the days of waiting are shown apart (deadlines.yaml)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import local_date, now, today
from registry.errors import InputError, StateError
from registry.models import Appeal, ClientRequest, Reply


def ask(
    actor: Actor,
    session: Session,
    appeal: Appeal,
    asked: str,
    *,
    reply_id: int | None = None,
    answer_by: dt.date | None = None,
) -> ClientRequest:
    """Note what the client is asked for; the state is moved by whoever calls, the term is not moved by anybody.

    Raises:
        InputError: Nothing is asked, the day has passed, or the reply belongs to another appeal.
        StateError: The appeal is closed, or something is being waited for already.
    """
    rights.require(actor, session, "reply.draft", appeal)
    if not appeal.is_open:
        raise StateError(f"{appeal.reg_number}: обращение завершено.")
    if not asked.strip():
        raise InputError("Укажите, какие сведения или документы нужны от клиента.")
    if answer_by is not None and answer_by < today():
        raise InputError("Дата, к которой ждём сведения, уже прошла.")
    if reply_id is not None and _appeal_of(session, reply_id) != appeal.id:
        raise InputError("Запрос клиенту относится к другому обращению.")
    if waiting(session, appeal) is not None:
        raise StateError(f"{appeal.reg_number}: сведения уже запрошены. Отметьте их получение, затем запросите новые.")
    made = ClientRequest(
        appeal_id=appeal.id,
        reply_id=reply_id,
        asked=asked.strip(),
        asked_by=actor.id,
        asked_at=now(),
        answer_by=answer_by,
    )
    session.add(made)
    appeal.waiting_since = made.asked_at
    appeal.version += 1
    session.flush()
    data = {"request": made.id, "reply": reply_id, "answer_by": answer_by}
    events.append(actor, session, stream(appeal), "client.asked", data, {"asked": (None, made.asked)})
    return made


def answered(actor: Actor, session: Session, appeal: Appeal, part_id: int | None = None) -> bool:
    """Note that the client has answered; return False when nothing was waited for."""
    rights.require(actor, session, "reply.draft", appeal)
    row = waiting(session, appeal)
    appeal.waiting_since = None
    if row is None:
        return False
    row.received_at = now()
    row.part_id = part_id
    appeal.version += 1
    data = {"request": row.id, "part": part_id, "days": days([row])}
    events.append(actor, session, stream(appeal), "client.answered", data)
    return True


def waiting(session: Session, appeal: Appeal) -> ClientRequest | None:
    """Return the request that nothing has answered yet."""
    return next((row for row in of(session, appeal) if row.received_at is None), None)


def of(session: Session, appeal: Appeal) -> Sequence[ClientRequest]:
    """Return all requests of an appeal, the oldest first."""
    query = select(ClientRequest).where(ClientRequest.appeal_id == appeal.id).order_by(ClientRequest.id)
    return session.scalars(query).all()


def days(rows: Iterable[ClientRequest]) -> int:
    """How many calendar days the client was waited for, all requests together; an open one counts until today."""
    spans = ((local_date(row.asked_at), local_date(row.received_at) if row.received_at else today()) for row in rows)
    return sum((last - first).days for first, last in spans)


def _appeal_of(session: Session, reply_id: int) -> int | None:
    return session.scalar(select(Reply.appeal_id).where(Reply.id == reply_id))
