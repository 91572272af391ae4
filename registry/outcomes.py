"""Outcome of a complaint: substantiated or not, lawful out of court, in court or not, its cause and the measure.

Standard: terms («Правомерная жалоба»: liability confirmed out of court or in court), 16.9 (substantiated complaints),
16.15 (causes of discontent).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.errors import InputError, StateError
from registry.models import Appeal, Outcome
from rules.wire import Kind

LAWFUL: Final = {
    "no": "Ответственность не подтверждена",
    "out_of_court": "Правомерная: подтверждена во внесудебном порядке",
    "in_court": "Правомерная: подтверждена судом",
}
CAUSES: Final = {
    "none": "Нарушений не установлено",
    "charge_error": "Ошибка в начислениях",
    "meter_data": "Показания не учтены или учтены неверно",
    "payment_lost": "Платёж не отнесён или отнесён неверно",
    "late_answer": "Нарушен срок ответа",
    "poor_answer": "Ответ не по существу или с ошибкой",
    "rudeness": "Поведение работника",
    "waiting": "Ожидание и доступность обслуживания",
    "document_error": "Ошибка в платёжном документе",
    "disclosure": "Нарушение при обработке персональных данных",
    "provider": "Вина исполнителя коммунальной услуги или поставщика",
    "system": "Сбой информационной системы",
    "other": "Другое",
}
# What a complaint may be settled in: from the first look until it is closed.
SETTLED_IN: Final = frozenset(
    {
        "in_verification", "routed", "in_progress", "waiting_client", "in_approval", "in_signature", "undelivered",
        "replied",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person found out."""

    substantiated: bool
    lawful: str
    cause: str
    measure: str
    cause_text: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """Complaints of one cause: how many, how many of them substantiated, lawful out of court and in court."""

    cause: str
    total: int
    substantiated: int
    out_of_court: int
    in_court: int


def settle(actor: Actor, session: Session, appeal: Appeal, verdict: Verdict) -> None:
    """Set or change the outcome of a complaint; every change stays in the history.

    Raises:
        InputError: The values contradict each other, or the measure is missing.
        StateError: The appeal is no complaint, or is not in a state to be settled in.
    """
    rights.require(actor, session, "complaint.settle", appeal)
    if appeal.kind != Kind.COMPLAINT.value:
        raise StateError(f"{appeal.reg_number}: исход устанавливают только у жалобы.")
    if appeal.state not in SETTLED_IN:
        raise StateError(f"{appeal.reg_number}: исход устанавливают, пока жалоба не закрыта.")
    _require_sense(verdict)
    row = session.get(Outcome, appeal.id)
    before = {"substantiated": row.substantiated, "lawful": row.lawful, "cause": row.cause} if row else None
    values = {"measure": (row.measure if row else None, verdict.measure.strip())}
    if row is None:
        row = Outcome(appeal_id=appeal.id)
        session.add(row)
    row.substantiated, row.lawful, row.cause = verdict.substantiated, verdict.lawful, verdict.cause
    row.cause_text, row.measure = (verdict.cause_text or "").strip() or None, verdict.measure.strip()
    row.decided_by, row.decided_at = actor.id, now()
    appeal.version += 1
    after = {"substantiated": row.substantiated, "lawful": row.lawful, "cause": row.cause}
    events.append(actor, session, stream(appeal), "complaint.settled", {"before": before, "after": after}, values)


def of(session: Session, appeal: Appeal) -> Outcome | None:
    """Return the outcome of an appeal, None when it has none."""
    return session.get(Outcome, appeal.id)


def figures(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> Sequence[OutcomeFigures]:
    """Return the settled complaints registered in [first, end) by cause, as far as the actor may see them."""
    rights.require(actor, session, "report.view")
    query = (
        select(Outcome.cause, Outcome.substantiated, Outcome.lawful, func.count())
        .join(Appeal, Appeal.id == Outcome.appeal_id)
        .where(*_complaints(actor, session, first, end))
        .group_by(Outcome.cause, Outcome.substantiated, Outcome.lawful)
    )
    found: dict[str, list[int]] = {}
    for cause, substantiated, lawful, count in session.execute(query).tuples():
        row = found.setdefault(cause, [0, 0, 0, 0])
        row[0] += count
        row[1] += count if substantiated else 0
        row[2] += count if lawful == "out_of_court" else 0
        row[3] += count if lawful == "in_court" else 0
    return [OutcomeFigures(cause, *found[cause]) for cause in CAUSES if cause in found]


def complaints(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> int:
    """Return how many complaints were registered in [first, end), settled or not, as far as the actor may see them."""
    rights.require(actor, session, "report.view")
    query = select(func.count()).select_from(Appeal).where(*_complaints(actor, session, first, end))
    return session.scalar(query) or 0


def _complaints(
    actor: Actor, session: Session, first: dt.datetime, end: dt.datetime
) -> tuple[ColumnElement[bool], ...]:
    """A duplicate is counted with its main appeal; what is no complaint any more is none."""
    span = Appeal.registered_at >= first, Appeal.registered_at < end
    return (*span, Appeal.kind == Kind.COMPLAINT.value, Appeal.state != "merged", rights.visible(actor, session))


def _require_sense(verdict: Verdict) -> None:
    if verdict.lawful not in LAWFUL or verdict.cause not in CAUSES:
        raise InputError("Выберите исход и причину жалобы из списка.")
    if verdict.lawful != "no" and not verdict.substantiated:
        raise InputError("Правомерная жалоба не может быть необоснованной.")
    if verdict.substantiated == (verdict.cause == "none"):
        raise InputError("Обоснованной жалобе нужна причина, необоснованной — «нарушений не установлено».")
    if verdict.cause == "other" and not (verdict.cause_text or "").strip():
        raise InputError("Опишите причину жалобы словами.")
    if not verdict.measure.strip():
        raise InputError("Опишите, какая мера принята или почему мера не нужна.")
