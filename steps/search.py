"""Search: building the index anew; from day to day every deed keeps it in its own transaction."""

from __future__ import annotations

from registry import rights, search
from registry.actor import Actor
from steps.house import House


def rebuild(actor: Actor, house: House) -> int:
    """Index all appeals from where an interrupted rebuild stopped; return how many were done now."""
    done = 0
    while True:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            indexed = search.rebuild(session)
        if not indexed:
            return done
        done += indexed
