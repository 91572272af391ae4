"""Case files, acts of destruction and the day's balance, for the records office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from registry import acts, appeals, clock, filing, reconcile, retention, rights
from registry.actor import Actor
from registry.models import DestructionAct
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
            cases=[CaseOption(one.index, one.title, f"{one.years} л., {one.basis}") for one in plan.cases],
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


def proposed_case(actor: Actor, house: House, number: str) -> str:
    """Return the index of the case file that the plan gives an appeal."""
    with house.db.session(write=False) as session:
        return retention.case_of(house.book.retention, appeals.by_number(actor, session, number)).index


def _act(row: DestructionAct) -> ActView:
    made = clock.local_date(row.made_at)
    return ActView(row.id, acts.label(row), made, len(row.rows), row.state, STATES[row.state])
