"""Extensions: a manager's decision to answer later. The term itself stays, and so does its breach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import local_date, now, today
from registry.errors import InputError, StateError
from registry.models import Appeal, Dispatch, Extension, Reply
from rules.extension import ExtensionLimit
from rules.wire import ReplyKind

BASIS: Final = 400  # characters that the column holds
CHUNK: Final = 200


def decide(
    actor: Actor, session: Session, appeal: Appeal, limit: ExtensionLimit, *, until: dt.date, basis: str, reason: str
) -> Extension:
    """Put an answer off to ``until``; ``due_hard`` does not move. A later decision within the limit takes its place.

    Args:
        actor: The manager.
        session: The transaction.
        appeal: The appeal, locked by the caller.
        limit: What the law allows for its term.
        until: The new day, local.
        basis: Act and article that the manager rests on.
        reason: Why the answer takes longer; may be personal, so the history keeps it apart.

    Raises:
        InputError: The day lies outside what is allowed, or basis or reason is missing.
        StateError: The term has run out, or the appeal is closed.
    """
    rights.require(actor, session, "appeal.extend", appeal)
    number = appeal.reg_number
    if not appeal.is_open:
        raise StateError(f"{number}: обращение завершено, продлевать нечего.")
    if today() > appeal.due_hard:
        raise StateError(
            f"{number}: срок истёк {appeal.due_hard:%d.%m.%Y}, продлить его уже нельзя. Отправьте ответ и извинения."
        )
    if not basis.strip():
        raise InputError("Укажите основание продления: акт и статью.")
    if not reason.strip():
        raise InputError("Укажите, почему ответ требует больше времени.")
    if len(basis.strip()) > BASIS:
        raise InputError(f"Основание длиннее {BASIS} знаков. Назовите акт и статью короче.")
    if until <= appeal.due_hard:
        raise InputError(f"Новый срок должен быть позже нынешнего ({appeal.due_hard:%d.%m.%Y}).")
    if until > limit.last:
        raise InputError(f"Так далеко продлить нельзя. {limit.explanation}")
    made = Extension(
        appeal_id=appeal.id,
        before=appeal.due_hard,
        until=until,
        basis=basis.strip(),
        reason=reason.strip(),
        decided_by=actor.id,
        decided_at=now(),
        notice_due=limit.notice_due,
    )
    session.add(made)
    session.flush()
    data = {
        "extension": made.id,
        "due_hard": appeal.due_hard,
        "before": appeal.extended_until,
        "until": until,
        "basis": made.basis,
        "certainty": limit.certainty.value,
        "notice_due": limit.notice_due,
    }
    appeal.extended_until = until
    appeal.version += 1
    events.append(actor, session, stream(appeal), "appeal.extended", data, {"reason": (None, made.reason)})
    return made


def of(session: Session, appeal: Appeal) -> Sequence[Extension]:
    """Return the decisions on an appeal, the newest last."""
    return session.scalars(select(Extension).where(Extension.appeal_id == appeal.id).order_by(Extension.id)).all()


def notice(session: Session, extension: Extension) -> tuple[Reply, dt.date] | None:
    """The interim reply that told the client, and the local day on which it left; None: nobody has told him yet.

    A reply that left before the decision cannot have told of it.
    """
    query = (
        select(Reply, Dispatch.sent_at)
        .join(Dispatch, Dispatch.reply_id == Reply.id)
        .where(
            Reply.appeal_id == extension.appeal_id,
            Reply.kind == ReplyKind.INTERIM.value,
            Dispatch.state == "sent",
            Dispatch.sent_at >= extension.decided_at,
        )
        .order_by(Dispatch.sent_at)
        .limit(1)
    )
    found = session.execute(query).tuples().first()
    if found is None or found[1] is None:
        return None
    return found[0], local_date(found[1])


def link_notice(actor: Actor, session: Session, extension: Extension) -> bool:
    """Tie the interim reply that told the client to the decision, with its event; return whether there is one."""
    found = notice(session, extension)
    if found is None:
        return False
    if extension.notice_reply_id is None:
        reply, day = found
        extension.notice_reply_id = reply.id
        data = {"extension": extension.id, "reply": reply.id, "in_time": day <= extension.before}
        events.append(actor, session, f"appeal:{extension.appeal_id}", "appeal.extension_told", data)
    return True


def untold(session: Session, after: int) -> Sequence[Extension]:
    """Return decisions on open appeals that no interim reply is tied to, by key, those after ``after``."""
    query = (
        select(Extension)
        .join(Appeal, Appeal.id == Extension.appeal_id)
        .where(Extension.notice_reply_id.is_(None), Extension.id > after, Appeal.is_open.is_(True))
    )
    return session.scalars(query.order_by(Extension.id).limit(CHUNK)).all()
