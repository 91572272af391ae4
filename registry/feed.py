"""The event feed: positions given after commit, in one place, so that no slow committer makes a reader skip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from registry import locks
from registry.models import Cursor, Event, FeedEntry, FeedPending

BATCH = 1000


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event with its position."""

    position: int
    event: Event


def number_new(session: Session) -> int:
    """Give positions to committed events that have none yet; return how many. Needs a writing session.

    Only one transaction numbers at a time, and it can see committed events only. An event that commits late gets a
    later position, never one that a reader has already passed. Its cost is that of the new events: each waits in a
    table of its own that its deed wrote (`registry.events`), and leaves it here.
    """
    locks.serialise(session, "feed")
    # Take the snapshot after the lock: under READ COMMITTED this statement sees all that the last numberer committed.
    last = session.scalar(select(func.max(FeedEntry.position))) or 0
    fresh = session.scalars(select(FeedPending.event_id).order_by(FeedPending.event_id).limit(BATCH)).all()
    if fresh:
        numbered = [{"position": last + offset, "event_id": key} for offset, key in enumerate(fresh, start=1)]
        session.execute(insert(FeedEntry), numbered)
        session.execute(delete(FeedPending).where(FeedPending.event_id.in_(fresh)))
    return len(fresh)


def read(session: Session, after: int, limit: int = 200) -> list[FeedEvent]:
    """Return the events after a position, oldest first."""
    rows: Any = session.execute(
        select(FeedEntry.position, Event)
        .join(Event, Event.id == FeedEntry.event_id)
        .where(FeedEntry.position > after)
        .order_by(FeedEntry.position)
        .limit(limit)
    )
    return [FeedEvent(position, event) for position, event in rows]


def cursor(session: Session, name: str) -> int:
    """Return how far a reader has come; 0 for a new one."""
    row = session.get(Cursor, name)
    return row.position if row else 0


def advance(session: Session, name: str, position: int) -> None:
    """Remember how far a reader has come. 0 makes it read everything again."""
    session.merge(Cursor(name=name, position=position))
