"""Setting right what the machine read of a letter beside its topic, kind and sender (P8): language, alarms, class."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.models import Appeal, Correction
from rules.wire import Alarm, DocumentClass


def correct(actor: Actor, session: Session, appeal: Appeal, language: str, alarms: Collection[str]) -> list[str]:
    """A person says in which language a letter is written and which alarms it raises; return what changed.

    Words that an alarm was read from stay with it; one that a person adds has none. What an alarm has already done (a
    restricted appeal, a queue) stays: that is moved by its own decision.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    known = {alarm["code"]: alarm for alarm in appeal.alarms}
    pairs: dict[str, tuple[Any, Any]] = {
        "language": (appeal.language, language),
        "alarms": (sorted(known), sorted(set(alarms))),
    }
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changed:
        return []
    for name, (before, after) in changed.items():
        kept = {"appeal_id": appeal.id, "model": appeal.model, "actor": actor.id, "at": now()}
        session.add(Correction(field=name, before=before, after=after, **kept))
    appeal.language = language
    appeal.alarms = [known.get(code) or Alarm(code=code).model_dump(mode="json") for code in sorted(set(alarms))]
    appeal.version += 1
    data = {name: {"before": before, "after": after} for name, (before, after) in changed.items()}
    events.append(actor, session, stream(appeal), "appeal.reading", {**data, "model": appeal.model})
    return list(changed)


def correct_class(actor: Actor, session: Session, appeal: Appeal, code: str) -> bool:
    """A person says what a paper is; return whether that changed the reading. Number and journal stay as they are."""
    rights.require(actor, session, "appeal.correct", appeal)
    before = appeal.found_class["code"] if appeal.found_class else None
    changed = before != code
    if not changed and appeal.found_class_by is not None:
        return False
    if changed:
        kept = {"appeal_id": appeal.id, "model": appeal.model, "actor": actor.id, "at": now()}
        session.add(Correction(field="found_class", before=before, after=code, **kept))
        appeal.found_class = DocumentClass(code=code, confidence=1.0).model_dump(mode="json")
    appeal.found_class_by = actor.id
    appeal.version += 1
    data = {"found_class": {"before": before, "after": code}, "model": appeal.model}
    events.append(actor, session, stream(appeal), "appeal.reading", data)
    return changed
