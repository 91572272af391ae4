"""Clients: who wrote, as CRM knows him. VIP and curators come from here, never from the letter (standard 15)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from registry.models import Client
from rules.wire import Sender


@dataclass(frozen=True, slots=True)
class Match:
    """A client found for a sender, and by which field."""

    client: Client
    by: str


def match(session: Session, sender: Sender) -> Match | None:
    """Find the client by an exact account, contract or INN; several for one key are no match (identification)."""
    keys: list[tuple[str, ColumnElement[bool]]] = []
    if sender.account_number:
        keys.append(("лицевой счёт", Client.account_number == sender.account_number))
    if sender.contract_number:
        keys.append(("договор", Client.contract_number == sender.contract_number))
    if sender.inn:
        keys.append(("ИНН", Client.inn == sender.inn))
    for title, condition in keys:
        found = session.scalars(select(Client).where(condition).limit(2)).all()
        if len(found) == 1:
            return Match(found[0], title)
    return None
