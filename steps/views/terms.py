"""The terms of one appeal as the card shows them: every term with its rule, extensions, and what is waited for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from registry import clock, extensions, requests, terms
from registry.database import Session
from registry.models import Appeal, ClientRequest, Extension, Reply
from rules.extension import ExtensionLimit
from rules.wire import Due, ReplyKind
from steps import due, extend, remind, report
from steps.house import House

QUOTE: Final = 120  # characters of a question that are enough to know it again


@dataclass(frozen=True, slots=True)
class ItemTerm:
    """One question with its own terms; ``due`` is None until the rules have counted it."""

    ordinal: int
    quote: str
    topic_code: str | None
    topic_name: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """A decision to answer later. ``told`` is when the interim reply left, ``told_late``: after the term itself."""

    before: dt.date
    until: dt.date
    basis: str
    reason: str
    decided_by: str
    decided_on: dt.date
    notice_due: dt.date
    told_number: str | None
    told: dt.date | None
    told_late: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    """Data asked of the client; ``late``: the day we set has passed without an answer."""

    asked: str
    asked_on: dt.date
    answer_by: dt.date | None
    received_on: dt.date | None
    days: int
    late: bool


@dataclass(frozen=True, slots=True)
class TermsView:
    """All terms of an appeal beside the two main ones.

    Attributes:
        control: The earliest of all terms; shown when it is earlier than the appeal's own.
        forwarding: Bodies that forwarded the appeal, each with the day it wants an answer by.
        stated: Last day named in the paper; ``event`` and ``postmark``: the other dates that a person entered.
        rule: Rule that a person chose, with its title.
        rules: Rules that may be chosen: id and title.
        limit: How far the answer may be put off; None when it is too late or the appeal is closed.
        too_late: The term has passed unanswered: it can no longer be put off.
        waiting_days: Calendar days that the client was waited for; the term ran on.
        interim: Interim replies that have left: number and day.
        outdated: The terms were counted by another version of the rules than the one in force.
        rungs: Whom the watch reminds of the term, and when.
    """

    control: dt.date
    items: list[ItemTerm]
    forwarding: list[tuple[str, dt.date]]
    stated: dt.date | None
    event: dt.date | None
    postmark: dt.date | None
    rule: str | None
    rules: list[tuple[str, str]]
    extended_until: dt.date | None
    extensions: list[ExtensionView]
    limit: ExtensionLimit | None
    too_late: bool
    requests: list[RequestView]
    waiting_days: int
    interim: list[tuple[str, dt.date]]
    outdated: bool
    rungs: list[remind.RungRow]


def view(session: Session, house: House, appeal: Appeal) -> TermsView:
    """Return the terms of an appeal in the caller's transaction."""
    asked = requests.of(session, appeal)
    late = clock.today() > appeal.due_hard
    return TermsView(
        control=appeal.control_date or appeal.due_hard,
        items=[
            ItemTerm(
                ordinal=item.ordinal,
                quote=item.quote if len(item.quote) <= QUOTE else f"{item.quote[:QUOTE].rstrip()}…",
                topic_code=item.topic_code,
                topic_name=report.topic_name(house, item.topic_code),
                due=Due.model_validate(item.due) if item.due else None,
            )
            for item in appeal.items
        ],
        forwarding=terms.forwarding_terms(appeal),
        stated=appeal.stated_date,
        event=appeal.event_date,
        postmark=appeal.postmark_date,
        rule=appeal.due_rule,
        rules=list(due.known_rules(house, appeal).items()),
        extended_until=appeal.extended_until,
        extensions=[_extension(session, row) for row in extensions.of(session, appeal)],
        limit=extend.limit_of(house, appeal) if appeal.is_open and not late else None,
        too_late=appeal.is_open and late,
        requests=[_request(row) for row in asked],
        waiting_days=requests.days(asked),
        interim=_interim(appeal),
        outdated=appeal.is_open and appeal.rules_version not in {None, house.book.version},
        rungs=remind.plan(house, appeal),
    )


def _extension(session: Session, row: Extension) -> ExtensionView:
    from steps.views.reply import who

    reply, told = extensions.notice(session, row) or (None, None)
    return ExtensionView(
        before=row.before,
        until=row.until,
        basis=row.basis,
        reason=row.reason,
        decided_by=who(session, row.decided_by),
        decided_on=clock.local_date(row.decided_at),
        notice_due=row.notice_due,
        told_number=reply.out_number if reply else None,
        told=told,
        told_late=told is not None and told > row.before,
    )


def _request(row: ClientRequest) -> RequestView:
    return RequestView(
        asked=row.asked,
        asked_on=clock.local_date(row.asked_at),
        answer_by=row.answer_by,
        received_on=clock.local_date(row.received_at) if row.received_at else None,
        days=requests.days([row]),
        late=row.received_at is None and row.answer_by is not None and row.answer_by < clock.today(),
    )


def _interim(appeal: Appeal) -> list[tuple[str, dt.date]]:
    gone = ((row, _left(row)) for row in appeal.replies if row.kind == ReplyKind.INTERIM.value)
    return [(row.out_number or "", day) for row, day in gone if day]


def _left(reply: Reply) -> dt.date | None:
    """The day on which the first sending of a reply went out."""
    return min((clock.local_date(row.sent_at) for row in reply.dispatches if row.sent_at), default=None)
