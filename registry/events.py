"""History: append-only events in digest chains, one chain a stream (P9). `registry.chains` verifies them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.clock import now
from registry.errors import DatabaseUnavailableError
from registry.locks import serialise
from registry.models import Event, EventValue, FeedPending
from registry.types import canonical_json
from registry.upsert import insert

GENESIS: Final = "0" * 64
Values = Mapping[str, tuple[Any, Any]]
TRIES: Final = 20  # writers of one stream that may stand before us; in practice the lock on the appeal lets none


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be written at the end of a stream, as `append` takes it."""

    stream: str
    kind: str
    data: Mapping[str, Any] | None = None
    values: Values | None = None


def append(
    actor: Actor,
    session: Session,
    stream: str,
    kind: str,
    data: Mapping[str, Any] | None = None,
    values: Values | None = None,
) -> Event:
    """Write one event at the end of a stream's chain.

    Two writers of one stream meet at the unique (stream, seq). The second waits there until the first has committed,
    then takes the next place: no deed is lost, and no chain forks. Who has waited in vain queues for the stream, so
    that newcomers cannot overtake him for ever.

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
    body, salts = _body(data, values)
    for _ in range(TRIES):
        event = _at_the_end(actor, session, stream, kind, body)
        if event is not None:
            break
        serialise(session, f"stream:{stream}")  # one's turn at it, until this transaction ends
    else:
        raise DatabaseUnavailableError("Историю этой записи сейчас пишут другие. Повторите действие через минуту.")
    session.add(FeedPending(event_id=event.id))
    session.add_all(EventValue(**row) for row in _value_rows(event.id, values, salts))
    return event


def append_many(actor: Actor, session: Session, deeds: Sequence[Deed]) -> None:
    """Write one event at the end of each of many streams, by a few statements in all; a stream stands there once.

    A stream that another writer is at just now is written by `append`, which waits for him.
    """
    if not deeds:
        return
    heads = _heads(session, [one.stream for one in deeds])
    made: dict[str, tuple[Deed, dict[str, str]]] = {}
    rows = []
    for one in deeds:
        body, salts = _body(one.data, one.values)
        made[one.stream] = (one, salts)
        rows.append(_row(actor, one.stream, heads.get(one.stream, (0, GENESIS)), one.kind, body))
    table = Event.__table__
    adding = insert(session, table).on_conflict_do_nothing(index_elements=[table.c.stream, table.c.seq])
    written = session.connection().execute(adding.returning(table.c.stream, table.c.id), rows).tuples().all()
    if written:
        waiting = [{"event_id": key} for _, key in written]
        session.connection().execute(insert(session, FeedPending.__table__), waiting)
    values = [row for stream, key in written for row in _value_rows(key, made[stream][0].values, made[stream][1])]
    if values:
        session.connection().execute(insert(session, EventValue.__table__), values)
    for one in (made[stream][0] for stream in made.keys() - {stream for stream, _ in written}):
        append(actor, session, one.stream, one.kind, one.data, one.values)


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
    head = (last.seq, last.digest) if last else (0, GENESIS)
    row = (
        insert(session, Event)
        .values(_row(actor, stream, head, kind, body))
        .on_conflict_do_nothing(index_elements=[Event.stream, Event.seq])
        .returning(Event)
    )
    return session.scalars(row).one_or_none()


def _row(actor: Actor, stream: str, head: tuple[int, str], kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The event that follows a stream's last one: its number and digest are ``head``."""
    seq, prev, at = head[0] + 1, head[1], now()
    return {
        "stream": stream,
        "seq": seq,
        "appeal_id": int(stream.removeprefix("appeal:")) if stream.startswith("appeal:") else None,
        "at": at,
        "actor": actor.id,
        "kind": kind,
        "data": dict(body),
        "prev_digest": prev,
        "digest": digest(stream, seq, at, actor.id, kind, canonical_json(body), prev),
    }


def _heads(session: Session, streams: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Number and digest of the last event of each of the streams that has one."""
    last = select(Event.stream, func.max(Event.seq).label("seq")).where(Event.stream.in_(streams))
    ends = last.group_by(Event.stream).subquery()
    query = select(Event.stream, Event.seq, Event.digest)
    query = query.join(ends, (ends.c.stream == Event.stream) & (ends.c.seq == Event.seq))
    return {stream: (seq, found) for stream, seq, found in session.execute(query).tuples()}


def _body(data: Mapping[str, Any] | None, values: Values | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The event's data with the digests of its values, and the salt of each."""
    salted = {name: _salted(pair) for name, pair in (values or {}).items()}
    body = dict(data or {})
    if salted:
        body["values"] = {name: made for name, (_, made) in salted.items()}
    return body, {name: salt for name, (salt, _) in salted.items()}


def _value_rows(event_id: int, values: Values | None, salts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"event_id": event_id, "name": name, "salt": salts[name], "value": {"before": before, "after": after}}
        for name, (before, after) in (values or {}).items()
    ]


def _salted(pair: tuple[Any, Any]) -> tuple[str, str]:
    salt = secrets.token_hex(16)
    return salt, value_digest(salt, *pair)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
