"""Finding clients by hand, and which of them an actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from classifiers.clientkeys import Key, account_key, contract_key, email_key, inn_key, phone_key, plain
from registry import rights
from registry.actor import Actor
from registry.clients.matching import LAST
from registry.errors import NotFoundError
from registry.models import Appeal, Client, ClientKey

MIN_PREFIX: Final = 3  # letters of a name from which a search makes sense


def visible(actor: Actor, session: Session) -> ColumnElement[bool]:
    """Clients whose cards an actor sees: all, or those whose appeals he sees and those he serves."""
    if actor.is_system:
        return true()
    scope = rights.matrix(session).scope(actor.roles, "client.view")
    if scope is None:
        return false()
    if scope == "all":
        return true()
    mine = select(Appeal.client_id).where(Appeal.client_id == Client.id, rights.visible(actor, session))
    served = Client.keys.any(ClientKey.curator_id == actor.person_id)
    return or_(Client.manager_id == actor.person_id, Client.curator_id == actor.person_id, served, mine.exists())


def card(actor: Actor, session: Session, client_id: int) -> Client:
    """Return a client with his keys. Raises NotFoundError, also when the actor may not see him."""
    rights.require(actor, session, "client.view")
    query = select(Client).where(Client.id == client_id, visible(actor, session)).options(selectinload(Client.keys))
    client = session.scalars(query).one_or_none()
    if client is None:
        raise NotFoundError("Клиент не найден или недоступен Вам.")
    return client


def search(actor: Actor, session: Session, asked: str, limit: int = 20) -> Sequence[Client]:
    """Find clients by account, contract, INN, telephone, e-mail or the beginning of the name.

    A whole key finds any client: who asks knows it from the letter or from the client himself. Names only find clients
    whose cards the actor may see: nobody fishes for neighbours.
    """
    rights.require(actor, session, "client.view")
    found = _by_key(session, asked, limit)
    if found:
        return found
    prefix = plain(asked)
    if len(prefix) < MIN_PREFIX:
        return []
    named = select(ClientKey.client_id).where(
        ClientKey.kind == "name", ClientKey.value >= prefix, ClientKey.value < f"{prefix}{LAST}"
    )
    query = select(Client).where(Client.id.in_(named), visible(actor, session), Client.erased_at.is_(None))
    return session.scalars(query.order_by(Client.name, Client.id).limit(limit)).all()


def by_external_id(session: Session, external_id: str) -> Client | None:
    """Return the client of a CRM's own key."""
    return session.scalars(select(Client).where(Client.external_id == external_id)).one_or_none()


def _by_key(session: Session, asked: str, limit: int) -> Sequence[Client]:
    keys: list[Key | None] = [
        ("account", account) if (account := account_key(asked)) else None,
        ("contract", contract) if (contract := contract_key(asked)) else None,
        ("inn", inn) if (inn := inn_key(asked)) else None,
        ("phone", phone) if (phone := phone_key(asked)) else None,
        ("email", email) if (email := email_key(asked)) else None,
    ]
    ids = {
        client_id
        for key in keys
        if key is not None
        for client_id in session.scalars(
            select(ClientKey.client_id).where(ClientKey.kind == key[0], ClientKey.value == key[1]).limit(limit)
        )
    }
    if not ids:
        return []
    query = select(Client).where(Client.id.in_(ids), Client.erased_at.is_(None)).order_by(Client.name, Client.id)
    return session.scalars(query.limit(limit)).all()
