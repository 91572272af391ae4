"""Due: both terms from the rules in force, recomputed with a trace whenever what they rest on changes (step 5)."""

from __future__ import annotations

import datetime as dt

from registry import appeals, clock
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal
from rules.terms import DueFacts, due
from rules.wire import Channel, Due, Segment
from steps.house import House


def recompute(actor: Actor, session: Session, house: House, appeal: Appeal) -> Due:
    """Compute the terms of an appeal anew and keep them, in the caller's transaction."""
    found = due(house.book, facts_of(house, appeal))
    appeals.set_due(actor, session, appeal, found, house.book.version)
    return found


def facts_of(house: House, appeal: Appeal) -> DueFacts:
    """What an appeal's term depends on.

    A topic that no person confirmed and that lies below the routing threshold feeds the target only: no red overdue
    from a guess.
    """
    floor = house.book.routing.routing_threshold
    codes = [code for code in _codes(appeal) if code in house.book.ekto.by_code]
    sure = appeal.topic_confirmed_by is not None or appeal.topic_confidence >= floor
    return DueFacts(
        received=appeal.received_at,
        registered=clock.local_date(appeal.registered_at),
        segment=Segment(appeal.segment),
        is_vip=appeal.is_vip,
        topics=codes if sure else (),
        doubtful_topics=() if sure else codes,
        channel=Channel(appeal.channel),
        event_date=appeal.event_date,
        stated_date=appeal.stated_date,
        has_alarms=bool(appeal.alarms),
    )


def set_dates(
    actor: Actor, house: House, number: str, *, stated: dt.date | None = None, event: dt.date | None = None
) -> Due:
    """A person enters the date that the paper itself names, or the date of the event that a rule counts from."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.note_dates(actor, session, appeal, stated=stated, event=event)
        return recompute(actor, session, house, appeal)


def _codes(appeal: Appeal) -> list[str]:
    """The main topic first, then those of the other questions that a person confirmed."""
    others = [item.topic_code for item in appeal.items if item.confirmed_by and item.topic_code]
    return list(dict.fromkeys(code for code in (appeal.topic_code, *others) if code))
