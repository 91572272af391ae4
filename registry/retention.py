"""How long an appeal is kept: its case file by the file plan, the last day of keeping, and what stops destruction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.clock import local_date
from registry.errors import InputError, StateError
from registry.models import Appeal
from rules.retention import CaseFacts, CaseFile, Nomenclature


def on_closed(_session: Session, appeal: Appeal) -> None:
    """Forget the term of keeping: an appeal was closed, or is open again. `fill` counts it anew from the closing.

    Until then nothing may destroy the appeal, since only a counted term can have run out.
    """
    appeal.keep_until = None


def case_of(plan: Nomenclature, appeal: Appeal) -> CaseFile:
    """Return the case file of an appeal by the plan."""
    return plan.case_for(
        CaseFacts(appeal.segment, appeal.kind, appeal.topic_code, appeal.close_ground, restricted=appeal.restricted)
    )


def term(plan: Nomenclature, appeal: Appeal) -> dt.date | None:
    """Return the last day of keeping; None while the appeal is open."""
    if appeal.is_open:
        return None
    closed = appeal.closed_at or appeal.replied_at or appeal.registered_at
    return plan.keep_until(case_of(plan, appeal), local_date(closed))


def fill(session: Session, plan: Nomenclature, limit: int = 500) -> int:
    """Count the terms that are still missing on closed appeals, and return how many there were."""
    missing = and_(Appeal.keep_until.is_(None), Appeal.is_open.is_(False), Appeal.erased_at.is_(None))
    rows = session.scalars(select(Appeal).where(missing).order_by(Appeal.id).limit(limit)).all()
    for row in rows:
        row.keep_until = term(plan, row)
    return len(rows)


def recount(
    actor: Actor, session: Session, plan: Nomenclature, after: int, limit: int = 500
) -> tuple[int | None, list[str]]:
    """Count the terms of closed appeals anew after the plan has changed, those with keys after ``after``.

    Returns:
        The last key looked at (None at the end), and the numbers of the appeals whose term changed.
    """
    rights.require(actor, session, "retention.manage")
    closed = and_(Appeal.id > after, Appeal.is_open.is_(False), Appeal.erased_at.is_(None))
    rows = session.scalars(select(Appeal).where(closed).order_by(Appeal.id).limit(limit)).all()
    changed = []
    for row in rows:
        before, row.keep_until = row.keep_until, term(plan, row)
        if row.keep_until != before:
            data = {"before": before, "after": row.keep_until, "case": case_of(plan, row).index}
            events.append(actor, session, f"appeal:{row.id}", "appeal.keep_until", data)
            changed.append(row.reg_number)
    return (rows[-1].id if rows else None), changed


def hold(actor: Actor, session: Session, appeal: Appeal, reason: str) -> None:
    """Stop the destruction of an appeal (court, inspection, dispute) until somebody releases it."""
    rights.require(actor, session, "retention.manage")
    if not reason.strip():
        raise InputError("Укажите, почему обращение нельзя уничтожать.")
    if appeal.erased_at is not None:
        raise StateError(f"{appeal.reg_number}: содержание уже уничтожено.")
    before, appeal.hold_reason = appeal.hold_reason, reason.strip()
    appeal.version += 1
    values = {"reason": (before, appeal.hold_reason)}
    events.append(actor, session, f"appeal:{appeal.id}", "appeal.held", {}, values)


def release(actor: Actor, session: Session, appeal: Appeal) -> None:
    """Lift what stopped the destruction."""
    rights.require(actor, session, "retention.manage")
    if appeal.hold_reason is None:
        raise StateError(f"{appeal.reg_number}: запрета на уничтожение нет.")
    values = {"reason": (appeal.hold_reason, None)}
    appeal.hold_reason = None
    appeal.version += 1
    events.append(actor, session, f"appeal:{appeal.id}", "appeal.released", {}, values)


def expired(actor: Actor, session: Session, today: dt.date, limit: int) -> list[Appeal]:
    """Return the appeals whose term of keeping has run out and that nothing holds, those of longest ago first."""
    rights.require(actor, session, "retention.manage")
    query = select(Appeal).where(_due(today), rights.unhidden(actor, session))
    return list(session.scalars(query.order_by(Appeal.keep_until, Appeal.id).limit(limit)))


def may_be_erased(appeal: Appeal, today: dt.date) -> bool:
    """Whether an act may still destroy this appeal: it was neither re-opened nor held nor prolonged since."""
    free = not appeal.is_open and appeal.hold_reason is None and appeal.erased_at is None
    return free and appeal.keep_until is not None and appeal.keep_until < today


def _due(today: dt.date) -> ColumnElement[bool]:
    return and_(
        Appeal.keep_until < today,
        Appeal.is_open.is_(False),
        Appeal.hold_reason.is_(None),
        Appeal.erased_at.is_(None),
    )
