"""Case files, acts of destruction and the day's balance, for the records office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from registry import acts, appeals, clock, filing, reconcile, retention, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, DestructionAct
from registry.reconcile import Balance
from steps import filing as steps
from steps.house import House

STATES: Final = {"draft": "Проект", "approved": "Утверждён", "done": "Исполнен", "cancelled": "Отменён"}


@dataclass(frozen=True, slots=True)
class CaseOption:
    """A case file of the plan."""

    index: str
    title: str
    term: str


@dataclass(frozen=True, slots=True)
class VolumeView:
    """A volume of a case file."""

    index: str
    title: str
    volume: int
    papers: int
    sheets: int


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper in its volume and who holds it; empty: it lies in its case file."""

    number: str
    where: str
    holder: str
    place: str
    out: bool


@dataclass(frozen=True, slots=True)
class FilingBox:
    """Where an appeal's paper belongs and lies, and what keeps it from destruction.

    Attributes:
        proposed: Index of the case file that the plan gives it.
        title: Title of that case file.
        until: Last day of keeping, None while it is open or not yet counted.
        where: «В дело № 05-01, т. 1, л. 3–5», empty while it is not filed.
        place: Where it lies, as the records office wrote it.
        holder: Who has it now, empty when it lies in its case file.
        out: It was handed out.
        volume, first, sheets: Volume, first sheet and number of sheets, None while it is not filed.
        hold: Why it must not be destroyed, None when nothing stops that.
        erased: Day on which its contents were destroyed.
        cases: Case files to choose from, for those who file.
        files: The actor files papers.
        manages: The actor forbids destruction and allows it again.
    """

    proposed: str
    title: str
    until: dt.date | None
    where: str
    place: str
    holder: str
    out: bool
    volume: int | None
    first: int | None
    sheets: int | None
    hold: str | None
    erased: dt.date | None
    cases: list[CaseOption]
    files: bool
    manages: bool


@dataclass(frozen=True, slots=True)
class ActView:
    """An act of destruction."""

    id: int
    label: str
    made: dt.date
    rows: int
    state: str
    state_title: str


@dataclass(frozen=True, slots=True)
class CasesView:
    """The page of case files. ``acts`` and ``balance`` are empty for those who may not see them."""

    cases: list[CaseOption]
    volumes: list[VolumeView]
    acts: list[ActView]
    balance: list[Balance]
    manages: bool
    files: bool


def cases(actor: Actor, house: House) -> CasesView:
    """Return what the records office keeps. Raises ForbiddenError to those with neither of the two rights."""
    plan = house.book.retention
    with house.db.session(write=False) as session:
        files = rights.may(actor, session, "case.file")
        manages = rights.may(actor, session, "retention.manage")
        if not manages:
            rights.require(actor, session, "case.file")
        volumes = filing.volumes(actor, session) if files else []
        seen = rights.may(actor, session, "arrival.view")
        return CasesView(
            cases=_options(house),
            volumes=[
                VolumeView(index, plan.by_index[index].title if index in plan.by_index else "", volume, count, last)
                for index, volume, count, last in volumes
            ],
            acts=[_act(one) for one in acts.newest(actor, session)] if manages else [],
            balance=reconcile.balances(actor, session, clock.today()) if seen else [],
            manages=manages,
            files=files,
        )


def volume(actor: Actor, house: House, case_index: str, number: int) -> list[PaperView]:
    """Return what lies in a volume."""
    with house.db.session(write=False) as session:
        return [
            PaperView(
                number=appeal.reg_number,
                where=steps.where(entry),
                holder=steps.holder(session, entry),
                place=entry.place,
                out=entry.holder_id is not None,
            )
            for appeal, entry in filing.papers(actor, session, case_index, number)
        ]


def box(actor: Actor, session: Session, house: House, appeal: Appeal) -> FilingBox:
    """Return the filing of an appeal's card."""
    plan = house.book.retention
    entry = filing.of(session, appeal.id)
    case = retention.case_of(plan, appeal)
    files = rights.may(actor, session, "case.file", appeal)
    index = entry.case_index if entry else case.index
    return FilingBox(
        proposed=index,
        title=plan.by_index[index].title if index in plan.by_index else "",
        until=appeal.keep_until,
        where=steps.where(entry) if entry else "",
        place=entry.place if entry else "",
        holder=steps.holder(session, entry) if entry else "",
        out=entry is not None and entry.holder_id is not None,
        volume=entry.volume if entry else None,
        first=entry.sheet_first if entry else None,
        sheets=entry.sheet_last - entry.sheet_first + 1 if entry and entry.sheet_last and entry.sheet_first else None,
        hold=appeal.hold_reason,
        erased=clock.local_date(appeal.erased_at) if appeal.erased_at else None,
        cases=_options(house) if files else [],
        files=files,
        manages=rights.may(actor, session, "retention.manage", appeal),
    )


def proposed_case(actor: Actor, house: House, number: str) -> str:
    """Return the index of the case file that the plan gives an appeal."""
    with house.db.session(write=False) as session:
        return retention.case_of(house.book.retention, appeals.by_number(actor, session, number)).index


def _options(house: House) -> list[CaseOption]:
    return [CaseOption(one.index, one.title, f"{one.years} л., {one.basis}") for one in house.book.retention.cases]


def _act(row: DestructionAct) -> ActView:
    made = clock.local_date(row.made_at)
    return ActView(row.id, acts.label(row), made, len(row.rows), row.state, STATES[row.state])
