"""Verifying history: every chain, in chunks of bounded memory, with the place of each fault (P9)."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Subquery, Text, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.errors import BrokenChainError
from registry.models import Appeal, Event, EventValue, FeedEntry, FeedPending

CHUNK: Final = 5000  # events in memory at once
SAMPLE: Final = 100  # streams taken at random beside those that moved
PAGE: Final = 100  # streams looked at by one query
FAULTS: Final = 50  # that many are named; somebody who changed more than that has been found out already
CHANGED: Final = "запись не сходится с цепочкой"
VALUE: Final = "значение записи не сходится с её отпечатком"
MISSING: Final = "истории обращения нет"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where history does not hold: the stream, the event in it (0: the whole stream), and why."""

    stream: str
    seq: int
    why: str

    def __str__(self) -> str:
        """In words for the administrator."""
        return f"История {self.stream} изменена, запись {self.seq}: {self.why}."


@dataclass(slots=True)
class Verdict:
    """What a look at history found: how much was looked at, and what does not hold."""

    events: int = 0
    streams: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


class _Row(NamedTuple):
    id: int
    stream: str
    seq: int
    at: dt.datetime
    actor: str
    kind: str
    data: str
    prev: str
    digest: str


def verify(session: Session, stream: str) -> int:
    """Check one stream and return the number of its events.

    Raises:
        BrokenChainError: Names the first event that does not fit.
    """
    found = Verdict()
    _check(session, found, _stream(session, stream))
    if found.faults:
        raise BrokenChainError(str(found.faults[0]))
    return found.events


def verify_moved(actor: Actor, session: Session, after: int, streams: int = SAMPLE) -> Verdict:
    """Check every stream that moved since a position of the feed, and some taken at random from all the others.

    What stood before the position is vouched for by the anchor that reaches it. The cost is that of the days since,
    whatever the size of the register.
    """
    rights.require(actor, session, "system.operate")
    found = Verdict()
    moved = _moved(after)
    last = ""
    while page := session.scalars(
        select(moved).where(moved.c.stream > last).order_by(moved.c.stream).limit(PAGE)
    ).all():
        _check(session, found, _every(session, page))
        last = page[-1]
    newest = session.scalar(select(func.max(Event.id))) or 0
    keys = {secrets.randbelow(newest) + 1 for _ in range(streams)} if newest else set()
    others = select(Event.stream).where(Event.id.in_(keys), Event.stream.not_in(select(moved))).distinct()
    _check(session, found, _every(session, session.scalars(others).all()))
    return found


def _moved(after: int) -> Subquery:
    """Names of the streams with events behind a position of the feed, or not numbered yet."""
    behind = select(Event.stream).join(FeedEntry, FeedEntry.event_id == Event.id).where(FeedEntry.position > after)
    waiting = select(Event.stream).join(FeedPending, FeedPending.event_id == Event.id)
    return behind.union(waiting).subquery()


def verify_all(actor: Actor, session: Session) -> Verdict:
    """Check every event of every stream, and that every appeal has a history; memory is bounded whatever the size."""
    rights.require(actor, session, "system.operate")
    found = Verdict()
    _check(session, found, _every(session))
    has_history = select(Event.id).where(Event.appeal_id == Appeal.id).exists()
    lost = session.scalars(select(Appeal.id).where(~has_history).order_by(Appeal.id).limit(FAULTS))
    found.faults += [Fault(f"appeal:{key}", 0, MISSING) for key in lost]
    return found


def _check(session: Session, found: Verdict, chunks: Iterator[Sequence[_Row]]) -> None:
    """Follow the chains through chunks in the order of stream and seq. A stream's first fault is enough."""
    stream, seq, prev, faulty = "", 0, events.GENESIS, False
    for chunk in chunks:
        wrong = _wrong_values(session, chunk)
        for name, rows in groupby(chunk, key=lambda row: row.stream):
            if name != stream:
                stream, seq, prev, faulty = name, 0, events.GENESIS, False
                found.streams += 1
            for row in rows:
                seq += 1
                why = VALUE if row.id in wrong else "" if _fits(row, seq, prev) else CHANGED
                if why and not faulty and len(found.faults) < FAULTS:
                    found.faults.append(Fault(row.stream, row.seq, why))
                faulty = faulty or bool(why)
                prev = row.digest
                found.events += 1


def _fits(row: _Row, seq: int, prev: str) -> bool:
    if row.seq != seq or row.prev != prev:
        return False
    return row.digest == events.digest(row.stream, row.seq, row.at, row.actor, row.kind, row.data, row.prev)


def _wrong_values(session: Session, chunk: Sequence[_Row]) -> set[int]:
    """Keys of the events whose values stand and do not agree, or have gone without being emptied."""
    wanted = {row.id: json.loads(row.data).get("values", {}) for row in chunk if '"values":{' in row.data}
    if not wanted:
        return set()
    seen: dict[int, set[str]] = {key: set() for key in wanted}
    wrong: set[int] = set()
    for row in session.execute(_values(list(wanted))):
        seen[row.event_id].add(row.name)
        if row.value is not None:
            made = events.value_digest(row.salt, row.value["before"], row.value["after"])
            if wanted[row.event_id].get(row.name) != made:
                wrong.add(row.event_id)
    return wrong | {key for key, names in wanted.items() if seen[key] != set(names)}


def _values(keys: list[int]) -> Select[Any]:
    columns = (EventValue.event_id, EventValue.name, EventValue.salt, EventValue.value)
    return select(*columns).where(EventValue.event_id.in_(keys))


def _rows() -> Select[Any]:
    data = type_coerce(Event.data, Text)  # the very text that was digested, not parsed and written again
    columns = (Event.id, Event.stream, Event.seq, Event.at, Event.actor, Event.kind, data)
    return select(*columns, Event.prev_digest, Event.digest).order_by(Event.stream, Event.seq)


def _stream(session: Session, stream: str) -> Iterator[Sequence[_Row]]:
    seq = 0
    while rows := _fetch(session, _rows().where(Event.stream == stream, Event.seq > seq)):
        yield rows
        seq = rows[-1].seq


def _every(session: Session, streams: Sequence[str] | None = None) -> Iterator[Sequence[_Row]]:
    """Every event, or every one of these streams."""
    wanted = _rows() if streams is None else _rows().where(Event.stream.in_(streams))
    query = wanted
    while rows := _fetch(session, query):
        yield rows
        query = wanted.where(tuple_(Event.stream, Event.seq) > (rows[-1].stream, rows[-1].seq))


def _fetch(session: Session, query: Select[Any]) -> list[_Row]:
    return [_Row(*row) for row in session.execute(query.limit(CHUNK))]
