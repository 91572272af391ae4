"""Duplicates and repeats: two letters that are one (merged), and a new letter on an old question (linked).

A duplicate is the same letter by two channels: one answer. A repeat is a new letter on an answered question: it keeps
its own number and its own term (standard 6.8; topic C11.04).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import events, lifecycle, proposals, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import InputError, StateError
from registry.models import Appeal, Part

RELATIONS: Final = {"repeat": "Повторное", "continuation": "Продолжение переписки", "related": "Связанное"}


def merge(actor: Actor, session: Session, twin: Appeal, main: Appeal) -> None:
    """Let a duplicate point to its main appeal. Both numbers live; the people of the main one see the duplicate.

    The caller recomputes the main one's term: it runs from the earlier of the two receipts.
    """
    rights.require(actor, session, "appeal.merge", twin)
    rights.require(actor, session, "appeal.merge", main)
    if twin.id == main.id:
        raise InputError("Обращение нельзя объединить с самим собой.")
    if twins(session, twin):
        raise StateError(f"{twin.reg_number}: к нему уже присоединены дубликаты. Сделайте основным его.")
    data = {"main": main.id, "main_number": main.reg_number}
    twin.merged_into = main.id
    lifecycle.move(actor, session, twin, "merged", reason="duplicate", main=main.id)
    twin.queue, twin.reply_owner, twin.executor_id = main.queue, main.reply_owner, main.executor_id
    if twin.restricted:
        main.restricted = True
    twin.restricted = main.restricted
    main.version += 1
    proposals.overtake(actor, session, twin, main)
    events.append(actor, session, stream(twin), "appeal.merged", data)
    events.append(actor, session, stream(main), "appeal.joined", {"twin": twin.id, "twin_number": twin.reg_number})


def twins(session: Session, main: Appeal) -> Sequence[Appeal]:
    """Return the duplicates that point to an appeal, oldest first."""
    return session.scalars(select(Appeal).where(Appeal.merged_into == main.id).order_by(Appeal.id)).all()


def parts(session: Session, appeal: Appeal) -> list[Part]:
    """Return the letters of an appeal and of its duplicates: all are answered by one reply."""
    return [part for one in (appeal, *twins(session, appeal)) for part in one.parts]


def link(actor: Actor, session: Session, appeal: Appeal, other: Appeal, relation: str) -> None:
    """Say that an appeal follows an older one; neither term changes."""
    rights.require(actor, session, "appeal.merge", appeal)
    if relation not in RELATIONS:
        raise InputError("Выберите вид связи из списка.")
    if appeal.id == other.id:
        raise InputError("Обращение нельзя связать с самим собой.")
    before = appeal.related_to
    appeal.related_to, appeal.relation = other.id, relation
    appeal.version += 1
    proposals.overtake(actor, session, appeal, other)
    data = {"before": before, "other": other.id, "other_number": other.reg_number, "relation": relation}
    events.append(actor, session, stream(appeal), "appeal.related", data)


def unlink(actor: Actor, session: Session, appeal: Appeal) -> None:
    """Take back a link that was a mistake."""
    rights.require(actor, session, "appeal.merge", appeal)
    if appeal.related_to is None:
        raise StateError(f"{appeal.reg_number}: связи нет.")
    before, appeal.related_to, appeal.relation = appeal.related_to, None, None
    appeal.version += 1
    events.append(actor, session, stream(appeal), "appeal.related", {"before": before, "other": None})


def followers(session: Session, appeal: Appeal, limit: int = 20) -> Sequence[Appeal]:
    """Return the newest appeals that follow this one."""
    query = select(Appeal).where(Appeal.related_to == appeal.id).order_by(Appeal.id.desc())
    return session.scalars(query.limit(limit)).all()
