"""Letters by post, their lists, and sendings that a person must look into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from outbox.postitem import split_address
from registry import clock, lists, postal, reopening, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Dispatch, DispatchList
from steps import postitems
from steps.house import House
from steps.views import proofs
from steps.views.reply import DISPATCH_STATES

HIDDEN: Final = "Письмо по закрытому обращению"


@dataclass(frozen=True, slots=True)
class PostRow:
    """A letter on paper. Of a restricted appeal only that there is one, to who may not see it (``shown`` is False).

    ``no_index``: its address has no postcode; ``no_address``: it can go on no list.
    """

    dispatch_id: int
    out_number: str
    reg_number: str
    addressee: str
    address: str
    kind: str
    kind_title: str
    registered: bool
    tracking: str
    state: str
    state_title: str
    no_index: bool = False
    no_address: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class ListView:
    """A list for the post office. ``untracked``: how many letters of registered mail have no postal number yet."""

    id: int
    kind_title: str
    made_at: dt.datetime
    count: int
    accepted: int | None
    handed_over: dt.date | None
    cancelled: bool
    scanned: bool
    untracked: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list with its letters and the blanks that are printed for them."""

    about: ListView
    rows: list[PostRow]
    forms: list[str]


@dataclass(frozen=True, slots=True)
class SendingRow:
    """One sending that a person must look into, or that he looks for.

    Attributes:
        evidence: What happened to it, line by line.
        decidable: Nobody knows whether it went out: a person decides.
        returnable: It went by post, so it may come back.
        resendable: It did not arrive and may be sent once more.
        partial: It answers nothing yet: sent once more, it leaves its appeal where it is.
        automatic: An acknowledgement: its failure moves no appeal.
        deliverable: Its day of delivery may be kept.
        handable: It may be handed over at the counter.
        trackable: It goes by registered mail, so it has a postal number.
        has_receipt: The notice or the signed copy was scanned.
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
    partial: bool
    automatic: bool
    deliverable: bool
    handable: bool
    trackable: bool
    kind_title: str
    tracking: str
    delivered_on: dt.date | None
    has_receipt: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """The page of the dispatch office; ``lists_all``: the reader makes the lists, others settle their own letters.

    ``found``: the letters on paper that the reader looked for; ``undated``: notices that wait for their day;
    ``counter``: letters that somebody is to fetch; ``kinds``: those that may be chosen, with their titles.
    """

    lists_all: bool
    waiting: list[PostRow]
    lists: list[ListView]
    unclear: list[SendingRow]
    found: list[SendingRow]
    undated: list[SendingRow]
    counter: list[SendingRow]
    kinds: list[tuple[str, str]]


def post(actor: Actor, house: House, number: str = "") -> PostView:
    """Return what the dispatch office works on, and the letter with a number that stands on an envelope."""
    with house.db.session(write=False) as session:
        rows = lists.unclear_dispatches(actor, session)
        shown = [rows, postal.sought(actor, session, number) if number else []]
        shown += [postal.undated(actor, session), postal.at_counter(actor, session)]
        unclear, found, undated, counter = ([sending(actor, session, house, one) for one in each] for each in shown)
        everywhere = rights.may_everywhere(actor, session, "dispatch.confirm")
        return PostView(
            lists_all=everywhere,
            waiting=[_row(actor, session, house, row) for row in postal.waiting(actor, session)] if everywhere else [],
            lists=_made(session, house) if everywhere else [],
            unclear=unclear,
            found=found,
            undated=undated,
            counter=counter,
            kinds=[(kind.id, kind.title) for kind in house.book.post.kinds],
        )


def post_list(actor: Actor, house: House, list_id: int) -> ListPage:
    """Return a list with its letters. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        made = postal.get_list(actor, session, list_id)
        rows = postal.items(session, list_id)
        kind = house.book.post.by_id.get(made.post_kind or "")
        forms = kind.forms if kind else ()
        shown = _list(house, made, postal.untracked(session, [list_id]))
        return ListPage(shown, [_row(actor, session, house, row) for row in rows], [*forms])


