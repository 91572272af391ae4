"""The paper side of a letter as the desk and the command line show it: four dates, the envelope, what was enclosed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import appeals, clock, papers, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Appeal
from steps import receipt
from steps.access import noted
from steps.house import House


@dataclass(frozen=True, slots=True)
class PaperBox:
    """What a letter on paper brings besides its words.

    Attributes:
        stamped: Day on the arrival stamp; None when nobody gave it: the day of scanning counts.
        postmark: Day of the postmark.
        scanned: When its first sheet was scanned; local, as ``registered``.
        registered: When it got its number.
        doubtful: A stamp stated by a sheet or a folder that waits to be confirmed, being so old.
        back: Days before the day of scanning that this reader may date the receipt to, the nearest first.
        head: Whether he may go further.
        tracking: Number that the post gave it.
        may_date: He may set the dates.
    """

    stamped: dt.date | None
    postmark: dt.date | None
    scanned: dt.datetime
    registered: dt.datetime
    doubtful: dt.date | None
    back: list[dt.date]
    head: bool
    tracking: str
    may_date: bool


def show(actor: Actor, house: House, number: str) -> PaperBox:
    """Return the paper side of a letter.

    Raises:
        NotFoundError: There is no such letter for the actor, or it did not come on paper.
    """
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        found = box(actor, session, house, appeals.by_number(actor, session, number))
        if found is None:
            raise NotFoundError(f"{number}: это письмо пришло не на бумаге.")
        return found


def box(actor: Actor, session: Session, house: House, appeal: Appeal) -> PaperBox | None:
    """Return the paper side of an appeal in the caller's transaction; None for what did not come on paper."""
    if appeal.channel not in receipt.PAPER:
        return None
    days = papers.days(appeal)
    row = papers.find(session, appeal)
    return PaperBox(
        stamped=days.stamped,
        postmark=days.postmark,
        scanned=days.scanned,
        registered=days.registered,
        doubtful=days.doubtful,
        back=_back(house, clock.local_date(days.scanned)),
        head=rights.may(actor, session, "arrival.backdate"),
        tracking=(row.tracking or "") if row else "",
        may_date=appeal.is_open and rights.may(actor, session, "appeal.verify", appeal),
    )


def _back(house: House, scanned: dt.date) -> list[dt.date]:
    """Working days before the day of scanning that a registrar may date a receipt to."""
    calendar, limit = house.book.calendars.for_terms, receipt.earliest(house, scanned)
    found: list[dt.date] = []
    day = scanned
    while day > limit:
        day = calendar.previous_working(day - dt.timedelta(days=1))
        found.append(day)
    return found
