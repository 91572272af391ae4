"""Watch: the single source of «due soon» and «overdue»; legal terms hang on this, not on Prefect (step 11)."""

from __future__ import annotations

from dataclasses import dataclass

from registry import feed, watch
from registry.actor import Actor
from steps.house import House


@dataclass(frozen=True, slots=True)
class Seen:
    """How many appeals were marked for the first time."""

    due_soon: int
    overdue: int


def tick(actor: Actor, house: House) -> Seen:
    """Mark what is newly due soon or overdue, and number the feed. May be repeated at any time."""
    soon = late = 0
    while True:
        with house.db.session() as session:
            new_soon = watch.mark_due_soon(actor, session, house.soon_until)
            new_late = watch.mark_overdue(actor, session)
        soon, late = soon + new_soon, late + new_late
        if not (new_soon or new_late):
            break
    with house.db.session() as session:
        feed.number_new(session)
    return Seen(due_soon=soon, overdue=late)
