"""Where papers lie and how long they are kept: case files, acts of destruction, erasure protocols, rule editions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class CaseEntry(Base):
    """«В дело № … л. …»: the case file and sheets where an appeal's paper lies, and who holds it now."""

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_file", "case_index", "volume"),)

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    case_index: Mapped[str] = mapped_column(String(20))
    volume: Mapped[int] = mapped_column(default=1)
    sheet_first: Mapped[int | None] = mapped_column(default=None)
    sheet_last: Mapped[int | None] = mapped_column(default=None)
    place: Mapped[str] = mapped_column(String(200), default="")
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    filed_by: Mapped[str] = mapped_column(String(80))
    filed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    act_id: Mapped[int | None] = mapped_column(ForeignKey("destruction_act.id"), default=None, index=True)


class DestructionAct(Base):
    """Акт о выделении к уничтожению. ``state``: draft, approved, done, cancelled."""

    __tablename__ = "destruction_act"
    __table_args__ = (UniqueConstraint("year", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    seq: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="draft")
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(80), default=None)
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    done_by: Mapped[str | None] = mapped_column(String(80), default=None)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    pdf_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)


class Erasure(Base):
    """Protocol of one deletion or anonymisation: what, by whom, on what basis, how many values. Never changed."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    basis: Mapped[str] = mapped_column(Text)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None, index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), default=None)
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class NormReview(Base):
    """A person compared a norm that scripts cite with its official text. Never changed: the newest row holds.

    Attributes:
        verdict: ``same``, ``changed`` (the scripts need new words) or ``void`` (out of force).
        valid_until: Last day in force, as the official text says; None: no end is known.
        source: Where the text was read.
    """

    __tablename__ = "norm_review"
    __table_args__ = (Index("ix_norm_review_norm", "number", "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    date: Mapped[dt.date]
    clause: Mapped[str] = mapped_column(String(200), default="")
    verdict: Mapped[str] = mapped_column(String(16))
    valid_until: Mapped[dt.date | None] = mapped_column(default=None)
    source: Mapped[str] = mapped_column(String(400))
    reviewed_by: Mapped[str] = mapped_column(String(80))
    reviewed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class RuleEdition(Base):
    """The rule files as they once were in force, whole: a decision of the past can be explained by its own rules."""

    __tablename__ = "rule_edition"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_by: Mapped[str] = mapped_column(String(80))
    orders: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    files_digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))
