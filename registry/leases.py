"""Leases: any number of runs take chunks of waiting work without meeting; a dead one's chunk comes free by time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from registry.clock import now
from registry.models import Appeal, Arrival, Dispatch, Part, Portion

Work = Arrival | Part | Portion | Appeal | Dispatch

TTL = dt.timedelta(minutes=10)
MAX_ATTEMPTS = 5
BACKOFF = (1, 5, 15, 60, 240)  # minutes until the next try


def claim(
    session: Session,
    model: type[Work],
    work: str,
    owner: str,
    limit: int = 20,
    ttl: dt.timedelta = TTL,
) -> list[int]:
    """Take up to ``limit`` rows that wait for ``work`` and return their keys, oldest first.

    Skip-locked on PostgreSQL; on SQLite the writing transaction keeps others out.
    """
    moment = now()
    query = (
        select(model.id)
        .where(model.work == work, or_(model.claimed_until.is_(None), model.claimed_until < moment))
        .order_by(model.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if model is Dispatch:
        query = query.where(or_(Dispatch.not_before.is_(None), Dispatch.not_before <= moment))
    keys = list(session.scalars(query))
    if keys:
        taken = update(model).where(model.id.in_(keys)).values(claimed_by=owner, claimed_until=moment + ttl)
        session.execute(taken, execution_options={"synchronize_session": False})
    return keys


def waiting(session: Session, model: type[Work], work: str) -> int:
    """Count the rows that wait for ``work`` and that nobody holds."""
    free = or_(model.claimed_until.is_(None), model.claimed_until < now())
    return session.scalar(select(func.count()).select_from(model).where(model.work == work, free)) or 0


def finish(row: Work, next_work: str = "") -> None:
    """The work is done: let the row wait for the next step, or for nothing."""
    row.work = next_work
    row.claimed_by = None
    row.claimed_until = None
    row.attempts = 0
    row.work_error = None


def fail(row: Work, error: str) -> bool:
    """Note a failed try; the row comes free later and later. Return False when it has failed too often.

    ``error`` is an error code or a Russian message without personal data (P7).
    """
    row.attempts += 1
    row.work_error = error[:400]
    minutes = BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
    row.claimed_by = None
    row.claimed_until = now() + dt.timedelta(minutes=minutes)
    return row.attempts < MAX_ATTEMPTS
