"""Taken back: a signed letter that has not left yet returns to its executor (the undo window before sending).

Whoever takes it back and the sender meet on the locked rows of its sendings: either nothing leaves, or it has left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import blobs, controls, dispatches, events, leases, lifecycle, numbers, rights
from registry.actor import Actor, system
from registry.appeals import stream
from registry.errors import InputError, StateError
from registry.models import Dispatch, Reply

ROUTER: Final = system("route")
ACTIONS: Final = ("reply.sign", "reply.send", "reply.draft")
SCRIPT_ACTIONS: Final = (*ACTIONS, "auto.manage")
"""An automatic answer may be stopped by whoever answers for automatic answers, too."""
TOO_LATE: Final = "Письмо уже отправляется или ушло: вернуть его нельзя. Если нужно, напишите клиенту ещё одно письмо."
LISTED: Final = "Письмо стоит в списке № {number} на почту. Сначала расформируйте список."


def may(actor: Actor, session: Session, reply: Reply) -> bool:
    """Whether the actor may take a letter back, and it has not left as far as this transaction sees."""
    waits = reply.state == "signed" and not reply.is_automatic and bool(_live(reply.dispatches))
    free = all(row.state == "new" and row.list_id is None for row in _live(reply.dispatches))
    return waits and free and any(rights.may(actor, session, one, reply.appeal) for one in _actions(reply))


def take_back(actor: Actor, session: Session, reply: Reply, reason: str, *, keep: bool = True) -> str:
    """Take a signed letter back before it leaves; its number is cancelled and it is a draft again.

    Args:
        actor: The signatory, the executor, or who sends letters of this queue.
        session: The transaction.
        reply: The letter.
        reason: Why, in words; they stand beside the history.
        keep: As a draft of the actor; else it is given up and the appeal waits in its queue.

    Returns:
        The number that is cancelled.

    Raises:
        StateError: It is leaving or has left, or stands on a list for the post office.
    """
    rights.require_any(actor, session, _actions(reply), reply.appeal)
    if not reason.strip():
        raise InputError("Укажите, почему письмо возвращается.")
    query = select(Dispatch).where(Dispatch.reply_id == reply.id).order_by(Dispatch.id)
    rows = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    session.refresh(reply, with_for_update=True)
    live = _live(rows)
    if reply.state != "signed" or reply.is_automatic or not live or any(row.state != "new" for row in live):
        raise StateError(TOO_LATE)
    if listed := next((row.list_id for row in live if row.list_id is not None), None):
        raise StateError(LISTED.format(number=listed))
    for row in live:
        row.state = "cancelled"
        row.not_before = None
        leases.finish(row)
        dispatches.log(actor, session, row, "dispatch.taken_back", {})
    number = _undo(actor, session, reply, reason.strip(), keep=keep)
    appeal = reply.appeal
    lifecycle.move(actor, session, appeal, "in_progress", reply=reply.id)
    if not keep:
        lifecycle.move(ROUTER, session, appeal, "routed")
    elif appeal.executor_id is None:
        appeal.executor_id = actor.person_id
    return number


def _undo(actor: Actor, session: Session, reply: Reply, reason: str, *, keep: bool) -> str:
    """A draft again: number cancelled, approval and signature void; the signed bytes prove nothing any more."""
    number = reply.out_number or ""
    numbers.cancel(actor, session, number, "письмо возвращено до отправки")
    way, digest = reply.sign_way, reply.signed_digest
    reply.state = "draft" if keep else "cancelled"
    reply.out_number = reply.letter_date = reply.approved_by = reply.approved_digest = None
    reply.sign_way = reply.signed_by = reply.signed_at = reply.signed_digest = None
    if keep and (reply.executor_id is None or way == "script"):
        reply.executor_id = actor.person_id
    session.flush()
    if digest is not None:
        blobs.release(session, [digest])
    data = {"reply": reply.id, "number": number, "way": way}
    events.append(actor, session, stream(reply.appeal), "reply.taken_back", data, {"reason": (None, reason)})
    controls.void(actor, session, reply)
    return number


def _live(rows: Sequence[Dispatch]) -> list[Dispatch]:
    return [row for row in rows if row.state != "cancelled"]


def _actions(reply: Reply) -> Sequence[str]:
    return SCRIPT_ACTIONS if reply.is_by_script else ACTIONS
