"""Clients as the desk shows them, and the client box of an appeal's card."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.identity import GROUND_TITLES, STATUS_TITLES, Identity
from registry import rights, staff
from registry.actor import Actor
from registry.clients import links, search
from registry.database import Session
from registry.models import Appeal, Client
from steps.house import House
from steps.identity import identity


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in a list."""

    id: int
    name: str
    segment: str
    is_vip: bool
    account_number: str | None
    contract_number: str | None
    inn: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A client who may have written, how sure that is, and why."""

    client: ClientRow
    confidence: float
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class ClientBox:
    """The client of an appeal: linked or proposed, and what he may be told."""

    client: ClientRow | None
    confidence: float
    confirmed: bool
    candidates: list[CandidateView]
    identity_title: str
    identity: Identity
    ground: str | None
    grounds: list[tuple[str, str]]
    may_link: bool


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client's card."""

    row: ClientRow
    keys: list[tuple[str, str]]
    confirmed_emails: list[str]
    manager: str | None
    curator: str | None
    appeals: list[tuple[str, str]]


KEY_TITLES = {"account": "Лицевой счёт", "contract": "Договор", "inn": "ИНН", "phone": "Телефон", "email": "Эл. почта"}
LATEST = 50


def find_clients(actor: Actor, house: House, asked: str) -> list[ClientRow]:
    """Find clients by a number or the beginning of a name."""
    with house.db.session(write=False) as session:
        return [row_of(client) for client in search.search(actor, session, asked)]


def client_card(actor: Actor, house: House, client_id: int) -> ClientCard:
    """Return a client's card with those of his appeals that the actor sees. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        client = search.card(actor, session, client_id)
        names = [
            staff.by_id(session, key).short_name if key else None for key in (client.manager_id, client.curator_id)
        ]
        rows = links.appeals_of(actor, session, client.id, LATEST)
        return ClientCard(
            row=row_of(client),
            keys=[(KEY_TITLES[key.kind], key.value) for key in client.keys if key.kind in KEY_TITLES],
            confirmed_emails=list(client.confirmed_emails),
            manager=names[0],
            curator=names[1],
            appeals=[(one.reg_number, one.subject or "") for one in rows],
        )


def row_of(client: Client) -> ClientRow:
    """Return a client as a row."""
    return ClientRow(
        id=client.id,
        name=client.name,
        segment=client.segment,
        is_vip=client.is_vip,
        account_number=client.account_number,
        contract_number=client.contract_number,
        inn=client.inn,
        address=client.confirmed_address,
    )


def box(actor: Actor, session: Session, appeal: Appeal) -> ClientBox | None:
    """Return the client box of a card; None for who may not see clients."""
    if not rights.may(actor, session, "client.view", appeal):
        return None
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    proposed = [] if client else links.suggest(session, appeal).candidates
    judged = identity(session, appeal)
    return ClientBox(
        client=row_of(client) if client else None,
        confidence=appeal.client_confidence,
        confirmed=appeal.client_confirmed_by is not None,
        candidates=[CandidateView(row_of(one.client), one.confidence, one.evidence) for one in proposed],
        identity_title=STATUS_TITLES[judged.status],
        identity=judged,
        ground=appeal.identity,
        grounds=[(ground.value, title) for ground, title in GROUND_TITLES.items()],
        may_link=rights.may(actor, session, "client.link", appeal) and not actor.is_system,
    )
