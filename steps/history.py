"""History for the administrator and the auditor: one appeal's lines, the chains verified, the anchors for paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from registry import anchors, appeals, chains, clock, rights
from registry.actor import Actor
from registry.errors import NotFoundError
from registry.models import Anchor
from steps.house import House
from steps.views import history
from steps.views.history import HistoryLine

DAYS: Final = 7  # anchors of a quick look


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at and what does not hold, in Russian."""

    events: int
    streams: int
    anchors: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class AnchorView:
    """A day's digest; ``streams`` are the histories that moved since the one before it. ``at`` is local time."""

    day: dt.date
    at: dt.datetime
    streams: int
    digest: str


def lines(actor: Actor, house: House, number: str) -> list[HistoryLine]:
    """Return the history of an appeal that the actor may see, oldest first. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        return history.lines(session, house, appeals.stream(appeal))


def verify(actor: Actor, house: House, *, everything: bool = False) -> Verified:
    """Verify chains and anchors: what moved since the last anchor before today and some at random, or every one."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        since = anchors.before(session, clock.today())
        found = chains.verify_all(actor, session) if everything else chains.verify_moved(actor, session, since)
        count, wrong = anchors.verify(actor, session, newest_only=None if everything else DAYS)
        return Verified(found.events, found.streams, count, [*map(str, found.faults), *wrong])


def anchor(actor: Actor, house: House, day: dt.date | None = None) -> AnchorView:
    """Return the anchor of a day, the newest when none is given, to be kept outside. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        row = anchors.of_day(session, day) if day else anchors.newest(session)
        if row is None:
            raise NotFoundError("Якоря ещё нет: его раз в день ставит шаг `otvet work --once watch`.")
        return _view(row)


def expected(actor: Actor, house: House, digest: str) -> AnchorView:
    """Find the anchor whose digest was kept outside. Raises NotFoundError: history was rewritten since then."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        row = anchors.expect(session, digest)
        if row is None:
            raise NotFoundError(
                "Якоря с таким отпечатком в базе нет: он переписан с ошибкой или история изменена после той даты."
            )
        return _view(row)


def _view(row: Anchor) -> AnchorView:
    return AnchorView(row.day, row.at.astimezone(clock.LOCAL), row.streams, row.digest)
