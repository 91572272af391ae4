"""Lists of appeals for the desk, and figures for managers: indexed queries, and only what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, and_, case, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session

from registry import rights
from registry.actor import Actor
from registry.clock import midnight, today
from registry.lifecycle import DONE
from registry.models import Appeal, Arrival, Dispatch, Part, Reply

# An appeal without a queue is with the records office. A literal: PostgreSQL compares grouped expressions by text.
UNPLACED = func.coalesce(Appeal.queue, literal_column("'REG'"))


COUNTED: Final = 999  # rows are counted so far; a person needs no more, and a count must cost nothing


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None means all. Days are local and stand within what is found.

    Attributes:
        queue: Queue that prepares or answers.
        topic: Code of a topic (C02.03), or of a group of them (C02).
        state: State.
        channel: Channel.
        segment: Segment.
        executor: Key of the person who prepares.
        vip: VIP clients' alone.
        received_from: First day of receipt.
        received_until: Last day of receipt.
        due_from: First day of the hard term.
        due_until: Last day of the hard term.
        mine: What the actor himself prepares.
        overdue: Past the hard term and not answered.
        soon: Not answered and due from today to this day.
        open_only: What is in work.
        unrestricted: Restricted appeals left out, whoever asks.
        text: A query of `registry.search`: numbers, names, words.
    """

    queue: str | None = None
    topic: str | None = None
    state: str | None = None
    channel: str | None = None
    segment: str | None = None
    executor: int | None = None
    vip: bool = False
    received_from: dt.date | None = None
    received_until: dt.date | None = None
    due_from: dt.date | None = None
    due_until: dt.date | None = None
    mine: bool = False
    overdue: bool = False
    soon: dt.date | None = None
    open_only: bool = True
    unrestricted: bool = False
    text: str | None = None

    @property
    def by_term(self) -> bool:
        """Whether the list is found and sorted by its terms; all that reaches into the archive else is searched for."""
        return not self.text and (self.in_work or self.due_from is not None or self.due_until is not None)

    @property
    def in_work(self) -> bool:
        """Whether only open work can be found: an answered appeal is neither overdue nor due soon."""
        still_open = self.state is not None and self.state not in DONE
        return self.open_only or self.overdue or self.soon is not None or still_open


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
    return session.scalars(page_query(actor, session, wanted, limit=limit, offset=offset)).all()


def page_query(actor: Actor, session: Session, wanted: Filter, *, limit: int, offset: int = 0) -> Select[tuple[Appeal]]:
    """Return the query of `page`: keys are found within one narrow index, only what is shown is read whole."""
    keys = select(Appeal.id).where(*conditions(actor, session, wanted))
    shown = keys.order_by(Appeal.due_hard, Appeal.id).limit(limit).offset(offset).subquery()
    return select(Appeal).join(shown, shown.c.id == Appeal.id).order_by(Appeal.due_hard, Appeal.id)


def count(actor: Actor, session: Session, wanted: Filter) -> int:
    """Return how many appeals a list holds for this actor, one more than `COUNTED` where there are more."""
    return session.scalar(count_query(actor, session, wanted)) or 0


def count_query(actor: Actor, session: Session, wanted: Filter) -> Select[tuple[int]]:
    """Return the query of `count`, which stops where nobody counts on."""
    some = select(Appeal.id).where(*conditions(actor, session, wanted)).limit(COUNTED + 1)
    return select(func.count()).select_from(some.subquery())


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
    answered = Appeal.replied_at.is_not(None)
    query = (
        select(
            UNPLACED,
            func.count(),
            func.sum(case((answered, 1), else_=0)),
            func.sum(case((and_(answered, _local_day(session, Appeal.replied_at) > Appeal.due_hard), 1), else_=0)),
            func.sum(case((Appeal.is_open.is_(True), 1), else_=0)),
        )
        .where(
            Appeal.registered_at >= first,
            Appeal.registered_at < end,
            Appeal.restricted.is_(False),
            rights.visible(actor, session),
        )
        .group_by(UNPLACED)
        .order_by(UNPLACED)
    )
    return [MonthFigures(queue, (total, *rest)) for queue, total, *rest in session.execute(query).tuples()]


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


def _local_day(session: Session, moment: ColumnElement[dt.datetime] | Any) -> ColumnElement[Any]:
    """The day of a moment in Ufa, which keeps five hours before UTC all year."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, "+5 hours")
    return cast(func.timezone("Asia/Yekaterinburg", moment), Date)


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
    found: list[ColumnElement[bool]] = []
    if wanted.in_work:
        found.append(Appeal.is_open.is_(True))
    elif wanted.by_term:
        found.append(Appeal.is_open.in_((True, False)))  # both halves of the list's index, each by its days
    if wanted.overdue:
        found.append(Appeal.due_hard < day)
    if wanted.soon is not None:
        found.append(Appeal.due_hard.between(day, wanted.soon))
    return [*found, *_values(actor, wanted), *_days(wanted), rights.visible(actor, session)]


def _values(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.queue:
        found.append(or_(Appeal.queue == wanted.queue, Appeal.reply_owner == wanted.queue))
    if wanted.topic:
        whole = "." in wanted.topic
        found.append(Appeal.topic_code == wanted.topic if whole else Appeal.topic_code.startswith(f"{wanted.topic}."))
    for column, value in (
        (Appeal.state, wanted.state),
        (Appeal.channel, wanted.channel),
        (Appeal.segment, wanted.segment),
        (Appeal.executor_id, wanted.executor),
    ):
        if value:
            found.append(column == value)
    if wanted.vip:
        found.append(Appeal.is_vip.is_(True))
    if wanted.unrestricted:
        found.append(Appeal.restricted.is_(False))
    if wanted.mine:
        found.append(Appeal.executor_id == actor.person_id)
    return found


def _days(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.received_from:
        found.append(Appeal.received_at >= midnight(wanted.received_from))
    if wanted.received_until:
        found.append(Appeal.received_at < midnight(wanted.received_until + dt.timedelta(days=1)))
    if wanted.due_from:
        found.append(Appeal.due_hard >= wanted.due_from)
    if wanted.due_until:
        found.append(Appeal.due_hard <= wanted.due_until)
    return found
