"""Watch: the single source of «due soon» and «overdue»; legal terms hang on this, not on Prefect (step 11)."""

from __future__ import annotations

from dataclasses import dataclass

from registry import anchors, feed, rights, watch
from registry.actor import Actor
from steps.house import House


@dataclass(frozen=True, slots=True)
class Seen:
    """How many appeals were marked for the first time, how many parts and promises, and how many were closed."""

    due_soon: int
    overdue: int
    inner: int = 0
    closed: int = 0


def tick(actor: Actor, house: House) -> Seen:
    """Mark what is due, close what is settled, number the feed, set the day's anchor. May be repeated at any time."""
    soon = late = inner = 0
    while True:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            new_soon = watch.mark_due_soon(actor, session, house.soon_until)
            new_late = watch.mark_overdue(actor, session)
            new_inner = watch.mark_parts(actor, session, house.soon_until)
            new_inner += watch.mark_controls(actor, session, house.soon_until)
        soon, late, inner = soon + new_soon, late + new_late, inner + new_inner
        if not (new_soon or new_late or new_inner):
            break
    closed = _close_settled(actor, house)
    with house.db.session() as session:
        feed.number_new(session)
        anchors.daily(actor, session)
    return Seen(due_soon=soon, overdue=late, inner=inner, closed=closed)


def _close_settled(actor: Actor, house: House) -> int:
    closed, after = 0, 0
    while True:
        with house.db.session() as session:
            count, last = watch.close_settled(actor, session, after)
        closed += count
        if last is None:
            return closed
        after = last
