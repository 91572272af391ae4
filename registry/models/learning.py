"""What was learnt from confirmed letters: models as files, and which of them is in force and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class LearntModel(Base):
    """A topic model that was in force once. ``made``: digest of its data, versions of code and libraries, rows.

    ``digest`` names its file; it is emptied when the file is dropped with age.
    """

    __tablename__ = "learnt_model"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Learning(Base):
    """One learning, or a return to an earlier model, with the model in force from then on. Never changed.

    ``verdict``: switched, renewed, kept, expired, too_few, same, held, none, back. ``in_force`` and ``before`` are
    versions of learnt models, None for the model of the rules alone. ``data`` is the digest of the confirmed letters,
    ``figures`` the comparison, ``drift`` the topics' figures by month.
    """

    __tablename__ = "learning"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    verdict: Mapped[str] = mapped_column(String(16))
    in_force: Mapped[str | None] = mapped_column(ForeignKey("learnt_model.version"), default=None)
    before: Mapped[str | None] = mapped_column(ForeignKey("learnt_model.version"), default=None)
    data: Mapped[str] = mapped_column(String(64), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    drift: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
