"""Dispatches: a reply leaves once (P6), by e-mail, by post (`registry.postal`), or from hand to hand."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import blobs, events, leases, lifecycle, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.errors import NotFoundError, StateError
from registry.guards import FINAL_KINDS
from registry.models import Dispatch, Reply
from rules.wire import ReplyKind

RETRY_FOR = dt.timedelta(days=2)
RETRY_MINUTES = (1, 5, 15, 60, 240)
JITTER = 0.2  # of a pause, so that letters put off together do not come back together
LOOK_AGAIN = dt.timedelta(minutes=5)
LOOK_FOR = dt.timedelta(hours=2)  # how long a journal that cannot be read is waited for
INTERRUPTED = "предыдущая отправка прервалась, исход неизвестен"


def create(
    actor: Actor,
    session: Session,
    reply: Reply,
    *,
    channel: str,
    address: str,
    message_id: str | None,
    resent_of: int | None = None,
) -> Dispatch:
    """Queue one sending of a signed reply; the same address twice gives the row that is there (P6).

    ``resent_of``: the sending that did not arrive and that this one replaces.
    """
    if not rights.may(actor, session, "reply.sign", reply.appeal):  # whoever signs lets the letter go
        rights.require(actor, session, "reply.send", reply.appeal)
    if reply.state not in {"signed", "dispatched"}:
        raise StateError("Отправить можно только подписанное письмо.")
    for row in reply.dispatches:
        if (row.channel, row.address) == (channel, address):
            return _revived(actor, session, row) if row.state == "cancelled" else row
    row = Dispatch(
        reply_id=reply.id,
        channel=channel,
        address=address[:500],
        message_id=message_id,
        resent_of=resent_of,
        created_at=now(),
        work="send" if channel == "email" else "",
    )
    reply.dispatches.append(row)
    session.flush()
    data = {"reply": reply.id, "dispatch": row.id, "channel": channel, "instead_of": resent_of}
    events.append(actor, session, stream(reply.appeal), "dispatch.created", data)
    _to_sending(actor, session, reply)
    return row


def _revived(actor: Actor, session: Session, row: Dispatch) -> Dispatch:
    """Queue a sending that was taken back before it left: the letter was written anew, so its bytes are."""
    row.state, row.work, row.created_at = "new", "send" if row.channel == "email" else "", now()
    row.not_before = row.begun_at = row.claimed_by = row.claimed_until = row.list_id = None
    old, row.raw_digest, row.attempts, row.proof = row.raw_digest, None, 0, []
    session.flush()
    if old is not None:
        blobs.release(session, [old])
    log(actor, session, row, "dispatch.created", {"channel": row.channel, "instead_of": None})
    _to_sending(actor, session, row.reply)
    return row


def _to_sending(actor: Actor, session: Session, reply: Reply) -> None:
    appeal = reply.appeal
    by_script = reply.is_by_script and appeal.state == "routed"
    leaves = appeal.state == "signed" and reply.state == "signed"
    if by_script or ((leaves or moves_again(reply)) and not reply.is_automatic):
        lifecycle.move(actor, session, reply.appeal, "sending", reply=reply.id)


def get(session: Session, dispatch_id: int, *, lock: bool = False) -> Dispatch:
    """Return a dispatch. Raises NotFoundError."""
    row = session.get(Dispatch, dispatch_id, with_for_update=lock, populate_existing=True)
    if row is None:
        raise NotFoundError(f"Отправка {dispatch_id} не найдена.")
    return row


def hold_back(row: Dispatch, wait: dt.timedelta) -> None:
    """Let a new sending wait before it leaves, so that a letter signed by mistake can be taken back."""
    if row.state == "new" and row.begun_at is None and wait:
        row.not_before = now() + wait


def find(session: Session, dispatch_id: int) -> Dispatch | None:
    """Return a dispatch if there is one."""
    return session.get(Dispatch, dispatch_id)


def begin(actor: Actor, session: Session, row: Dispatch, raw: bytes) -> bool:
    """Mark a dispatch as being sent and keep its bytes, before the first byte goes out.

    Returns False when it must not go: sent already, or ``sending`` in another run, living or dead. What became of a
    dead one's is settled by the journal of sent mail or by a person (P6): see `settle`.
    """
    if row.state != "new":
        if row.state != "sending":
            leases.finish(row)
        return False
    row.state = "sending"
    row.begun_at = now()
    row.raw_digest = blobs.replace(session, row.raw_digest, raw)
    log(actor, session, row, "dispatch.sending", {})
    return True


def sent(
    actor: Actor, session: Session, row: Dispatch, proof: Mapping[str, Any], *, at: dt.datetime | None = None
) -> None:
    """The server, the post or the client has taken it: keep the proof; the appeal is answered once all have gone.

    ``at``: when, if that was before now: paper is sent on the day of its hand-over, whenever a person confirms it.
    """
    row.state = "sent"
    row.sent_at = at or now()
    row.refused_at = None
    row.proof = [*row.proof, {"at": now(), **proof}]
    leases.finish(row)
    log(actor, session, row, "dispatch.sent", {"proof": dict(proof)})
    _settle(actor, session, row.reply)


def retry(actor: Actor, session: Session, row: Dispatch, why: Mapping[str, Any]) -> None:
    """Nothing has gone out; try again later, for two days, then fail."""
    row.proof = [*row.proof, {"at": now(), **why}]
    if now() - _first_try(row) > RETRY_FOR:
        failed(actor, session, row, why)
        return
    row.state = "new"
    minutes = RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES) - 1)]
    row.attempts += 1
    _later(row, dt.timedelta(minutes=minutes) * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
    log(actor, session, row, "dispatch.retry", {"why": dict(why), "minutes": minutes})


def _first_try(row: Dispatch) -> dt.datetime:
    """When the tries began that are counted against a sending: not when it was written, it may have had to wait."""
    at = row.proof[-row.attempts - 1]["at"]  # every try has left its answer
    return at if isinstance(at, dt.datetime) else dt.datetime.fromisoformat(at)


def put_off(row: Dispatch, until: dt.datetime) -> None:
    """Nothing can leave now, and it is no letter's fault: it waits without a try being counted against it."""
    row.state = "new"
    row.not_before = until
    row.claimed_by = row.claimed_until = None


