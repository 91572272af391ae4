"""Register: number, date and first term, in one transaction, once per part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from registry import appeals, arrivals, clock, events, leases, numbers, rights, sealed
from registry.actor import Actor
from registry.appeals import FirstFacts
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Appeal, Part
from rules.journals import Entry
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
    return number_many(actor, house, [part_id])[part_id]


def number_many(actor: Actor, house: House, part_ids: Sequence[int]) -> dict[int, str | None]:
    """Give waiting parts their numbers in one transaction, by journal and in the order in which they came in.

    Whatever goes wrong with one undoes all, numbers included; whoever calls takes them one by one then. See `number`.
    """
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        found = {part.id: part for part in arrivals.get_parts(session, part_ids, lock=True)}
        if missing := sorted(set(part_ids) - found.keys()):
            raise NotFoundError(f"Письмо {missing[0]} не найдено среди поступлений.")
        numbered: dict[int, str | None] = dict.fromkeys(part_ids)
        for journal, parts in _by_journal(house, found.values()).items():
            pattern = parts[0][1].journal.pattern
            given = numbers.give_many(actor, session, journal, pattern, len(parts))
            entered = [
                (part, one, _known(house, part, one, entry.document_class, part.arrival.postmark_date))
                for (part, entry), one in zip(parts, given, strict=True)
            ]
            for appeal, (part, entry) in zip(appeals.register_many(actor, session, entered), parts, strict=True):
                if part.arrival.sealed:
                    sealed.registered(session, appeal, part.arrival.sealed)
                numbered[part.id] = appeal.reg_number
                if not entry.understood:
                    values = {"named": (None, part.journal)}
                    data = {"journal": journal}
                    events.append(actor, session, appeals.stream(appeal), "appeal.journal_unknown", data, values)
        for part in found.values():
            leases.finish(part)
        return numbered


def _by_journal(house: House, parts: Iterable[Part]) -> dict[str, list[tuple[Part, Entry]]]:
    """The parts that wait, by journal; journals in one order for all, so that no two runs wait for each other."""
    table: dict[str, list[tuple[Part, Entry]]] = {}
    for part in parts:
        if part.state == "waiting":
            entry = house.book.journals.entry(part.journal or part.arrival.named, Channel(part.arrival.channel))
            table.setdefault(entry.journal.id, []).append((part, entry))
    return dict(sorted(table.items()))


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
    known = _known(house, part, given, document_class, postmark_date)
    appeal = appeals.register(actor, session, part, given, known)
    leases.finish(part)
    return appeal


def _known(
    house: House, part: Part, given: numbers.Given, document_class: str | None, postmark_date: dt.date | None
) -> FirstFacts:
    received, registered = received_at(part), clock.local_date(given.at)
    channel = Channel(part.arrival.channel)
    facts = DueFacts(received=received, registered=registered, segment=Segment.B2C, channel=channel)
    return FirstFacts(
        received_at=received,
        due=due(house.book, facts),
        rules_version=house.book.version,
        ack_due=ack_due(house.book, registered).date,
        document_class=document_class,
        postmark_date=postmark_date,
        restricted=part.arrival.sealed is not None,
    )


def received_at(part: Part, stamped: dt.date | None = None) -> dt.datetime:
    """The moment of receipt by the channel's rule: the date on the paper's stamp, or the server's moment.

    A paper cannot have come after it was scanned: a stamp date of the future (a slip on a sheet or in a folder's name)
    does not put the term off, the moment of taking in counts.
    """
    arrival = part.arrival
    taken_in = clock.local_date(arrival.received_at)
    date = stamped or part.receipt_date or arrival.receipt_date
    by_person = Channel(arrival.channel) in DATED_BY_HAND or arrival.source == BY_HAND
    if date is None or date >= taken_in or not by_person:
        return arrival.received_at
    return clock.noon(date)
