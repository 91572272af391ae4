"""Close an appeal without a reply: on an enumerated ground, by a named person (never by itself)."""

from __future__ import annotations

from registry import appeals, lifecycle, rights
from registry.actor import Actor
from registry.errors import InputError, StateError
from steps.house import House


def without_reply(actor: Actor, house: House, number: str, ground: str, reason: str) -> None:
    """Close an appeal on a ground of `registry.lifecycle.GROUNDS`; the words of the reason stand beside the history."""
    if ground not in lifecycle.GROUNDS:
        raise InputError("Выберите основание закрытия из списка.")
    if not reason.strip():
        raise InputError("Опишите, почему обращение закрывается без ответа.")
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.close", appeal)
        if appeal.state not in {"in_verification", "in_progress"}:
            raise StateError(f"{number}: закрыть без ответа можно обращение на проверке или в работе.")
        appeals.close(actor, session, appeal, ground, reason.strip())
