"""Reconcile: the balance of what came, by source and day, and what does not agree in the register (P1)."""

from __future__ import annotations

import datetime as dt

from intake.imap import ImapMailbox
from intake.port import SourceUnavailableError
from registry import clock, reconcile, rights
from registry.actor import Actor
from registry.reconcile import Balance, Fault
from steps.house import House

__all__ = ["Balance", "Fault", "day", "look", "whole"]


def day(actor: Actor, house: House, date: dt.date | None = None) -> list[Balance]:
    """Return the balance of every source over one local day, or over all time."""
    with house.db.session(write=False) as session:
        return reconcile.balances(actor, session, date)


def whole(actor: Actor, house: House) -> list[Fault]:
    """Return what does not agree among mailboxes, numbers, files and sendings."""
    with house.db.session(write=False) as session:
        return reconcile.faults(actor, session, held_before(house), drafts_before(house))


def look(actor: Actor, house: House) -> int:
    """Look into every mailbox, count what waits and what nobody took, and return how many could not be read."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
    silent = 0
    for source in house.sources:
        if not isinstance(source, ImapMailbox):
            continue
        seen, error = None, None
        try:
            seen = source.counted()
        except SourceUnavailableError as unavailable:
            error = str(unavailable)
            silent += 1
        with house.db.session() as session:
            reconcile.note_look(session, source.name, seen, error)
    return silent


def drafts_before(house: House) -> dt.datetime:
    """Drafts taken in before this moment are late: those of earlier days, past the hour of the rules all of them."""
    moment = clock.now()
    hour = dt.datetime.combine(clock.today(), house.book.piles.drafts.confirm_by, tzinfo=clock.LOCAL)
    return moment if moment >= hour else dt.datetime.combine(clock.today(), dt.time.min, tzinfo=clock.LOCAL)


def held_before(house: House) -> dt.datetime:
    """The beginning of the working day before today: what was held earlier should have been looked through."""
    day = house.book.calendars.for_terms.previous_working(clock.today() - dt.timedelta(days=1))
    return dt.datetime.combine(day, dt.time.min, tzinfo=clock.LOCAL)
