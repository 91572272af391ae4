"""What people decide about an appeal beside its way: extensions, promises, outcomes, proposals, conflicts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class Extension(Base):
    """A manager's decision to answer later. The client is told before the term ends; the breach stays visible."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    before: Mapped[dt.date]
    until: Mapped[dt.date]
    basis: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    notice_due: Mapped[dt.date]
    notice_reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), default=None)


class ClientRequest(Base):
    """Data asked of the client. It does not stop the clock; the waiting is shown apart (deadlines.yaml)."""

    __tablename__ = "client_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), default=None)
    asked: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[dt.date | None] = mapped_column(default=None)
    received_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"), default=None)


class Control(Base):
    """A promise made in a reply, with a date and a holder of its own. ``state``: open, done, cancelled."""

    __tablename__ = "control"
    __table_args__ = (Index("ix_control_due", "state", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), default=None)
    promise: Mapped[str] = mapped_column(Text)
    due: Mapped[dt.date]
    queue: Mapped[str] = mapped_column(String(24))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    state: Mapped[str] = mapped_column(String(16), default="open")
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(80), default=None)
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    note: Mapped[str | None] = mapped_column(Text, default=None)
    due_soon_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    overdue_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)


class Outcome(Base):
    """What a complaint turned out to be (standard: «Правомерная жалоба»). ``lawful``: out_of_court, in_court, no."""

    __tablename__ = "outcome"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    substantiated: Mapped[bool]
    lawful: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(40))
    cause_text: Mapped[str | None] = mapped_column(Text, default=None)
    measure_kind: Mapped[str] = mapped_column(String(24), default="other")
    measure: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Proposal(Base):
    """Two appeals that look like one letter (``duplicate``) or like one question again (``repeat``).

    ``state``: open, accepted, declined. A person decides; ``evidence`` says what agrees, in codes and numbers.
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("appeal_id", "other_id"), Index("ix_proposal_state", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    score: Mapped[float]
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="open")
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)


class Conflict(Base):
    """A person who must not handle an appeal (standard 14.9, 6.4, 14.8). ``kind``: relative, named_person, addressee.

    Once it stands, the person neither sees nor touches the appeal; lifting it is the head's decision.
    """

    __tablename__ = "conflict"
    __table_args__ = (Index("ix_conflict_person", "person_id", "lifted_at"), Index("ix_conflict_appeal", "appeal_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(String(80))
    declared_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(80), default=None)
    lifted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
