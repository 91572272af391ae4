"""Parties of an appeal: co-authors, contact, account holder, representative, the body that forwarded the letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, page
from desk.security import Posted
from registry.parties import DATES, DETAILS, NEEDED, ROLES, PartyDraft
from rules.wire import Sender
from steps import parties, views
from steps.titles import SENDER_FIELDS

router = APIRouter(include_in_schema=False)

PERSON: Final = ("last_name", "first_name", "patronymic")
CONTACTS: Final = ("phones", "emails")
DETAIL: Final = "detail:"  # a field of the role, not of the person
# What the form of a role asks for, in its order; the rest of what is known of a party stays as it is.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "representative": (
        *PERSON, "detail:document", "detail:number", "detail:valid_until", "org_name", "position", "address", *CONTACTS,
    ),
    "forwarding_body": (
        "org_name", "detail:number", "detail:date", "detail:term", "address", "emails", *PERSON, "position",
    ),
    "account_holder": (*PERSON, "org_name", "account_number", "address"),
    "contact": (*PERSON, "position", *CONTACTS),
    "author": (*PERSON, "org_name", "position", "account_number", "address", *CONTACTS),
}  # fmt: skip
HINTS: Final = {
    "representative": "Пишет за клиента. Без документа о полномочиях сведения по счёту ему не сообщают (6.11).",
    "forwarding_body": "Прислал письмо клиента нам. Если орган назвал срок, контрольная дата станет не позже него.",
    "account_holder": "Чей лицевой счёт, если пишет не он сам.",
    "contact": "С кем связаться по письму организации.",
    "author": "Подписал письмо вместе с первым автором.",
}


@router.get("/appeals/{number:path}/parties")
def show(request: Request, desk: Here, who: Who, number: str) -> Response:
    """Show the letter beside the parties and their forms."""
    card = views.card(who.actor, desk.house, number)
    context = {
        "card": card,
        "row": card.row,
        "forms": {role: _fields(role) for role in FIELDS},
        "hints": HINTS,
        "ROLES": ROLES,
    }
    return page(request, "parties.html", context)


@router.post("/appeals/{number:path}/parties")
def save(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Add a party, or set one right."""
    role, key = text(form, "role"), forms.number(form, "party")
    if role not in ROLES:
        raise FormError("Выберите роль из списка.")
    known = views.card(who.actor, desk.house, number).case.parties
    before = next((one.fields for one in known if one.id == key), Sender())
    fields = {**before.model_dump(), **forms.sender_changes(form, before)}
    details = {name: text(form, f"{DETAIL}{name}") for name in DETAILS.get(role, {})}
    draft = PartyDraft(role, fields, details, id=key)
    parties.save(who.actor, desk.house, number, draft, version=forms.number(form, "version"))
    said = "сведения исправлены" if key else "участник добавлен"
    return done(request, f"/appeals/{number}/parties", f"{number}: {said} — {ROLES[role].lower()}.")


@router.post("/appeals/{number:path}/parties/{party_id}/remove")
def remove(request: Request, desk: Here, who: Who, number: str, party_id: int, _form: Posted) -> Response:
    """Take a party out that was entered by mistake."""
    parties.remove(who.actor, desk.house, number, party_id)
    return done(request, f"/appeals/{number}/parties", f"{number}: участник убран, прежние сведения — в истории.")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a role's form: its name in the form, its own name, its title and how it is typed."""

    name: str
    key: str
    title: str
    detail: bool
    date: bool
    needed: bool


def _fields(role: str) -> list[Field]:
    return [_field(role, name) for name in FIELDS[role]]


def _field(role: str, name: str) -> Field:
    key, detail = name.removeprefix(DETAIL), name.startswith(DETAIL)
    title = DETAILS[role][key] if detail else SENDER_FIELDS[key]
    needed = detail and key in NEEDED.get(role, ())
    return Field(name, key, title, detail, date=detail and key in DATES, needed=needed)
