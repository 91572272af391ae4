"""History: append-only events in digest chains, one chain a stream (P9)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.clock import now
from registry.errors import BrokenChainError
from registry.models import Event, EventValue
from registry.types import canonical_json

GENESIS = "0" * 64


def append(
    actor: Actor,
    session: Session,
    stream: str,
    kind: str,
    data: Mapping[str, Any] | None = None,
    values: Mapping[str, tuple[Any, Any]] | None = None,
) -> Event:
    """Write one event at the end of a stream's chain.

    Two writers of one stream meet at the unique (stream, seq): the second fails and is retried by its step; in practice
    the row lock on the appeal keeps them apart.

    Args:
        actor: Who did it.
        session: The transaction of the deed itself: no deed without its event, no event without its deed.
        stream: ``appeal:17``, ``arrival:4``…
        kind: What happened, e.g. ``appeal.routed``.
        data: Ids, codes, dates. Never personal data.
        values: name → (before, after) of fields that may be personal: they stand apart, and only their salted digests
            enter the chain.
    """
    last = session.execute(
        select(Event.seq, Event.digest).where(Event.stream == stream).order_by(Event.seq.desc()).limit(1)
    ).one_or_none()
    seq, prev = (last.seq + 1, last.digest) if last else (1, GENESIS)
    salted = {name: _salted(pair) for name, pair in (values or {}).items()}
    body = dict(data or {})
    if salted:
        body["values"] = {name: digest for name, (_, digest) in salted.items()}
    event = Event(
        stream=stream,
        seq=seq,
        appeal_id=int(stream.removeprefix("appeal:")) if stream.startswith("appeal:") else None,
        at=now(),
        actor=actor.id,
        kind=kind,
        data=body,
        prev_digest=prev,
        digest="",
    )
    event.digest = _digest(event)
    session.add(event)
    session.flush()
    for name, (salt, _) in salted.items():
        before, after = (values or {})[name]
        session.add(EventValue(event_id=event.id, name=name, salt=salt, value={"before": before, "after": after}))
    return event


def of(session: Session, stream: str) -> Sequence[Event]:
    """Return a stream's events, oldest first."""
    return session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)).all()


def verify(session: Session, stream: str) -> int:
    """Check a stream's chain and the digests of the values that still stand; return the number of events.

    Raises BrokenChainError naming the first event that does not fit.
    """
    prev, count = GENESIS, 0
    for event in session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)):
        count += 1
        if event.seq != count or event.prev_digest != prev or event.digest != _digest(event):
            raise BrokenChainError(f"История {stream} изменена: запись {event.seq} не сходится с цепочкой.")
        prev = event.digest
        _verify_values(session, event)
    return count


def erase_values(session: Session, stream: str) -> int:
    """Empty the values of a stream's events (erasure of personal data) and return how many; the chain stays whole."""
    rows = session.scalars(
        select(EventValue).join(Event, Event.id == EventValue.event_id).where(Event.stream == stream)
    ).all()
    for row in rows:
        row.value = None
    return len(rows)


def _verify_values(session: Session, event: Event) -> None:
    digests = event.data.get("values", {})
    for row in session.scalars(select(EventValue).where(EventValue.event_id == event.id)):
        if row.value is None:
            continue
        pair = (row.value["before"], row.value["after"])
        if digests.get(row.name) != _value_digest(row.salt, pair):
            raise BrokenChainError(f"История {event.stream} изменена: значение записи {event.seq} не сходится.")


def _salted(pair: tuple[Any, Any]) -> tuple[str, str]:
    salt = secrets.token_hex(16)
    return salt, _value_digest(salt, pair)


def _value_digest(salt: str, pair: tuple[Any, Any]) -> str:
    return hashlib.sha256(f"{salt}{canonical_json(list(pair))}".encode()).hexdigest()


def _digest(event: Event) -> str:
    body = {
        "stream": event.stream,
        "seq": event.seq,
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "kind": event.kind,
        "data": event.data,
        "prev": event.prev_digest,
    }
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()
