"""Appeals as rows of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from classifiers.searchwords import Term, marked
from registry import clock, lifecycle, lists, search, staff
from registry.actor import Actor
from registry.database import Session
from registry.lists import Filter, QueueFigures
from registry.models import Appeal
from rules.wire import Sender
from steps import letter, report
from steps.access import noted
from steps.house import House

# Pieces of a letter's text around what was searched for, and which of them answer the query.
Snippet = Sequence[tuple[str, bool]]

AROUND: Final = 70  # characters before and after
SHOWN: Final = 220  # characters of a snippet


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal in a list.

    ``days_left`` counts calendar days to the hard term, negative is overdue: from today while the appeal is open, from
    ``done_on``, the day on which it was answered or closed, when nothing is awaited any more.
    """

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
    done_on: dt.date | None
    overdue: bool
    due_soon: bool
    sender: str
    subject: str | None
    alarms: list[str]
    paper: str
    needs_person: bool
    snippet: Snippet = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and how many rows the whole list has; ``more``: at least so many, nobody counted on."""

    rows: list[AppealRow]
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has; ``more``: at least so many."""

    total: int
    more: bool


def queue(actor: Actor, house: House, wanted: Filter, *, limit: int = 50, offset: int = 0) -> ListPage:
    """Return a page of the appeals that the actor may see.

    Open work, and what is asked for by its terms: what is due first on top. A search and the archive: the newest.
    """
    if wanted.text:
        with noted(actor, house, "search", "what", "search"):
            return _found(actor, house, wanted, limit, offset)
    if not wanted.by_term:
        return _found(actor, house, wanted, limit, offset)
    with house.db.session(write=False) as session:
        appeals = lists.page(actor, session, wanted, limit=limit, offset=offset)
        known = _count(actor, session, wanted)
        return ListPage(_rows(session, house, appeals), known.total, known.more)


def counts(actor: Actor, house: House, wanted: Sequence[Filter]) -> list[Count]:
    """Return how many rows each of some lists of open work has for the actor, at no cost that grows."""
    with house.db.session(write=False) as session:
        return [_count(actor, session, one) for one in wanted]


def _count(actor: Actor, session: Session, wanted: Filter) -> Count:
    found = lists.count(actor, session, wanted)
    return Count(min(found, lists.COUNTED), found > lists.COUNTED)


def _found(actor: Actor, house: House, wanted: Filter, limit: int, offset: int) -> ListPage:
    with house.db.session(write=False) as session:
        found = search.find(actor, session, wanted)
        shown = search.rows(session, found.keys[offset : offset + limit])
        rows = _rows(session, house, shown, search.words(session, wanted.text or ""))
        return ListPage(rows, len(found.keys), more=not found.complete)


def _rows(session: Session, house: House, appeals: Sequence[Appeal], terms: Sequence[Term] = ()) -> list[AppealRow]:
    """Rows with their people, who are asked for at once and not row by row."""
    authors = letter.authors(session, appeals)
    people = staff.names(session, {appeal.executor_id for appeal in appeals if appeal.executor_id})
    return [
        replace(_row(house, appeal, authors[appeal.id], people), snippet=snippet(appeal.text, terms))
        for appeal in appeals
    ]


def snippet(text: str, terms: Sequence[Term]) -> Snippet:
    """Return a piece of a text in which words answer the terms, cut at them; nothing when none do."""
    spans = marked(text, terms) if terms else []
    if not spans:
        return ()
    start = max(0, spans[0][0] - AROUND)
    end = min(len(text), start + SHOWN)
    pieces, place = [("…" if start else "", False)], start
    for left, right in (span for span in spans if span[1] <= end):
        pieces += [(text[place:left], False), (text[left:right], True)]
        place = right
    pieces += [(text[place:end], False), ("…" if end < len(text) else "", False)]
    return [(piece, hit) for piece, hit in pieces if piece]


def figures(actor: Actor, house: House) -> list[QueueFigures]:
    """Return open work by queue as far as the actor may see it."""
    with house.db.session(write=False) as session:
        return lists.figures(actor, session, soon=house.soon_until)


def row(session: Session, house: House, appeal: Appeal) -> AppealRow:
    """Return an appeal as a row."""
    return _rows(session, house, [appeal])[0]


def _row(house: House, appeal: Appeal, author: Sender, people: Mapping[int, str]) -> AppealRow:
    done_at = None if appeal.is_open else appeal.replied_at or appeal.closed_at
    done_on = clock.local_date(done_at) if done_at else None
    days = (appeal.due_hard - (done_on or clock.today())).days
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
        executor=people.get(appeal.executor_id or 0),
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
        done_on=done_on,
        overdue=appeal.is_open and days < 0,
        due_soon=appeal.is_open and clock.today() <= appeal.due_hard <= house.soon_until,
        sender=called(author),
        subject=appeal.subject,
        alarms=[alarm_title(house, alarm["code"]) for alarm in appeal.alarms],
        paper=paper_title(house, appeal),
        needs_person=appeal.needs_person,
    )


def paper_title(house: House, appeal: Appeal) -> str:
    """What the paper is, where it is no appeal; empty for an appeal and for what was never read."""
    papers = house.book.papers
    code = appeal.found_class["code"] if appeal.found_class else papers.usual
    return "" if code == papers.usual or code not in papers.classes else papers.classes[code].title


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
