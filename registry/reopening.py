"""Back into work: a manager's decision, a letter that came back, and another try at delivering one.

Whatever opens an appeal again opens it under its original ``due_hard``: a breach stays visible.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from registry import dispatches, events, lifecycle, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now, today
from registry.errors import InputError, StateError
from registry.guards import FINAL_KINDS
from registry.models import Appeal, Dispatch, Reply
from rules.wire import ReplyKind


def reopen(actor: Actor, session: Session, appeal: Appeal, reason: str) -> None:
    """Open an answered, closed or merged appeal again; undoes a merge. The words stand beside the history."""
    undoes = ("appeal.reopen", "appeal.merge") if appeal.state == "merged" else ("appeal.reopen",)
    rights.require_any(actor, session, undoes, appeal)
    _require_words(reason)
    if appeal.state not in lifecycle.DONE:
        raise StateError(f"{appeal.reg_number}: обращение и так в работе.")
    data = {"from": appeal.state, "main": appeal.merged_into}
    values = {"reason": (None, reason.strip())}
    lifecycle.move(actor, session, appeal, "in_progress", reason="decision")
    events.append(actor, session, stream(appeal), "appeal.reopened", data, values)


def resume(actor: Actor, session: Session, appeal: Appeal) -> None:
    """Take an undelivered appeal back into work: its letter is given up, and another may be written."""
    rights.require_any(actor, session, ("reply.draft", "appeal.reopen"), appeal)
    if appeal.state != "undelivered":
        raise StateError(f"{appeal.reg_number}: вернуть в работу можно обращение с недоставленным ответом.")
    lifecycle.move(actor, session, appeal, "in_progress")
    for reply in appeal.replies:
        if reply.state == "signed" and reply.dispatches and all(row.state == "failed" for row in reply.dispatches):
            reply.state = "cancelled"
            events.append(actor, session, stream(appeal), "reply.cancelled", {"reply": reply.id, "why": "undelivered"})


def returned(actor: Actor, session: Session, row: Dispatch, day: dt.date, reason: str) -> None:
    """The post brought a letter back: the sending has failed, and the appeal is open again.

    Args:
        actor: Who holds the envelope.
        session: The transaction.
        row: The sending by post.
        day: The day on which it came back.
        reason: What the post wrote on it.
    """
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    _require_words(reason)
    if row.channel != "post" or row.state != "sent":
        raise StateError("Возврат отмечают у письма, сданного на почту.")
    if row.sent_at is None or day > today() or day < row.sent_at.date() - dt.timedelta(days=1):
        raise InputError("Дата возврата не может быть раньше отправки или в будущем.")
    body = {"dispatch": row.id, "reply": row.reply_id, "day": day}
    events.append(
        actor, session, stream(row.reply.appeal), "dispatch.returned", body, {"reason": (None, reason.strip())}
    )
    dispatches.failed(actor, session, row, {"returned": day.isoformat()})


def resendable(row: Dispatch) -> bool:
    """Whether a sending may be repeated: it did not arrive, and its letter still has something to tell.

    That is the letter that its appeal waits for as undelivered, or one that answers nothing yet (an interim reply, a
    request for data) while the appeal is open: its executor works on, so the appeal stays where it is.
    """
    reply: Reply = row.reply
    if row.state != "failed" or reply.is_automatic:
        return False
    if reply.appeal.state == "undelivered":
        return True
    return reply.state == "dispatched" and reply.appeal.is_open and ReplyKind(reply.kind) not in FINAL_KINDS


def resend(
    actor: Actor, session: Session, row: Dispatch, *, channel: str, address: str, message_id: str | None
) -> Dispatch:
    """Send a signed letter that did not arrive once more: to another address, or to the same by a person's decision.

    Raises:
        InputError: No address, or the letter has gone to that one already.
        StateError: There is nothing to repeat.
    """
    reply: Reply = row.reply
    rights.require(actor, session, "dispatch.confirm", reply.appeal)
    if not resendable(row):
        raise StateError("Повторить можно отправку, которая не состоялась или вернулась.")
    if not address.strip():
        raise InputError("Укажите, куда отправить письмо.")
    to = (channel, address.strip())
    known = next((one for one in reply.dispatches if (one.channel, one.address) == to), None)
    if known is not None and known.state not in {"failed", "cancelled"}:
        raise InputError("На этот адрес письмо уже отправлено или отправляется. Укажите другой.")
    if known is not row:
        row.state = "cancelled"
    if known is None:
        return dispatches.create(
            actor, session, reply, channel=to[0], address=to[1], message_id=message_id, resent_of=row.id
        )
    return _again(actor, session, known)


def _again(actor: Actor, session: Session, row: Dispatch) -> Dispatch:
    """Queue the very same sending once more."""
    reply, channel = row.reply, row.channel
    row.state, row.work, row.created_at = "new", "send" if channel == "email" else "", now()
    row.list_id = row.not_before = row.claimed_by = row.claimed_until = row.sent_at = None
    row.tracking = row.delivered_on = None  # the history keeps those of the sending that came back
    row.attempts = 0
    data = {"reply": reply.id, "dispatch": row.id, "channel": channel}
    events.append(actor, session, stream(reply.appeal), "dispatch.again", data)
    if dispatches.moves_again(reply):
        lifecycle.move(actor, session, reply.appeal, "sending", reply=reply.id)
    return row


def _require_words(reason: str) -> None:
    if not reason.strip():
        raise InputError("Укажите причину.")
