"""Clients as the desk shows them, and the client box of an appeal's card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from classifiers.identity import GROUND_TITLES, STATUS_TITLES, Identity
from registry import clock, rights, staff
from registry.actor import Actor
from registry.clients import contacts, links, record, search, timeline
from registry.database import Session
from registry.export import PersonKey
from registry.models import Appeal, Client
from steps import report
from steps.access import noted
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
    may_ask_crm: bool


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of the timeline; ``at`` is local time."""

    at: dt.datetime
    kind_title: str
    channel: str
    title: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A number, telephone or address of a card; ``confirmed_on`` only where the day is known."""

    title: str
    value: str
    confirmed: bool = False
    confirmed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client's card.

    ``large_mail_on``: the day of his consent to e-mails over 5 MB; ``unzipped_reason``: why his files go bare;
    ``consents``: title and day of the others that stand.
    """

    row: ClientRow
    keys: list[Contact]
    large_mail_on: dt.date | None
    unzipped_reason: str | None
    consents: list[tuple[str, dt.date]]
    manager: str | None
    curator: str | None
    lines: list[TimelineLine]
    total: int
    erased: bool


@dataclass(frozen=True, slots=True)
class CrmState:
    """A CRM that clients come from, and when its changes were taken in last (local time)."""

    name: str
    at: dt.datetime | None


LINES = {
    "appeal": "Обращение",
    "reply": "Ответ",
    "dispatch": "Отправка ответа",
    "mail": "Письмо к обращению",
    "contact": "Контакт по сведениям CRM",
}
PER_PAGE = 50


def find_clients(actor: Actor, house: House, asked: str) -> list[ClientRow]:
    """Find clients by a number or the beginning of a name."""
    with noted(actor, house, "search", "what", "clients"), house.db.session(write=False) as session:
        return [row_of(client) for client in search.search(actor, session, asked)]


def client_card(actor: Actor, house: House, client_id: int, *, page: int = 1) -> ClientCard:
    """Return a client's card with a page of his timeline, as far as the actor sees it. Raises NotFoundError."""
    with noted(actor, house, "client", "client", client_id), house.db.session(write=False) as session:
        client = search.card(actor, session, client_id)
        names = [
            staff.by_id(session, key).short_name if key else None for key in (client.manager_id, client.curator_id)
        ]
        lines, total = timeline.page(actor, session, client.id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        return ClientCard(
            row=row_of(client),
            keys=_contacts(client),
            large_mail_on=_date(client.extra.get("large_mail_on")),
            unzipped_reason=client.extra.get("unzipped_reason"),
            consents=_consents(house, client),
            manager=names[0],
            curator=names[1],
            lines=[_timeline_line(house, one) for one in lines],
            total=total,
            erased=client.erased_at is not None,
        )


def _contacts(client: Client) -> list[Contact]:
    """All accounts, contracts and contacts, those of a kind together; contracts as they are written."""
    told = record.state(client)
    found = [Contact("Лицевой счёт", one) for one in told["accounts"]]
    found += [Contact("Договор", one) for one in told["contracts"]]
    found += [Contact("ИНН", told["inn"])] if told["inn"] else []
    for title, proved, plain in (
        ("Телефон", "confirmed_phones", "phones"),
        ("Эл. почта", "confirmed_emails", "emails"),
    ):
        found += [Contact(title, one, confirmed=True, confirmed_on=_date(day)) for one, day in told[proved].items()]
        found += [Contact(title, one) for one in told[plain]]
    return found


def _consents(house: House, client: Client) -> list[tuple[str, dt.date]]:
    titles = house.book.clients.consents
    return [
        (titles.get(code, code), dt.date.fromisoformat(day)) for code, day in record.state(client)["consents"].items()
    ]


def crm_state(actor: Actor, house: House) -> CrmState | None:
    """Return how the register stands with the CRM; None without one."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "client.manage")
        if house.crm is None:
            return None
        at = contacts.last_moved(session, house.crm.name)
        return CrmState(house.crm.name, at.astimezone(clock.LOCAL) if at else None)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def person_key(actor: Actor, house: House, client_id: int) -> PersonKey:
    """Return how the person of a card is named for handing out or erasing what is held on him.

    By the card and its e-mail, not by the account: others of the household write about the same account, and their
    letters are not his. What he wrote himself is linked to the card.
    """
    with house.db.session(write=False) as session:
        client = search.card(actor, session, client_id)
        return PersonKey(client_id=client.id, email=next(iter(client.confirmed_emails), ""))


def _timeline_line(house: House, one: timeline.Entry) -> TimelineLine:
    channel = report.CHANNELS.get(one.channel) or house.book.clients.contact_channels.get(one.channel, one.channel)
    return TimelineLine(one.at.astimezone(clock.LOCAL), LINES[one.kind], channel, one.title, one.number)


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


def box(actor: Actor, session: Session, house: House, appeal: Appeal) -> ClientBox | None:
    """Return the client box of a card; None for who may not see clients."""
    if not rights.may(actor, session, "client.view", appeal):
        return None
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    proposed = [] if client else links.suggest(session, appeal, house.book.clients.matching).candidates
    judged = identity(session, appeal)
    may_link = rights.may(actor, session, "client.link", appeal) and not actor.is_system
    return ClientBox(
        client=row_of(client) if client else None,
        confidence=appeal.client_confidence,
        confirmed=appeal.client_confirmed_by is not None,
        candidates=[CandidateView(row_of(one.client), one.confidence, one.evidence) for one in proposed],
        identity_title=STATUS_TITLES[judged.status],
        identity=judged,
        ground=appeal.identity,
        grounds=[(ground.value, title) for ground, title in GROUND_TITLES.items()],
        may_link=may_link,
        may_ask_crm=may_link and client is None and house.crm is not None,
    )
