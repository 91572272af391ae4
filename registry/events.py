"""History: append-only events in digest chains, one chain a stream (P9). `registry.chains` verifies them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.clock import now
from registry.errors import DatabaseUnavailableError
from registry.models import Event, EventValue, FeedPending
from registry.types import canonical_json

GENESIS: Final = "0" * 64
TRIES: Final = 20  # writers of one stream that may stand before us; in practice the lock on the appeal lets none


def append(
    actor: Actor,
    session: Session,
    stream: str,
    kind: str,
    data: Mapping[str, Any] | None = None,
    values: Mapping[str, tuple[Any, Any]] | None = None,
) -> Event:
    """Write one event at the end of a stream's chain.

    Two writers of one stream meet at the unique (stream, seq). The second waits there until the first has committed,
    then takes the next place: no deed is lost, and no chain forks.

    Args:
        actor: Who did it.
        session: The transaction of the deed itself: no deed without its event, no event without its deed.
        stream: ``appeal:17``, ``arrival:4``…
        kind: What happened, e.g. ``appeal.routed``.
        data: Ids, codes, dates. Never personal data.
        values: name → (before, after) of fields that may be personal: they stand apart, and only their salted digests
            enter the chain.

    Raises:
        DatabaseUnavailableError: Others write this stream all the time; the deed is to be repeated.
    """
    salted = {name: _salted(pair) for name, pair in (values or {}).items()}
    body = dict(data or {})
    if salted:
        body["values"] = {name: digest for name, (_, digest) in salted.items()}
    for _ in range(TRIES):
        event = _at_the_end(actor, session, stream, kind, body)
        if event is not None:
            break
    else:
        raise DatabaseUnavailableError("Историю этой записи сейчас пишут другие. Повторите действие через минуту.")
    session.add(FeedPending(event_id=event.id))
    for name, (salt, _) in salted.items():
        before, after = (values or {})[name]
        session.add(EventValue(event_id=event.id, name=name, salt=salt, value={"before": before, "after": after}))
    return event


def of(session: Session, stream: str) -> Sequence[Event]:
    """Return a stream's events, oldest first."""
    return session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)).all()


def words(session: Session, stream: str, names: Collection[str]) -> dict[int, list[str]]:
    """Return what people said at a stream's events, by the event's key; what was erased is gone.

    Args:
        session: The transaction.
        stream: Whose events.
        names: The values that are words of people, such as ``reason``; the others are fields.
    """
    query = (
        select(EventValue)
        .join(Event, Event.id == EventValue.event_id)
        .where(Event.stream == stream, EventValue.name.in_(names))
        .order_by(EventValue.event_id, EventValue.name)
    )
    found: dict[int, list[str]] = {}
    for row in session.scalars(query):
        if row.value and row.value["after"]:
            found.setdefault(row.event_id, []).append(str(row.value["after"]))
    return found


def erase_values(session: Session, stream: str) -> int:
    """Empty the values of a stream's events (erasure of personal data) and return how many; the chain stays whole."""
    rows = session.scalars(
        select(EventValue).join(Event, Event.id == EventValue.event_id).where(Event.stream == stream)
    ).all()
    for row in rows:
        row.value = None
    return len(rows)


def digest(stream: str, seq: int, at: dt.datetime, actor: str, kind: str, data: str, prev: str) -> str:
    """Return the digest of an event: SHA-256 of its canonical JSON.

    Args:
        stream: Its stream.
        seq: Its place in the stream, from 1.
        at: Its moment.
        actor: Who did it.
        kind: What happened.
        data: Its data as canonical JSON, the very text that the database keeps.
        prev: Digest of the event before it, ``GENESIS`` for the first.
    """
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    body = (
        f'{{"actor":{_text(actor)},"at":"{moment}","data":{data},"kind":{_text(kind)},'
        f'"prev":"{prev}","seq":{seq},"stream":{_text(stream)}}}'
    )
    return hashlib.sha256(body.encode()).hexdigest()


def value_digest(salt: str, before: Any, after: Any) -> str:
    """Return the salted digest by which the chain knows a value that stands apart."""
    return hashlib.sha256(f"{salt}{canonical_json([before, after])}".encode()).hexdigest()


def _at_the_end(actor: Actor, session: Session, stream: str, kind: str, body: Mapping[str, Any]) -> Event | None:
    """Try the next place of a stream; None when another writer has taken it meanwhile."""
    last = session.execute(
        select(Event.seq, Event.digest).where(Event.stream == stream).order_by(Event.seq.desc()).limit(1)
    ).one_or_none()
    seq, prev = (last.seq + 1, last.digest) if last else (1, GENESIS)
    at = now()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = (
        insert(Event)
        .values(
            stream=stream,
            seq=seq,
            appeal_id=int(stream.removeprefix("appeal:")) if stream.startswith("appeal:") else None,
            at=at,
            actor=actor.id,
            kind=kind,
            data=dict(body),
            prev_digest=prev,
            digest=digest(stream, seq, at, actor.id, kind, canonical_json(body), prev),
        )
        .on_conflict_do_nothing(index_elements=[Event.stream, Event.seq])
        .returning(Event)
    )
    return session.scalars(row).one_or_none()


def _salted(pair: tuple[Any, Any]) -> tuple[str, str]:
    salt = secrets.token_hex(16)
    return salt, value_digest(salt, *pair)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
