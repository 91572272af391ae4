"""The local table of clients: what CRM's rows would change, and the change itself, in chunks that may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from classifiers.addresskeys import address_key
from classifiers.clientkeys import contract_key, name_key
from registry import events, rights, search
from registry.actor import Actor
from registry.clients.matching import is_person
from registry.clock import now
from registry.models import Client, ClientKey

IDENTIFYING: Final = ("account", "contract", "inn")


@dataclass(frozen=True, slots=True)
class Record:
    """A client as CRM tells of him. ``given`` names the fields that CRM told: the others stay as they are.

    ``contracts`` are as written, with the curator of each where it has its own.
    """

    name: str
    segment: str = "B2C"
    external_id: str | None = None
    accounts: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    contract_curators: Mapping[str, int] = field(default_factory=dict)
    inn: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    confirmed_emails: tuple[str, ...] = ()
    confirmed_address: str | None = None
    is_vip: bool = False
    manager_id: int | None = None
    curator_id: int | None = None
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a record comes to. ``kind``: new, changed, unchanged, refused; ``before`` and ``after`` hold what differs.

    ``full`` is the whole state after the change, out of which the keys are made.
    """

    record: Record
    kind: str
    client: Client | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    full: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None

    @property
    def moves_terms(self) -> bool:
        """Whether terms and queues of the client's open appeals rest on what changed."""
        return self.kind == "changed" and not self.after.keys().isdisjoint({"is_vip", "segment"})

    @property
    def is_found_by(self) -> bool:
        """Whether the client's appeals are found by what changed."""
        return not self.after.keys().isdisjoint({"name", "accounts", "inn"})


_FIELDS: Final = tuple(one.name for one in fields(Record) if one.name != "given")


def plan(actor: Actor, session: Session, records: Sequence[Record]) -> list[Plan]:
    """Say what each record comes to, against the table as it stands; a few queries a chunk."""
    rights.require(actor, session, "client.manage")
    by_external = _by_external(session, records)
    by_key = _by_keys(session, [record for record in records if record.external_id not in by_external])
    return [_plan_one(record, by_external, by_key) for record in records]


def apply(actor: Actor, session: Session, plans: Sequence[Plan]) -> list[Client]:
    """Write what was planned in this transaction; return the clients whose appeals need new terms."""
    rights.require(actor, session, "client.manage")
    fresh = [one for one in plans if one.kind == "new"]
    made = [Client(name=one.record.name, segment=one.record.segment) for one in fresh]
    session.add_all(made)
    session.flush()
    pairs = list(zip(made, fresh, strict=True))
    pairs += [(one.client, one) for one in plans if one.kind == "changed" and one.client is not None]
    for client, one in pairs:
        _set(client, one.after)
        client.updated_at = now()
    session.flush()
    _write_keys(session, [(client, one.kind == "new", one.full) for client, one in pairs])
    search.refresh_clients(session, [client.id for client, one in pairs if one.kind == "changed" and one.is_found_by])
    for client, one in pairs:
        kind = "client.added" if one.kind == "new" else "client.changed"
        values = {"record": (one.before or None, one.after)}
        events.append(actor, session, f"client:{client.id}", kind, {"fields": sorted(one.after)}, values)
    return [client for client, one in pairs if one.moves_terms]


def state(client: Client) -> dict[str, Any]:
    """A client's fields as a record names them, out of his row and keys."""
    keys = {
        kind: sorted(key.value for key in client.keys if key.kind == kind) for kind in ("account", "phone", "email")
    }
    confirmed = sorted(client.confirmed_emails)
    return {
        "name": client.name,
        "segment": client.segment,
        "external_id": client.external_id,
        "accounts": keys["account"],
        "contracts": sorted(client.extra.get("contracts", [])),
        "contract_curators": {
            key.value: key.curator_id for key in client.keys if key.kind == "contract" and key.curator_id
        },
        "inn": client.inn,
        "phones": keys["phone"],
        "emails": [value for value in keys["email"] if value not in confirmed],
        "confirmed_emails": confirmed,
        "confirmed_address": client.confirmed_address,
        "is_vip": client.is_vip,
        "manager_id": client.manager_id,
        "curator_id": client.curator_id,
    }


