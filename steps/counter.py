"""The counter: a letter brought by hand gets its number while the client waits, for the copy that he takes away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from structlog import get_logger

from registry import arrivals
from registry.actor import Actor, system
from rules.wire import Channel
from steps import receive, register, triage
from steps.house import House
from steps.receive import AddResult, Stamped

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file, and the numbers that its letters got at once; none where somebody must look first."""

    result: AddResult
    numbers: list[str] = field(default_factory=list)


def take(
    actor: Actor,
    house: House,
    name: str,
    data: bytes,
    *,
    channel: Channel = Channel.POST,
    receipt_date: dt.date | None = None,
    paper: Stamped | None = None,
) -> Taken:
    """Take a file in as `receive.add` does; a letter brought by hand is numbered before the answer.

    The flows do the same steps: whoever comes second finds them done. Whatever fails here is theirs to do.

    Raises:
        InputError: A date cannot be, or there is no such class of document.
        ForbiddenError: A receipt earlier than the actor may date it.
    """
    result = receive.add(actor, house, name, data, channel=channel, receipt_date=receipt_date, paper=paper)
    if channel is not Channel.HAND_DELIVERED or result.outcome not in {"new", "known"}:
        return Taken(result)
    try:
        for part in triage.split(system("triage"), house, result.arrival_id):
            register.number(system("register"), house, part)
    except Exception:
        # The letter is durable: a client who waits is told so, and the flows number it in a minute.
        log.exception("counter_not_numbered", arrival=result.arrival_id)
    with house.db.session(write=False) as session:
        parts = arrivals.get(session, result.arrival_id).parts
        return Taken(result, [part.appeal.reg_number for part in parts if part.appeal is not None])
