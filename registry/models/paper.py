"""What a letter on paper brings besides its words: the envelope, its dates, and the papers enclosed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class Paper(Base):
    """The paper side of an appeal, one row at most. Stamp and scan stand with its parts, postmark with the appeal.

    ``seen`` is what the machine read (postmark, tracking number, enclosures, a mark «лично»): proposals, made anew with
    every reading. ``sealed``: ``personal`` or ``confidential``, registered by the envelope; ``sealed_for`` is the
    addressee, who got it on ``handed_on`` against his signature. ``opened_at``: when its contents were scanned.
    """

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_tracking", "tracking"), Index("ix_paper_sealed", "sealed", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), unique=True)
    seen: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    tracking: Mapped[str | None] = mapped_column(String(14), default=None)
    sealed: Mapped[str | None] = mapped_column(String(16), default=None)
    sealed_for: Mapped[str | None] = mapped_column(Text, default=None)
    handed_on: Mapped[dt.date | None] = mapped_column(default=None)
    handed_to: Mapped[str | None] = mapped_column(Text, default=None)
    handed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    opened_by: Mapped[str | None] = mapped_column(String(80), default=None)


class PaperEnclosure(Base):
    """A paper enclosed in a letter, as a person confirmed it.

    ``lacking``: the letter names it and the envelope did not hold it. ``give_back``: an original that the client wants
    back, owed until ``given_back_on``; ``given_back_how`` is a code of `registry.enclosed`.
    """

    __tablename__ = "paper_enclosure"
    __table_args__ = (
        UniqueConstraint("appeal_id", "ordinal"),
        Index("ix_paper_enclosure_owed", "give_back", "given_back_on", "give_back_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    sheets: Mapped[int | None] = mapped_column(default=None)
    original: Mapped[bool] = mapped_column(default=False)
    lacking: Mapped[bool] = mapped_column(default=False)
    give_back: Mapped[bool] = mapped_column(default=False)
    give_back_by: Mapped[dt.date | None] = mapped_column(default=None)
    given_back_on: Mapped[dt.date | None] = mapped_column(default=None)
    given_back_how: Mapped[str | None] = mapped_column(String(16), default=None)
    given_back_to: Mapped[str | None] = mapped_column(Text, default=None)
    given_back_by: Mapped[str | None] = mapped_column(String(80), default=None)


class PaperAct(Base):
    """An act of the records office about a letter (акт об отсутствии вложений), numbered within its year."""

    __tablename__ = "paper_act"
    __table_args__ = (UniqueConstraint("year", "seq"), Index("ix_paper_act_appeal", "appeal_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    year: Mapped[int]
    seq: Mapped[int]
    made_on: Mapped[dt.date]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    docx_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    pdf_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)


class ReturnedPost(Base):
    """Post that was brought to the wrong house: it gets no number, and goes back with this record.

    ``why`` is a code of `registry.returnedpost`; ``returned_on`` and ``returned_how`` are empty until it has gone.
    """

    __tablename__ = "returned_post"
    __table_args__ = (Index("ix_returned_post_open", "returned_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    came_on: Mapped[dt.date]
    addressee: Mapped[str] = mapped_column(Text)
    sender: Mapped[str | None] = mapped_column(Text, default=None)
    tracking: Mapped[str | None] = mapped_column(String(14), default=None)
    why: Mapped[str] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(Text, default=None)
    noted_by: Mapped[str] = mapped_column(String(80))
    noted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    returned_on: Mapped[dt.date | None] = mapped_column(default=None)
    returned_how: Mapped[str | None] = mapped_column(Text, default=None)
    returned_by: Mapped[str | None] = mapped_column(String(80), default=None)
