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
class UnclearRow:
    """A sending whose outcome a person must decide, or that failed."""

    dispatch_id: int
    out_number: str
    reg_number: str
    state_title: str
    evidence: list[str]
    decidable: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """The page of the dispatch office; ``lists_all``: the reader makes the lists, others settle their own letters."""

    lists_all: bool
    waiting: list[PostRow]
    lists: list[ListView]
    unclear: list[UnclearRow]


def post(actor: Actor, house: House) -> PostView:
    """Return what the dispatch office works on."""
    with house.db.session(write=False) as session:
        unclear = lists.unclear_dispatches(actor, session)
        if not rights.may_everywhere(actor, session, "dispatch.confirm"):
            return PostView(lists_all=False, waiting=[], lists=[], unclear=[_unclear(row) for row in unclear])
        waiting = dispatches.open_post(actor, session)
        made = [
            ListView(row.id, row.made_at.astimezone(clock.LOCAL), count, row.handed_over)
            for row, count in dispatches.made_lists(session)
        ]
        return PostView(
            lists_all=True,
            waiting=[_waiting(actor, session, row) for row in waiting],
            lists=made,
            unclear=[_unclear(row) for row in unclear],
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


def _unclear(row: Dispatch) -> UnclearRow:
    return UnclearRow(
        dispatch_id=row.id,
        out_number=row.reply.out_number or "",
        reg_number=row.reply.appeal.reg_number,
        state_title=DISPATCH_STATES[row.state],
        evidence=[_said(proof) for proof in row.proof],
        decidable=row.state == "unclear",
    )


def _said(proof: dict[str, Any]) -> str:
    at = dt.datetime.fromisoformat(proof["at"]).astimezone(clock.LOCAL)
    words = proof.get("why") or " ".join(str(proof[key]) for key in ("code", "text") if proof.get(key))
    return f"{at:%d.%m.%Y %H:%M} {words or proof.get('bounce', '')}".strip()
