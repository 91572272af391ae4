"""Outcome of a complaint: substantiated or not, lawful out of court, in court or not, its cause and the measure.

Standard: terms («Правомерная жалоба»: liability confirmed out of court or in court), 16.9 (substantiated complaints),
16.15 (causes of discontent).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
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

CHUNK: Final = 500
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
MEASURES: Final = {
    "recalculated": "Перерасчёт, исправлены начисления",
    "corrected": "Исправлены сведения, показания или платёж",
    "document": "Выдан или исправлен документ",
    "answered_anew": "Дан новый ответ по существу",
    "refunded": "Возвращены деньги, выплачена компенсация",
    "apologised": "Принесены извинения",
    "staff": "Взыскание или обучение работника",
    "process": "Изменён порядок работы или программа",
    "referred": "Передано исполнителю услуги или поставщику",
    "explained": "Даны разъяснения",
    "none": "Мера не нужна",
    "other": "Другая мера",
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
    measure_kind: str = "other"


@dataclass(frozen=True, slots=True)
class Settled:
    """How many complaints share outcome, cause, kind of measure and topic (None: nobody has named it)."""

    substantiated: bool
    lawful: str
    cause: str
    measure: str
    topic: str | None
    count: int


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
    before = _codes(row) if row else None
    values = {"measure": (row.measure if row else None, verdict.measure.strip())}
    if row is None:
        row = Outcome(appeal_id=appeal.id)
        session.add(row)
    row.substantiated, row.lawful, row.cause = verdict.substantiated, verdict.lawful, verdict.cause
    row.cause_text, row.measure = (verdict.cause_text or "").strip() or None, verdict.measure.strip()
    row.measure_kind = verdict.measure_kind
    row.decided_by, row.decided_at = actor.id, now()
    appeal.version += 1
    data = {"before": before, "after": _codes(row)}
    events.append(actor, session, stream(appeal), "complaint.settled", data, values)


def _codes(row: Outcome) -> dict[str, str | bool]:
    return {
        "substantiated": row.substantiated,
        "lawful": row.lawful,
        "cause": row.cause,
        "measure": row.measure_kind,
    }


def of(session: Session, appeal: Appeal) -> Outcome | None:
    """Return the outcome of an appeal, None when it has none."""
    return session.get(Outcome, appeal.id)


def figures(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> Sequence[Settled]:
    """Return the settled complaints registered in [first, end), counted, as far as the actor may see them."""
    rights.require(actor, session, "report.view")
    by = (Outcome.substantiated, Outcome.lawful, Outcome.cause, Outcome.measure_kind, Appeal.topic_code)
    query = (
        select(*by, func.count())
        .join(Appeal, Appeal.id == Outcome.appeal_id)
        .where(*_complaints(actor, session, first, end))
        .group_by(*by)
    )
    return [Settled(*row) for row in session.execute(query).tuples()]


def complaints(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> dict[str | None, int]:
    """Count by topic the complaints registered in [first, end), settled or not, as far as the actor may see them."""
    rights.require(actor, session, "report.view")
    query = select(Appeal.topic_code, func.count()).where(*_complaints(actor, session, first, end))
    return dict(session.execute(query.group_by(Appeal.topic_code)).tuples().all())


def each(
    actor: Actor, session: Session, first: dt.datetime, end: dt.datetime
) -> Iterator[tuple[Appeal, Outcome | None]]:
    """Return every such complaint with its outcome, by its number, a chunk of them in memory at once."""
    rights.require(actor, session, "report.view")
    query = (
        select(Appeal, Outcome)
        .outerjoin(Outcome, Appeal.id == Outcome.appeal_id)
        .where(*_complaints(actor, session, first, end))
        .order_by(Appeal.registered_at, Appeal.id)
    )
    for appeal, outcome in session.execute(query.execution_options(yield_per=CHUNK)).tuples():
        yield appeal, outcome
        session.expunge(appeal)


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
    if verdict.measure_kind not in MEASURES:
        raise InputError("Выберите меру из списка.")
    if not verdict.measure.strip():
        raise InputError("Опишите, какая мера принята или почему мера не нужна.")
