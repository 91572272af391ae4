"""Letters on paper that nobody of the records office has compared with their scan yet, and who has which before him."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, select, text
from sqlalchemy.orm import Session

from registry import rights
from registry.actor import Actor
from registry.clock import now
from registry.models import Appeal, Arrival, Checking, Part
from registry.upsert import insert

_UNCHECKED: Final = text("appeal.verified_by IS NULL AND appeal.is_open")  # as the partial index says it
_TRIES: Final = 20  # letters that others may take from before us between the look and the taking


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many letters wait to be checked, and of how many the recognition says itself that it may be wrong."""

    total: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What is checked at a desk: letters of these channels, each held for whoever has it open for so long."""

    channels: tuple[str, ...]
    hold: dt.timedelta


def waiting(actor: Actor, session: Session, desk: Desk) -> Waiting:
    """Count the letters that wait."""
    rights.require(actor, session, "appeal.verify")
    query = select(Appeal.doubtful, func.count()).where(*_waiting(actor, session, desk)).group_by(Appeal.doubtful)
    found = dict(session.execute(query).tuples().all())
    return Waiting(sum(found.values()), found.get(True, 0))


def take_next(actor: Actor, session: Session, desk: Desk, besides: Collection[str] = ()) -> Appeal | None:
    """Hold the next letter for the actor: the doubtful first, then the oldest; None when nothing is left for him.

    What others have before them is left out, and what he put off comes back when there is nothing else.

    Args:
        actor: Who checks.
        session: A writing transaction.
        desk: Which letters.
        besides: Numbers that he has already.
    """
    rights.require(actor, session, "appeal.verify")
    known = (*_waiting(actor, session, desk), Appeal.reg_number.not_in(besides))
    for put_off in (False, True):
        free = _free(actor, put_off=put_off)
        query = select(Appeal).where(*known, free).order_by(Appeal.doubtful.desc(), Appeal.id).limit(_TRIES)
        for appeal in session.scalars(query):
            if hold(actor, session, desk, appeal):
                return appeal
    return None


def hold(actor: Actor, session: Session, desk: Desk, appeal: Appeal, *, put_off: bool = False) -> bool:
    """Hold a letter for the actor, or put it off; whether nobody else has it before him."""
    if actor.person_id is None:
        return True
    moment = now()
    values = {"appeal_id": appeal.id, "person_id": actor.person_id, "until": moment + desk.hold, "put_off": put_off}
    taken = (
        insert(session, Checking)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[Checking.appeal_id],
            set_={name: values[name] for name in ("person_id", "until", "put_off")},
            where=(Checking.person_id == actor.person_id) | (Checking.until < moment),
        )
    )
    return session.scalar(taken.returning(Checking.appeal_id)) is not None


def holder(session: Session, appeal: Appeal, actor: Actor) -> int | None:
    """The other person who has a letter before him now."""
    query = select(Checking.person_id).where(
        Checking.appeal_id == appeal.id, Checking.until >= now(), Checking.person_id != actor.person_id,
        Checking.put_off.is_(False),
    )  # fmt: skip
    return session.scalar(query)


def let_go(session: Session, appeal: Appeal) -> None:
    """A letter was checked, or left the queue otherwise."""
    session.execute(delete(Checking).where(Checking.appeal_id == appeal.id))


def one_before(actor: Actor, session: Session, appeal: Appeal) -> Appeal | None:
    """The letter that lay before this one in the same scan, where the actor sees it: whose last sheets these may be."""
    part = next((one for one in appeal.parts if one.state == "registered"), None)
    if part is None:
        return None
    query = (
        select(Appeal)
        .join(Part, Part.appeal_id == Appeal.id)
        .join(Arrival, Arrival.id == Part.arrival_id)
        .where(Part.arrival_id == part.arrival_id, Part.ordinal < part.ordinal, Part.state == "registered")
        .where(Appeal.id != appeal.id, rights.visible(actor, session))
        .order_by(Part.ordinal.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _waiting(actor: Actor, session: Session, desk: Desk) -> Sequence[ColumnElement[bool]]:
    """Read, placed, on paper, and not looked at by a person."""
    rest = (Appeal.channel.in_(desk.channels), Appeal.work.not_in(("read", "route")), rights.visible(actor, session))
    return (_UNCHECKED, *rest)  # type: ignore[return-value] # a text is a condition


def _free(actor: Actor, *, put_off: bool) -> ColumnElement[bool]:
    held = select(Checking.appeal_id).where(Checking.appeal_id == Appeal.id, Checking.until >= now())
    if put_off:
        held = held.where(Checking.person_id != actor.person_id)
    else:
        held = held.where((Checking.person_id != actor.person_id) | Checking.put_off.is_(True))
    return and_(~held.exists())
