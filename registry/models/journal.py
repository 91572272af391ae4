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


class Number(Base):
    """A number that was given. ``status``: issued, cancelled; a cancelled one stays visible with its reason."""

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