def failed(actor: Actor, session: Session, row: Dispatch, why: Mapping[str, Any], *, refused: bool = False) -> None:
    """It cannot be delivered: the appeal becomes undelivered and goes back to people under its own term.

    ``refused``: its address was refused for good, so that nothing goes there by itself any more (`refused`).
    """
    row.state = "failed"
    row.refused_at = now() if refused else row.refused_at
    row.proof = [*row.proof, {"at": now(), **why}]
    leases.finish(row)
    log(actor, session, row, "dispatch.failed", {"why": dict(why)})
    appeal = row.reply.appeal
    if row.reply.is_automatic:
        appeal.ack_state = "failed"
    elif appeal.state in {"sending", "replied", "closed"} and _is_newest(row.reply):
        lifecycle.move(actor, session, appeal, "undelivered", reason="не доставлено", dispatch=row.id)


def moves_again(reply: Reply) -> bool:
    """Whether sending a letter once more moves its appeal: it waits for this letter, not for a later one."""
    return reply.appeal.state == "undelivered" and _is_newest(reply)


def _is_newest(reply: Reply) -> bool:
    """Whether this is the newest letter that left: the failure of an older one moves nothing."""
    answers = [one for one in reply.appeal.replies if not one.is_automatic]
    newest = [one for one in answers if one.state in {"signed", "dispatched"}]
    return bool(newest) and newest[-1].id == reply.id


def bounced(actor: Actor, session: Session, row: Dispatch, evidence: Mapping[str, Any]) -> None:
    """A letter that was sent came back: the dispatch has failed, and the appeal is open again under its own term."""
    if row.state in {"sent", "unclear"}:
        failed(actor, session, row, {"bounce": dict(evidence)}, refused=True)


def refused(session: Session, address: str) -> Dispatch | None:
    """Return the sending by which an address was refused for good and that no later one has disproved, if any.

    The list of addresses that nothing goes to by itself: a 5xx answer to the recipient, or a bounce that is final.
    A person may send there all the same; a letter that arrives takes the address off.
    """
    mine = (Dispatch.channel == "email", Dispatch.address.in_({address, address.lower()}))
    newest = select(Dispatch).where(*mine, Dispatch.refused_at.is_not(None)).order_by(Dispatch.refused_at.desc())
    row = session.scalar(newest.limit(1))
    if row is None:
        return None
    later = select(Dispatch.id).where(*mine, Dispatch.state == "sent", Dispatch.sent_at > row.refused_at)
    return None if session.scalar(later.limit(1)) else row


def unclear(actor: Actor, session: Session, row: Dispatch, why: str) -> None:
    """The connection was lost after DATA: nobody knows, so a person decides with the evidence (P6)."""
    _unclear(actor, session, row, why)


