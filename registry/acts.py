"""Acts of destruction (акт о выделении к уничтожению): made, approved by somebody else, carried out, kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import events, locks, retention, rights
from registry.actor import Actor
from registry.clock import local_date, now, today
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Appeal, CaseEntry, DestructionAct
from rules.retention import Nomenclature

ROWS = 1000  # appeals in one act: what a commission can still look through


def make(actor: Actor, session: Session, plan: Nomenclature) -> DestructionAct:
    """Draft an act over the appeals whose term has run out.

    Raises:
        InputError: Nothing has run out.
        StateError: Another act is still open, so that no appeal can stand in two.
    """
    rights.require(actor, session, "retention.manage")
    locks.serialise(session, "destruction-act")
    waiting = select(DestructionAct).where(DestructionAct.state.in_(("draft", "approved"))).limit(1)
    if (other := session.scalar(waiting)) is not None:
        raise StateError(f"Сначала завершите или отмените акт № {label(other)}.")
    found = retention.expired(actor, session, today(), ROWS)
    if not found:
        raise InputError("Нет обращений с истёкшим сроком хранения: уничтожать нечего.")
    year = today().year
    last = session.scalar(select(func.max(DestructionAct.seq)).where(DestructionAct.year == year)) or 0
    entries = _entries(session, [one.id for one in found])
    rows = [_row(plan, one, entries.get(one.id)) for one in found]
    act = DestructionAct(year=year, seq=last + 1, made_by=actor.id, made_at=now(), rows=rows)
    session.add(act)
    session.flush()
    _log(actor, session, act, "act.made", {"rows": len(rows)})
    return act


def approve(actor: Actor, session: Session, act: DestructionAct, plan: Nomenclature) -> None:
    """Approve a draft by name. Raises ForbiddenError to the system, and to its maker unless the plan lets him."""
    rights.require(actor, session, "retention.manage")
    if act.state != "draft":
        raise StateError(f"Акт № {label(act)} уже не черновик.")
    if actor.is_system:
        raise ForbiddenError("Акт утверждает названный по имени руководитель: войдите на рабочее место.")
    if actor.id == act.made_by and not plan.same_person_may_approve:
        raise ForbiddenError("Акт утверждает не тот, кто его составил. Попросите другого руководителя.")
    act.state, act.approved_by, act.approved_at = "approved", actor.id, now()
    _log(actor, session, act, "act.approved", {})


def cancel(actor: Actor, session: Session, act: DestructionAct, reason: str) -> None:
    """Give up an act that was not begun; its appeals may stand in another."""
    rights.require(actor, session, "retention.manage")
    if act.state not in {"draft", "approved"}:
        raise StateError(f"Акт № {label(act)} отменить уже нельзя.")
    if not reason.strip():
        raise InputError("Укажите, почему акт отменён.")
    act.state = "cancelled"
    _log(actor, session, act, "act.cancelled", {}, reason.strip())


def finish(actor: Actor, session: Session, act: DestructionAct, outcome: dict[int, str], pdf_digest: str) -> None:
    """Close an act with what became of each row: ``erased``, or why the appeal was spared."""
    act.rows = [{**row, "outcome": outcome[row["appeal"]]} for row in act.rows]
    act.state, act.done_by, act.done_at, act.pdf_digest = "done", actor.id, now(), pdf_digest
    erased = sum(one == "erased" for one in outcome.values())
    _log(actor, session, act, "act.done", {"erased": erased, "spared": len(outcome) - erased})


def get(actor: Actor, session: Session, act_id: int, *, lock: bool = False) -> DestructionAct:
    """Return an act. Raises NotFoundError."""
    rights.require(actor, session, "retention.manage")
    act = session.get(DestructionAct, act_id, with_for_update=lock or None)
    if act is None:
        raise NotFoundError(f"Акт {act_id} не найден.")
    return act


def newest(actor: Actor, session: Session, limit: int = 50) -> Sequence[DestructionAct]:
    """Return the newest acts."""
    rights.require(actor, session, "retention.manage")
    return session.scalars(select(DestructionAct).order_by(DestructionAct.id.desc()).limit(limit)).all()


def label(act: DestructionAct) -> str:
    """«2026/3»."""
    return f"{act.year}/{act.seq}"


def mark_paper(session: Session, appeal_id: int, act_id: int) -> None:
    """Note on the case file's entry that the paper goes with an act."""
    entry = session.get(CaseEntry, appeal_id)
    if entry is not None:
        entry.act_id = act_id
        entry.holder_id = None


def _entries(session: Session, keys: list[int]) -> dict[int, CaseEntry]:
    found = session.scalars(select(CaseEntry).where(CaseEntry.appeal_id.in_(keys)))
    return {entry.appeal_id: entry for entry in found}


def _row(plan: Nomenclature, appeal: Appeal, entry: CaseEntry | None) -> dict[str, Any]:
    case = plan.by_index.get(entry.case_index) if entry else None
    case = case or retention.case_of(plan, appeal)
    assert appeal.keep_until is not None
    return {
        "appeal": appeal.id,
        "number": appeal.reg_number,
        "registered": local_date(appeal.registered_at),
        "closed": _day(appeal.closed_at or appeal.replied_at),
        "index": case.index,
        "title": case.title,
        "years": case.years,
        "basis": case.basis,
        "keep_until": appeal.keep_until,
        "volume": entry.volume if entry else None,
        "sheets": _sheets(entry),
    }


def _sheets(entry: CaseEntry | None) -> int:
    if entry is None or entry.sheet_first is None or entry.sheet_last is None:
        return 0
    return entry.sheet_last - entry.sheet_first + 1


def _day(moment: dt.datetime | None) -> dt.date | None:
    return local_date(moment) if moment else None


def _log(
    actor: Actor, session: Session, act: DestructionAct, kind: str, data: dict[str, Any], reason: str | None = None
) -> None:
    values = {"reason": (None, reason)} if reason else None
    events.append(actor, session, f"act:{act.id}", kind, {"act": label(act), **data}, values)
