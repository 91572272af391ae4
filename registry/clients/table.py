"""The local table of clients: what CRM's rows would change, and the change itself, in chunks that may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from registry import events, rights, search
from registry.actor import Actor
from registry.clients.record import CONTACTS, EMPTY, Record, columns, identifying, keys_of, state, wanted
from registry.clock import now
from registry.models import Client, ClientKey

IDENTIFYING: Final = ("account", "contract", "inn")
_BLANK: Final = {"account_number": None, "contract_number": None, **columns(EMPTY)}


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


def plan(actor: Actor, session: Session, records: Sequence[Record]) -> list[Plan]:
    """Say what each record comes to, against the table as it stands; a few queries a chunk."""
    rights.require(actor, session, "client.manage")
    by_external = _by_external(session, records)
    by_key = _by_keys(session, [record for record in records if record.external_id not in by_external])
    return [_plan_one(record, by_external, by_key) for record in records]


def apply(actor: Actor, session: Session, plans: Sequence[Plan]) -> list[Client]:
    """Write what was planned in this transaction; return the clients whose appeals need new terms.

    A few statements for all that is new, whatever its count: a hundred thousand rows are a hundred thousand clients.
    """
    rights.require(actor, session, "client.manage")
    fresh = [one for one in plans if one.kind == "new"]
    changed = [(one.client, one) for one in plans if one.kind == "changed" and one.client is not None]
    keys = _insert(session, fresh)
    for client, one in changed:
        for name, value in columns(one.after, client.extra).items():
            setattr(client, name, value)
        client.updated_at = now()
    session.flush()
    _change_keys(session, changed)
    search.refresh_clients(session, [client.id for client, one in changed if one.is_found_by])
    deeds = [_deed(key, "client.added", one) for key, one in zip(keys, fresh, strict=True)]
    deeds += [_deed(client.id, "client.changed", one) for client, one in changed]
    events.append_many(actor, session, deeds)
    return [client for client, one in changed if one.moves_terms]


def _deed(client_id: int, kind: str, one: Plan) -> events.Deed:
    values = {"record": (one.before or None, one.after)}
    return events.Deed(f"client:{client_id}", kind, {"fields": sorted(one.after)}, values)


def _insert(session: Session, fresh: Sequence[Plan]) -> list[int]:
    """Insert new clients and their keys; return the clients' keys in the order of the plans."""
    if not fresh:
        return []
    moment = now()
    rows = [{**_BLANK, **columns(one.full), "updated_at": moment} for one in fresh]
    made = insert(Client.__table__).returning(Client.__table__.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type] # it is a table
    ids = list(session.connection().execute(made, rows).scalars())
    keys = [
        {"client_id": client_id, "kind": kind, "value": value, "curator_id": curator}
        for client_id, one in zip(ids, fresh, strict=True)
        for (kind, value), curator in keys_of(one.full).items()
    ]
    if keys:
        session.connection().execute(insert(ClientKey.__table__), keys)  # type: ignore[arg-type] # it is a table
    return ids


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
    if client is None:
        given = wanted(record)
        told = {name: value for name, value in given.items() if value not in (None, [], {}, False)}
        return Plan(record, "new", after=told, full={**EMPTY, **given})
    current = state(client)
    given = wanted(record, current)
    full = _parted({**current, **given})
    changed = sorted(name for name, value in full.items() if value != current[name])
    if not changed:
        return Plan(record, "unchanged", client)
    before = {name: current[name] for name in changed}
    after = {name: full[name] for name in changed}
    return Plan(record, "changed", client, before, after, full)


def _parted(full: dict[str, Any]) -> dict[str, Any]:
    """A contact that was confirmed meanwhile does not stand among the unconfirmed as well."""
    for plain, confirmed in CONTACTS.items():
        full[plain] = [one for one in full[plain] if one not in full[confirmed]]
    return full


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


def _change_keys(session: Session, changed: Sequence[tuple[Client, Plan]]) -> None:
    """Let the keys be those of the state: what stands already stays, what is gone goes."""
    rows: list[dict[str, Any]] = []
    gone: list[int] = []
    for client, one in changed:
        keys = keys_of(one.full)
        for key in client.keys:
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
    for client, _ in changed:
        session.expire(client, ["keys"])
