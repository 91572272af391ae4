"""Locks by name that end with the transaction."""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session


def serialise(session: Session, name: str) -> None:
    """Let transactions that say the same name run one after the other.

    An advisory lock on PostgreSQL; on SQLite a writing transaction already keeps all others out.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
