"""A CRM's clients as the register keeps them: through the same readers as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from intake.crm import CrmClient
from registry.clients.record import Record
from steps import clientfile
from steps.clientfile import Cell, Known, RowError

LARGE_MAIL: Final = "large_mail"
"""The consent that stands on the card by itself (standard 12.5.17.2)."""
_ALIKE: Final = {
    "segment": "segment", "inn": "inn", "address": "confirmed_address", "manager": "manager_id",
    "curator": "curator_id", "unzipped_reason": "unzipped_reason",
}  # fmt: skip


@dataclass
class Read:
    """Records that can be kept; CRM's keys of the others with what is wrong; kinds of consents that nobody knows."""

    records: list[Record] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)


def read(told: Sequence[CrmClient], names: Known) -> Read:
    """Understand clients; of several changes of one client the later fields count."""
    found = Read()
    merged: dict[str, dict[str, Any]] = {}
    for one in told:
        merged[one.id] = merged.get(one.id, {}) | {name: getattr(one, name) for name in one.model_fields_set}
    for code, fields in merged.items():
        client = CrmClient.model_construct(_fields_set=set(fields), **fields)
        try:
            found.records.append(clientfile.build(_cells(client, names, found), names))
        except RowError as error:
            found.refused.append((code, str(error)))
    return found


def _cells(client: CrmClient, names: Known, found: Read) -> dict[str, Cell]:
    """A client as the readers of a table take him: what the CRM did not tell is no column."""
    told = client.model_fields_set
    cells: dict[str, Cell] = {"external_id": client.id, "name": client.name}
    cells |= {field_name: getattr(client, name) or "" for name, field_name in _ALIKE.items() if name in told}
    if "accounts" in told:
        cells["accounts"] = client.accounts
    if "contracts" in told:
        cells["contracts"] = [one.number for one in client.contracts]
        cells["contract_curators"] = [f"{one.number}: {one.curator}" for one in client.contracts if one.curator]
    for name in ("phones", "emails"):
        if name in told:
            ways = getattr(client, name)
            cells[name] = [one.value for one in ways if not one.confirmed]
            cells[f"confirmed_{name}"] = [f"{one.value} {one.confirmed_on or ''}" for one in ways if one.confirmed]
    if "vip" in told:
        cells["is_vip"] = "да" if client.vip else "нет"
    if "large_mail_on" in told:
        cells["large_mail_on"] = str(client.large_mail_on or "")
    if "consents" in told:
        cells |= _consents(client, names, found)
    return cells


def _consents(client: CrmClient, names: Known, found: Read) -> dict[str, Cell]:
    """Consents that stand; a kind that the rules do not name is passed over, and told once."""
    standing = [one for one in client.consents if one.withdrawn_on is None]
    ours = set(names.consents.values())
    found.passed_over |= {one.kind for one in standing} - ours - {LARGE_MAIL}
    cells: dict[str, Cell] = {"consents": [f"{one.kind} {one.given_on}" for one in standing if one.kind in ours]}
    large = next((str(one.given_on) for one in standing if one.kind == LARGE_MAIL), "")
    return cells | ({"large_mail_on": large} if "large_mail_on" not in client.model_fields_set else {})
