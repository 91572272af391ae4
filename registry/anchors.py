"""Daily anchors: one digest over the heads of all chains, so that nobody can rewrite a chain whole and unseen (P9).

A chain guards against a change in its middle; whoever can write to the database could still compute it anew from the
change on. The anchor of the next morning would not fit any more, and the anchors form a chain of their own whose
newest digest can be written on paper or sent out of the house.

An anchor covers the events that the feed numbered since the anchor before it: the heads of the streams that moved.
So its cost is a day's work and does not grow with the register, and all anchors together cover all heads. The feed's
positions are used and not the keys: a slow transaction commits a low key late, but is never given a passed position.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, collate, func, select
from sqlalchemy.orm import Session

from registry import feed, locks, rights
from registry.actor import Actor
from registry.clock import now, today
from registry.errors import InputError
from registry.events import GENESIS
from registry.models import Anchor, Event, FeedEntry
from registry.types import canonical_json

READ: Final = 5000  # rows in memory at once
DIGITS: Final = 64


def daily(actor: Actor, session: Session) -> Anchor | None:
    """Write today's anchor if it is not there yet; needs a writing session. Cheap when there is nothing to do."""
    rights.require(actor, session, "system.operate")
    if (last := newest(session)) and last.day >= today():
        return None
    locks.serialise(session, "anchor")
    last = newest(session)
    if last and last.day >= today():
        return None
    while feed.number_new(session):
        pass
    reached = session.scalar(select(func.max(FeedEntry.position))) or 0
    streams, heads = _heads(session, last.last_event if last else 0, reached)
    anchor = Anchor(
        day=today(),
        at=now(),
        last_event=reached,
        streams=streams,
        heads=heads,
        prev_digest=last.digest if last else GENESIS,
        digest="",
    )
    anchor.digest = _digest(anchor)
    session.add(anchor)
    session.flush()
    return anchor


def newest(session: Session) -> Anchor | None:
    """Return the last anchor."""
    return session.scalar(select(Anchor).order_by(Anchor.id.desc()).limit(1))


def before(session: Session, day: dt.date) -> int:
    """Return the position in the feed that the last anchor before a day reaches; 0 without one."""
    query = select(Anchor.last_event).where(Anchor.day < day).order_by(Anchor.day.desc())
    return session.scalar(query.limit(1)) or 0


def of_day(session: Session, day: dt.date) -> Anchor | None:
    """Return the anchor of a day."""
    return session.scalar(select(Anchor).where(Anchor.day == day))


def verify(actor: Actor, session: Session, *, newest_only: int | None = None) -> tuple[int, list[str]]:
    """Compute anchors anew and return how many were looked at and what does not fit, in Russian.

    Args:
        actor: Who asks.
        session: A session.
        newest_only: Look at so many of the newest; None looks at all.
    """
    rights.require(actor, session, "system.operate")
    query = select(Anchor).order_by(Anchor.id.desc())
    if newest_only is not None:
        query = query.limit(newest_only + 1)  # one more, for what the oldest of them stands on
    rows = list(reversed(session.scalars(query).all()))
    before = rows.pop(0) if newest_only is not None and len(rows) > newest_only else None
    faults: list[str] = []
    for row in rows:
        faults += _faults(session, row, before)
        before = row
    return len(rows), faults


def expect(session: Session, digest: str) -> Anchor | None:
    """Find the anchor whose digest somebody kept outside; None: history was rewritten since then.

    Raises:
        InputError: That is no digest.
    """
    plain = "".join(digest.split()).casefold()
    if len(plain) != DIGITS or set(plain) - set("0123456789abcdef"):
        raise InputError("Отпечаток — это 64 знака из цифр и букв a–f. Проверьте, что он переписан целиком.")
    return session.scalar(select(Anchor).where(Anchor.digest == plain))


def _faults(session: Session, row: Anchor, before: Anchor | None) -> list[str]:
    day = f"{row.day:%d.%m.%Y}"
    if row.prev_digest != (before.digest if before else GENESIS) or row.digest != _digest(row):
        return [f"Якорь за {day} изменён или перед ним удалён другой."]
    if (row.streams, row.heads) != _heads(session, before.last_event if before else 0, row.last_event):
        first = f"{before.day:%d.%m.%Y}" if before else "начала"
        return [f"Якорь за {day} не сходится: история с {first} переписана. Сверьте её с резервной копией."]
    return []


def _heads(session: Session, after: int, reached: int) -> tuple[int, str]:
    """Return how many streams moved between two positions of the feed, and the digest over their heads."""
    query: Select[Any] = (
        select(Event.stream, Event.seq, Event.digest)
        .join(FeedEntry, FeedEntry.event_id == Event.id)
        .where(FeedEntry.position > after, FeedEntry.position <= reached)
        .order_by(_by_bytes(session), Event.seq)
    )
    made, count = hashlib.sha256(), 0
    head: tuple[str, int, str] | None = None
    for stream, seq, digest in session.execute(query, execution_options={"yield_per": READ}):
        if head and head[0] != stream:
            made.update(_line(head))
            count += 1
        head = (stream, seq, digest)
    if head:
        made.update(_line(head))
        count += 1
    return count, made.hexdigest()


def _by_bytes(session: Session) -> ColumnElement[Any]:
    """The order of streams must not hang on the language of the database."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    return collate(Event.stream, "BINARY" if sqlite else "C")


def _line(head: Sequence[Any]) -> bytes:
    return ":".join(map(str, head)).encode() + b"\n"


def _digest(row: Anchor) -> str:
    body = {
        "day": row.day,
        "at": row.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "last_event": row.last_event,
        "streams": row.streams,
        "heads": row.heads,
        "prev": row.prev_digest,
    }
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()
