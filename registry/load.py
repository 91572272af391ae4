"""Load: open work by queue and person, and what should be taken next. A warning to people, never a block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from registry import absences, conflicts, rights
from registry.actor import Actor
from registry.clock import today
from registry.models import Appeal, Person

AHEAD = 200  # rows that `next_for` looks at: beyond them the term is later than anything of these
_LATE_FIRST = (Appeal.due_hard, Appeal.is_vip.desc(), Appeal.id)


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """Open work of a queue and the people of it who are there today."""

    queue: str
    waiting: int
    overdue: int
    present: int
    away: int


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """Open work of one person. ``away_until``: the last day of his absence, None when he is there."""

    person: Person
    waiting: int
    overdue: int
    absence: str | None
    away_until: dt.date | None


def by_queue(actor: Actor, session: Session) -> list[QueueLoad]:
    """Return the load of every queue with open work that the actor may see. Needs the right to reports."""
    rights.require(actor, session, "report.view")
    query = (
        select(Appeal.queue, func.count(), func.sum(case((Appeal.due_hard < today(), 1), else_=0)))
        .where(Appeal.is_open.is_(True), Appeal.queue.is_not(None), rights.visible(actor, session))
        .group_by(Appeal.queue)
        .order_by(Appeal.queue)
    )
    people = session.scalars(select(Person).where(Person.active.is_(True))).all()
    gone = absences.away(session, [person.id for person in people], today())
    found: list[QueueLoad] = []
    for queue, waiting, overdue in session.execute(query).tuples():
        staff = [person for person in people if queue in person.queues]
        away = sum(person.id in gone for person in staff)
        found.append(QueueLoad(queue or "", waiting, overdue, len(staff) - away, away))
    return found


def by_person(actor: Actor, session: Session) -> list[PersonLoad]:
    """Return the open work of every executor as far as the actor may see it, the most first."""
    query = (
        select(Appeal.executor_id, func.count(), func.sum(case((Appeal.due_hard < today(), 1), else_=0)))
        .where(Appeal.is_open.is_(True), Appeal.executor_id.is_not(None), rights.visible(actor, session))
        .group_by(Appeal.executor_id)
    )
    counts = {key: (waiting, overdue) for key, waiting, overdue in session.execute(query).tuples() if key is not None}
    people = session.scalars(select(Person).where(Person.id.in_(sorted(counts)))).all()
    gone = absences.away(session, sorted(counts), today())
    rows = [
        PersonLoad(
            person=person,
            waiting=counts[person.id][0],
            overdue=counts[person.id][1],
            absence=absences.KINDS[gone[person.id].kind] if person.id in gone else None,
            away_until=gone[person.id].last if person.id in gone else None,
        )
        for person in people
    ]
    return sorted(rows, key=lambda row: (-row.waiting, row.person.last_name))


def of_person(actor: Actor, session: Session, person_id: int) -> Sequence[Appeal]:
    """Return the open appeals that a person carries, as far as the actor may see them, what is due first on top."""
    query = select(Appeal).where(
        Appeal.executor_id == person_id, Appeal.is_open.is_(True), rights.visible(actor, session)
    )
    return session.scalars(query.order_by(*_LATE_FIRST)).all()


def next_for(actor: Actor, session: Session) -> Appeal | None:
    """Return what the actor should take next: the earliest term first, then VIP, then letters with alarms.

    What was proposed to another who is there, or waits for the head to name a person, is passed over.
    """
    if actor.person_id is None or not rights.may(actor, session, "appeal.claim"):
        return None
    query = select(Appeal).where(
        Appeal.state == "routed", Appeal.queue.in_(sorted(actor.queues)), rights.visible(actor, session)
    )
    rows = session.scalars(query.order_by(*_LATE_FIRST).limit(AHEAD)).all()
    mine = {None, actor.person_id, *(one.id for one in absences.stood_in_for(session, actor.person_id, today()))}
    free = [row for row in rows if row.executor_id in mine and not conflicts.pending(session, row)]
    return min(free, key=lambda row: (row.due_hard, not row.is_vip, not row.alarms, row.id), default=None)
