"""One timeline per client over all channels: appeals, replies, sendings, linked mails, contacts told by CRM."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from registry import rights
from registry.actor import Actor
from registry.clients import search
from registry.models import Appeal, Arrival, ClientContact, Dispatch, Part, Reply


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``kind``: appeal, reply, dispatch, mail, contact; ``number`` is the appeal's, None for a contact."""

    at: dt.datetime
    kind: str
    channel: str
    title: str
    state: str
    number: str | None


def page(
    actor: Actor, session: Session, client_id: int, *, limit: int = 50, offset: int = 0
) -> tuple[list[Entry], int]:
    """Return lines of a client's timeline, the newest first, and how many there are for this actor.

    Only what stands with appeals that the actor may see: the others are not even counted. Cost grows with the client's
    own history, not with the register: every part begins at the index of the client's appeals.
    """
    search.card(actor, session, client_id)
    seen = (Appeal.client_id == client_id, rights.visible(actor, session))
    parts: list[Select[Any]] = [
        _line("appeal", Appeal.received_at, Appeal.channel, Appeal.subject, Appeal.state).where(*seen),
        _line("reply", Reply.created_at, Reply.channel, Reply.out_number, Reply.state)
        .join(Reply, Reply.appeal_id == Appeal.id)
        .where(*seen),
        _line(
            "dispatch", func.coalesce(Dispatch.sent_at, Dispatch.created_at), Dispatch.channel, null(), Dispatch.state
        )
        .join(Reply, Reply.appeal_id == Appeal.id)
        .join(Dispatch, Dispatch.reply_id == Reply.id)
        .where(*seen),
        _line("mail", Arrival.received_at, Arrival.channel, Part.subject, Part.state)
        .join(Part, Part.appeal_id == Appeal.id)
        .join(Arrival, Arrival.id == Part.arrival_id)
        .where(*seen, Part.state == "linked"),
        select(
            ClientContact.at.label("at"),
            literal("contact").label("kind"),
            ClientContact.channel.label("channel"),
            ClientContact.title.label("title"),
            literal("").label("state"),
            null().label("number"),
        ).where(ClientContact.client_id == client_id),
    ]
    lines = union_all(*parts).subquery()
    total = session.scalar(select(func.count()).select_from(lines)) or 0
    rows = session.execute(select(lines).order_by(lines.c.at.desc(), lines.c.kind).limit(limit).offset(offset))
    return [Entry(row.at, row.kind, row.channel, row.title or "", row.state, row.number) for row in rows], total


def _line(kind: str, at: Any, channel: Any, title: Any, state: Any) -> Select[Any]:
    return select(
        at.label("at"),
        literal(kind).label("kind"),
        channel.label("channel"),
        title.label("title"),
        state.label("state"),
        Appeal.reg_number.label("number"),
    ).select_from(Appeal)
