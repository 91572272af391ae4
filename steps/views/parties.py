"""Parties of an appeal by role, for its card and for their form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import parties
from registry.database import Session
from registry.models import Appeal, Party
from rules.wire import Sender


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody in the appeal beside its first author.

    Attributes:
        role: Code of the role.
        name: How the card calls him.
        told: What the role says of him, title and value.
        fields: What is known of him.
        details: The values of ``told`` by their names, for the form.
        lapsed: A representative's authority has run out.
    """

    id: int
    role: str
    role_title: str
    name: str
    told: list[tuple[str, str]]
    fields: Sender
    details: dict[str, str]
    lapsed: bool


def of(session: Session, appeal: Appeal) -> list[PartyView]:
    """Return the parties of an appeal; its first author has a form of his own."""
    return [_view(row) for row in parties.of(session, appeal) if (row.role, row.ordinal) != ("author", 1)]


def _view(row: Party) -> PartyView:
    fields = Sender.model_validate(row.fields)
    person = " ".join(part for part in (fields.last_name, fields.first_name, fields.patronymic) if part)
    titles = parties.DETAILS.get(row.role, {})
    details = {name: str(row.details[name]) for name in titles if name in row.details}
    return PartyView(
        id=row.id,
        role=row.role,
        role_title=parties.ROLES[row.role],
        name=", ".join(part for part in (fields.org_name, person) if part),
        told=[(titles[name], _shown(name, value)) for name, value in details.items()],
        fields=fields,
        details=details,
        lapsed=parties.lapsed(row),
    )


def _shown(name: str, value: str) -> str:
    return f"{dt.date.fromisoformat(value):%d.%m.%Y}" if name in parties.DATES else value
