"""Acknowledgements of registration: automatic letters in the register, from the decision to their sending."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import dispatches, events, numbers, replies, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.models import Appeal, Dispatch, Reply
from registry.numbers import Given
from rules.wire import LetterContent, ReplyKind

AUTOMATIC: Final = "automatic"  # the way of signing of a letter that no person signs
BY_ITSELF: Final = (AUTOMATIC, "script")  # of letters that leave without a person: acknowledgements, automatic answers


def skip(actor: Actor, session: Session, appeal: Appeal, why: str) -> None:
    """Note that an appeal gets no acknowledgement, and why, as a code."""
    appeal.ack_state = "none"
    events.append(actor, session, stream(appeal), "acknowledgement.skipped", {"why": why})


def queue(
    actor: Actor,
    session: Session,
    appeal: Appeal,
    content: LetterContent,
    given: Given,
    *,
    address: str,
    message_id: str,
) -> Dispatch:
    """Write the letter under its number and queue its sending, in the transaction that gave the number."""
    rights.require(actor, session, "reply.send", appeal)
    moment = now()
    reply = Reply(
        appeal=appeal,
        kind=ReplyKind.ACKNOWLEDGEMENT.value,
        state="signed",
        channel="email",
        out_number=given.text,
        letter_date=today(),
        sign_way=AUTOMATIC,
        signed_by=actor.id,
        signed_at=moment,
        created_at=moment,
    )
    session.add(reply)
    session.flush()
    replies.write(actor, session, reply, content)
    numbers.bind(session, given, reply_id=reply.id)
    appeal.ack_state = "queued"
    return dispatches.create(actor, session, reply, channel="email", address=address, message_id=message_id)


def sent_since(session: Session, address: str, moment: dt.datetime) -> int:
    """How many letters left for an address by themselves since a moment, answers among them."""
    query = (
        select(func.count())
        .select_from(Dispatch)
        .join(Reply)
        .where(Reply.sign_way.in_(BY_ITSELF), Dispatch.created_at >= moment, Dispatch.address == address)
    )
    return session.scalar(query) or 0
