"""Parties of an appeal; a forwarding body's own term feeds the control date."""

from __future__ import annotations

from registry import appeals, parties, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal
from registry.parties import PartyDraft
from steps import due
from steps.house import House


def save(actor: Actor, house: House, number: str, draft: PartyDraft, *, version: int | None = None) -> int:
    """Add a party or change one; returns its key.

    Raises:
        InputError: What the role needs is missing or malformed.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        row = parties.save(actor, session, appeal, draft)
        _follow(actor, session, house, appeal)
        return row.id


def remove(actor: Actor, house: House, number: str, party_id: int) -> None:
    """Take a party out that was entered by mistake."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        parties.remove(actor, session, appeal, party_id)
        _follow(actor, session, house, appeal)


def _follow(actor: Actor, session: Session, house: House, appeal: Appeal) -> None:
    """The terms of an open appeal follow; those of one that is done stand as they were met."""
    if appeal.is_open:
        due.recompute(actor, session, house, appeal)
