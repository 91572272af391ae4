"""Norms of the scripts compared with their official texts: by whom, when, from where, with what result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.clock import now, today
from registry.errors import InputError
from registry.models import NormReview

Verdict = Literal["same", "changed", "void"]
VERDICTS: Final[tuple[Verdict, ...]] = ("same", "changed", "void")
Key = tuple[str, dt.date, str]
"""Number, date and clause of a norm; no clause: an empty string."""
SOURCE_LIMIT: Final = 400


def record(
    actor: Actor,
    session: Session,
    key: Key,
    queues: Collection[str],
    verdict: str,
    source: str,
    valid_until: dt.date | None = None,
) -> NormReview:
    """Keep a comparison; needs ``norm.review`` in one of the queues that own scripts with this norm.

    Raises:
        ForbiddenError: The actor does not answer for these scripts.
        InputError: An unknown verdict, no source, or an end that contradicts the verdict.
    """
    if not any(rights.may_in_queue(actor, session, "norm.review", queue) for queue in queues):
        rights.require_everywhere(actor, session, "norm.review")
    where = " ".join(source.split())
    if verdict not in VERDICTS:
        raise InputError("Выберите результат сверки: совпадает, изменилась или утратила силу.")
    if not where or len(where) > SOURCE_LIMIT:
        raise InputError(f"Укажите, с каким официальным текстом сверили (до {SOURCE_LIMIT} знаков).")
    if verdict == "void" and (valid_until is None or valid_until > today()):
        raise InputError("Норма утратила силу: укажите последний день её действия, он уже прошёл.")
    if verdict == "same" and valid_until is not None and valid_until < today():
        raise InputError("Последний день действия уже прошёл. Выберите «утратила силу».")
    number, date, clause = key
    made = NormReview(
        number=number,
        date=date,
        clause=clause,
        verdict=verdict,
        valid_until=valid_until,
        source=where,
        reviewed_by=actor.id,
        reviewed_at=now(),
    )
    session.add(made)
    session.flush()
    details = {"number": number, "date": date.isoformat(), "clause": clause, "verdict": verdict}
    events.append(actor, session, f"norm:{number}", "norm.reviewed", details)
    return made


def newest(session: Session) -> dict[Key, NormReview]:
    """Return the comparison that holds for each norm: the last one made."""
    rows = session.scalars(select(NormReview).order_by(NormReview.id))
    return {(row.number, row.date, row.clause): row for row in rows}
