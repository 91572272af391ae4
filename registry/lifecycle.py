"""The state machine of an appeal: one table says who may move it, where, and what must hold; nothing else moves one.

`registry.models.gate` refuses a state that is assigned past `move`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import events, guards, retention, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import ForbiddenError, StateError
from registry.grounds import GROUNDS
from registry.guards import Guard
from registry.models import Appeal, gate

TITLES: Final[dict[str, str]] = {
    "registered": "Зарегистрировано",
    "in_verification": "На проверке (канцелярия)",
    "routed": "В очереди",
    "in_progress": "В работе",
    "waiting_client": "Ждём сведений клиента (срок идёт)",
    "in_approval": "На согласовании",
    "in_signature": "На подписи",
    "signed": "Подписано",
    "sending": "Отправляется",
    "replied": "Отвечено",
    "undelivered": "Не доставлено",
    "closed": "Закрыто",
    "closed_without_reply": "Закрыто без ответа",
    "merged": "Объединено",
}

# Mail servers give up within five days (RFC 5321, 4.5.4.1): until then a bounce may come. What the post brings back
# later opens the appeal again all the same.
SETTLED_AFTER: Final = dt.timedelta(days=5)

# The reply has left, or none will: the term is met or moot, and the appeal leaves the lists of open work.
DONE: Final = frozenset({"replied", "closed", "closed_without_reply", "merged"})
CLOSED: Final = DONE - {"replied"}


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move.

    Attributes:
        actions: A person needs one of these actions of the rights matrix.
        system: Whether flows may do it by themselves.
        holds: What must hold.
        reason: Whether a reason is needed.
        unseen: The deed is done on paper for letters of any appeal (handing over the post): the right is asked for
            without looking at whether the person may see the appeal.
    """

    actions: tuple[str, ...]
    system: bool = False
    holds: tuple[Guard, ...] = ()
    reason: bool = False
    unseen: bool = False


_ROUTE: Final = Move(("appeal.route",), system=True)
_GROUND: Final = Move(("appeal.close",), holds=(guards.on_a_ground,), reason=True)
_MERGE: Final = Move(("appeal.merge",), holds=(guards.has_main,), reason=True)
_POST: Final = ("dispatch.confirm", "reply.send")
_BACK: Final = (*_POST, "reply.sign", "reply.draft", "auto.manage")
_FAILED: Final = Move(_POST, system=True, holds=(guards.not_delivered,), reason=True, unseen=True)
_SEND: Final = Move(("reply.send", "reply.sign", "dispatch.confirm"), system=True, holds=(guards.queued,))

TABLE: Final[dict[tuple[str, str], Move]] = {
    ("registered", "in_verification"): _ROUTE,
    ("registered", "routed"): _ROUTE,
    ("registered", "merged"): _MERGE,
    ("in_verification", "routed"): _ROUTE,
    ("in_verification", "closed_without_reply"): _GROUND,
    ("in_verification", "merged"): _MERGE,
    ("routed", "in_verification"): _ROUTE,
    ("routed", "routed"): _ROUTE,
    ("routed", "in_progress"): Move(("appeal.claim",)),
    ("routed", "closed_without_reply"): _GROUND,
    ("routed", "merged"): _MERGE,
    # A simple question is answered by words that a signatory approved beforehand (standard 15.3).
    ("routed", "sending"): Move((), system=True, holds=(guards.by_script, guards.queued)),
    ("in_progress", "in_verification"): _ROUTE,
    ("in_progress", "routed"): _ROUTE,
    ("in_progress", "waiting_client"): Move(("reply.draft",), holds=(guards.asked_client,)),
    ("in_progress", "in_approval"): Move(
        ("reply.draft",), system=True, holds=(guards.submitted, guards.parts_collected, guards.outcome_known)
    ),
    ("in_progress", "closed_without_reply"): _GROUND,
    ("in_progress", "merged"): _MERGE,
    ("waiting_client", "in_progress"): Move(("reply.draft", "appeal.claim"), system=True),
    ("waiting_client", "closed_without_reply"): _GROUND,
    ("waiting_client", "merged"): _MERGE,
    ("in_approval", "in_signature"): Move(("reply.approve",), holds=(guards.approved,)),
    # A signatory whom a conflict of interest excludes loses the letter: whoever decides on conflicts takes it back.
    ("in_approval", "in_progress"): Move(("reply.approve", "conflict.decide")),
    ("in_signature", "signed"): Move(("reply.sign",), holds=(guards.signed,)),
    ("in_signature", "in_progress"): Move(("reply.sign", "conflict.decide")),
    ("signed", "sending"): _SEND,
    ("sending", "replied"): Move(_POST, system=True, holds=(guards.answered,), unseen=True),
    # An interim reply or a request that has left gives the appeal back to its executor (decision 0004).
    # So does one that was taken back before it left.
    ("sending", "in_progress"): Move(_BACK, system=True, holds=(guards.gives_back,), unseen=True),
    ("sending", "undelivered"): _FAILED,
    ("replied", "undelivered"): _FAILED,
    ("replied", "closed"): Move(("appeal.close",), system=True, holds=(guards.answer_proved, guards.outcome_known)),
    ("replied", "in_progress"): Move(("appeal.reopen",), reason=True),
    ("undelivered", "in_progress"): Move(("reply.draft", "appeal.reopen"), system=True),
    ("undelivered", "sending"): _SEND,
    ("closed", "in_progress"): Move(("appeal.reopen",), reason=True),
    # A bounce or a letter that the post brought back: the answer did not reach the client.
    ("closed", "undelivered"): _FAILED,
    ("closed_without_reply", "in_progress"): Move(("appeal.reopen",), reason=True),
    ("merged", "in_progress"): Move(("appeal.reopen", "appeal.merge"), holds=(guards.number_stands,), reason=True),
}
MOVES: Final[dict[str, frozenset[str]]] = {
    state: frozenset(to for before, to in TABLE if before == state) for state in TITLES
}
GROUND_TITLES: Final = {code: ground.title for code, ground in GROUNDS.items()}


