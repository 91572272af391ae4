"""Controls: what a signed reply promises in its words is under control at once; a person keeps it or takes it off."""

from __future__ import annotations

import datetime as dt

from classifiers.promises import Promise, promises
from registry import appeals, clock, controls, replies, staff
from registry.actor import Actor
from registry.errors import InputError
from registry.models import Reply
from rules.wire import LetterContent
from steps.house import House


def found(house: House, reply: Reply) -> list[tuple[str, dt.date]]:
    """What a reply promises and until when, for the transaction of its signing."""
    return [(one.text, one.due) for one in proposed(house, reply)]


def proposed(house: House, reply: Reply) -> list[Promise]:
    """What a reply promises, by its words; spans run from its date, today while it has none."""
    content = LetterContent.model_validate(replies.current(reply).content)
    written = reply.letter_date or clock.today()
    return promises([*content.body, content.closing], written, house.book.calendars.for_terms.add_working_days)


def make(actor: Actor, house: House, number: str, promise: str, due: dt.date, reply_id: int | None = None) -> int:
    """Put a promise under control; returns its key."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        reply = next((one for one in appeal.replies if one.id == reply_id), None)
        if reply_id is not None and reply is None:
            raise InputError("Этот ответ относится к другому обращению.")
        return controls.make(actor, session, appeal, promise, due, reply).id


def settle(actor: Actor, house: House, control_id: int, note: str, *, kept: bool) -> None:
    """The promise is kept, or taken back; how, in words."""
    with house.db.session() as session:
        controls.settle(actor, session, control_id, note, kept=kept)


def hand_over(actor: Actor, house: House, control_id: int, person_id: int) -> None:
    """Give a promise to another person to keep."""
    with house.db.session() as session:
        controls.hand_over(actor, session, control_id, staff.by_id(session, person_id))
