"""Closing without a reply, on an enumerated ground: its decider, its proofs, and what the register can look up of them.

What was sent to the client is no claim: the notice must be a letter of this appeal that has left.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events, grounds, lifecycle
from registry.actor import Actor
from registry.appeals import find_author, stream
from registry.errors import ForbiddenError, InputError, StateError
from registry.grounds import GROUNDS, Ground
from registry.models import Appeal, Event, EventValue, Party, Reply
from rules.wire import ReplyKind, Sender

# Letters that may tell the client of a decision: what only confirms receipt or asks for papers tells none.
TELLING: Final = frozenset(ReplyKind) - {ReplyKind.ACKNOWLEDGEMENT, ReplyKind.REQUEST}
_APART: Final = re.compile(r"[,;\n]+")


def close(
    actor: Actor, session: Session, appeal: Appeal, ground: Ground, reason: str, proofs: Mapping[str, str]
) -> None:
    """Close without a reply on a ground; reason and proofs stand beside the history.

    Raises:
        ForbiddenError: The ground is for others to decide.
        InputError: A proof is missing or untrue: the notice or an answer did not leave, the main appeal is closed.
        StateError: The appeal cannot be closed now, or the ground does not fit it.
    """
    if ground.roles and not ground.roles & actor.roles:
        raise ForbiddenError(f"Основание «{ground.title}» применяет только {ground.decides}.")
    kept = grounds.checked(ground, proofs)
    if ground.nameless and _is_named(find_author(session, appeal)):
        raise StateError(f"{appeal.reg_number}: автор назвал себя или адрес, обращение не анонимное.")
    _require(session, appeal, ground, kept)
    values = {"reason": (None, reason), **{name: (None, value) for name, value in kept.items()}}
    events.append(actor, session, stream(appeal), "appeal.closing", {"ground": ground.code}, values)
    appeal.close_ground = ground.code
    lifecycle.move(actor, session, appeal, "closed_without_reply", reason=ground.code)


@dataclass(frozen=True, slots=True)
class Closing:
    """How an appeal was closed; ``said`` is the reason and the proofs in words, empty once they were erased."""

    ground: Ground
    actor: str
    at: dt.datetime
    said: dict[str, str]


def last(session: Session, appeal: Appeal) -> Closing | None:
    """Return how an appeal was closed the last time; None when it stands on no ground."""
    ground = GROUNDS.get(appeal.close_ground or "")
    query = select(Event).where(Event.stream == stream(appeal), Event.kind == "appeal.closing")
    event = session.scalar(query.order_by(Event.id.desc()).limit(1)) if ground else None
    if ground is None or event is None:
        return None
    values = session.scalars(select(EventValue).where(EventValue.event_id == event.id))
    said = {row.name: str(row.value["after"]) for row in values if row.value and row.value["after"]}
    return Closing(ground, event.actor, event.at, said)


def _require(session: Session, appeal: Appeal, ground: Ground, kept: Mapping[str, str]) -> None:
    """See that what was written down is so."""
    for proof in ground.proofs:
        value = kept[proof.name]
        if proof.kind == "notice" and value not in {reply.out_number for reply in notices(appeal)}:
            raise InputError(
                f"{value}: такого письма клиенту по этому обращению не уходило. Сначала отправьте уведомление, "
                "затем закройте обращение."
            )
        if proof.kind == "letters":
            _require_left(session, [one.strip() for one in _APART.split(value) if one.strip()])
        if proof.kind == "appeal":
            _require_answerable(session, value)


def notices(appeal: Appeal) -> list[Reply]:
    """Letters of an appeal that have left and can have told the client of a decision, oldest first."""
    return [
        reply
        for reply in appeal.replies
        if reply.out_number and reply.state == "dispatched" and ReplyKind(reply.kind) in TELLING
    ]


def _require_left(session: Session, numbers: Sequence[str]) -> None:
    query = select(Reply.out_number).where(Reply.out_number.in_(numbers), Reply.state == "dispatched")
    left = set(session.scalars(query))
    missing = [one for one in numbers if one not in left]
    if missing or not numbers:
        raise InputError(f"Среди отправленных писем нет: {', '.join(missing) or 'ни одного номера'}. Проверьте номера.")


def _require_answerable(session: Session, number: str) -> None:
    state = session.scalar(select(Appeal.state).where(Appeal.reg_number == number))
    if state in {"merged", "closed_without_reply"}:
        raise InputError(f"{number}: по нему ответа не будет. Назовите обращение, на которое отвечают.")


def _is_named(author: Party | None) -> bool:
    """Whether the letter names its author and a way to reach him (59-ФЗ, art. 11 part 1)."""
    fields = Sender.model_validate(author.fields) if author else Sender()
    named = fields.last_name or fields.org_name
    return bool(named and (fields.address or fields.emails or fields.account_number))
