"""The watch over terms: of appeals, of parts asked of queues, of promises; each mark is written once.

It also closes what was answered and proved once the time in which a letter may come back by e-mail has passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry import events, lifecycle
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.models import Appeal, Control, Subtask

BATCH = 500
# What was not ready to be closed is looked at again after so long: people act within hours, and nothing hangs on it.
AGAIN_AFTER: Final = dt.timedelta(days=1)

Row = TypeVar("Row", Subtask, Control)


def mark_due_soon(actor: Actor, session: Session, last: dt.date) -> int:
    """Mark open appeals due from today to ``last``; return how many were new."""
    query = select(Appeal).where(
        Appeal.is_open.is_(True),
        Appeal.due_hard <= last,
        Appeal.due_hard >= today(),
        Appeal.due_soon_at.is_(None),
    )
    rows = session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for appeal in rows:
        appeal.due_soon_at = now()
        events.append(actor, session, stream(appeal), "appeal.due_soon", {"due_hard": appeal.due_hard})
    return len(rows)


def mark_overdue(actor: Actor, session: Session) -> int:
    """Mark open appeals past their hard term; return how many were new."""
    query = select(Appeal).where(Appeal.is_open.is_(True), Appeal.due_hard < today(), Appeal.overdue_at.is_(None))
    rows = session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for appeal in rows:
        appeal.overdue_at = now()
        events.append(actor, session, stream(appeal), "appeal.overdue", {"due_hard": appeal.due_hard})
    return len(rows)


def mark_parts(actor: Actor, session: Session, last: dt.date) -> int:
    """Mark parts of answers that a queue owes and that are due until ``last`` or late; return how many were new."""
    query = (
        select(Subtask)
        .join(Appeal, Appeal.id == Subtask.appeal_id)
        .where(Subtask.state.in_(("open", "returned")), Subtask.due <= last, Appeal.is_open.is_(True))
    )
    late = query.where(Subtask.due < today(), Subtask.overdue_at.is_(None))
    near = query.where(Subtask.due >= today(), Subtask.due_soon_at.is_(None))
    return _mark(actor, session, "part", list(_locked(session, late)), list(_locked(session, near)))


def mark_controls(actor: Actor, session: Session, last: dt.date) -> int:
    """Mark promises that are to be kept until ``last`` or late; return how many were new."""
    query = select(Control).where(Control.state == "open", Control.due <= last)
    late = query.where(Control.due < today(), Control.overdue_at.is_(None))
    near = query.where(Control.due >= today(), Control.due_soon_at.is_(None))
    return _mark(actor, session, "control", list(_locked(session, late)), list(_locked(session, near)))


def close_settled(actor: Actor, session: Session) -> tuple[int, bool]:
    """Close answered appeals whose letters have all gone and can no longer bounce.

    What is not ready is left to people and looked at again the next day, so a tick costs what has come due since the
    last. Returns how many were closed, and whether any was looked at.
    """
    query = (
        select(Appeal)
        .where(Appeal.settle_at <= now())  # which only an answered appeal has (lifecycle)
        .order_by(Appeal.settle_at, Appeal.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(query).all()
    ready = [appeal for appeal in rows if lifecycle.obstacle(session, appeal, "closed") is None]
    for appeal in rows:
        appeal.settle_at = now() + AGAIN_AFTER
    for appeal in ready:
        lifecycle.move(actor, session, appeal, "closed")
    return len(ready), bool(rows)


def _locked(session: Session, query: Select[tuple[Row]]) -> Sequence[Row]:
    return session.scalars(query.limit(BATCH)).all()


def _mark(
    actor: Actor,
    session: Session,
    name: str,
    late: Sequence[Subtask | Control],
    near: Sequence[Subtask | Control],
) -> int:
    for row in late:
        row.overdue_at = now()
    for row in near:
        row.due_soon_at = now()
    for mark, rows in (("overdue", late), ("due_soon", near)):
        for row in rows:
            data = {name: row.id, "queue": row.queue, "due": row.due}
            events.append(actor, session, f"appeal:{row.appeal_id}", f"{name}.{mark}", data)
    return len(late) + len(near)
