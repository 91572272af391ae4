"""Register: number, date and first term, in one transaction, once per part."""

from __future__ import annotations

import datetime as dt
from typing import Final

from registry import appeals, clock, events, leases, numbers, rights
from registry.actor import Actor
from registry.appeals import FirstFacts
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Appeal, Part
from rules.stages import ack_due
from rules.terms import DueFacts, due
from rules.wire import Channel, Segment
from steps.house import House

# deadlines.yaml, receipt_moment: here a person dates the receipt (stamp, mark on the client's copy, entry in the book,
# placement in the system); on every other channel the receiving server does.
DATED_BY_HAND: Final = frozenset({Channel.POST, Channel.HAND_DELIVERED, Channel.COMPLAINT_BOOK, Channel.GIS_ZHKH})
BY_HAND: Final = "hand"  # the source of what people upload: no server of ours has seen it come in


def number(actor: Actor, house: House, part_id: int) -> str | None:
    """Give a waiting part its number and return it; None when it does not wait any more. May be repeated.

    A registered appeal is never without a term: until the letter is read, the rules that bind every letter count.

    Raises:
        NotFoundError: There is no such part.
        ClockError: The server's clock was set back; the part goes on waiting.
    """
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        part = session.get(Part, part_id, with_for_update=True)
        if part is None:
            raise NotFoundError(f"Письмо {part_id} не найдено среди поступлений.")
        if part.state != "waiting":
            leases.finish(part)
            return None
        entry = house.book.journals.entry(part.journal or part.arrival.named, Channel(part.arrival.channel))
        given = numbers.give(actor, session, entry.journal.id, entry.journal.pattern)
        appeal = enter(
            actor,
            house,
            session,
            part,
            given,
            document_class=entry.document_class,
            postmark_date=part.arrival.postmark_date,
        )
        if not entry.understood:
            data = {"journal": given.journal}
            values = {"named": (None, part.journal)}
            events.append(actor, session, appeals.stream(appeal), "appeal.journal_unknown", data, values)
        return appeal.reg_number


def enter(
    actor: Actor,
    house: House,
    session: Session,
    part: Part,
    given: numbers.Given,
    *,
    document_class: str | None = None,
    postmark_date: dt.date | None = None,
) -> Appeal:
    """Enter a waiting part under a number of this transaction, with the first terms, and release it to be read."""
    received = received_at(part)
    registered = clock.local_date(given.at)
    channel = Channel(part.arrival.channel)
    facts = DueFacts(received=received, registered=registered, segment=Segment.B2C, channel=channel)
    known = FirstFacts(received, due(house.book, facts), house.book.version, document_class)
    appeal = appeals.register(actor, session, part, given, known)
    appeal.postmark_date = postmark_date
    appeal.ack_due = ack_due(house.book, registered).date
    leases.finish(part)
    return appeal


def received_at(part: Part) -> dt.datetime:
    """The moment of receipt by the channel's rule: the date on the paper's stamp, or the server's moment.

    A paper cannot have come after it was scanned: a stamp date of the future (a slip on a sheet or in a folder's name)
    does not put the term off, the moment of taking in counts.
    """
    arrival = part.arrival
    taken_in = clock.local_date(arrival.received_at)
    date = part.receipt_date or arrival.receipt_date
    by_person = Channel(arrival.channel) in DATED_BY_HAND or arrival.source == BY_HAND
    if date is None or date >= taken_in or not by_person:
        return arrival.received_at
    return clock.noon(date)
