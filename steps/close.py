"""Close: without a reply on an enumerated ground, or what was answered and proved (never by itself while open)."""

from __future__ import annotations

from collections.abc import Mapping

from registry import appeals, closing, lifecycle, rights
from registry.actor import Actor
from registry.errors import InputError
from registry.grounds import GROUNDS
from steps.house import House


def without_reply(
    actor: Actor, house: House, number: str, ground: str, reason: str, proofs: Mapping[str, str] | None = None
) -> None:
    """Close an appeal on a ground of `registry.grounds`; the words of reason and proofs stand beside the history.

    Args:
        actor: Who decides.
        house: The house.
        number: Registration number.
        ground: Code of the ground.
        reason: Why, in words.
        proofs: What the ground wants written down, by name.
    """
    given = dict(proofs or {})
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.close", appeal)
        found = GROUNDS.get(ground)
        if found is None:
            raise InputError("Выберите основание закрытия из списка.")
        if not reason.strip():
            raise InputError("Опишите, почему обращение закрывается без ответа.")
        for proof in found.proofs:
            if proof.kind == "appeal" and given.get(proof.name):
                main = appeals.by_number(actor, session, given[proof.name].strip())
                if main.id == appeal.id:
                    raise InputError("Обращение не может быть дубликатом самого себя.")
        closing.close(actor, session, appeal, found, reason.strip(), given)


def answered(actor: Actor, house: House, number: str) -> None:
    """Close an appeal whose final reply has gone with every proof, without waiting for the watch."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.close", appeal)
        lifecycle.move(actor, session, appeal, "closed")
