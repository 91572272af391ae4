"""Register: number, date and first term, in one transaction, once per part."""

from __future__ import annotations

import datetime as dt

from registry import appeals, clock, leases
from registry.actor import Actor
from registry.errors import NotFoundError
from registry.models import Part
from rules.stages import ack_due
from rules.terms import DueFacts, due
from rules.wire import Channel, Segment
from steps.house import House

NOON = dt.time(12)  # paper has a date of receipt and no hour; noon keeps it on its day in every time zone of Russia


def number(actor: Actor, house: House, part_id: int) -> str | None:
    """Give a waiting part its number and return it; None when it does not wait any more. May be repeated.

    A registered appeal is never without a term: until the letter is read, the rules that bind every letter count.
    """
    with house.db.session() as session:
        part = session.get(Part, part_id, with_for_update=True)
        if part is None:
            raise NotFoundError(f"Письмо {part_id} не найдено среди поступлений.")
        if part.state != "waiting":
            leases.finish(part)
            return None
        received = _received_at(part)
        registered = clock.today()
        channel = Channel(part.arrival.channel)
        facts = DueFacts(received=received, registered=registered, segment=Segment.B2C, channel=channel)
        journal = house.book.journals.by_id.get(part.journal or "") or house.book.journals.for_channel(channel)
        appeal = appeals.register(
            actor,
            session,
            part,
            journal=journal.id,
            pattern=journal.pattern,
            received_at=received,
            due=due(house.book, facts),
        )
        appeal.ack_due = ack_due(house.book, registered).date
        leases.finish(part)
        return appeal.reg_number


def _received_at(part: Part) -> dt.datetime:
    """The moment of receipt by the channel's rule: the date on the paper's stamp, or the server's moment."""
    date = part.receipt_date or part.arrival.receipt_date
    if date is None or date == clock.local_date(part.arrival.received_at):
        return part.arrival.received_at
    return dt.datetime.combine(date, NOON, tzinfo=clock.LOCAL)
