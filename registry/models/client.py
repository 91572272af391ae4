"""Clients as CRM knows them, the keys they are found by, and their contacts by other channels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base
from registry.types import Json, UtcDateTime


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
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True, default=None)
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    updated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)

    keys: Mapped[list[ClientKey]] = relationship(back_populates="client", cascade="all, delete-orphan")


class ClientKey(Base):
    """A normalised value by which a client is found: account, contract, inn, phone, email, name, address.

    ``classifiers.clientkeys`` makes them. A contract may have a curator of its own (standard 15.1). Values are compared
    byte by byte on both databases, so that the index serves prefixes of names and addresses.
    """

    __tablename__ = "client_key"
    __table_args__ = (
        UniqueConstraint("client_id", "kind", "value"),
        Index("ix_client_key_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(300).with_variant(String(300, collation="C"), "postgresql"))
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)

    client: Mapped[Client] = relationship(back_populates="keys")


class CrmCursor(Base):
    """How far the changes of a CRM are in the register; moved in the transaction that writes them."""

    __tablename__ = "crm_cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ClientContact(Base):
    """A contact by a channel that Otvet does not serve itself (phone, office, ЛКК), told by CRM, for the timeline."""

    __tablename__ = "client_contact"
    __table_args__ = (Index("ix_client_contact_client", "client_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(300))
