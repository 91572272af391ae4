"""Reopen: back into work by a decision, after a return of the post, or to try delivery again (step 10)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from outbox.mailout import make_message_id
from registry import appeals, dispatches, reopening, rights
from registry.actor import Actor
from registry.models import Appeal
from steps import due, postitems, recipients
from steps.house import House

COUNTER: Final = "вручение под подпись в офисе"


def decide(actor: Actor, house: House, number: str, reason: str) -> None:
    """Open an answered, closed or merged appeal again, under its original term; undoes a merge."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        main = session.get(Appeal, appeal.merged_into) if appeal.merged_into else None
        reopening.reopen(actor, session, appeal, reason)
        if main is not None and main.is_open:
            session.flush()
            due.recompute(actor, session, house, main)


def resume(actor: Actor, house: House, number: str) -> None:
    """Take an appeal whose answer did not arrive back into work, to write another."""
    with house.db.session() as session:
        reopening.resume(actor, session, appeals.by_number(actor, session, number, lock=True))


def returned(actor: Actor, house: House, dispatch_id: int, day: dt.date, reason: str) -> str:
    """The post brought a letter back; returns the number of the appeal that is open again."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        reopening.returned(actor, session, row, day, reason)
        return row.reply.appeal.reg_number


def resend(actor: Actor, house: House, dispatch_id: int, channel: str, address: str) -> int:
    """Send a signed letter that did not arrive once more; returns the key of the sending.

    Raises:
        InputError: The address is malformed, taken, or not proved to be the client's for what the letter tells (6.11).
        StateError: There is nothing to repeat.
    """
    channel, address = channel.strip(), " ".join(address.split())
    if channel == "hand":  # whoever comes proves himself by a document at the counter
        address = COUNTER
    message_id = make_message_id(house.settings.mail_domain).strip("<>") if channel == "email" else None
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
        if channel != "hand" and (channel, address) != (row.channel, row.address):
            recipients.require_proved(session, house, row, channel, address)
        made = reopening.resend(actor, session, row, channel=channel, address=address, message_id=message_id)
        if channel == "post":
            made.post_kind = postitems.default_kind(house, made).id
        return made.id
