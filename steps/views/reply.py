"""A reply as the editor and the signing page show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from registry import clock, reopening, replies, staff, takeback
from registry.actor import Actor
from registry.database import Session
from registry.models import Dispatch, Reply
from rules.wire import CheckReport, LetterContent
from steps import sign
from steps.access import noted
from steps.house import House
from steps.views import appeal as appeal_view
from steps.views import proofs

STATES: Final = {
    "draft": "Черновик",
    "in_approval": "На согласовании",
    "in_signature": "На подписи",
    "signed": "Подписан",
    "dispatched": "Отправлен",
    "cancelled": "Отменён",
}
DISPATCH_STATES: Final = {
    "new": "Ожидает отправки",
    "sending": "Отправляется",
    "sent": "Отправлено",
    "failed": "Не доставлено",
    "unclear": "Исход неясен",
    "cancelled": "Отменено",
}
KINDS: Final = {
    "answer": "Ответ по существу",
    "interim": "Промежуточный ответ",
    "refusal": "Отказ",
    "request": "Запрос сведений",
    "acknowledgement": "Уведомление о регистрации",
    "thanks": "Ответ на благодарность",
    "forwarding": "Уведомление о переадресации",
    "covering": "Сопроводительное письмо",
}


@dataclass(frozen=True, slots=True)
class OverrideView:
    """A finding set aside: by whom and why."""

    rule: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class DispatchView:
    """One sending and its proof."""

    id: int
    channel: str
    address: str
    state: str
    state_title: str
    sent_at: dt.datetime | None
    attempts: int
    waits_until: dt.datetime | None
    proof: list[dict[str, Any]]
    tracking: str | None = None
    delivered_on: dt.date | None = None
    has_receipt: bool = False
    resendable: bool = False


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """A reply with its newest text, its check, its signing and its sendings."""

    id: int
    kind: str
    kind_title: str
    state: str
    state_title: str
    version: int
    content: LetterContent
    report: CheckReport | None
    blocking: list[str]
    overrides: list[OverrideView]
    executor: str | None
    signatory: str | None
    out_number: str | None
    letter_date: dt.date | None
    sign_ways: list[str]
    signed_at: dt.datetime | None
    channel: str
    dispatches: list[DispatchView]
    has_files: bool
    takeable: bool = False
    by_script: bool = False


def reply(actor: Actor, house: House, reply_id: int) -> tuple[appeal_view.AppealCard, ReplyCard]:
    """Return a reply with the card of its appeal."""
    with noted(actor, house, "reply", "reply", reply_id), house.db.session(write=False) as session:
        row = replies.get(actor, session, reply_id)
        return appeal_view.of(actor, session, house, row.appeal), view(session, house, row, actor)


def view(session: Session, house: House, row: Reply, actor: Actor) -> ReplyCard:
    """Return a reply as the desk shows it to somebody."""
    newest = replies.current(row)
    report = CheckReport.model_validate(newest.report) if newest.report else None
    return ReplyCard(
        id=row.id,
        kind=row.kind,
        kind_title=KINDS[row.kind],
        state=row.state,
        state_title=STATES[row.state],
        version=row.version,
        content=LetterContent.model_validate(newest.content),
        report=report,
        blocking=replies.blocking(row, report) if report else [],
        overrides=[
            OverrideView(one.rule, one.reason, who(session, one.actor))
            for one in row.overrides
            if one.content_digest == newest.content_digest
        ],
        executor=staff.by_id(session, row.executor_id).short_name if row.executor_id else None,
        signatory=staff.by_id(session, row.signatory_id).short_name if row.signatory_id else None,
        out_number=row.out_number,
        letter_date=row.letter_date,
        sign_ways=list(sign.ways(house, row)),
        signed_at=row.signed_at.astimezone(clock.LOCAL) if row.signed_at else None,
        channel=row.channel,
        dispatches=[_dispatch(one) for one in row.dispatches],
        has_files=newest.pdf_digest is not None,
        takeable=takeback.may(actor, session, row),
        by_script=row.is_by_script,
    )


def who(session: Session, actor: str) -> str:
    """How the history calls an actor: a person by name, a flow as the system."""
    kind, _, key = actor.partition(":")
    return staff.by_id(session, int(key)).short_name if kind == "person" else "Система"


def _dispatch(row: Dispatch) -> DispatchView:
    return DispatchView(
        id=row.id,
        channel=row.channel,
        address=row.address,
        state=row.state,
        state_title=DISPATCH_STATES[row.state],
        sent_at=row.sent_at.astimezone(clock.LOCAL) if row.sent_at else None,
        attempts=row.attempts,
        waits_until=_waits_until(row),
        proof=[proofs.worded(one) for one in row.proof],
        tracking=row.tracking,
        delivered_on=row.delivered_on,
        has_receipt=row.receipt_digest is not None,
        resendable=reopening.resendable(row),
    )


def _waits_until(row: Dispatch) -> dt.datetime | None:
    """When a sending that waits may leave."""
    waits = row.state == "new" and row.not_before is not None and row.not_before > clock.now()
    return row.not_before.astimezone(clock.LOCAL) if waits and row.not_before else None
