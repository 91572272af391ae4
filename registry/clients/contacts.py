"""Contacts by channels that Otvet does not serve, and how far a CRM's changes have come into the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from registry import events, locks, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import StateError
from registry.models import Client, ClientContact, CrmCursor

_FIELDS: Final = ("at", "channel", "title")


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as CRM tells of it; ``client`` is CRM's key of the client, ``external_id`` that of the contact."""

    external_id: str
    client: str
    at: dt.datetime
    channel: str
    title: str


@dataclass(slots=True)
class ContactPlan:
    """What contacts come to: new rows, rows that differ, how many are as they were, which cannot be kept and why.

    ``coming`` are those of clients that a preview would only bring.
    """

    new: list[tuple[Client, Contact]] = field(default_factory=list)
    coming: int = 0
    changed: list[tuple[ClientContact, Contact]] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[Contact, str]] = field(default_factory=list)


def plan(actor: Actor, session: Session, contacts: Sequence[Contact], coming: Iterable[str] = ()) -> ContactPlan:
    """Say what contacts come to; the last word about one of them counts.

    Args:
        actor: Who loads.
        session: The transaction.
        contacts: What CRM told.
        coming: Keys of clients that come with the same load and are not written yet: a preview knows of them.
    """
    rights.require(actor, session, "client.manage")
    found = ContactPlan()
    latest = {one.external_id: one for one in contacts}
    clients = _clients(session, {one.client for one in latest.values()})
    known = _known(session, latest.keys())
    waiting = set(coming)
    for one in latest.values():
        client, row = clients.get(one.client), known.get(one.external_id)
        if client is None and one.client in waiting:
            found.coming += 1
        elif client is None:
            found.refused.append((one, "клиента с таким кодом CRM в реестре нет"))
        elif client.erased_at is not None:
            found.refused.append((one, "карточка этого клиента обезличена: сведения о нём больше не загружаются"))
        elif row is None:
            found.new.append((client, one))
        elif row.client_id != client.id or any(getattr(row, name) != getattr(one, name) for name in _FIELDS):
            found.changed.append((row, one))
        else:
            found.unchanged += 1
    return found


def apply(actor: Actor, session: Session, planned: ContactPlan) -> None:
    """Write what was planned in this transaction, with one event for each client."""
    rights.require(actor, session, "client.manage")
    ours: dict[int, list[str]] = {}
    before: dict[int, list[dict[str, Any]]] = {}
    rows = [
        {"client_id": client.id, "external_id": one.external_id, "at": one.at, "channel": one.channel,
         "title": one.title}
        for client, one in planned.new
    ]  # fmt: skip
    if rows:
        session.connection().execute(insert(ClientContact.__table__), rows)  # type: ignore[arg-type] # it is a table
    for client, one in planned.new:
        ours.setdefault(client.id, []).append(one.external_id)
    holders = _clients(session, {one.client for _, one in planned.changed})
    for row, one in planned.changed:
        holder = holders[one.client].id
        before.setdefault(holder, []).append({name: str(getattr(row, name)) for name in _FIELDS})
        ours.setdefault(holder, []).append(one.external_id)
        row.client_id = holder
        for name in _FIELDS:
            setattr(row, name, getattr(one, name))
    session.flush()
    deeds = [
        events.Deed(
            f"client:{client_id}",
            "client.contacts",
            {"contacts": keys},
            {"contacts": (before[client_id], None)} if client_id in before else None,
        )
        for client_id, keys in ours.items()
    ]
    events.append_many(actor, session, deeds)


def reached(session: Session, name: str) -> str | None:
    """Return how far the changes of a CRM have come; None: not one has."""
    row = session.get(CrmCursor, name)
    return row.value if row else None


def last_moved(session: Session, name: str) -> dt.datetime | None:
    """Return when changes of a CRM were written last, or found to be none."""
    row = session.get(CrmCursor, name)
    return row.at if row else None


def move(actor: Actor, session: Session, name: str, before: str | None, after: str) -> None:
    """Move on, in the transaction that wrote the changes between the two cursors.

    Raises:
        StateError: Another load has moved on meanwhile: what this one holds is no longer the next.
    """
    rights.require(actor, session, "client.manage")
    locks.serialise(session, f"crm:{name}")
    row = session.get(CrmCursor, name, populate_existing=True)
    if (row.value if row else None) != before:
        raise StateError("Изменения CRM сейчас загружает другой запуск: этот остановлен, чтобы не писать дважды.")
    session.merge(CrmCursor(name=name, value=after, at=now()))


def _clients(session: Session, codes: Iterable[str]) -> Mapping[str, Client]:
    wanted = set(codes)
    query = select(Client).where(Client.external_id.in_(wanted))
    return {one.external_id or "": one for one in session.scalars(query)} if wanted else {}


def _known(session: Session, keys: Iterable[str]) -> Mapping[str, ClientContact]:
    wanted = set(keys)
    query = select(ClientContact).where(ClientContact.external_id.in_(wanted))
    return {one.external_id: one for one in session.scalars(query)} if wanted else {}
