"""Acknowledge: who wrote by e-mail is told number, date and term, once, never in a loop with a robot (standard 6.3).

The letter leaves by itself, so it says nothing that is not already his: the address that wrote is all that is known of
him. Robots and forms get none; whoever writes more than a few letters a day gets no more of ours that day.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from outbox.mailout import is_address, make_message_id
from registry import acknowledgements, appeals, autoanswers, clock, dispatches, leases, numbers, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, Part
from rules.wire import Channel, LetterContent, ReplyKind
from steps.house import House

DAY: Final = dt.timedelta(days=1)


def one(actor: Actor, house: House, appeal_id: int) -> str:
    """Queue the acknowledgement of an appeal if it is to get one; return its number. May be repeated."""
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        if house.settings.acknowledge and appeal.ack_state == "pending":
            _decide(actor, session, house, appeal)
        leases.finish(appeal, "answer" if autoanswers.is_on(session) else "")
        return appeal.reg_number


def _decide(actor: Actor, session: Session, house: House, appeal: Appeal) -> None:
    address, why = address_of(house, appeal)
    if address is None:
        acknowledgements.skip(actor, session, appeal, why)
        return
    if dispatches.refused(session, address) is not None:
        acknowledgements.skip(actor, session, appeal, "refused_address")
        return
    if acknowledgements.sent_since(session, address, clock.now() - DAY) >= house.settings.auto_daily:
        acknowledgements.skip(actor, session, appeal, "daily_cap")
        return
    journal = house.book.journals.for_reply(ReplyKind.ACKNOWLEDGEMENT)
    acknowledgements.queue(
        actor,
        session,
        appeal,
        content(house, appeal),
        numbers.give(actor, session, journal.id, journal.pattern),
        address=address,
        message_id=make_message_id(house.settings.mail_domain).strip("<>"),
    )


def address_of(house: House, appeal: Appeal) -> tuple[str | None, str]:
    """The address that the letter came from, in small letters, or why there is nobody to write to, as a code."""
    part = next((one for one in appeal.parts if one.meta.get("from_email")), None)
    address = str(part.meta["from_email"]).lower() if part else ""
    reasons = {
        "channel": appeal.channel not in {Channel.EMAIL, Channel.VIRTUAL_RECEPTION},
        "closed": not appeal.is_open,
        "no_address": not is_address(address),
        "robot": part is not None and bool(part.meta.get("auto")),
        "form": part is not None and _is_form(part, address),
        "own_domain": address.rpartition("@")[2].casefold() == house.settings.mail_domain.casefold(),
    }
    why = next((code for code, holds in reasons.items() if holds), "")
    return (None if why else address), why


def _is_form(part: Part, address: str) -> bool:
    """A form of a site writes in its own name: whose the address inside is, nobody has proved but the site itself."""
    if part.meta.get("form"):
        return not part.meta.get("address_proved")
    answer_to = str(part.meta.get("reply_to") or "")
    return bool(answer_to) and answer_to.casefold() != address.casefold()


def content(house: House, appeal: Appeal) -> LetterContent:
    """The words, filled in from the appeal and the company; whose they are is read in rules/acknowledgement.yaml."""
    words, company = house.book.acknowledgement, house.book.company
    places = {
        "number": appeal.reg_number,
        "date": _day(clock.local_date(appeal.registered_at)),
        "received": _day(clock.local_date(appeal.received_at)),
        "due": _day(appeal.due_hard),
        "company": company.short_name,
        "phone": company.contact_centre,
    }
    term = words.term_provisional if appeal.due_provisional else words.term
    return LetterContent(
        kind=ReplyKind.ACKNOWLEDGEMENT,
        topic=words.subject.format(**places),
        salutation=words.salutation.format(**places),
        body=[line.format(**places) for line in (words.registered, term, words.advice)],
        closing=words.closing.format(**places),
        incoming_number=appeal.reg_number,
        incoming_date=clock.local_date(appeal.registered_at),
    )


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"
