"""Merge duplicates and link repeats; the main appeal's term runs from the earlier receipt."""

from __future__ import annotations

from registry import appeals, merges
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal
from steps import due
from steps.house import House


def merge(actor: Actor, house: House, number: str, main_number: str) -> None:
    """Join a duplicate to its main appeal; both numbers live."""
    with house.db.session() as session:
        twin = appeals.by_number(actor, session, number, lock=True)
        join(actor, session, house, twin, appeals.by_number(actor, session, main_number.strip(), lock=True))


def join(actor: Actor, session: Session, house: House, twin: Appeal, main: Appeal) -> None:
    """Join a duplicate to its main appeal in the caller's transaction."""
    merges.merge(actor, session, twin, main)
    session.flush()
    if main.is_open:
        due.recompute(actor, session, house, main)


def link(actor: Actor, house: House, number: str, other_number: str, relation: str) -> None:
    """Say that an appeal follows an older one."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        merges.link(actor, session, appeal, appeals.by_number(actor, session, other_number.strip()), relation)


def unlink(actor: Actor, house: House, number: str) -> None:
    """Take back a link that was a mistake."""
    with house.db.session() as session:
        merges.unlink(actor, session, appeals.by_number(actor, session, number, lock=True))
