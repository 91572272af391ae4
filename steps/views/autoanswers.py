"""Automatic answers as the desk shows them: how the switch stands, what is ready, and the log of every decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import autoanswers, clock, rights, staff
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, AutoAnswer, AutoSwitch, Reply
from steps.autoanswer import WHY, readiness
from steps.house import House
from steps.views.reply import DISPATCH_STATES, ReplyCard, view


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic: whether its words are whole and approved as they are now."""

    code: str
    name: str
    open_fields: list[str]
    approved: bool


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision. ``state``: of the sending, or why it was left; ``takeable``: the reader may take it back."""

    number: str
    topic: str
    confidence: float
    at: dt.datetime
    answered: bool
    state: str
    reply_id: int | None
    takeable: bool
    waits_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AutoPage:
    """The page. ``changed_by`` and ``reason`` tell of the last turn of the switch, None before the first."""

    turned_on: bool
    changed_by: str | None
    changed_at: dt.datetime | None
    reason: str
    signatory: str | None
    may_turn_on: bool
    topics: list[TopicView]
    today: int
    daily_total: int
    confidence: float
    log: list[LogRow]


def page(actor: Actor, house: House) -> AutoPage:
    """Return switch, topics and log; the log shows appeals that the reader sees."""
    with house.db.session(write=False) as session:
        rights.require_any(actor, session, ("auto.manage", "report.view"))
        turned, rules = autoanswers.switch(session), house.book.autoanswer
        on = turned is not None and turned.turned_on
        return AutoPage(
            turned_on=on,
            changed_by=_who(session, turned.actor) if turned else None,
            changed_at=turned.at.astimezone(clock.LOCAL) if turned else None,
            reason=turned.reason if turned else "",
            signatory=_signatory(session, turned) if on else None,
            may_turn_on=rights.may(actor, session, "auto.manage") and rights.may(actor, session, "reply.sign"),
            topics=_topics(house, turned),
            today=autoanswers.answered_today(session),
            daily_total=rules.daily_total,
            confidence=rules.confidence,
            log=[_row(actor, session, house, one) for one in autoanswers.log(actor, session)],
        )


def _topics(house: House, turned: AutoSwitch | None) -> list[TopicView]:
    approved = turned.scripts if turned and turned.turned_on else {}
    return [
        TopicView(
            one.topic,
            house.book.ekto.by_code[one.topic].name,
            one.open_fields,
            approved.get(one.topic) == one.digest,
        )
        for one in readiness(house)
    ]


def _row(actor: Actor, session: Session, house: House, row: AutoAnswer) -> LogRow:
    appeal = session.get_one(Appeal, row.appeal_id)
    shown = _reply(actor, session, house, row)
    newest = shown.dispatches[-1] if shown and shown.dispatches else None
    if shown is None:
        state = WHY.get(row.why, row.why)
    elif shown.by_script and newest is not None:
        state = DISPATCH_STATES[newest.state]
    else:
        state = "Возвращено до отправки"
    return LogRow(
        number=appeal.reg_number,
        topic=row.topic_code or "",
        confidence=row.confidence,
        at=row.at.astimezone(clock.LOCAL),
        answered=row.verdict == "answered",
        state=state,
        reply_id=row.reply_id,
        takeable=shown is not None and shown.by_script and shown.takeable,
        waits_until=newest.waits_until if newest else None,
    )


def _reply(actor: Actor, session: Session, house: House, row: AutoAnswer) -> ReplyCard | None:
    reply = session.get(Reply, row.reply_id) if row.reply_id else None
    return view(session, house, reply, actor) if reply else None


def _who(session: Session, actor: str) -> str:
    kind, _, key = actor.partition(":")
    return staff.by_id(session, int(key)).short_name if kind == "person" else "Система"


def _signatory(session: Session, turned: AutoSwitch | None) -> str | None:
    return staff.by_id(session, turned.signatory_id).short_name if turned and turned.signatory_id else None
