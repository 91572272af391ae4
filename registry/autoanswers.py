"""Automatic answers in the register: the switch with its approvals, the log, and the answer itself.

Off until a signatory turns them on. He approves the very words (a digest a script): changed words need him again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import blobs, dispatches, events, numbers, replies, rights, takeback
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import midnight, now, today
from registry.errors import ForbiddenError, InputError
from registry.models import Appeal, AutoAnswer, AutoSwitch, Dispatch, Reply
from registry.numbers import Given
from rules.wire import CheckReport, LetterContent, ReplyKind

SCRIPT: Final = "script"  # the way of signing of an automatic answer
STOPPED: Final = "автоматические ответы остановлены"
NOT_SIGNATORY: Final = (
    "Включить автоответы может только подписант: письма уходят за его подписью, словами, которые он утвердил."
)


def switch(session: Session) -> AutoSwitch | None:
    """Return how the switch was turned last; None: never, so nothing is answered."""
    return session.scalar(select(AutoSwitch).order_by(AutoSwitch.id.desc()).limit(1))


def is_on(session: Session) -> bool:
    """Whether letters may be answered without a person now."""
    turned = switch(session)
    return turned is not None and turned.turned_on


def turn_on(actor: Actor, session: Session, scripts: Mapping[str, str], reason: str) -> None:
    """A signatory lets automatic answers leave under his name.

    Args:
        actor: The signatory.
        session: The transaction.
        scripts: Digest of the approved words by topic.
        reason: On what ground.
    """
    rights.require(actor, session, "auto.manage")
    if actor.person_id is None or not rights.may(actor, session, "reply.sign"):
        raise ForbiddenError(NOT_SIGNATORY)
    if not scripts:
        raise InputError("Нет ни одной темы, по которой ответ готов целиком: заполните rules/autoanswer.yaml.")
    _turn(actor, session, reason, on=True, signatory_id=actor.person_id, scripts=dict(scripts))


def stop(actor: Actor, session: Session, reason: str) -> list[str]:
    """Stop at once: nothing more is answered, what has not left yet goes back to people. Returns the appeals."""
    rights.require(actor, session, "auto.manage")
    _turn(actor, session, reason, on=False)
    waiting = (
        select(Reply)
        .join(Dispatch)
        .where(Reply.sign_way == SCRIPT, Reply.state == "signed", Dispatch.state == "new")
        .order_by(Reply.id)
    )
    back = []
    for reply in session.scalars(waiting).unique().all():
        if takeback.may(actor, session, reply):
            takeback.take_back(actor, session, reply, STOPPED, keep=False)
            back.append(reply.appeal.reg_number)
    return back


def _turn(
    actor: Actor,
    session: Session,
    reason: str,
    *,
    on: bool,
    signatory_id: int | None = None,
    scripts: dict[str, str] | None = None,
) -> None:
    if not reason.strip():
        raise InputError("Укажите основание.")
    row = AutoSwitch(
        at=now(), actor=actor.id, turned_on=on, signatory_id=signatory_id, scripts=scripts or {}, reason=reason.strip()
    )
    session.add(row)
    session.flush()
    data = {"switch": row.id, "on": on, "scripts": sorted(row.scripts)}
    events.append(actor, session, "auto-answers", "auto.turned", data)


def leave(actor: Actor, session: Session, appeal: Appeal, why: str) -> None:
    """Note that a letter on a simple topic is left to people, and why, as a code."""
    _keep(session, appeal, "left", why)
    events.append(actor, session, stream(appeal), "auto.left", {"why": why})


def begin(
    actor: Actor, session: Session, appeal: Appeal, content: LetterContent, given: Given, signed_by: AutoSwitch
) -> Reply:
    """Write the words of an answer under its number; `complete` signs it in the same transaction."""
    rights.require(actor, session, "reply.send", appeal)
    reply = Reply(
        appeal=appeal,
        kind=ReplyKind.ANSWER.value,
        state="in_signature",
        channel="email",
        out_number=given.text,
        letter_date=content.date,
        signatory_id=signed_by.signatory_id,
        executor_id=signed_by.signatory_id,
        sign_way=SCRIPT,
        created_at=now(),
    )
    session.add(reply)
    session.flush()
    replies.write(actor, session, reply, content)
    numbers.bind(session, given, reply_id=reply.id)
    return reply


def complete(  # noqa: PLR0913 - each is a fact of the letter
    actor: Actor,
    session: Session,
    reply: Reply,
    files: tuple[bytes, bytes],
    report: CheckReport,
    signed_by: AutoSwitch,
    *,
    message_id: str,
    address: str,
) -> Dispatch:
    """Keep the checked files (docx, PDF) of an answer, signed by the approval of its words, and queue its sending."""
    docx, pdf = files
    replies.keep_files(session, reply, docx, pdf, report)
    reply.approved_by = reply.signed_by = signed_by.actor
    reply.approved_digest = replies.current(reply).content_digest
    reply.signed_digest, reply.signed_at, reply.state = blobs.put(session, pdf), now(), "signed"
    _keep(session, reply.appeal, "answered", "", reply)
    data = {"reply": reply.id, "number": reply.out_number, "switch": signed_by.id, "topic": reply.appeal.topic_code}
    events.append(actor, session, stream(reply.appeal), "auto.answered", data)
    return dispatches.create(actor, session, reply, channel="email", address=address, message_id=message_id)


def answered_today(session: Session) -> int:
    """How many automatic answers were written today, taken back ones too."""
    since = midnight(today()).astimezone(dt.UTC)
    query = select(func.count()).select_from(AutoAnswer).where(AutoAnswer.verdict == "answered", AutoAnswer.at >= since)
    return session.scalar(query) or 0


def known(session: Session, appeal_id: int) -> bool:
    """Whether it was decided about an appeal before: nobody gets two automatic answers to one letter."""
    return session.scalar(select(AutoAnswer.id).where(AutoAnswer.appeal_id == appeal_id)) is not None


def log(actor: Actor, session: Session, limit: int = 100) -> Sequence[AutoAnswer]:
    """Return the newest decisions about appeals that the actor may see."""
    rights.require_any(actor, session, ("auto.manage", "report.view"))
    query = select(AutoAnswer).join(Appeal, Appeal.id == AutoAnswer.appeal_id).where(rights.visible(actor, session))
    return session.scalars(query.order_by(AutoAnswer.id.desc()).limit(limit)).all()


def _keep(session: Session, appeal: Appeal, verdict: str, why: str, reply: Reply | None = None) -> None:
    session.add(
        AutoAnswer(
            appeal_id=appeal.id,
            at=now(),
            verdict=verdict,
            why=why,
            topic_code=appeal.topic_code,
            confidence=appeal.topic_confidence,
            model=appeal.model,
            reply_id=reply.id if reply else None,
        )
    )
    session.flush()
