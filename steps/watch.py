"""Watch: the single source of «due soon» and «overdue»; legal terms hang on this, not on Prefect (step 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from registry import anchors, batches, clock, feed, rights, watch
from registry.actor import Actor
from steps import extend, reconcile, remind, retention, rules
from steps.house import House

KEEPING: Final = "retention.day"  # the cursor holds the day, as an ordinal, on which terms of keeping were counted


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look of the watch came to.

    Attributes:
        due_soon: Appeals marked as due soon for the first time.
        overdue: Appeals marked as overdue for the first time.
        inner: Parts and promises marked.
        closed: Appeals closed because their answer is proved.
        told: Extensions whose interim reply has gone since.
        kept: Closed appeals whose term of keeping was counted, once a day.
        drafts: Piles with unconfirmed borders that were told of, once a day each.
        reminded: Rungs of the ladders of reminders that were told.
    """

    due_soon: int
    overdue: int
    inner: int = 0
    closed: int = 0
    told: int = 0
    kept: int = 0
    drafts: int = 0
    reminded: int = 0


def tick(actor: Actor, house: House) -> Seen:
    """Keep the rules in force, mark what is due, close what is settled, count keeping, number the feed, set the anchor.

    May be repeated at any time. An edition of the rules is kept at the first look after it came into force, at local
    midnight in a running process or with edited files at a start, before anything is decided here by it.
    """
    rules.remember(actor, house)
    soon = late = inner = 0
    while True:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            new_soon = watch.mark_due_soon(actor, session, house.soon_until)
            new_late = watch.mark_overdue(actor, session)
            new_inner = watch.mark_parts(actor, session, house.soon_until)
            new_inner += watch.mark_controls(actor, session, house.soon_until)
        soon, late, inner = soon + new_soon, late + new_late, inner + new_inner
        if not (new_soon or new_late or new_inner):
            break
    reminded = remind.tick(actor, house)
    drafts = _tell_of_drafts(actor, house)
    told = extend.link_notices(actor, house)
    closed = _close_settled(actor, house)
    kept = _count_keeping(house)
    with house.db.session() as session:
        feed.number_new(session)
        anchors.daily(actor, session)
    return Seen(soon, late, inner, closed, told, kept, drafts, reminded)


def _tell_of_drafts(actor: Actor, house: House) -> int:
    """Piles that nobody confirmed in time: a short look, and a writing one only when there are some."""
    with house.db.session(write=False) as session:
        waits = any(row.taken_at < reconcile.drafts_before(house) for row in batches.drafts(actor, session))
    if not waits:
        return 0
    with house.db.session() as session:
        return batches.tell_late(actor, session, reconcile.drafts_before(house), house.book.piles.drafts.tell)


def _count_keeping(house: House) -> int:
    """Count the terms of keeping of what was closed since, once a local day; a run that was killed does it again."""
    today = clock.today().toordinal()
    with house.db.session(write=False) as session:
        if feed.cursor(session, KEEPING) >= today:
            return 0
    counted = retention.refresh(house)
    with house.db.session() as session:
        feed.advance(session, KEEPING, today)
    return counted


def _close_settled(actor: Actor, house: House) -> int:
    closed, more = 0, True
    while more:
        with house.db.session() as session:
            count, more = watch.close_settled(actor, session)
        closed += count
    return closed
