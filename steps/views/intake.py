"""What came in and waits for a decision, or was refused, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry import arrivals, blobs, clock, reconcile
from registry.actor import Actor
from registry.database import Session
from registry.models import Part
from registry.reconcile import Balance
from steps import reconcile as steps_reconcile
from steps.house import House

VERDICTS: Final = {
    "new_appeal": "Обращение",
    "thread_reply": "Ответ в переписке",
    "bounce": "Отчёт о недоставке",
    "auto_reply": "Автоответ",
    "spam_suspect": "Похоже на рассылку",
    "rescan": "Повторный скан",
    "post_paper": "Список или уведомление почты",
    "unreadable": "Не читается",
}


EXCERPT: Final = 600  # characters of a letter that are shown beside the decision


@dataclass(frozen=True, slots=True)
class HeldView:
    """A letter that waits for a person; ``late``: it was not looked through within a working day."""

    part_id: int
    arrival_id: int
    source: str
    received: dt.datetime
    verdict_title: str
    reasons: list[str]
    name: str
    size: int
    subject: str
    writer: str
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class BesideView:
    """A letter without a number of its own: what triage took it for, why, and the appeal that it lies beside."""

    part_id: int
    received: dt.datetime
    verdict_title: str
    reasons: list[str]
    subject: str
    writer: str
    number: str | None
    text: str


@dataclass(frozen=True, slots=True)
class RefusedView:
    """Something that was kept and not worked on."""

    arrival_id: int
    source: str
    received: dt.datetime
    name: str
    reason: str


def held(actor: Actor, house: House) -> list[HeldView]:
    """Return the letters that wait for a decision, oldest first."""
    before = steps_reconcile.held_before(house)
    with house.db.session(write=False) as session:
        parts = arrivals.held(actor, session)
        texts = _texts(session, parts)
        return [
            HeldView(
                part_id=part.id,
                arrival_id=part.arrival_id,
                source=part.arrival.source,
                received=part.arrival.received_at.astimezone(clock.LOCAL),
                verdict_title=VERDICTS[part.verdict],
                reasons=list(part.reasons),
                name=part.arrival.name,
                size=sum(document.size for document in part.documents),
                subject=part.subject or "",
                writer=_writer(part),
                text=texts.get(part.id, ""),
                late=part.arrival.taken_at < before,
            )
            for part in parts
        ]


def beside(actor: Actor, house: House) -> list[BesideView]:
    """Return the newest letters that got no number, so that a person may overrule it."""
    with house.db.session(write=False) as session:
        parts = arrivals.linked(actor, session)
        texts = _texts(session, parts)
        return [
            BesideView(
                part_id=part.id,
                received=part.arrival.received_at.astimezone(clock.LOCAL),
                verdict_title=VERDICTS[part.verdict],
                reasons=list(part.reasons),
                subject=part.subject or "",
                writer=_writer(part),
                number=part.appeal.reg_number if part.appeal else None,
                text=texts.get(part.id, ""),
            )
            for part in parts
        ]


def _writer(part: Part) -> str:
    name, address = (str(part.meta.get(key) or "") for key in ("from_name", "from_email"))
    return f"{name} <{address}>" if name and address else name or address


def _texts(session: Session, parts: Sequence[Part]) -> dict[int, str]:
    """The beginning of what letters say, by the keys of their parts."""
    plain = {
        part.id: document.digest
        for part in parts
        for document in part.documents
        if document.role == "letter" and document.media_type.startswith("text/plain")
    }
    data = blobs.get_many(session, set(plain.values()))
    said = {key: data[digest].decode("utf-8", "replace").strip() for key, digest in plain.items()}
    return {key: text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…" for key, text in said.items()}


def balance(actor: Actor, house: House) -> list[Balance]:
    """Return what became today of what every source gave."""
    with house.db.session(write=False) as session:
        return reconcile.balances(actor, session, clock.today())


def refused(actor: Actor, house: House) -> list[RefusedView]:
    """Return the newest refused arrivals."""
    with house.db.session(write=False) as session:
        return [
            RefusedView(
                arrival_id=row.id,
                source=row.source,
                received=row.received_at.astimezone(clock.LOCAL),
                name=row.name,
                reason=row.reason or "",
            )
            for row in arrivals.refused(actor, session)
        ]
