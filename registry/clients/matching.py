"""Candidates for a letter's client: found by indexed keys alone, weighed by a documented score, never linked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from classifiers.addresskeys import AddressKey, address_key, parse_key
from classifiers.clientkeys import (
    Key,
    account_key,
    contract_key,
    email_key,
    inn_key,
    name_key,
    person_parts,
    phone_key,
)
from classifiers.clientnames import NameFit, compare_orgs, compare_persons
from classifiers.clientscore import Seen, decided, score
from classifiers.nameparts import NameParts
from registry.models import Client, ClientKey
from rules.clients import Matching
from rules.wire import Sender

PER_KEY: Final = 50  # clients that one key may bring: a key that more of them share tells nobody apart
SHOWN: Final = 5
LAST: Final = "\U0010ffff"  # stands behind whatever a key may hold
_FIELDS: Final = {
    "account": "account_number",
    "contract": "contract_number",
    "inn": "inn",
    "phone": "phones",
    "email": "emails",
    "address": "address",
}
# A client has one INN and few accounts, all of them in CRM: another one in the letter speaks against him.
_COMPLETE: Final = frozenset({"account", "inn"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client who may have written, how sure that is, and why. ``by`` is codes, ``evidence`` Russian words.

    ``seen`` is what agreed and what spoke against him, as it was weighed.
    """

    client: Client
    confidence: float
    evidence: list[str]
    by: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, the surest first, and the rules they were weighed by.

    ``sure`` is the one that the machine may link by itself.
    """

    candidates: list[Candidate]
    rules: Matching

    @property
    def sure(self) -> Candidate | None:
        """The first candidate when it is sure enough and stands alone."""
        return self.candidates[0] if decided([one.confidence for one in self.candidates], self.rules) else None


def is_person(segment: str, name: str) -> bool:
    """Whether a client is a human being: a sole trader is one too."""
    return segment == "B2C" or name.casefold().lstrip().startswith(("ип ", "индивидуальный предприниматель"))


def find(
    session: Session,
    sender: Sender,
    rules: Matching,
    *,
    readings: Mapping[str, float] | None = None,
    others_data: bool = False,
    limit: int = SHOWN,
) -> Found:
    """Find who may have written.

    Args:
        session: The transaction.
        sender: The author as the card says now.
        rules: Weights and thresholds.
        readings: Field of the sender → how surely it was read; a field that a person confirmed is left out.
        others_data: The letter asks about somebody else's data.
        limit: How many candidates to return.
    """
    keys = list(_keys(sender))
    owners = {key: _owners(session, key) for key in keys}
    ids = {client_id for found in owners.values() for client_id in found} or _namesakes(session, sender)
    if not ids:
        return Found([], rules)
    loaded = session.scalars(
        select(Client).where(Client.id.in_(ids), Client.erased_at.is_(None)).options(selectinload(Client.keys))
    )
    doubtful = frozenset(
        kind for kind, name in _FIELDS.items() if (readings or {}).get(name, 1.0) < rules.doubtful_reading
    )
    weighed = [_weigh(client, sender, owners, doubtful, rules, others_data=others_data) for client in loaded]
    return Found(sorted(weighed, key=lambda one: (-one.confidence, one.client.id))[:limit], rules)


def fit(sender: Sender, client: Client) -> NameFit:
    """How the author's name agrees with the client's."""
    person = is_person(client.segment, client.name)
    if sender.org_name and not person:
        return compare_orgs(sender.org_name, client.name)
    if sender.org_name and client.segment == "B2C":
        return NameFit.DIFFERENT  # a firm writes about a person's account
    if not person:
        return NameFit.UNKNOWN  # a person writes for a firm without naming it
    written = NameParts(sender.last_name, sender.first_name, sender.patronymic)
    if not sender.last_name and sender.org_name:
        written = person_parts(sender.org_name)
    return compare_persons(written, person_parts(client.name))


def _keys(sender: Sender) -> Iterator[Key]:
    if account := account_key(sender.account_number):
        yield "account", account
    if contract := contract_key(sender.contract_number):
        yield "contract", contract
    if inn := inn_key(sender.inn):
        yield "inn", inn
    for phone in dict.fromkeys(filter(None, map(phone_key, sender.phones))):
        yield "phone", phone
    for email in dict.fromkeys(filter(None, map(email_key, sender.emails))):
        yield "email", email
    if address := address_key(sender.address):
        yield "address", address.value


def _owners(session: Session, key: Key) -> frozenset[int]:
    """Clients who have a key; an address is found without its town, then compared with it."""
    kind, value = key
    query = select(ClientKey.client_id, ClientKey.value).where(ClientKey.kind == kind)
    if kind != "address":
        rows = session.execute(query.where(ClientKey.value == value).limit(PER_KEY)).all()
        return frozenset(client_id for client_id, _ in rows)
    wanted = parse_key(value)
    near = query.where(ClientKey.value >= f"{wanted.place}|", ClientKey.value < f"{wanted.place}|{LAST}")
    rows = session.execute(near.limit(PER_KEY)).all()
    return frozenset(client_id for client_id, found in rows if _same_place(found, wanted))


def _same_place(value: str, wanted: AddressKey) -> bool:
    return parse_key(value).same_place(wanted)


def _namesakes(session: Session, sender: Sender) -> frozenset[int]:
    """Clients of the very name, when nothing else in the letter finds anybody."""
    written = " ".join(part.strip(".") for part in (sender.last_name, sender.first_name, sender.patronymic) if part)
    key = name_key(sender.org_name or written, is_person=not sender.org_name)
    if not key or not (sender.org_name or (sender.last_name and sender.first_name)):
        return frozenset()
    query = select(ClientKey.client_id).where(
        ClientKey.kind == "name", ClientKey.value >= key, ClientKey.value < f"{key}{LAST}"
    )
    return frozenset(session.scalars(query.limit(PER_KEY)))


def _weigh(
    client: Client,
    sender: Sender,
    owners: Mapping[Key, frozenset[int]],
    doubtful: frozenset[str],
    rules: Matching,
    *,
    others_data: bool,
) -> Candidate:
    own = {key.kind for key in client.keys}
    agree = {key[0] for key, found in owners.items() if client.id in found}
    conflict = {
        key[0]
        for key, found in owners.items()
        if client.id not in found and key[0] not in agree and (found or (key[0] in _COMPLETE and key[0] in own))
    }
    name_fit = fit(sender, client)
    seen = Seen(
        agree=frozenset(agree),
        conflict=frozenset(conflict),
        name=name_fit,
        doubtful=frozenset(kind for kind in agree if kind in doubtful),
        others_data=others_data,
    )
    found = score(seen, rules)
    return Candidate(client, found.confidence, found.evidence, found.by, seen)


def readings_of(evidence: Mapping[str, Mapping[str, float]], confirmed: Sequence[str]) -> dict[str, float]:
    """How surely each field of the author was read, from a party's row; what a person confirmed is left out."""
    return {name: found["confidence"] for name, found in evidence.items() if name not in confirmed}
