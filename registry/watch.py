"""The watch over terms: writes `appeal.due_soon` and `appeal.overdue` once each."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.models import Appeal

BATCH = 500


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
