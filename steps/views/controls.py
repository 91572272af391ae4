"""Promises under control: what is due, who holds it, and to whom it may be given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from registry import clock, controls, rights, staff
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, Control
from steps.house import House

Which = Literal["all", "mine", "late", "week"]
WEEK: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ControlView:
    """A promise under control.

    Attributes:
        holder: Who keeps it, None while nobody was named.
        seen: Whether the reader may open the appeal; a holder of another queue may not.
        keeps: Whether the reader may settle the promise or hand it over now.
        letter: Outgoing number of the letter that makes the promise, None when it was written down by hand.
    """

    id: int
    number: str
    promise: str
    due: dt.date
    late: bool
    state: str
    state_title: str
    note: str | None
    holder_id: int | None
    holder: str | None
    seen: bool
    keeps: bool
    letter: str | None


@dataclass(frozen=True, slots=True)
class ControlsPage:
    """Open promises, the nearest first, and the people who may be given one: key and name."""

    rows: list[ControlView]
    people: list[tuple[int, str]]


def page(actor: Actor, house: House, which: Which = "all") -> ControlsPage:
    """Return the open promises that the actor may see: all, those he holds, the late ones, or those of a week."""
    ends = {"late": clock.today() - dt.timedelta(days=1), "week": clock.today() + WEEK}
    with house.db.session(write=False) as session:
        found = controls.waiting(actor, session, mine=which == "mine", until=ends.get(which))
        return ControlsPage([view(actor, session, row, appeal) for row, appeal in found], people(session))


def view(actor: Actor, session: Session, row: Control, appeal: Appeal) -> ControlView:
    """Return a promise as the desk shows it to this reader."""
    is_open = row.state == "open"
    return ControlView(
        id=row.id,
        number=appeal.reg_number,
        promise=row.promise,
        due=row.due,
        late=is_open and row.due < clock.today(),
        state=row.state,
        state_title=controls.TITLES[row.state],
        note=row.note,
        holder_id=row.holder_id,
        holder=staff.by_id(session, row.holder_id).short_name if row.holder_id else None,
        seen=rights.sees(actor, session, appeal),
        keeps=is_open and controls.keeps(actor, session, row, appeal),
        letter=next((reply.out_number for reply in appeal.replies if reply.id == row.reply_id), None),
    )


def people(session: Session) -> list[tuple[int, str]]:
    """Return who may be given a promise: key, name and position."""
    return [(one.id, f"{one.short_name}, {one.position}") for one in controls.holders(session)]
