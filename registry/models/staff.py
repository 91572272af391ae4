"""People who work with Otvet, their log-ins, and the clients they serve."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
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


class Client(Base):
    """A client as CRM knows him; VIP and curators come from here, never from the letter."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True)
    segment: Mapped[str] = mapped_column(String(8), default="B2C")
    name: Mapped[str] = mapped_column(String(300))
    account_number: Mapped[str | None] = mapped_column(String(40), default=None, index=True)
    contract_number: Mapped[str | None] = mapped_column(String(60), default=None, index=True)
    inn: Mapped[str | None] = mapped_column(String(12), default=None, index=True)
    is_vip: Mapped[bool] = mapped_column(default=False)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    confirmed_emails: Mapped[list[str]] = mapped_column(Json, default=list)
    confirmed_address: Mapped[str | None] = mapped_column(String(500), default=None)
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