def move(actor: Actor, session: Session, appeal: Appeal, to: str, *, reason: str | None = None, **data: Any) -> None:
    """Move an appeal to another state and write the event.

    Args:
        actor: Who moves it.
        session: The transaction.
        appeal: The appeal, locked by the caller.
        to: The new state.
        reason: Code or text without personal data; some moves need one.
        data: More ids and codes for the event; guards look at ``reply`` and ``dispatch``.

    Raises:
        StateError: The table does not allow the move, the reason is missing, or something does not hold.
        ForbiddenError: The actor may not make this move.
    """
    before = appeal.state
    found = TABLE.get((before, to))
    if found is None:
        raise StateError(f"{appeal.reg_number}: из состояния «{TITLES[before]}» нельзя перейти в «{TITLES[to]}».")
    if found.reason and not reason:
        raise StateError(f"{appeal.reg_number}: для перехода в «{TITLES[to]}» нужна причина.")
    if not _may(actor, session, appeal, found):
        raise ForbiddenError(f"{appeal.reg_number}: недостаточно прав, чтобы перевести обращение в «{TITLES[to]}».")
    if missing := _missing(session, appeal, found, data):
        raise StateError(f"{appeal.reg_number}: {missing}")
    with gate.held(appeal):
        appeal.state = to
    _keep_dates(appeal, before, to)
    retention.on_closed(session, appeal)
    appeal.version += 1
    body = {"from": before, "to": to, **({"reason": reason} if reason else {}), **data}
    events.append(actor, session, f"appeal:{appeal.id}", "appeal.state", body)


def may(actor: Actor, session: Session, appeal: Appeal, to: str) -> bool:
    """Whether the table and the rights let the actor move an appeal there now; what must hold is not asked."""
    found = TABLE.get((appeal.state, to))
    return found is not None and _may(actor, session, appeal, found)


def obstacle(session: Session, appeal: Appeal, to: str, **data: Any) -> str | None:
    """What does not hold yet for a move, in Russian; None when nothing is in the way or there is no such move."""
    found = TABLE.get((appeal.state, to))
    return _missing(session, appeal, found, data) if found else None


def _may(actor: Actor, session: Session, appeal: Appeal, found: Move) -> bool:
    if actor.is_system:
        return found.system
    about = None if found.unseen else appeal
    return any(rights.may(actor, session, action, about) for action in found.actions)


def _missing(session: Session, appeal: Appeal, found: Move, data: dict[str, Any]) -> str | None:
    session.flush()
    return next((text for guard in found.holds if (text := guard(session, appeal, data))), None)


def _keep_dates(appeal: Appeal, before: str, to: str) -> None:
    appeal.is_open = to not in DONE
    appeal.waiting_since = now() if to == "waiting_client" else None
    appeal.closed_at = now() if to in CLOSED else None
    if to == "replied" and appeal.replied_at is None:
        appeal.replied_at = now()
    appeal.settle_at = now() + SETTLED_AFTER if to == "replied" else None
    if to in DONE:
        appeal.rung_at = None
    if before in DONE and to not in DONE:
        appeal.rung_at = now()
        appeal.replied_at = None  # back under its original due_hard: what was decided does not stand
        if before in {"closed_without_reply", "merged"}:
            appeal.close_ground = appeal.merged_into = None
