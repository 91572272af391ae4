"""Filing: «В дело № … л. …», where a paper is, who holds it, and any paper found by its case and volume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import events, locks, rights, staff
from registry.actor import Actor
from registry.clock import now
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, CaseEntry, Person
from rules.retention import Nomenclature


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper goes. Without a volume the last one is taken; without a first sheet the next free one."""

    case_index: str
    sheets: int
    volume: int | None = None
    first: int | None = None
    place: str = ""


def put(actor: Actor, session: Session, plan: Nomenclature, appeal: Appeal, where: Place) -> CaseEntry:
    """File an appeal's paper, or set right where it was filed.

    Raises:
        InputError: No such case, no sheets, or the sheets are another paper's.
        StateError: The paper was destroyed by an act.
    """
    rights.require(actor, session, "case.file", appeal)
    if where.case_index not in plan.by_index:
        raise InputError(f"Дела {where.case_index} нет в номенклатуре. Выберите дело из списка.")
    if not 1 <= where.sheets <= plan.volume_sheets:
        raise InputError(f"Число листов — от 1 до {plan.volume_sheets}: больше в один том не подшивают.")
    locks.serialise(session, f"case:{where.case_index}")
    entry = session.get(CaseEntry, appeal.id, with_for_update=True)
    if entry is not None and entry.act_id is not None:
        raise StateError(f"{appeal.reg_number}: документ выделен к уничтожению.")
    volume, first = _room(session, plan, appeal.id, where)
    before = _said(entry) if entry else None
    if entry is None:
        entry = CaseEntry(appeal_id=appeal.id, case_index=where.case_index, filed_by=actor.id, filed_at=now())
        session.add(entry)
    entry.case_index, entry.volume = where.case_index, volume
    entry.sheet_first, entry.sheet_last = first, first + where.sheets - 1
    entry.place = where.place.strip()[:200]
    entry.filed_by, entry.filed_at = actor.id, now()
    session.flush()
    events.append(actor, session, f"appeal:{appeal.id}", "case.filed", {"before": before, "after": _said(entry)})
    return entry


def give_out(actor: Actor, session: Session, appeal: Appeal, holder: Person) -> None:
    """Hand a paper out to a person.

    Raises:
        InputError: The person may not know of this appeal (restricted, a conflict of interest).
        StateError: The paper is not filed, is out already, or was destroyed.
    """
    entry = _entry(actor, session, appeal)
    if rights.hidden(staff.actor_of(holder), session, appeal):
        raise InputError(f"{appeal.reg_number}: этому работнику документ выдать нельзя, обращение ему недоступно.")
    if entry.act_id is not None:
        raise StateError(f"{appeal.reg_number}: документ выделен к уничтожению.")
    if entry.holder_id is not None:
        raise StateError(f"{appeal.reg_number}: документ уже выдан. Сначала отметьте возврат.")
    entry.holder_id = holder.id
    events.append(actor, session, f"appeal:{appeal.id}", "case.given", {"holder": holder.id})


def take_back(actor: Actor, session: Session, appeal: Appeal) -> None:
    """Note that a paper is back in its case file. Raises StateError when it was not out."""
    entry = _entry(actor, session, appeal)
    if entry.holder_id is None:
        raise StateError(f"{appeal.reg_number}: документ и так в деле.")
    data, entry.holder_id = {"holder": entry.holder_id}, None
    events.append(actor, session, f"appeal:{appeal.id}", "case.returned", data)


def of(session: Session, appeal_id: int) -> CaseEntry | None:
    """Return where an appeal's paper is filed."""
    return session.get(CaseEntry, appeal_id)


def volumes(actor: Actor, session: Session) -> Sequence[tuple[str, int, int, int]]:
    """Return case index, volume, papers and last sheet of every volume; counts what the actor may file."""
    rights.require(actor, session, "case.file")
    last = func.coalesce(func.max(CaseEntry.sheet_last), 0)
    query = (
        select(CaseEntry.case_index, CaseEntry.volume, func.count(), last)
        .join(Appeal, Appeal.id == CaseEntry.appeal_id)
        .where(rights.reached(actor, session, "case.file"))
    )
    rows = session.execute(
        query.group_by(CaseEntry.case_index, CaseEntry.volume).order_by(CaseEntry.case_index, CaseEntry.volume)
    )
    return [(index, volume, count, sheet) for index, volume, count, sheet in rows]


def papers(actor: Actor, session: Session, case_index: str, volume: int) -> Sequence[tuple[Appeal, CaseEntry]]:
    """Return what lies in a volume in the order of its sheets, as far as the actor may file it."""
    rights.require(actor, session, "case.file")
    query = (
        select(Appeal, CaseEntry)
        .join(CaseEntry, CaseEntry.appeal_id == Appeal.id)
        .where(CaseEntry.case_index == case_index, CaseEntry.volume == volume)
        .where(rights.reached(actor, session, "case.file"))
        .order_by(CaseEntry.sheet_first, Appeal.id)
    )
    return [(appeal, entry) for appeal, entry in session.execute(query)]


def _entry(actor: Actor, session: Session, appeal: Appeal) -> CaseEntry:
    rights.require(actor, session, "case.file", appeal)
    entry = session.get(CaseEntry, appeal.id, with_for_update=True)
    if entry is None:
        raise NotFoundError(f"{appeal.reg_number}: документ ещё не подшит в дело.")
    return entry


def _room(session: Session, plan: Nomenclature, appeal_id: int, where: Place) -> tuple[int, int]:
    """Return volume and first sheet: those asked for if they are free, else the next ones; a full volume ends."""
    others = (CaseEntry.case_index == where.case_index, CaseEntry.appeal_id != appeal_id)
    volume = where.volume or session.scalar(select(func.max(CaseEntry.volume)).where(*others)) or 1
    within = (*others, CaseEntry.volume == volume)
    last = session.scalar(select(func.max(CaseEntry.sheet_last)).where(*within)) or 0
    if where.first is None:
        if last + where.sheets > plan.volume_sheets and where.volume is None:
            return volume + 1, 1
        return volume, last + 1
    until = where.first + where.sheets - 1
    taken = select(CaseEntry.appeal_id).where(
        *within, CaseEntry.sheet_first <= until, CaseEntry.sheet_last >= where.first
    )
    if session.scalar(taken.limit(1)) is not None:
        raise InputError(
            f"Листы {where.first}–{until} тома {volume} уже заняты. Следующий свободный лист — {last + 1}."
        )
    return volume, where.first


def _said(entry: CaseEntry) -> dict[str, object]:
    return {
        "case": entry.case_index,
        "volume": entry.volume,
        "sheets": [entry.sheet_first, entry.sheet_last],
    }
