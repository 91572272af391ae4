"""Parties of an appeal by role: authors, contact, account holder, representative with authority, forwarding body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import today
from registry.errors import InputError, NotFoundError
from registry.models import Appeal, Party
from rules.wire import PartyGuess, Sender

ROLES: Final = {
    "author": "Автор",
    "contact": "Контактное лицо",
    "account_holder": "Владелец лицевого счёта",
    "representative": "Представитель",
    "forwarding_body": "Переславший орган",
}
# What only some roles have: name -> title; the dates are ISO. ``term`` binds us (rules of terms: the authority's own).
DETAILS: Final[dict[str, dict[str, str]]] = {
    "representative": {
        "document": "Документ о полномочиях",
        "number": "№ документа",
        "valid_until": "Действует до",
    },
    "forwarding_body": {
        "number": "Исх. № органа",
        "date": "Дата письма органа",
        "term": "Срок, указанный органом",
        "copy": "Просит копию ответа",
    },
}
DATES: Final = frozenset({"date", "term", "valid_until"})
NEEDED: Final[dict[str, tuple[str, ...]]] = {"representative": ("document",), "forwarding_body": ("number", "date")}


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party as a person wrote it down."""

    role: str
    fields: Mapping[str, Any]
    details: Mapping[str, str]
    id: int | None = None


def save(actor: Actor, session: Session, appeal: Appeal, draft: PartyDraft) -> Party:
    """Add a party or change one; returns its row. The caller recomputes the term when a forwarding body names one.

    Raises:
        InputError: The role is unknown, a field is malformed, or what the role needs is missing.
        NotFoundError: The appeal has no such party.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    if draft.role not in ROLES:
        raise InputError("Выберите роль из списка.")
    details = _details(draft)
    try:
        fields = Sender.model_validate(dict(draft.fields)).model_dump(mode="json")
    except ValueError as error:
        raise InputError("Проверьте сведения о лице: одно из значений записано не по форме.") from error
    if not any(fields[name] for name in ("last_name", "org_name")):
        raise InputError("Укажите фамилию или организацию.")
    row = _of(session, appeal, draft.id) if draft.id is not None else _new(session, appeal, draft.role)
    if row.role != draft.role:
        raise InputError("Роль участника не меняют: уберите его и добавьте в другой роли.")
    values = {"fields": (row.fields or None, fields), "details": (row.details or None, details)}
    row.fields, row.details = fields, details
    row.confirmed = sorted(name for name, value in fields.items() if value)
    session.flush()
    appeal.version += 1
    data = {"party": row.id, "role": row.role, "ordinal": row.ordinal}
    events.append(actor, session, stream(appeal), "appeal.party", data, values)
    return row


def store_read(actor: Actor, session: Session, appeal: Appeal, found: Sequence[PartyGuess]) -> None:
    """Keep the parties that the machine read beside the author (P8).

    What it read before makes way; a party that a person entered or changed stays, and what is read for its role is
    dropped. A forwarding body's own term makes the control date earlier, never the appeal's term.
    """
    rights.require(actor, session, "system.operate")
    kept = set()
    for row in of(session, appeal):
        if (row.role, row.ordinal) == ("author", 1):
            continue
        if row.confirmed:
            kept.add(row.role)
        else:
            session.delete(row)
    session.flush()
    for guess in found:
        if guess.role not in kept:
            row = _new(session, appeal, guess.role)
            row.fields = guess.fields.model_dump(mode="json")
            row.details = dict(guess.details)
            row.evidence = {name: proof.model_dump(mode="json") for name, proof in guess.evidence.items()}
            session.flush()
    session.expire(appeal, ["parties"])


def remove(actor: Actor, session: Session, appeal: Appeal, party_id: int) -> str:
    """Take a party out that was entered by mistake; the first author stays. Returns the role."""
    rights.require(actor, session, "appeal.correct", appeal)
    row = _of(session, appeal, party_id)
    if row.role == "author" and row.ordinal == 1:
        raise InputError("Первого автора нельзя убрать: исправьте его поля.")
    data = {"party": row.id, "role": row.role, "ordinal": row.ordinal, "removed": True}
    values = {"fields": (row.fields, None), "details": (row.details, None)}
    events.append(actor, session, stream(appeal), "appeal.party", data, values)
    role = row.role
    appeal.version += 1
    session.delete(row)
    session.flush()
    session.expire(appeal, ["parties"])
    return role


def of(session: Session, appeal: Appeal) -> Sequence[Party]:
    """Return the parties by role and ordinal."""
    query = select(Party).where(Party.appeal_id == appeal.id).order_by(Party.role, Party.ordinal)
    return session.scalars(query).all()


def lapsed(row: Party) -> bool:
    """Whether a representative's authority has run out."""
    until = str(row.details.get("valid_until") or "")
    return row.role == "representative" and bool(until) and dt.date.fromisoformat(until) < today()


def _details(draft: PartyDraft) -> dict[str, str]:
    known = DETAILS.get(draft.role, {})
    kept = {name: draft.details.get(name, "").strip() for name in known}
    for name in NEEDED.get(draft.role, ()):
        if not kept[name]:
            raise InputError(f"{ROLES[draft.role]}: заполните «{known[name]}».")
    for name in DATES & kept.keys():
        try:
            _ = kept[name] and dt.date.fromisoformat(kept[name])
        except ValueError as error:
            raise InputError(f"{known[name]}: дата записана не по форме ДД.ММ.ГГГГ.") from error
    if draft.role == "forwarding_body":
        _require_order(kept["date"], kept["term"])
    return {name: value for name, value in kept.items() if value}


def _require_order(date: str, term: str) -> None:
    """A body writes before we read it, and asks for an answer after it has written."""
    written = dt.date.fromisoformat(date)
    if written > today():
        raise InputError("Дата письма органа не может быть в будущем.")
    if term and dt.date.fromisoformat(term) < written:
        raise InputError("Срок, указанный органом, раньше даты его письма. Проверьте обе даты.")


def _of(session: Session, appeal: Appeal, party_id: int) -> Party:
    row = session.get(Party, party_id)
    if row is None or row.appeal_id != appeal.id:
        raise NotFoundError("Такого участника у обращения нет. Обновите страницу.")
    return row


def _new(session: Session, appeal: Appeal, role: str) -> Party:
    last = session.scalar(select(func.max(Party.ordinal)).where(Party.appeal_id == appeal.id, Party.role == role))
    row = Party(appeal_id=appeal.id, role=role, ordinal=(last or 0) + 1)
    session.add(row)
    return row
