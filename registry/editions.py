"""Editions of the rules that the register has worked by, whole: a past decision is explained by its own rules (P8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import blobs, events, locks, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import NotFoundError
from registry.models import RuleEdition


def known(session: Session, version: str) -> bool:
    """Whether an edition was kept already."""
    return session.get(RuleEdition, version) is not None


def keep(actor: Actor, session: Session, version: str, orders: Mapping[str, Any], files: bytes) -> bool:
    """Keep an edition's files; return False when it is there. ``orders``: file → order number and day of force."""
    locks.serialise(session, f"rules:{version}")
    if known(session, version):
        return False
    digest = blobs.put(session, files)
    session.add(RuleEdition(version=version, seen_at=now(), seen_by=actor.id, orders=dict(orders), files_digest=digest))
    events.append(actor, session, f"rules:{version}", "rules.seen", {"version": version, "files": digest})
    return True


def listed(actor: Actor, session: Session) -> Sequence[RuleEdition]:
    """Return every edition, the newest first."""
    rights.require(actor, session, "rules.view")
    return session.scalars(select(RuleEdition).order_by(RuleEdition.seen_at.desc())).all()


def files(actor: Actor, session: Session, version: str) -> bytes:
    """Return the packed files of an edition. Raises NotFoundError."""
    rights.require(actor, session, "rules.view")
    row = session.get(RuleEdition, version)
    if row is None:
        raise NotFoundError(f"Редакции правил {version} в реестре нет. Список: otvet rules editions.")
    return blobs.get(session, row.files_digest)
