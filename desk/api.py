"""The JSON API for CRM, the personal account and the virtual reception. Codes, numbers and dates only."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from desk.auth import NotSignedInError, signed_in
from desk.narrow import Narrow
from desk.render import Desk, Here, desk_of
from registry.actor import Actor, system
from registry.errors import NotFoundError
from steps import views

router = APIRouter()


class AppealStatus(BaseModel):
    """Where an appeal stands. ``overdue`` counts by ``due_hard`` alone."""

    number: str
    state: str
    state_title: str
    received: dt.date
    registered: dt.date
    due_hard: dt.date
    due_target: dt.date
    provisional: bool
    overdue: bool
    queue: str | None
    topic: str | None
    channel: str


class Found(BaseModel):
    """What a search found, the newest first; of open work what is due first. ``more``: nobody counted on."""

    total: int
    more: bool
    appeals: list[AppealStatus]


class Asked(Narrow):
    """What is searched for; ``number`` holds words, names and numbers, as the desk's box does."""

    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=100_000)


class Health(BaseModel):
    """Whether the desk can work."""

    status: str


def caller(request: Request) -> Actor:
    """Return who calls: the holder of the token, else the member of staff of the session. Raises NotSignedInError."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if not given:
        return signed_in(request).actor
    wanted = desk_of(request).settings.api_token
    if (
        scheme.casefold() != "bearer"
        or wanted is None
        or not hmac.compare_digest(given.strip().encode(), wanted.get_secret_value().encode())
    ):
        raise NotSignedInError
    return system("api")


Caller = Annotated[Actor, Depends(caller)]


@router.get("/api/v1/appeals/{number:path}/status", tags=["appeals"])
def status(desk: Here, who: Caller, number: str) -> AppealStatus:
    """Return where an appeal stands. A restricted one does not exist for the token."""
    row = views.card(who, desk.house, number).row
    if who.is_system and row.restricted:
        raise NotFoundError(f"Обращение {number} не найдено или недоступно Вам.")
    return _status(row)


@router.get("/api/v1/appeals", tags=["appeals"])
def find(desk: Here, who: Caller, asked: Annotated[Asked, Query()]) -> Found:
    """Search appeals by words and filters, as far as the caller sees them; restricted ones are none of the token's."""
    wanted = asked.filter(unrestricted=who.is_system)
    page = views.queue(who, desk.house, wanted, limit=asked.limit, offset=asked.offset)
    return Found(total=page.total, more=page.more, appeals=[_status(row) for row in page.rows])


@router.get("/healthz", tags=["health"], responses={503: {"model": Health}})
def healthz(desk: Here) -> Health:
    """Tell whether the desk reaches its database (503 when it does not)."""
    _touch(desk)
    return Health(status="ok")


def _touch(desk: Desk) -> None:
    views.touch(system("healthz"), desk.house)


def _status(row: views.AppealRow) -> AppealStatus:
    return AppealStatus(
        number=row.number,
        state=row.state,
        state_title=row.state_title,
        received=row.received,
        registered=row.registered,
        due_hard=row.due_hard,
        due_target=row.due_target,
        provisional=row.provisional,
        overdue=row.overdue,
        queue=row.queue,
        topic=row.topic_code,
        channel=row.channel,
    )
