"""Appeals as rows of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import clock, lifecycle, lists, search, staff
from registry.actor import Actor
from registry.database import Session
from registry.lists import Filter, QueueFigures
from registry.models import Appeal
from rules.wire import Sender
from steps import letter, report
from steps.access import noted
from steps.house import House


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal in a list. ``days_left`` counts calendar days to the hard term; negative is overdue."""

    id: int
    number: str
    version: int
    received: dt.date
    registered: dt.date
    state: str
    state_title: str
    queue: str | None
    queue_title: str
    reply_owner: str | None
    owner_title: str
    executor: str | None
    topic_code: str | None
    topic_name: str
    topic_confidence: float
    topic_confirmed: bool
    segment: str
    channel: str
    channel_title: str
    is_vip: bool
    restricted: bool
    due_hard: dt.date
    due_target: dt.date
    provisional: bool
    extended_until: dt.date | None
    days_left: int
    overdue: bool
    due_soon: bool
    sender: str
    subject: str | None
    alarms: list[str]
    needs_person: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and how many rows the whole list has; ``more``: a search found at least so many."""

    rows: list[AppealRow]
    total: int
    more: bool = False


def queue(actor: Actor, house: House, wanted: Filter, *, limit: int = 50, offset: int = 0) -> ListPage:
    """Return a page of the appeals that the actor may see: what is due first on top, of a search the newest."""
    if wanted.text:
        with noted(actor, house, "search", "what", "search"), house.db.session(write=False) as session:
            found = search.find(actor, session, wanted)
            shown = search.rows(session, found.keys[offset : offset + limit])
            return ListPage([row(session, house, appeal) for appeal in shown], len(found.keys), more=not found.complete)
    with house.db.session(write=False) as session:
        rows = lists.page(actor, session, wanted, limit=limit, offset=offset)
        return ListPage([row(session, house, appeal) for appeal in rows], lists.count(actor, session, wanted))


def figures(actor: Actor, house: House) -> list[QueueFigures]:
    """Return open work by queue as far as the actor may see it."""
    with house.db.session(write=False) as session:
        return lists.figures(actor, session, soon=house.soon_until)


def row(session: Session, house: House, appeal: Appeal) -> AppealRow:
    """Return an appeal as a row."""
    days = (appeal.due_hard - clock.today()).days
    executor = staff.by_id(session, appeal.executor_id).short_name if appeal.executor_id else None
    return AppealRow(
        id=appeal.id,
        number=appeal.reg_number,
        version=appeal.version,
        received=clock.local_date(appeal.received_at),
        registered=clock.local_date(appeal.registered_at),
        state=appeal.state,
        state_title=lifecycle.TITLES[appeal.state],
        queue=appeal.queue,
        queue_title=report.queue_title(house, appeal.queue),
        reply_owner=appeal.reply_owner,
        owner_title=report.queue_title(house, appeal.reply_owner),
        executor=executor,
        topic_code=appeal.topic_code,
        topic_name=report.topic_name(house, appeal.topic_code),
        topic_confidence=appeal.topic_confidence,
        topic_confirmed=appeal.topic_confirmed_by is not None,
        segment=appeal.segment,
        channel=appeal.channel,
        channel_title=report.CHANNELS[appeal.channel],
        is_vip=appeal.is_vip,
        restricted=appeal.restricted,
        due_hard=appeal.due_hard,
        due_target=appeal.due_target,
        provisional=appeal.due_provisional,
        extended_until=appeal.extended_until,
        days_left=days,
        overdue=appeal.is_open and days < 0,
        due_soon=appeal.is_open and clock.today() <= appeal.due_hard <= house.soon_until,
        sender=called(letter.author(session, appeal)),
        subject=appeal.subject,
        alarms=[alarm_title(house, alarm["code"]) for alarm in appeal.alarms],
        needs_person=appeal.needs_person,
    )


def alarm_title(house: House, code: str) -> str:
    """Russian name of an alarm."""
    return house.book.routing.alarms.get(code, code)


def called(sender: Sender) -> str:
    """How a list calls the author: the organisation, or surname and initials."""
    initials = "".join(f"{part[0]}." for part in (sender.first_name, sender.patronymic) if part)
    person = f"{sender.last_name or ''} {initials}".strip()
    return ", ".join(part for part in (sender.org_name, person) if part)


def touch(actor: Actor, house: House) -> None:
    """Ask the database for one row: whether it answers at all, for the health check."""
    with house.db.session(write=False) as session:
        lists.page(actor, session, Filter(), limit=1)
