"""The appeal (обращение), its parties and its questions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from registry.models import gate
from registry.models.arrival import Part
from registry.models.base import Base, Leased
from registry.models.reply import Reply
from registry.types import Json, UtcDateTime

_SETTLING = text("settle_at IS NOT NULL")
_CLIMBING = text("rung_at IS NOT NULL")
_UNCHECKED = text("verified_by IS NULL AND is_open")


class Appeal(Leased, Base):
    """A registered appeal. ``state`` is moved by ``registry.lifecycle`` alone; ``version`` guards against lost updates.

    ``due`` is the whole ``rules.wire.Due`` with its explanation (P4); ``due_hard`` and ``due_target`` repeat its dates
    for the indexes. ``document_class`` is the class under which a person or a sheet had the paper registered
    (journals.yaml); ``found_class`` a ``rules.wire.DocumentClass`` that was read, a mark only (papers.yaml).
    ``figures`` is a ``rules.wire.Figures``: readings, sums, periods with their places in ``text``; None before a
    reading.
    ``doubtful``: the recognition does not trust its own reading of the letter. ``overdue``, ``due_soon``,
    ``restricted`` and ``is_vip`` are marks, not states. ``settle_at`` is when the watch next
    looks whether an answered appeal may be closed; ``rung_at`` when it next reminds of an open one, and ``escalation``
    what it has reminded of: the ladder, the term, and the rungs that were told.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("journal", "reg_year", "reg_seq"),
        Index("ix_appeal_work", "work", "claimed_until", "id"),
        # Every list is found within this one index: what it is sorted by, then all that filters and rights ask for.
        Index(
            "ix_appeal_list",
            "is_open",
            "due_hard",
            "id",
            "queue",
            "reply_owner",
            "executor_id",
            "state",
            "topic_code",
            "channel",
            "segment",
            "is_vip",
            "restricted",
            "received_at",
        ),
        Index("ix_appeal_open", "is_open", "id"),
        Index("ix_appeal_executor", "executor_id", "is_open"),
        Index("ix_appeal_client", "client_id", "id"),
        Index("ix_appeal_registered", "registered_at"),
        Index("ix_appeal_keep", "keep_until"),
        Index("ix_appeal_unchecked", "doubtful", "id", sqlite_where=_UNCHECKED, postgresql_where=_UNCHECKED),
        Index("ix_appeal_settle", "settle_at", sqlite_where=_SETTLING, postgresql_where=_SETTLING),
        Index("ix_appeal_rung", "rung_at", sqlite_where=_CLIMBING, postgresql_where=_CLIMBING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    reg_number: Mapped[str] = mapped_column(String(60), unique=True)
    journal: Mapped[str] = mapped_column(String(40))
    document_class: Mapped[str | None] = mapped_column(String(40), default=None)
    reg_year: Mapped[int]
    reg_seq: Mapped[int]
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    verified_by: Mapped[str | None] = mapped_column(String(80), default=None)
    channel: Mapped[str] = mapped_column(String(24))
    channel_address: Mapped[str] = mapped_column(String(24), default="company")

    state: Mapped[str] = mapped_column(String(24), default="registered", index=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    queue: Mapped[str | None] = mapped_column(String(24), default=None)
    reply_owner: Mapped[str | None] = mapped_column(String(24), default=None)
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)

    segment: Mapped[str] = mapped_column(String(8), default="B2C")
    is_vip: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str | None] = mapped_column(String(16), default=None)
    topic_code: Mapped[str | None] = mapped_column(String(16), default=None)
    topic_confidence: Mapped[float] = mapped_column(default=0.0)
    topic_confirmed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    topics: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    language: Mapped[str] = mapped_column(String(8), default="ru")
    alarms: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    reply_channel: Mapped[str | None] = mapped_column(String(24), default=None)
    needs_person: Mapped[bool] = mapped_column(default=True)
    doubtful: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    found_class: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    found_class_by: Mapped[str | None] = mapped_column(String(80), default=None)
    figures: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    subject: Mapped[str | None] = mapped_column(Text, default=None)
    text: Mapped[str] = mapped_column(Text, default="")
    model: Mapped[str | None] = mapped_column(String(120), default=None)
    rules_version: Mapped[str | None] = mapped_column(String(64), default=None)

    due: Mapped[dict[str, Any]] = mapped_column(Json)
    due_hard: Mapped[dt.date]
    due_target: Mapped[dt.date]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    due_rule: Mapped[str | None] = mapped_column(String(40), default=None)
    stated_date: Mapped[dt.date | None] = mapped_column(default=None)
    event_date: Mapped[dt.date | None] = mapped_column(default=None)
    postmark_date: Mapped[dt.date | None] = mapped_column(default=None)
    control_date: Mapped[dt.date | None] = mapped_column(default=None, index=True)
    extended_until: Mapped[dt.date | None] = mapped_column(default=None)
    waiting_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    due_soon_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    overdue_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    replied_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    settle_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    rung_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    escalation: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)

    ack_state: Mapped[str] = mapped_column(String(16), default="pending")
    ack_due: Mapped[dt.date | None] = mapped_column(default=None)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), default=None)
    client_by: Mapped[str | None] = mapped_column(String(80), default=None)
    client_confidence: Mapped[float] = mapped_column(default=0.0)
    client_confirmed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    identity: Mapped[str | None] = mapped_column(String(16), default=None)
    identity_by: Mapped[str | None] = mapped_column(String(80), default=None)
    exclusions: Mapped[list[str]] = mapped_column(Json, default=list)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None, index=True)
    related_to: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None, index=True)
    relation: Mapped[str | None] = mapped_column(String(16), default=None)
    close_ground: Mapped[str | None] = mapped_column(String(40), default=None)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    keep_until: Mapped[dt.date | None] = mapped_column(default=None)
    hold_reason: Mapped[str | None] = mapped_column(Text, default=None)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)

    parts: Mapped[list[Part]] = relationship(back_populates="appeal", order_by="Part.id")
    parties: Mapped[list[Party]] = relationship(back_populates="appeal", order_by="Party.id")
    items: Mapped[list[AppealItem]] = relationship(back_populates="appeal", order_by="AppealItem.ordinal")
    replies: Mapped[list[Reply]] = relationship(back_populates="appeal", order_by="Reply.id")
    subtasks: Mapped[list[Subtask]] = relationship(back_populates="appeal", order_by="Subtask.id")

    @validates("state")
    def _only_by_the_state_machine(self, _name: str, value: str) -> str:
        gate.require(self, self.__dict__.get("state"), value)
        return value


