"""Lines to the outside world: what an administrator must hear of at once, and whether the mail server lets us in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from outbox import smtp
from registry import rights
from registry import troubles as registry_troubles
from registry.actor import Actor
from steps.house import House


@dataclass(frozen=True, slots=True)
class TroubleView:
    """A line that does not work: ``smtp`` or a source. ``text`` is Russian and holds no personal data."""

    name: str
    text: str
    since: dt.datetime
    times: int


def troubles(actor: Actor, house: House) -> list[TroubleView]:
    """Return what does not work: wrong settings at once, what may mend itself when it lasts."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        return [
            TroubleView(row.name, row.text.rstrip("."), row.since, row.times) for row in registry_troubles.told(session)
        ]


def look_at_smtp(actor: Actor, house: House) -> str | None:
    """Log in to the mail server now, sending nothing; return what is wrong. Success ends the wait of what waits."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
    outcome = smtp.look(house.settings.smtp)
    with house.db.session() as session:
        if outcome is None:
            registry_troubles.clear(session, registry_troubles.SMTP)
            return None
        registry_troubles.note(session, registry_troubles.SMTP, outcome.text, is_settings=outcome.settings_trouble)
        return outcome.text
