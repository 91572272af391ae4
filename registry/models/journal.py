"""Registration numbers (номера журналов)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import UtcDateTime


class Counter(Base):
    """The last number given in a journal's year; the row's lock is what makes numbers gap-free (P3)."""

    __tablename__ = "counter"

    journal: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)


class Number(Base):
    """A number that was given. ``status``: issued, reserved, cancelled; a cancelled one stays visible with its reason.

    A reserved number waits for what the paper journal holds; ``written_on`` is the date written there.
    """

    __tablename__ = "number"

    journal: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(60), unique=True)
    issued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(80))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), default=None)
    status: Mapped[str] = mapped_column(String(16), default="issued")
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    cancelled_by: Mapped[str | None] = mapped_column(String(80), default=None)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id"), default=None, index=True)
    written_on: Mapped[dt.date | None] = mapped_column(default=None)


class Reservation(Base):
    """A range of numbers kept for a paper journal while the system is out. ``closed_at``: all used or cancelled."""

    __tablename__ = "reservation"

    id: Mapped[int] = mapped_column(primary_key=True)
    journal: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