class Party(Base):
    """Somebody in an appeal. ``role``: author, contact, account_holder, representative, forwarding_body.

    ``details`` holds what only some roles have: a representative's authority, a forwarding body's number, date, term.

    ``fields`` is a ``rules.wire.Sender``; ``evidence`` says where and how surely each field was read; a field that a
    person set has confidence 1 and stands in ``confirmed``.
    """

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("appeal_id", "role", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    role: Mapped[str] = mapped_column(String(24))
    ordinal: Mapped[int] = mapped_column(default=1)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    confirmed: Mapped[list[str]] = mapped_column(Json, default=list)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    appeal: Mapped[Appeal] = relationship(back_populates="parties")


class AppealItem(Base):
    """One question of an appeal with its topic, queue and term; ``due`` is a whole ``rules.wire.Due`` (P4)."""

    __tablename__ = "appeal_item"
    __table_args__ = (UniqueConstraint("appeal_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    ordinal: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    topic_code: Mapped[str | None] = mapped_column(String(16), default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    queue: Mapped[str | None] = mapped_column(String(24), default=None)
    due: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    due_hard: Mapped[dt.date | None] = mapped_column(default=None)
    due_target: Mapped[dt.date | None] = mapped_column(default=None)
    due_rule: Mapped[str | None] = mapped_column(String(40), default=None)
    answer: Mapped[str | None] = mapped_column(Text, default=None)

    appeal: Mapped[Appeal] = relationship(back_populates="items")


class Subtask(Base):
    """A part of the answer that a queue gives to the reply owner; the queue sees the appeal.

    ``state``: open, answered, accepted, returned, cancelled. ``kind``: ``part`` of the answer, or ``notice`` to a queue
    that must know of the appeal (security on a threat).
    """

    __tablename__ = "subtask"
    __table_args__ = (
        Index("ix_subtask_queue", "queue", "state", "due"),
        Index("ix_subtask_appeal", "appeal_id"),
        Index("ix_subtask_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    queue: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default="open")
    kind: Mapped[str] = mapped_column(String(16), default="part")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("appeal_item.id"), default=None)
    question: Mapped[str | None] = mapped_column(Text, default=None)
    due: Mapped[dt.date | None] = mapped_column(default=None)
    asked_by: Mapped[str | None] = mapped_column(String(80), default=None)
    asked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_by: Mapped[str | None] = mapped_column(String(80), default=None)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    remark: Mapped[str | None] = mapped_column(Text, default=None)
    due_soon_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    overdue_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)

    appeal: Mapped[Appeal] = relationship(back_populates="subtasks")


class AppealKey(Base):
    """A normalised value by which an appeal like this one is found: account, contract, inn, email, phone, name.

    Written when the letter is placed, so that duplicates and repeats are looked up and never searched for.
    """

    __tablename__ = "appeal_key"
    __table_args__ = (
        UniqueConstraint("appeal_id", "kind", "value"),
        Index("ix_appeal_key_value", "kind", "value", "appeal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(200))


class Correction(Base):
    """A machine decision that a person set right: training data, kept with the model that erred (P8)."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[Any] = mapped_column(Json, nullable=True, default=None)
    after: Mapped[Any] = mapped_column(Json, nullable=True, default=None)
    model: Mapped[str | None] = mapped_column(String(120), default=None)
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Checking(Base):
    """A letter that somebody has before him to compare with its scan, until a moment; others get the next one.

    ``put_off``: he left it for later.
    """

    __tablename__ = "checking"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    put_off: Mapped[bool] = mapped_column(default=False)
