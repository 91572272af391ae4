"""Lists of appeals for the desk, and figures for managers: indexed queries, and only what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from registry import rights
from registry.actor import Actor
from registry.clock import local_date, today
from registry.models import Appeal, Arrival, Dispatch, Part, Reply

# An appeal without a queue is with the records office. A literal: PostgreSQL compares grouped expressions by text.
UNPLACED = func.coalesce(Appeal.queue, literal_column("'REG'"))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None means all."""

    queue: str | None = None
    state: str | None = None
    mine: bool = False
    overdue: bool = False
    due_until: dt.date | None = None  # from today to this day
    open_only: bool = True
    text: str | None = None  # a query of `registry.search`: numbers, names, words


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Open work of one queue."""

    queue: str
    waiting: int
    overdue: int
    due_soon: int
    oldest_due: dt.date | None


def page(actor: Actor, session: Session, wanted: Filter, *, limit: int = 50, offset: int = 0) -> Sequence[Appeal]:
    """Return one page of appeals, what is due first on top."""
    query = select(Appeal).where(*conditions(actor, session, wanted))
    return session.scalars(query.order_by(Appeal.due_hard, Appeal.id).limit(limit).offset(offset)).all()


def count(actor: Actor, session: Session, wanted: Filter) -> int:
    """Return how many appeals a list holds for this actor."""
    return session.scalar(select(func.count()).select_from(Appeal).where(*conditions(actor, session, wanted))) or 0


def figures(actor: Actor, session: Session, *, soon: dt.date, restricted: bool = False) -> list[QueueFigures]:
    """Return open work by queue. Restricted appeals are left out unless asked for: not even counted (P7)."""
    day = today()
    late = Appeal.due_hard < day
    near = Appeal.due_hard.between(day, soon)
    query = (
        select(
            UNPLACED,
            func.count(),
            func.sum(case((late, 1), else_=0)),
            func.sum(case((near, 1), else_=0)),
            func.min(Appeal.due_hard),
        )
        .where(Appeal.is_open.is_(True), rights.visible(actor, session))
        .group_by(UNPLACED)
        .order_by(UNPLACED)
    )
    if not restricted:
        query = query.where(Appeal.restricted.is_(False))
    return [
        QueueFigures(queue, total, overdue, soon_, oldest)
        for queue, total, overdue, soon_, oldest in session.execute(query).tuples()
    ]


def late(actor: Actor, session: Session, limit: int = 500) -> Sequence[Appeal]:
    """Return open appeals past their hard term that may stand in a report, the latest first."""
    return _open_between(actor, session, None, today() - dt.timedelta(days=1), limit)


def near(actor: Actor, session: Session, last: dt.date, limit: int = 500) -> Sequence[Appeal]:
    """Return open appeals due from today to a day that may stand in a report."""
    return _open_between(actor, session, today(), last, limit)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One queue's appeals registered within a span: all, answered, answered late, still open."""

    queue: str
    counts: tuple[int, int, int, int]


def month(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> list[MonthFigures]:
    """Return the figures of appeals registered in [first, end) by queue, restricted ones left out (P7)."""
    rights.require(actor, session, "report.view")
    found: dict[str, list[int]] = {}
    query = select(Appeal.queue, Appeal.is_open, Appeal.replied_at, Appeal.due_hard).where(
        Appeal.registered_at >= first,
        Appeal.registered_at < end,
        Appeal.restricted.is_(False),
        rights.visible(actor, session),
    )
    for queue, is_open, replied_at, due_hard in session.execute(query).tuples():
        row = found.setdefault(queue or "REG", [0, 0, 0, 0])
        row[0] += 1
        row[1] += replied_at is not None
        row[2] += replied_at is not None and local_date(replied_at) > due_hard
        row[3] += is_open
    return [MonthFigures(queue, (row[0], row[1], row[2], row[3])) for queue, row in sorted(found.items())]


def registrations(
    actor: Actor, session: Session, first: dt.datetime, end: dt.datetime
) -> Sequence[tuple[str, dt.datetime, bool]]:
    """Return number, moment of receipt and VIP mark of the appeals registered in [first, end)."""
    rights.require(actor, session, "arrival.view")
    query = select(Appeal.reg_number, Appeal.received_at, Appeal.is_vip).where(
        Appeal.registered_at >= first, Appeal.registered_at < end, rights.visible(actor, session)
    )
    return session.execute(query.order_by(Appeal.received_at, Appeal.id)).tuples().all()


def progress(actor: Actor, session: Session) -> tuple[int, int, int, int]:
    """Return arrivals kept, appeals registered, appeals read, and rows that wait for a step before sending.

    Appeals that the actor may not see are not counted; what has no number yet is nobody's, and all of it is.
    """
    rights.require(actor, session, "report.view")

    def count(query: Select[tuple[int]]) -> int:
        return session.scalar(query) or 0

    steps = ("triage", "register", "read", "route")
    appeals = select(func.count()).select_from(Appeal).where(rights.visible(actor, session))
    waiting = count(appeals.where(Appeal.work.in_(steps)))
    waiting += sum(
        count(select(func.count()).select_from(model).where(model.work.in_(steps))) for model in (Arrival, Part)
    )
    received = count(select(func.count()).select_from(Arrival))
    return received, count(appeals), count(appeals.where(Appeal.model.is_not(None))), waiting


def unclear_dispatches(actor: Actor, session: Session) -> Sequence[Dispatch]:
    """Return sendings whose outcome a person must decide, and failed ones of letters that are not given up yet."""
    rights.require(actor, session, "dispatch.confirm")
    failed = and_(Dispatch.state == "failed", Reply.state != "cancelled", Appeal.is_open.is_(True))
    waits = or_(Dispatch.state == "unclear", failed)
    query = select(Dispatch).join(Reply).join(Appeal).where(waits, rights.visible(actor, session))
    return session.scalars(query.order_by(Dispatch.id)).all()


def _open_between(actor: Actor, session: Session, first: dt.date | None, last: dt.date, limit: int) -> Sequence[Appeal]:
    query = select(Appeal).where(
        Appeal.is_open.is_(True),
        Appeal.restricted.is_(False),
        Appeal.due_hard <= last,
        rights.visible(actor, session),
        *([Appeal.due_hard >= first] if first else []),
    )
    return session.scalars(query.order_by(Appeal.due_hard, Appeal.id).limit(limit)).all()


def conditions(actor: Actor, session: Session, wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what a row must fulfil to stand in a list; the query's words are the search's matter."""
    day = today()
    found = [rights.visible(actor, session)]
    if wanted.open_only:
        found.append(Appeal.is_open.is_(True))
    if wanted.queue:
        found.append(or_(Appeal.queue == wanted.queue, Appeal.reply_owner == wanted.queue))
    if wanted.state:
        found.append(Appeal.state == wanted.state)
    if wanted.mine:
        found.append(Appeal.executor_id == actor.person_id)
    if wanted.overdue:
        found.append(Appeal.due_hard < day)
    if wanted.due_until is not None:
        found.append(Appeal.due_hard.between(day, wanted.due_until))
    return found
