"""Ask: data missing from a letter are asked of the client; the clock runs on (standard and 59-ФЗ know no pause)."""

from __future__ import annotations

import datetime as dt

from registry import appeals, lifecycle, requests
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal
from steps.house import House


def ask_client(
    actor: Actor,
    house: House,
    number: str,
    asked: str,
    *,
    answer_by: dt.date | None = None,
    reply_id: int | None = None,
    version: int | None = None,
) -> None:
    """Note what the client is asked for and wait for it; the term does not move.

    Raises:
        InputError: Nothing is asked, or the day has passed.
        StateError: Something is being waited for already, or the appeal is not in work.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        row = requests.ask(actor, session, appeal, asked, reply_id=reply_id, answer_by=answer_by)
        lifecycle.move(actor, session, appeal, "waiting_client", request=row.id)


def client_answered(actor: Actor, house: House, number: str, *, part_id: int | None = None) -> bool:
    """The client has answered: back to the executor; return False when nothing was waited for."""
    with house.db.session() as session:
        return take_answer(actor, session, appeals.by_number(actor, session, number, lock=True), part_id)


def take_answer(actor: Actor, session: Session, appeal: Appeal, part_id: int | None) -> bool:
    """The client has answered, in the caller's transaction; ``part_id``: the letter that holds the answer."""
    found = requests.answered(actor, session, appeal, part_id)
    if appeal.state == "waiting_client":
        lifecycle.move(actor, session, appeal, "in_progress", part=part_id)
    return found
