"""People who work with Otvet, their log-ins and absences."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import Json, UtcDateTime


class Person(Base):
    """A member of staff: executor, signatory, records office… ``rank``: 1 is the director general (12.5.14)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200), default=None)
    last_name: Mapped[str] = mapped_column(String(80))
    first_name: Mapped[str] = mapped_column(String(80))
    patronymic: Mapped[str | None] = mapped_column(String(80), default=None)
    position: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40), default=None)
    rank: Mapped[int] = mapped_column(default=9)
    roles: Mapped[list[str]] = mapped_column(Json, default=list)
    queues: Mapped[list[str]] = mapped_column(Json, default=list)
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def short_name(self) -> str:
        """«Иванова М.И.»."""
        initials = "".join(f"{part[0]}." for part in (self.first_name, self.patronymic) if part)
        return f"{self.last_name} {initials}".strip()

    @property
    def full_name(self) -> str:
        """«Иванова Мария Ивановна»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class Login(Base):
    """An attempt to log in, for the administrator and for slowing down guessers."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ok: Mapped[bool]


class Absence(Base):
    """Days on which a person is away and who stands in. Both ends are included; dates are local."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_person", "person_id", "first"),
        Index("ix_absence_deputy", "deputy_id", "first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    kind: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