def _made(session: Session, house: House) -> list[ListView]:
    made = postal.made_lists(session)
    bare = postal.untracked(session, [one.id for one in made])
    return [_list(house, one, bare) for one in made]


def _list(house: House, made: DispatchList, untracked: Mapping[int, int]) -> ListView:
    kind = house.book.post.by_id.get(made.post_kind or "")
    return ListView(
        id=made.id,
        kind_title=kind.title if kind else "Письма",
        made_at=made.made_at.astimezone(clock.LOCAL),
        count=made.count or 0,
        accepted=made.accepted,
        handed_over=made.handed_over,
        cancelled=made.cancelled_at is not None,
        scanned=made.scan_digest is not None,
        untracked=untracked.get(made.id, 0) if kind and kind.registered else 0,
    )


def _row(actor: Actor, session: Session, house: House, row: Dispatch) -> PostRow:
    kind = postitems.kind(house, row)
    shown = not rights.hidden(actor, session, row.reply.appeal)
    addressee, address = postitems.addressee(row) if shown else (HIDDEN, "")
    return PostRow(
        dispatch_id=row.id,
        out_number=(row.reply.out_number or "") if shown else "",
        reg_number=row.reply.appeal.reg_number if shown else "",
        addressee=addressee,
        address=address,
        kind=kind.id,
        kind_title=kind.title,
        registered=kind.registered,
        tracking=row.tracking or "",
        state=row.state,
        state_title=DISPATCH_STATES[row.state],
        no_index=shown and not split_address(address)[1],
        no_address=shown and not postitems.is_addressed(row),
        shown=shown,
    )


def sending(actor: Actor, session: Session, house: House, row: Dispatch) -> SendingRow:
    """Return a sending with what this reader may do about it now."""
    may = rights.may(actor, session, "dispatch.confirm", row.reply.appeal)
    by_post, kind = row.channel == "post", postitems.kind(house, row)
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
        returnable=may and by_post and row.state == "sent",
        resendable=may and reopening.resendable(row),
        partial=row.reply.appeal.state != "undelivered",
        automatic=row.reply.is_automatic,
        deliverable=may and by_post and row.state == "sent" and row.delivered_on is None,
        handable=may and row.channel in postal.PAPER and row.state == "new" and row.list_id is None,
        trackable=may and by_post and kind.registered and row.state in {"new", "sent"},
        kind_title=kind.title if by_post else "",
        tracking=row.tracking or "",
        delivered_on=row.delivered_on,
        has_receipt=row.receipt_digest is not None,
    )


def _said(proof: dict[str, Any]) -> str:
    at = dt.datetime.fromisoformat(proof["at"]).astimezone(clock.LOCAL)
    say = next((words for key, words in _PROOFS if key in proof), _answer)
    return f"{at:%d.%m.%Y %H:%M} {say(proof)}".strip()


def _day(value: str) -> str:
    return f"{dt.date.fromisoformat(value):%d.%m.%Y}"


def _answer(proof: dict[str, Any]) -> str:
    words = proof.get("why") or " ".join(str(proof[key]) for key in ("code", "text") if proof.get(key))
    return str(words)


_PROOFS: Final[tuple[tuple[str, Callable[[dict[str, Any]], str]], ...]] = (
    ("returned", lambda proof: f"письмо вернулось {_day(proof['returned'])}"),
    ("handed_to", lambda proof: f"вручено {_day(proof['handed_over'])} {postal.HANDED_TO[proof['handed_to']]}"),
    ("delivered", lambda proof: f"вручено почтой {_day(proof['delivered'])}"),
    ("bounce", lambda proof: proofs.bounce(proof["bounce"])),
    ("journal", lambda proof: f"журнал отправленных писем: {proofs.journal(proof['journal'])}"),
    ("list", lambda proof: f"сдано на почту по списку № {proof['list']}"),
)
