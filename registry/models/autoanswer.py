"""Automatic answers to simple questions: who lets them leave, and what was decided about each letter."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class AutoSwitch(Base):
    """One turn of the switch; the newest row is how it stands. Nothing is answered before the first.

    ``scripts`` holds the digest of each script that the signatory approved with it: changed words need him again.
    """

    __tablename__ = "auto_switch"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    turned_on: Mapped[bool]
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    scripts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(Text)


class AutoAnswer(Base):
    """What became of one letter: ``verdict`` is answered or left, ``why`` the code of what left it to people."""

    __tablename__ = "auto_answer"
    __table_args__ = (Index("ix_auto_answer_appeal", "appeal_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(40), default="")
    topic_code: Mapped[str | None] = mapped_column(String(16), default=None)
    confidence: Mapped[float] = mapped_column(default=0.0)
    model: Mapped[str | None] = mapped_column(String(120), default=None)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"), default=None)
