"""The state machine of an appeal: nothing else moves one."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from registry import events
from registry.actor import Actor
from registry.clock import now
from registry.errors import StateError
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

MOVES: Final[dict[str, frozenset[str]]] = {
    "registered": frozenset({"in_verification", "routed"}),
    "in_verification": frozenset({"routed", "closed_without_reply", "merged"}),
    "routed": frozenset({"in_progress", "routed", "in_verification", "merged"}),
    "in_progress": frozenset({"in_approval", "waiting_client", "routed", "closed_without_reply", "merged"}),
    "waiting_client": frozenset({"in_progress"}),
    "in_approval": frozenset({"in_signature", "in_progress"}),
    "in_signature": frozenset({"signed", "in_progress"}),
    "signed": frozenset({"sending", "in_signature"}),
    # An interim reply or a request that has left gives the appeal back to its executor (decision 0004).
    "sending": frozenset({"replied", "undelivered", "in_progress"}),
    "replied": frozenset({"closed", "undelivered"}),
    "undelivered": frozenset({"in_progress", "sending"}),
    "closed": frozenset({"in_progress"}),
    "closed_without_reply": frozenset({"in_progress"}),
    "merged": frozenset({"in_progress"}),
}

# The reply has left, or none will: the term is met or moot, and the appeal leaves the lists of open work.
DONE: Final = frozenset({"replied", "closed", "closed_without_reply", "merged"})
NEEDS_REASON: Final = frozenset({"closed_without_reply", "merged", "undelivered"})

# Grounds on which an appeal may be closed without a reply; each is a decision of a person.
GROUNDS: Final[dict[str, str]] = {
    "withdrawn": "Отозвано клиентом",
    "anonymous": "Анонимное",
    "redirected": "Переадресовано",
    "correspondence_ended": "Прекращение переписки",
    "duplicate": "Дубликат",
    "not_an_appeal": "Не обращение",
}


def move(actor: Actor, session: Session, appeal: Appeal, to: str, *, reason: str | None = None, **data: Any) -> None:
    """Move an appeal to another state and write the event.

    Args:
        actor: Who moves it; whether he may is checked by the service that calls.
        session: The transaction.
        appeal: The appeal, locked by the caller.
        to: The new state.
        reason: Code or text without personal data; required to close without reply, merge, reopen or mark undelivered.
        data: More ids and codes for the event.

    Raises:
        StateError: The table does not allow the move, or the reason is missing.
    """
    before = appeal.state
    if to not in MOVES[before]:
        raise StateError(f"{appeal.reg_number}: из состояния «{TITLES[before]}» нельзя перейти в «{TITLES[to]}».")
    reopened = before in DONE - {"replied"} or (before == "replied" and to == "undelivered")
    if (to in NEEDS_REASON or reopened) and not reason:
        raise StateError(f"{appeal.reg_number}: для перехода в «{TITLES[to]}» нужна причина.")
    with gate.held(appeal):
        appeal.state = to
    appeal.is_open = to not in DONE
    if to == "replied" and appeal.replied_at is None:
        appeal.replied_at = now()
    if reopened:
        appeal.replied_at = None  # back under its original due_hard: the answer did not reach the client
    appeal.version += 1
    events.append(
        actor,
        session,
        f"appeal:{appeal.id}",
        "appeal.state",
        {"from": before, "to": to, **({"reason": reason} if reason else {}), **data},
    )
