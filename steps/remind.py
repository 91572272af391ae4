"""Remind: the ladders of ``escalation.yaml``, climbed by open appeals while their answer has not left (step 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from registry import clock, reminders, rights
from registry.actor import Actor
from registry.models import Appeal
from rules.escalation import Rung
from steps.house import House


@dataclass(frozen=True, slots=True)
class RungRow:
    """A rung as the card shows it: when (local), whom, what; ``told`` when it has been reached."""

    at: dt.datetime
    rung: str
    to: list[str]
    action: str
    told: bool


def tick(actor: Actor, house: House) -> int:
    """Tell of every rung that has been reached; return how many were told. May be repeated."""
    book = house.book
    roles = {code: recipient.role for code, recipient in book.escalation.recipients.items()}
    told = 0
    while True:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            rows = reminders.waiting(session)
            for appeal in rows:
                ladder, rungs = _ladder(house, appeal)
                told += reminders.climb(actor, session, appeal, ladder, rungs, roles)
        if not rows:
            return told


def plan(house: House, appeal: Appeal) -> list[RungRow]:
    """Return the rungs of an appeal's ladder; nothing once its answer has left."""
    if not appeal.is_open:
        return []
    _, rungs = _ladder(house, appeal)
    reached = clock.now()
    return [
        RungRow(rung.moment, words(rung.at), titles(house, rung.to), rung.action, rung.moment <= reached)
        for rung in rungs
    ]


def titles(house: House, recipients: Iterable[str]) -> list[str]:
    """Russian titles of recipients; a code that the rules no longer have stands for itself."""
    known = house.book.escalation.recipients
    return [known[code].title if code in known else code for code in recipients]


def words(at: str) -> str:
    """Say a rung in Russian: «за 5 раб. дн. до срока»."""
    if at == "0":
        return "в день срока"
    if at.endswith("%"):
        return f"прошло {at} срока"
    number = at.lstrip("+-").removesuffix("wd").removesuffix("h")
    if at.endswith("h"):
        return f"через {number} раб. ч"
    return f"за {number} раб. дн. до срока" if at.startswith("-") else f"через {number} раб. дн."


def _ladder(house: House, appeal: Appeal) -> tuple[str, list[Rung]]:
    book = house.book
    queue = book.queues.by_id[appeal.queue or "REG"]
    received = appeal.received_at.astimezone(clock.LOCAL)
    days, office = book.calendars.for_terms, book.calendars.by_id[queue.calendar]
    return queue.escalation, book.escalation.rungs(queue.escalation, received, appeal.due_hard, days, office)
