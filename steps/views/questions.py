"""The questions of a letter: each with its words, topic, queue, own term and the part that is asked for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import appeals, rights, staff, subtasks
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, AppealItem
from rules.wire import Due
from steps import report
from steps.access import noted
from steps.house import House
from steps.subtasks import inner_due
from steps.views.case import PartView, part_view


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question. ``queue`` None: the appeal's own; ``parts``: what was asked of other queues for it."""

    id: int
    ordinal: int
    quote: str
    topic_code: str | None
    topic_name: str
    confirmed: bool
    queue: str | None
    due: Due | None
    answer: str | None
    parts: list[PartView]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The questions of a letter and what this reader may do with them now.

    Attributes:
        collector: Who collects the parts into the one answer, in words.
        inner: The inner term that a part gets when a question goes to another queue.
        edits: Topics may be set right.
        splits: Questions may be divided, joined and put in order.
        asks: Questions may be given to other queues.
    """

    items: list[QuestionView]
    collector: str
    inner: dt.date
    edits: bool
    splits: bool
    asks: bool


def page(actor: Actor, house: House, number: str) -> QuestionsPage:
    """Return the questions of an appeal that the actor may see. Raises NotFoundError."""
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        askable = appeal.state in subtasks.ASKABLE
        return QuestionsPage(
            items=[_item(actor, session, house, appeal, item) for item in appeal.items],
            collector=_collector(session, house, appeal),
            inner=inner_due(house, appeal),
            edits=askable and rights.may(actor, session, "appeal.correct", appeal),
            splits=askable and rights.may(actor, session, "appeal.merge", appeal),
            asks=askable and rights.may(actor, session, "part.ask", appeal),
        )


def _item(actor: Actor, session: Session, house: House, appeal: Appeal, item: AppealItem) -> QuestionView:
    asked = [one for one in appeal.subtasks if one.item_id == item.id and one.kind == "part"]
    return QuestionView(
        id=item.id,
        ordinal=item.ordinal,
        quote=item.quote,
        topic_code=item.topic_code,
        topic_name=report.topic_name(house, item.topic_code),
        confirmed=item.confirmed_by is not None,
        queue=item.queue,
        due=Due.model_validate(item.due) if item.due else None,
        answer=item.answer,
        parts=[part_view(actor, session, house, one) for one in asked],
    )


def _collector(session: Session, house: House, appeal: Appeal) -> str:
    owner = report.queue_title(house, appeal.reply_owner or appeal.queue)
    return f"{owner}, {staff.by_id(session, appeal.executor_id).short_name}" if appeal.executor_id else owner