def _wanted(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(record, name)
        found[name] = (
            sorted(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        )
    found["emails"] = [value for value in found["emails"] if value not in found["confirmed_emails"]]
    return {name: value for name, value in found.items() if name in record.given}


EVERYTHING: Final = frozenset(_FIELDS)
_EMPTY: Final = _wanted(Record(name="", given=EVERYTHING))


def _plan_one(
    record: Record, by_external: Mapping[str, Client], by_key: Mapping[tuple[str, str], dict[int, Client]]
) -> Plan:
    client = by_external.get(record.external_id or "")
    if client is None:
        owners = {
            client.id: client
            for key in identifying(record)
            for client in by_key.get(key, {}).values()
            if record.external_id is None or client.external_id is None
        }
        if len(owners) > 1:
            reason = "счёт, договор или ИНН строки принадлежат разным клиентам: уточните строку или укажите код CRM"
            return Plan(record, "refused", reason=reason)
        client = next(iter(owners.values()), None)
    if client is not None and client.erased_at is not None:
        return Plan(record, "refused", reason="карточка этого клиента обезличена: сведения о нём больше не загружаются")
    wanted = _wanted(record)
    if client is None:
        empty = {name: value for name, value in wanted.items() if value not in (None, [], {}, False)}
        return Plan(record, "new", after=empty, full={**_EMPTY, **wanted})
    current = state(client)
    changed = {name for name, value in wanted.items() if value != current[name]}
    if not changed:
        return Plan(record, "unchanged", client)
    before = {name: current[name] for name in sorted(changed)}
    after = {name: wanted[name] for name in sorted(changed)}
    return Plan(record, "changed", client, before, after, {**current, **wanted})


def identifying(record: Record) -> list[tuple[str, str]]:
    """Keys that by themselves name one client: accounts, contracts, INN."""
    keys = [("account", value) for value in record.accounts]
    keys += [("contract", key) for value in record.contracts if (key := contract_key(value))]
    return keys + ([("inn", record.inn)] if record.inn else [])


def _by_external(session: Session, records: Sequence[Record]) -> dict[str, Client]:
    wanted = {record.external_id for record in records if record.external_id}
    query = select(Client).where(Client.external_id.in_(wanted)).options(selectinload(Client.keys))
    return {client.external_id or "": client for client in session.scalars(query)} if wanted else {}


def _by_keys(session: Session, records: Sequence[Record]) -> dict[tuple[str, str], dict[int, Client]]:
    found: dict[tuple[str, str], dict[int, Client]] = {}
    keys = [key for record in records for key in identifying(record)]
    for kind in IDENTIFYING:
        values = {value for one, value in keys if one == kind}
        if not values:
            continue
        query = (
            select(ClientKey.value, Client)
            .join(Client, Client.id == ClientKey.client_id)
            .where(ClientKey.kind == kind, ClientKey.value.in_(values))
            .options(selectinload(Client.keys))
        )
        for value, client in session.execute(query).tuples():
            found.setdefault((kind, value), {})[client.id] = client
    return found


def _set(client: Client, after: Mapping[str, Any]) -> None:
    plain = ("name", "segment", "external_id", "inn", "confirmed_address", "is_vip", "manager_id", "curator_id")
    for name in plain:
        if name in after:
            setattr(client, name, after[name])
    if "confirmed_emails" in after:
        client.confirmed_emails = list(after["confirmed_emails"])
    if "accounts" in after:
        client.account_number = next(iter(after["accounts"]), None)
    if "contracts" in after:
        client.extra = {**(client.extra or {}), "contracts": list(after["contracts"])}
        client.contract_number = next(iter(after["contracts"]), None)


def _write_keys(session: Session, wanted: Sequence[tuple[Client, bool, dict[str, Any]]]) -> None:
    """Let the keys be those of the state: what stands already stays, what is gone goes."""
    rows: list[dict[str, Any]] = []
    gone: list[int] = []
    for client, is_new, full in wanted:
        keys = _keys(full)
        for key in () if is_new else list(client.keys):
            pair = (key.kind, key.value)
            if pair in keys and keys[pair] == key.curator_id:
                del keys[pair]
            else:
                gone.append(key.id)
        rows += [
            {"client_id": client.id, "kind": kind, "value": value, "curator_id": curator}
            for (kind, value), curator in keys.items()
        ]
    if gone:
        session.execute(delete(ClientKey).where(ClientKey.id.in_(gone)))
    if rows:
        session.execute(insert(ClientKey), rows)
    for client, _, _ in wanted:
        session.expire(client, ["keys"])


def _keys(full: Mapping[str, Any]) -> dict[tuple[str, str], int | None]:
    """Keys of a state with the curator that a contract has of its own."""
    curators = full["contract_curators"]
    keys: dict[tuple[str, str], int | None] = {("account", value): None for value in full["accounts"]}
    for written in full["contracts"]:
        if key := contract_key(written):
            keys["contract", key] = curators.get(key)
    keys |= {("phone", value): None for value in full["phones"]}
    keys |= {("email", value): None for value in (*full["emails"], *full["confirmed_emails"])}
    if full["inn"]:
        keys["inn", full["inn"]] = None
    if name := name_key(full["name"], is_person=is_person(full["segment"], full["name"])):
        keys["name", name] = None
    if address := address_key(full["confirmed_address"]):
        keys["address", address.value] = None
    return keys
