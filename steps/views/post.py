"""Letters by post, their lists, and sendings that a person must look into."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from registry import clock, dispatches, lists, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Dispatch
from rules.wire import LetterContent
from steps.house import House
from steps.views.reply import DISPATCH_STATES


@dataclass(frozen=True, slots=True)
class PostRow:
    """A letter that waits for the next list. Of a restricted appeal only that there is one, to who may not see it."""

    dispatch_id: int
    out_number: str
    reg_number: str
    addressee: str
    address: str
    shown: bool = True


@dataclass(frozen=True, slots=True)
class ListView:
    """A dispatch list."""

    id: int
    made_at: dt.datetime
    count: int
    handed_over: dt.date | None


@dataclass(frozen=True, slots=True)
class SendingRow:
    """One sending that a person must look into, or that he looks for.

    Attributes:
        evidence: What happened to it, line by line.
        decidable: Nobody knows whether it went out: a person decides.
        returnable: It went by post, so it may come back.
        resendable: It did not arrive and may be sent once more.
    """

    dispatch_id: int
    out_number: str
    reg_number: str
    channel: str
    address: str
    state_title: str
    sent_on: dt.date | None
    evidence: list[str]
    decidable: bool
    returnable: bool
    resendable: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """The page of the dispatch office; ``lists_all``: the reader makes the lists, others settle their own letters.

    ``found``: the sendings by post of the letter that the reader looked for by its outgoing number.
    """

    lists_all: bool
    waiting: list[PostRow]
    lists: list[ListView]
    unclear: list[SendingRow]
    found: list[SendingRow]


def post(actor: Actor, house: House, out_number: str = "") -> PostView:
    """Return what the dispatch office works on, and the letter with an outgoing number that stands on an envelope."""
    with house.db.session(write=False) as session:
        unclear = [sending(actor, session, row) for row in lists.unclear_dispatches(actor, session)]
        sought = dispatches.by_number(actor, session, out_number) if out_number else []
        found = [sending(actor, session, row) for row in sought]
        if not rights.may_everywhere(actor, session, "dispatch.confirm"):
            return PostView(lists_all=False, waiting=[], lists=[], unclear=unclear, found=found)
        waiting = dispatches.open_post(actor, session)
        made = [
            ListView(row.id, row.made_at.astimezone(clock.LOCAL), count, row.handed_over)
            for row, count in dispatches.made_lists(session)
        ]
        return PostView(
            lists_all=True,
            waiting=[_waiting(actor, session, row) for row in waiting],
            lists=made,
            unclear=unclear,
            found=found,
        )


def _waiting(actor: Actor, session: Session, row: Dispatch) -> PostRow:
    if rights.hidden(actor, session, row.reply.appeal):
        return PostRow(row.id, out_number="", reg_number="", addressee="", address="", shown=False)
    content = LetterContent.model_validate(row.reply.versions[-1].content)
    return PostRow(
        dispatch_id=row.id,
        out_number=row.reply.out_number or "",
        reg_number=row.reply.appeal.reg_number,
        addressee=", ".join(line for line in content.addressee if line != row.address),
        address=row.address,
    )


def sending(actor: Actor, session: Session, row: Dispatch) -> SendingRow:
    """Return a sending with what this reader may do about it now."""
    may = rights.may(actor, session, "dispatch.confirm", row.reply.appeal)
    return SendingRow(
        dispatch_id=row.id,
        out_number=row.reply.out_number or "",
        reg_number=row.reply.appeal.reg_number,
        channel=row.channel,
        address=row.address,
        state_title=DISPATCH_STATES[row.state],
        sent_on=clock.local_date(row.sent_at) if row.sent_at else None,
        evidence=[_said(proof) for proof in row.proof],
        decidable=may and row.state == "unclear",
        returnable=may and row.channel == "post" and row.state == "sent",
        resendable=may and row.state == "failed" and row.reply.appeal.state == "undelivered",
    )


def _said(proof: dict[str, Any]) -> str:
    at = dt.datetime.fromisoformat(proof["at"]).astimezone(clock.LOCAL)
    if back := proof.get("returned"):
        return f"{at:%d.%m.%Y %H:%M} письмо вернулось {dt.date.fromisoformat(back):%d.%m.%Y}"
    if "list" in proof:
        return f"{at:%d.%m.%Y %H:%M} сдано на почту по реестру № {proof['list']}"
    words = proof.get("why") or " ".join(str(proof[key]) for key in ("code", "text") if proof.get(key))
    return f"{at:%d.%m.%Y %H:%M} {words or proof.get('bounce', '')}".strip()
