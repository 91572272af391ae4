"""The state of the installation for its administrator: lines to the outside, mailboxes, today's balance, faults."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import clock, reconcile, rights, troubles
from registry.actor import Actor
from registry.reconcile import Balance, Fault
from steps import reconcile as steps_reconcile
from steps.house import House

SMTP = "Отправка почты"


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """A line that does not work, for people."""

    title: str
    text: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as the last look found it. ``strange``: letters among the done ones that the register did not take."""

    name: str
    tried_at: dt.datetime
    error: str | None
    waiting: int
    strange: int


@dataclass(frozen=True, slots=True)
class HealthPage:
    """What the page shows; ``faults`` is None until the whole register was looked at."""

    troubles: list[TroubleRow]
    mailboxes: list[MailboxRow]
    balances: list[Balance]
    faults: list[Fault] | None


def page(actor: Actor, house: House, *, whole: bool = False) -> HealthPage:
    """Return the page; ``whole`` looks over numbers, files and sendings too, which takes a while."""
    faults = steps_reconcile.whole(actor, house) if whole else None
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        return HealthPage(
            troubles=[TroubleRow(_title(row.name), row.text, row.since) for row in troubles.told(session)],
            mailboxes=[
                MailboxRow(row.name, row.tried_at, row.error, row.waiting, row.strange)
                for row in reconcile.looks(session)
            ],
            balances=reconcile.balances(actor, session, clock.today()),
            faults=faults,
        )


def alarms(actor: Actor, house: House) -> list[str]:
    """What stands on every page of an administrator."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        return [f"{_title(row.name)}: {row.text}" for row in troubles.told(session)]


def _title(name: str) -> str:
    return SMTP if name == troubles.SMTP else f"Источник {name}"
