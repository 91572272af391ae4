"""One fetch at a time per mailbox: a lease that whoever fetches holds, and that comes free by time when he dies.

It saves work and nothing else: receipts keep a letter from being taken twice whether or not two fetch at once.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from registry.clock import now
from registry.locks import serialise
from registry.models import Mailbox

TTL = dt.timedelta(minutes=2)  # renewed after every batch


def mailbox(session: Session, name: str) -> Mailbox:
    """Return the row of a mailbox, made when there is none; who else asks for it waits until this transaction ends."""
    serialise(session, f"mailbox:{name}")
    row = session.get(Mailbox, name)
    if row is None:
        row = Mailbox(name=name, tried_at=now())
        session.add(row)
    return row


def begin(session: Session, name: str, owner: str) -> bool:
    """Take a mailbox or keep it longer; False while another holds it."""
    row = mailbox(session, name)
    free = row.claimed_until is None or row.claimed_until < now()
    if not free and row.claimed_by != owner:
        return False
    row.claimed_by, row.claimed_until = owner, now() + TTL
    return True


def end(session: Session, name: str, owner: str) -> None:
    """Give a mailbox back, if it is still ours."""
    row = session.get(Mailbox, name)
    if row is not None and row.claimed_by == owner:
        row.claimed_by = row.claimed_until = None
