"""How far the letters have come: counts for the terminal, with no word of any letter."""

from __future__ import annotations

from dataclasses import dataclass

from registry import lists
from registry.actor import Actor
from steps.house import House


@dataclass(frozen=True, slots=True)
class Progress:
    """Letters received, registered, read; and how many still wait for some step."""

    received: int
    registered: int
    read: int
    waiting: int


def look(actor: Actor, house: House) -> Progress:
    """Count once. Needs the right to reports."""
    with house.db.session(write=False) as session:
        return Progress(*lists.progress(actor, session))
