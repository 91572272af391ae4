"""Threads: what comes back to a letter of ours is tied to it: bounces, robots, and the client's own answers.

Order of trust: the Message-ID that it quotes, the mark of the sending in the address that it came to, and for a bounce
the address that could not be reached, when we wrote there once of late. An answer counts as the client's only from the
address that we wrote to; anybody else's waits for a person.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from intake.mime import Message
from registry import appeals, clock, dispatches, links
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, Dispatch, Part
from rules.wire import Triage
from steps import ask, mailmarks

STRANGER: Final = "Ответ в переписке пришёл с адреса, которого нет в деле: проверьте, к какому обращению он относится."
THANKS: Final = "Клиент благодарит за ответ и ни о чём не просит: благодарность."
LATELY: Final = dt.timedelta(days=14)  # how long after its sending a bounce may be matched by the address alone


def link(actor: Actor, session: Session, part: Part, message: Message) -> None:
    """Tie a bounce, a robot's answer or an answer in the thread to the letter of ours that it is about."""
    sent = _sending(session, message)
    if sent is None:
        return
    appeal = appeals.by_id(actor, session, sent.reply.appeal_id, lock=True)
    view = message.view
    if view.triage is Triage.BOUNCE:
        links.attach(actor, session, part, appeal, "linked")
        if view.bounce and view.bounce.permanent:
            dispatches.bounced(actor, session, sent, {"status": view.bounce.status, "part": part.id})
    elif view.triage is Triage.AUTO_REPLY:
        links.attach(actor, session, part, appeal, "linked")
    elif view.triage is Triage.THREAD_REPLY:
        _answer(actor, session, part, message, sent, appeal)


def _answer(actor: Actor, session: Session, part: Part, message: Message, sent: Dispatch, appeal: Appeal) -> None:
    if (message.view.from_email or "").casefold() != sent.address.casefold():
        part.reasons = [*part.reasons, STRANGER]
        links.attach(actor, session, part, appeal, "held")
    elif appeal.is_open:
        links.attach(actor, session, part, appeal, "linked")
        if appeal.state == "waiting_client":
            ask.take_answer(actor, session, appeal, part.id)
    else:
        part.appeal_id = appeal.id  # an answered question again: a new appeal, linked to the old one
        if message.thanks:
            part.meta = {**part.meta, "thanks": True}
            part.reasons = [*part.reasons, THANKS]


def _sending(session: Session, message: Message) -> Dispatch | None:
    view = message.view
    ids = [view.bounce.message_id] if view.bounce and view.bounce.message_id else []
    ids += [one for one in (view.in_reply_to, *view.references) if one]
    by_id = next((row for one in ids if (row := dispatches.by_message_id(session, one))), None)
    if by_id is not None:
        return by_id
    by_mark = mailmarks.by_addresses(session, message.headers.delivered_to)
    if by_mark is not None or view.bounce is None or not view.bounce.recipient:
        return by_mark
    return dispatches.only_one_to(session, view.bounce.recipient, clock.now() - LATELY)
