"""Due: the terms from the rules in force, recomputed with a trace whenever what they rest on changes (step 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from registry import appeals, clock, rights, terms
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, AppealItem
from registry.terms import PaperDates
from rules.terms import DueFacts, ItemFacts, due, item_dues
from rules.wire import Channel, Due, Kind, Segment
from steps.house import House

CHUNK: Final = 200
LETTER_DATES: Final = frozenset({"letter_date", "client_ref_date"})  # fields of the author that tell of sending


@dataclass(frozen=True, slots=True)
class Change:
    """What a recomputation changes of one appeal: pairs of before and after."""

    number: str
    hard: tuple[dt.date, dt.date]
    target: tuple[dt.date, dt.date]
    rule: tuple[str, str]
    provisional: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many open appeals stood by another version of the rules, and what changed of them."""

    looked: int = 0
    changed: list[Change] = field(default_factory=list)


def recompute(actor: Actor, session: Session, house: House, appeal: Appeal, why: str | None = None) -> Due:
    """Compute the terms of an appeal and of its questions anew and keep them, in the caller's transaction."""
    session.flush()
    session.expire(appeal, ["items", "parties"])  # whoever calls may have added a question or a forwarding body
    facts = facts_of(house, appeal)
    found = due(house.book, facts)
    _keep(actor, session, house, appeal, facts, found, why)
    return found


def recompute_open(actor: Actor, house: House, reason: str, *, apply: bool = True) -> Recomputed:
    """Count the terms of all open appeals anew that another version of the rules or calendars counted.

    Works in chunks, each a transaction of its own; a run that was broken off is simply started again. An event is
    written only where something changed.

    Args:
        actor: Who asked for it; needs ``system.operate``.
        house: The house.
        reason: Why, for the history.
        apply: False: only tell what would change.
    """
    total, changed, after = 0, [], 0
    while True:
        with house.db.session(write=apply) as session:
            rights.require(actor, session, "system.operate")
            rows = terms.outdated(session, house.book.version, after, CHUNK, lock=apply)
            for appeal in rows:
                facts = facts_of(house, appeal)
                found = due(house.book, facts)
                change = _change(appeal, found)
                changed.extend([change] if change else [])
                if apply:
                    _keep(actor, session, house, appeal, facts, found, reason)
        if not rows:
            return Recomputed(total, changed)
        total, after = total + len(rows), rows[-1].id


def facts_of(house: House, appeal: Appeal) -> DueFacts:
    """What an appeal's term depends on.

    A topic that no person confirmed and that lies below the routing threshold feeds the target only: no red overdue
    from a guess. The same holds of every question.
    """
    sure = appeal.topic_confirmed_by is not None or appeal.topic_confidence >= house.book.routing.routing_threshold
    codes = [appeal.topic_code] if appeal.topic_code else []
    letter_date, letter_date_sure = _letter_date(house, appeal)
    return DueFacts(
        received=terms.first_received(appeal),
        registered=clock.local_date(appeal.registered_at),
        segment=Segment(appeal.segment),
        is_vip=appeal.is_vip,
        kind=Kind(appeal.kind) if appeal.kind else None,
        kind_sure=appeal.topic_confirmed_by is not None,
        topics=codes if sure else (),
        doubtful_topics=() if sure else codes,
        items=[_item(house, item) for item in appeal.items],
        channel=Channel(appeal.channel),
        # A rule that a later edition has dropped binds nobody any more; the history keeps who chose it.
        rule=appeal.due_rule if appeal.due_rule in known_rules(house, appeal) else None,
        event_date=appeal.event_date,
        postmark_date=appeal.postmark_date,
        letter_date=letter_date,
        letter_date_sure=letter_date_sure,
        stated_date=appeal.stated_date,
        has_alarms=bool(appeal.alarms),
    )


def known_rules(house: House, appeal: Appeal) -> Mapping[str, str]:
    """Rules that a person may choose for an appeal with their titles: those of its day of receipt that give a term."""
    rules = house.book.for_received(clock.local_date(appeal.received_at)).deadlines.rules
    ordered = sorted(rules, key=lambda rule: rule.applies != "manual")
    return {rule.id: rule.title for rule in ordered if rule.quantity is not None}


def set_dates(
    actor: Actor, house: House, number: str, dates: PaperDates, reason: str, *, version: int | None = None
) -> Due:
    """A person enters the dates that stand on the papers, all at once; the terms follow.

    Raises:
        InputError: A date cannot be, or the reason is missing.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        terms.note_dates(actor, session, appeal, dates, reason)
        return recompute(actor, session, house, appeal, reason.strip() or None)


def choose_rule(
    actor: Actor, house: House, number: str, rule: str | None, reason: str, *, version: int | None = None
) -> Due:
    """A person chooses a rule of terms (an advocate's request), or gives the choice back to the topics.

    Raises:
        InputError: No such rule, or the reason is missing.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        if rule is not None and rule not in known_rules(house, appeal):
            raise InputError("Такого правила срока нет. Выберите правило из списка.")
        terms.choose_rule(actor, session, appeal, rule, reason)
        return recompute(actor, session, house, appeal, reason.strip() or None)


def _keep(
    actor: Actor, session: Session, house: House, appeal: Appeal, facts: DueFacts, found: Due, why: str | None
) -> None:
    own = item_dues(house.book, facts)
    terms.set_due(actor, session, appeal, found, house.book.version, items=own, why=why)


def _item(house: House, item: AppealItem) -> ItemFacts:
    guess = next((one["confidence"] for one in item.topics if one["code"] == item.topic_code), 0.0)
    sure = item.confirmed_by is not None or guess >= house.book.routing.routing_threshold
    return ItemFacts(ordinal=item.ordinal, topic=item.topic_code, sure=sure)


def _letter_date(house: House, appeal: Appeal) -> tuple[dt.date | None, bool]:
    """The client's own date: a confirmed one first, then the earliest that can be trusted, then the earliest."""
    author = next((party for party in appeal.parties if party.role == "author"), None)
    read = author.fields if author else {}
    dates = {name: dt.date.fromisoformat(read[name]) for name in LETTER_DATES if read.get(name)}
    confirmed = [day for name, day in dates.items() if author and name in author.confirmed]
    if confirmed:
        return min(confirmed), True
    received = clock.local_date(appeal.received_at)
    trust = max(start.trust_days for start in house.book.deadlines.starts.values())
    near = [day for day in dates.values() if 0 <= (received - day).days <= trust]
    return min(near or dates.values(), default=None), False


def _change(appeal: Appeal, found: Due) -> Change | None:
    was = Due.model_validate(appeal.due)
    told = Change(
        number=appeal.reg_number,
        hard=(was.hard.date, found.hard.date),
        target=(was.target.date, found.target.date),
        rule=(was.hard.rule, found.hard.rule),
        provisional=(was.hard.provisional, found.hard.provisional),
    )
    pairs: Iterator[tuple[object, object]] = iter((told.hard, told.target, told.rule, told.provisional))
    return told if any(before != after for before, after in pairs) else None
