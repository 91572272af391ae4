"""Reminders of a term: each rung of a ladder is told once, while the answer has not left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry import events
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import LOCAL, now
from registry.models import Appeal
from registry.notices import REMINDER
from rules.escalation import Rung

BATCH: Final = 200


def waiting(session: Session) -> Sequence[Appeal]:
    """Return open appeals that have come to a rung, some at a time, locked."""
    query = select(Appeal).where(Appeal.rung_at <= now(), Appeal.is_open.is_(True)).order_by(Appeal.rung_at, Appeal.id)
    return session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()


def climb(
    actor: Actor, session: Session, appeal: Appeal, ladder: str, rungs: Sequence[Rung], roles: dict[str, str]
) -> int:
    """Tell of the rungs that have been reached and remember when the next comes; return how many were told.

    A new ladder or term is counted anew: of what has passed by it only the last rung is told, unless it was before.

    Args:
        actor: The watch.
        session: The transaction.
        appeal: The appeal, locked by the caller.
        ladder: Name of its ladder.
        rungs: All rungs with their moments, the earliest first.
        roles: Roles of the recipients, by their code.
    """
    moment, due = now().astimezone(LOCAL), appeal.due_hard.isoformat()
    known = appeal.escalation or {}
    told = set(known.get("told", ())) if known.get("ladder") == ladder else set()
    passed = [rung for rung in rungs if rung.moment <= moment]
    fresh = [rung for rung in passed if rung.at not in told]
    if (known.get("ladder"), known.get("due")) != (ladder, due):
        fresh = [rung for rung in passed[-1:] if rung.at not in told]
    for rung in fresh:
        events.append(actor, session, stream(appeal), REMINDER, _said(appeal, ladder, rung, roles))
    appeal.escalation = {"ladder": ladder, "due": due, "told": [rung.at for rung in passed]}
    appeal.rung_at = next((rung.moment.astimezone(dt.UTC) for rung in rungs if rung.moment > moment), None)
    return len(fresh)


def look_again(session: Session) -> None:
    """Have the watch count the ladders of all open appeals anew: the rules have changed."""
    session.execute(update(Appeal).where(Appeal.is_open.is_(True)).values(rung_at=now()))


def _said(appeal: Appeal, ladder: str, rung: Rung, roles: dict[str, str]) -> dict[str, object]:
    reached: Collection[str] = dict.fromkeys(roles[who] for who in rung.to)
    return {
        "ladder": ladder,
        "rung": rung.at,
        "action": rung.action,
        "to": list(rung.to),
        "roles": list(reached),
        "due_hard": appeal.due_hard,
    }
