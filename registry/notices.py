"""Notices: whom routing told of an appeal the same day (14.2-14.8, 15.2), whom the watch reminded of its term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import Session

from registry import absences, events, rights
from registry.actor import Actor
from registry.assignment import curator_of
from registry.clock import LOCAL, today
from registry.models import Appeal, Client, Event
from rules.escalation import EXECUTOR

KIND = "appeal.notified"
REMINDER = "appeal.reminded"
# Literals, not parameters: a partial index is used only when its condition is seen in the query.
_IS_NOTICE = Event.kind == literal_column(f"'{KIND}'")
_IS_REMINDER = Event.kind == literal_column(f"'{REMINDER}'")
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that concerns the actor: of which appeal, when, as which of his roles.

    ``rung`` and ``action`` are of a reminder: the rung that was reached («-5wd»), and what is asked.
    """

    appeal: Appeal
    at: dt.datetime
    roles: tuple[str, ...]
    rung: str | None = None
    action: str | None = None


def tell(actor: Actor, session: Session, appeal: Appeal, roles: Sequence[str]) -> None:
    """Write the notice for those roles that were not told of this appeal before."""
    if not roles:
        return
    query = select(Event.data).where(Event.appeal_id == appeal.id, _IS_NOTICE)
    told = {role for data in session.scalars(query) for role in data["roles"]}
    fresh = [role for role in roles if role not in told]
    if fresh:
        events.append(actor, session, f"appeal:{appeal.id}", KIND, {"roles": fresh})


def of_today(actor: Actor, session: Session) -> list[Notice]:
    """Return today's notices to the actor's roles, the newest first; of hidden appeals he hears nothing (P7).

    The head of a queue hears of his queues, curators and personal managers of their clients and of those of the
    colleague they stand in for.
    """
    return _for(actor, session, _IS_NOTICE)


def reminders_of_today(actor: Actor, session: Session) -> list[Notice]:
    """Return today's reminders to the actor of terms that are not met yet, as `of_today` does."""
    return _for(actor, session, _IS_REMINDER, Appeal.is_open.is_(True))


def reminded(actor: Actor, session: Session, limit: int) -> list[tuple[Event, Appeal]]:
    """Return today's reminders of open appeals that may stand in a report, the newest first."""
    shown = (Appeal.is_open.is_(True), Appeal.restricted.is_(False), rights.visible(actor, session))
    query = _today(_IS_REMINDER, *shown).limit(limit)
    return [(event, appeal) for event, appeal in session.execute(query).tuples()]


def _today(*conditions: ColumnElement[bool]) -> Select[tuple[Event, Appeal]]:
    start = dt.datetime.combine(today(), dt.time(), LOCAL)
    return (
        select(Event, Appeal)
        .join(Appeal, Appeal.id == Event.appeal_id)
        .where(Event.at >= start, *conditions)
        .order_by(Event.at.desc(), Event.id.desc())
    )


def _for(actor: Actor, session: Session, *conditions: ColumnElement[bool]) -> list[Notice]:
    query = _today(*conditions, rights.unhidden(actor, session)).limit(LIMIT)
    people = _spoken_for(actor, session)
    found: list[Notice] = []
    for event, appeal in session.execute(query).tuples():
        mine = [role for role in event.data["roles"] if role == EXECUTOR or role in actor.roles]
        roles = tuple(role for role in mine if _concerns(actor, session, people, role, appeal))
        if roles:
            found.append(Notice(appeal, event.at, roles, event.data.get("rung"), event.data.get("action")))
    return found


def _spoken_for(actor: Actor, session: Session) -> set[int]:
    if actor.person_id is None:
        return set()
    return {actor.person_id, *(one.id for one in absences.stood_in_for(session, actor.person_id, today()))}


def _concerns(actor: Actor, session: Session, people: set[int], role: str, appeal: Appeal) -> bool:
    if role == EXECUTOR:
        return appeal.executor_id in people
    if role == "queue_head":
        return bool({appeal.queue, appeal.reply_owner} & actor.queues)
    if role not in {"curator", "personal_manager"}:
        return True
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    if role == "personal_manager":
        return client is None or client.manager_id is None or client.manager_id in people
    curator = curator_of(session, appeal)
    return curator is not None and curator.id in people