def open_outcome(actor: Actor, session: Session, row: Dispatch, why: str, wait: dt.timedelta) -> None:
    """The connection was lost after DATA, and a journal will tell: look into it after ``wait``."""
    row.proof = [*row.proof, {"at": now(), "why": why}]
    _later(row, wait)
    log(actor, session, row, "dispatch.interrupted", {"why": why})


def settle(actor: Actor, session: Session, row: Dispatch, *, in_journal: bool | None) -> None:
    """Settle a sending that was interrupted by what the journal of sent mail says.

    The mail server takes the letter and its journal copy in one transaction: a copy that is there proves that the
    letter is on its way, and one that is absent that nothing was taken, so that the same letter may be sent again.

    Args:
        actor: Who settles.
        session: The transaction; it holds the row.
        row: A dispatch that is ``sending``.
        in_journal: Whether the copy is there; None when the journal cannot be read now: after some tries a person
            decides.
    """
    if row.state != "sending":
        return
    if in_journal:
        sent(actor, session, row, {"journal": True})
    elif in_journal is False:
        row.state = "new"
        row.proof = [*row.proof, {"at": now(), "journal": False}]
        log(actor, session, row, "dispatch.not_in_journal", {})
    elif now() - (row.begun_at or row.created_at) > LOOK_FOR:
        _unclear(actor, session, row, f"{INTERRUPTED}; журнал отправленных писем недоступен")
    else:
        _later(row, LOOK_AGAIN)


def _later(row: Dispatch, wait: dt.timedelta) -> None:
    row.not_before = now() + wait
    row.claimed_by = row.claimed_until = None


def settle_unclear(actor: Actor, session: Session, row: Dispatch, *, was_sent: bool, reason: str) -> None:
    """A person decides an unclear outcome: it went out, or it is to be sent again."""
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    if row.state != "unclear":
        raise StateError("Исход этой отправки уже известен.")
    data = {"was_sent": was_sent}
    log(actor, session, row, "dispatch.settled", data, {"reason": (None, reason)})
    if was_sent:
        sent(actor, session, row, {"decided_by": actor.id})
    else:
        row.state = "new"
        row.work, row.attempts = "send", 0
        row.not_before = row.claimed_by = row.claimed_until = None


def by_message_id(session: Session, message_id: str) -> Dispatch | None:
    """Return the dispatch with this Message-ID: a bounce or an answer in the thread is about it."""
    return session.scalar(select(Dispatch).where(Dispatch.message_id == message_id))


def known_ids(session: Session, message_ids: Collection[str]) -> frozenset[str]:
    """Return those of the Message-IDs that are of letters that we sent."""
    if not message_ids:
        return frozenset()
    return frozenset(session.scalars(select(Dispatch.message_id).where(Dispatch.message_id.in_(message_ids))))


def only_one_to(session: Session, address: str, since: dt.datetime) -> Dispatch | None:
    """Return the sending to an address since a moment, if there was one and no other."""
    query = select(Dispatch).where(
        Dispatch.channel == "email", func.lower(Dispatch.address) == address.lower(), Dispatch.begun_at >= since
    )
    rows = session.scalars(query.limit(2)).all()
    return rows[0] if len(rows) == 1 else None


def _unclear(actor: Actor, session: Session, row: Dispatch, why: str) -> None:
    row.state = "unclear"
    row.proof = [*row.proof, {"at": now(), "why": why}]
    leases.finish(row)
    log(actor, session, row, "dispatch.unclear", {"why": why})


def _settle(actor: Actor, session: Session, reply: Reply) -> None:
    if any(row.state not in {"sent", "cancelled"} for row in reply.dispatches):
        return
    reply.state = "dispatched"
    if reply.is_automatic:
        reply.appeal.ack_state = "sent"
        return
    if reply.appeal.state != "sending":
        return
    to = "replied" if ReplyKind(reply.kind) in FINAL_KINDS else "in_progress"
    lifecycle.move(actor, session, reply.appeal, to, reply=reply.id)
    if to == "replied":  # the term is met by the day of hand-over, not by that of its confirmation
        reply.appeal.replied_at = max((row.sent_at for row in reply.dispatches if row.sent_at), default=now())


def log(
    actor: Actor,
    session: Session,
    row: Dispatch,
    kind: str,
    data: Mapping[str, Any],
    values: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Write an event about a sending into the history of its appeal."""
    body = {"reply": row.reply_id, "dispatch": row.id, **data}
    events.append(actor, session, stream(row.reply.appeal), kind, body, values)
