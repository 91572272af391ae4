"""The access log: who looked at which card, file or client, who took what out, and who was refused. Append-only.

It holds keys and codes. Words of a search are not kept: they are names and addresses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from registry import rights
from registry.actor import Actor
from registry.clock import midnight, now
from registry.models import Access, Appeal, Document, PaperAct, Part, Reply

Deed = Literal["card", "reply", "file", "client", "search", "export"]
Target = Literal["appeal", "document", "reply", "part", "client", "list", "arrival", "act", "what"]

DEEDS: Final[dict[str, str]] = {
    "card": "Карточка обращения",
    "reply": "Ответ",
    "file": "Файл",
    "client": "Карточка клиента",
    "search": "Поиск",
    "export": "Выгрузка",
}
AGAIN: Final = dt.timedelta(minutes=1)  # the same look once more within this time is not a new one
LATEST: Final = 20  # entries of a person among which the same look is sought


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at. ``subject`` is ``document:17``, ``client:4``…; None for an appeal itself."""

    deed: Deed
    appeal_id: int | None = None
    subject: str | None = None
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the journal is narrowed to; None means all. Days are local, both included."""

    person_id: int | None = None
    number: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    refused_only: bool = False


def is_new(actor: Actor, session: Session, look: Look) -> bool:
    """Whether this look is not yet in the log: people open one card many times in a minute of work."""
    query = select(Access).where(Access.actor == actor.id).order_by(Access.id.desc()).limit(LATEST)
    since = now() - AGAIN
    return not any(
        row.at > since and Look(row.deed, row.appeal_id, row.subject, row.allowed) == look  # type: ignore[arg-type] # the column holds a Deed
        for row in session.scalars(query)
    )


def note(actor: Actor, session: Session, look: Look) -> None:
    """Write a look into the log. Needs a writing session."""
    session.add(
        Access(
            at=now(),
            actor=actor.id,
            deed=look.deed,
            appeal_id=look.appeal_id,
            subject=look.subject,
            allowed=look.allowed,
        )
    )


def appeal_of(session: Session, target: Target, key: int | str) -> int | None:
    """Return the appeal that a thing belongs to, whoever asks: a refused look must name what it was after."""
    queries: dict[Target, Select[Any]] = {
        "appeal": select(Appeal.id).where(Appeal.reg_number == key),
        "document": select(Part.appeal_id).join(Document, Document.part_id == Part.id).where(Document.id == key),
        "reply": select(Reply.appeal_id).where(Reply.id == key),
        "part": select(Part.appeal_id).where(Part.id == key),
        "act": select(PaperAct.appeal_id).where(PaperAct.id == key),
    }
    found: int | None = session.scalar(queries[target]) if target in queries else None
    return found


def page(
    actor: Actor, session: Session, wanted: Wanted, *, limit: int = 100, before: int | None = None
) -> Sequence[tuple[Access, str | None]]:
    """Return entries with the registration number of their appeal, the newest first.

    Entries about appeals that are hidden from the actor are left out: they would tell that there is such an appeal.

    Args:
        actor: Who asks.
        session: A session.
        wanted: What to narrow to.
        limit: How many entries.
        before: Only entries with a lower key: the next page.
    """
    rights.require(actor, session, "access.view")
    query = (
        select(Access, Appeal.reg_number)
        .outerjoin(Appeal, Appeal.id == Access.appeal_id)
        .where(or_(Access.appeal_id.is_(None), rights.unhidden(actor, session)), *_conditions(wanted))
        .order_by(Access.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Access.id < before)
    return [(row, number) for row, number in session.execute(query).tuples()]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.person_id is not None:
        found.append(Access.actor == f"person:{wanted.person_id}")
    if wanted.number:
        found.append(Access.appeal_id == select(Appeal.id).where(Appeal.reg_number == wanted.number).scalar_subquery())
    if wanted.first:
        found.append(Access.at >= midnight(wanted.first))
    if wanted.last:
        found.append(Access.at < midnight(wanted.last + dt.timedelta(days=1)))
    if wanted.refused_only:
        found.append(Access.allowed.is_(False))
    return found
