"""History: append-only events with a digest chain, their erasable values, and the feed's positions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime

_NOTICE = text("kind = 'appeal.notified'")
_REMINDER = text("kind = 'appeal.reminded'")


class Event(Base):
    """Who did what, when. Never changed: the database refuses UPDATE and DELETE (migration 0001).

    ``stream`` is ``appeal:17``, ``arrival:4``, ``person:2``; ``digest`` chains over the stream. ``data`` holds ids,
    codes and salted digests only (P9).
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("ix_event_appeal", "appeal_id", "id"),
        # today's notices and reminders are looked up by every desk: small indexes over them alone
        Index("ix_event_notified", "at", sqlite_where=_NOTICE, postgresql_where=_NOTICE),
        Index("ix_event_reminded", "at", sqlite_where=_REMINDER, postgresql_where=_REMINDER),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    prev_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class EventValue(Base):
    """Before and after of one field of an event. Erasure empties it; the chain, which holds its digest, stays whole."""

    __tablename__ = "event_value"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[Any] = mapped_column(Json, nullable=True, default=None)


class FeedPending(Base):
    """An event that has no position in the feed yet; written with the event itself, so it shows with its commit."""

    __tablename__ = "feed_pending"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)


class FeedEntry(Base):
    """Position of an event in the feed, given after its commit and in one place: no slow committer can be skipped."""

    __tablename__ = "feed"

    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class Cursor(Base):
    """How far a reader of the feed has come."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Anchor(Base):
    """A day's digest over the heads of the chains that moved since the anchor before it. Never changed.

    ``last_event`` is the position in the feed up to which it reaches; see `registry.anchors`.
    """

    __tablename__ = "anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(unique=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_event: Mapped[int]
    streams: Mapped[int]
    heads: Mapped[str] = mapped_column(String(64))
    prev_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class Access(Base):
    """Who looked at what: the access log for security. Never changed; holds keys and codes only."""

    __tablename__ = "access"
    __table_args__ = (
        Index("ix_access_appeal", "appeal_id", "id"),
        Index("ix_access_actor", "actor", "id"),
        Index("ix_access_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    deed: Mapped[str] = mapped_column(String(40))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None)
    subject: Mapped[str | None] = mapped_column(String(80), default=None)
    allowed: Mapped[bool] = mapped_column(default=True)
