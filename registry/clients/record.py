"""A client as CRM tells of him, and how the register keeps it: the row's columns and the keys he is found by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from classifiers.addresskeys import address_key
from classifiers.clientkeys import contract_key, name_key
from registry.clients.matching import is_person
from registry.models import Client


@dataclass(frozen=True, slots=True)
class Record:
    """A client as CRM tells of him. ``given`` names the fields that CRM told: the others stay as they are.

    ``contracts`` are as written, with the curator of each where it has its own. Confirmed contacts come with the day of
    confirmation (ISO, empty: unknown). ``large_mail_on``: the day on which the client agreed to unencrypted e-mails
    over 5 MB (12.5.17.2); ``unzipped_reason``: why his files go without an archive, against the rule (12.5.17.1).
    ``consents`` are those that stand, code of rules/clients.yaml → day (ISO).
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
    confirmed_emails: Mapping[str, str] = field(default_factory=dict)
    confirmed_phones: Mapping[str, str] = field(default_factory=dict)
    confirmed_address: str | None = None
    is_vip: bool = False
    manager_id: int | None = None
    curator_id: int | None = None
    large_mail_on: str | None = None
    unzipped_reason: str | None = None
    consents: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()


FIELDS: Final = tuple(one.name for one in fields(Record) if one.name != "given")
EVERYTHING: Final = frozenset(FIELDS)
_PLAIN: Final = (
    "name", "segment", "external_id", "inn", "confirmed_address", "is_vip", "manager_id", "curator_id",
)  # fmt: skip
CONTACTS: Final = {"emails": "confirmed_emails", "phones": "confirmed_phones"}
# What few clients have stands in the row's JSON.
_EXTRA: Final = ("confirmed_phones", "large_mail_on", "unzipped_reason", "consents")


def state(client: Client) -> dict[str, Any]:
    """A client's fields as a record names them, out of his row and keys."""
    keys: dict[str, list[str]] = {"account": [], "phone": [], "email": []}
    curators: dict[str, int] = {}
    for key in client.keys:
        if key.kind in keys:
            keys[key.kind].append(key.value)
        elif key.kind == "contract" and key.curator_id:
            curators[key.value] = key.curator_id
    extra = client.extra or {}
    dates = extra.get("confirmed_on", {})
    emails = {value: dates.get(value, "") for value in client.confirmed_emails}
    phones = extra.get("confirmed_phones", {})
    return {
        **{name: getattr(client, name) for name in _PLAIN},
        "accounts": sorted(keys["account"]),
        "contracts": sorted(extra.get("contracts", [])),
        "contract_curators": curators,
        "phones": sorted(value for value in keys["phone"] if value not in phones),
        "emails": sorted(value for value in keys["email"] if value not in emails),
        "confirmed_emails": emails,
        "confirmed_phones": phones,
        "large_mail_on": extra.get("large_mail_on"),
        "unzipped_reason": extra.get("unzipped_reason"),
        "consents": extra.get("consents", {}),
    }


def wanted(record: Record, current: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields that a record gives, in the form of ``state``.

    A day of confirmation that the register knows stays when the record names the contact without one.
    """
    found: dict[str, Any] = {}
    for name in FIELDS:
        if name not in record.given:
            continue
        value = getattr(record, name)
        if isinstance(value, tuple):
            value = sorted(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        found[name] = value
    for plain, confirmed in CONTACTS.items():
        known = (current or {}).get(confirmed, {})
        if confirmed in found:
            found[confirmed] = {one: day or known.get(one, "") for one, day in found[confirmed].items()}
        if plain in found:
            proved = found.get(confirmed, known)
            found[plain] = [one for one in found[plain] if one not in proved]
    return found


EMPTY: Final = wanted(Record(name="", given=EVERYTHING))


def columns(after: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Columns of the row that the changed fields mean; ``extra`` is the JSON that stands there."""
    found = {name: after[name] for name in _PLAIN if name in after}
    kept = dict(extra or {})
    if "confirmed_emails" in after:
        found["confirmed_emails"] = sorted(after["confirmed_emails"])
        kept["confirmed_on"] = {one: day for one, day in after["confirmed_emails"].items() if day}
    if "accounts" in after:
        found["account_number"] = next(iter(after["accounts"]), None)
    if "contracts" in after:
        kept["contracts"] = list(after["contracts"])
        found["contract_number"] = next(iter(after["contracts"]), None)
    kept |= {name: after[name] for name in _EXTRA if name in after}
    return {**found, "extra": {name: value for name, value in kept.items() if value}}


def identifying(record: Record) -> list[tuple[str, str]]:
    """Keys that by themselves name one client: accounts, contracts, INN."""
    keys = [("account", value) for value in record.accounts]
    keys += [("contract", key) for key in contract_keys(record.contracts)]
    return keys + ([("inn", record.inn)] if record.inn else [])


def contract_keys(written: Iterable[str]) -> list[str]:
    """Keys of the contracts that have one."""
    return [key for one in written if (key := contract_key(one))]


def keys_of(full: Mapping[str, Any]) -> dict[tuple[str, str], int | None]:
    """Keys of a state with the curator that a contract has of its own."""
    curators = full["contract_curators"]
    keys: dict[tuple[str, str], int | None] = {("account", value): None for value in full["accounts"]}
    keys |= {("contract", key): curators.get(key) for key in contract_keys(full["contracts"])}
    keys |= {("phone", value): None for value in (*full["phones"], *full["confirmed_phones"])}
    keys |= {("email", value): None for value in (*full["emails"], *full["confirmed_emails"])}
    if full["inn"]:
        keys["inn", full["inn"]] = None
    if name := name_key(full["name"], is_person=is_person(full["segment"], full["name"])):
        keys["name", name] = None
    if address := address_key(full["confirmed_address"]):
        keys["address", address.value] = None
    return keys
