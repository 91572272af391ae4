"""Ties between what came in and the appeals it belongs to."""

from __future__ import annotations

from sqlalchemy.orm import Session

from registry import events
from registry.actor import Actor
from registry.appeals import stream
from registry.models import Appeal, Part


def attach(actor: Actor, session: Session, part: Part, appeal: Appeal, state: str) -> None:
    """Keep a part beside an appeal (``linked``), or propose it there to a person (``held``)."""
    part.appeal_id = appeal.id
    part.state = state
    part.work = ""
    data = {"part": part.id, "verdict": part.verdict, "state": state}
    events.append(actor, session, stream(appeal), "appeal.linked", data)
