"""Troubles of lines to the outside world: noted at the first failure, gone with the first success.

They are no letter's fault: a wrong password of the mail server must not use up the days for which a letter is retried.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.clock import now
from registry.locks import serialise
from registry.models import Trouble

SMTP = "smtp"
LASTING = dt.timedelta(minutes=15)  # what may mend itself is told after so long
TEXT = 400


def note(session: Session, name: str, text: str, *, is_settings: bool) -> None:
    """Note that a line does not work. ``text``: Russian, without personal data."""
    serialise(session, f"trouble:{name}")
    row = session.get(Trouble, name, with_for_update=True)  # nobody clears it before this is written
    if row is None:
        session.add(Trouble(name=name, text=text[:TEXT], is_settings=is_settings, since=now(), seen_at=now()))
        return
    row.text, row.is_settings, row.seen_at = text[:TEXT], is_settings, now()
    row.times += 1


def clear(session: Session, name: str) -> None:
    """Note that a line works."""
    session.execute(delete(Trouble).where(Trouble.name == name))


def of(session: Session, name: str) -> Trouble | None:
    """Return the trouble of a line, if it has one."""
    return session.get(Trouble, name)


def told(session: Session) -> list[Trouble]:
    """Return the troubles to tell an administrator of: settings at once, the others when they last."""
    rows = session.scalars(select(Trouble).order_by(Trouble.name))
    return [row for row in rows if row.is_settings or now() - row.since >= LASTING]
