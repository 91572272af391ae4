"""What came in and waits for a decision, or was refused, with the reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from registry import arrivals, clock, reconcile
from registry.actor import Actor
from registry.reconcile import Balance
from steps.house import House

VERDICTS: Final = {
    "new_appeal": "Обращение",
    "thread_reply": "Ответ в переписке",
    "bounce": "Отчёт о недоставке",
    "auto_reply": "Автоответ",
    "spam_suspect": "Похоже на рассылку",
    "rescan": "Повторный скан",
    "unreadable": "Не читается",
}


@dataclass(frozen=True, slots=True)
class HeldView:
    """A letter that waits for a person."""

    part_id: int
    arrival_id: int
    source: str
    received: dt.datetime
    verdict_title: str
    reasons: list[str]
    name: str
    size: int


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
    with house.db.session(write=False) as session:
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
            )
            for part in arrivals.held(actor, session)
        ]


def beside(actor: Actor, house: House) -> list[BesideView]:
    """Return the newest letters that got no number, so that a person may overrule it."""
    with house.db.session(write=False) as session:
        return [
            BesideView(
                part_id=part.id,
                received=part.arrival.received_at.astimezone(clock.LOCAL),
                verdict_title=VERDICTS[part.verdict],
                reasons=list(part.reasons),
                subject=part.subject or "",
                writer=str(part.meta.get("from_email") or ""),
                number=part.appeal.reg_number if part.appeal else None,
            )
            for part in arrivals.linked(actor, session)
        ]


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
