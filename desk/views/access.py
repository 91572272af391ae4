"""The journal of access: who looked at what, for security, managers and the administrator."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.auth import Who
from desk.forms import FormError
from desk.render import Here, file, page
from registry.access import Wanted
from steps import views

router = APIRouter(include_in_schema=False)


class Narrow(BaseModel):
    """What stands in the address of the journal."""

    person: str = ""
    number: str = ""
    first: str = ""
    last: str = ""
    refused: bool = False
    before: int | None = Field(default=None, ge=1)

    def wanted(self) -> Wanted:
        """Return it as the service takes it. Raises FormError."""
        return Wanted(
            person_id=int(self.person) if self.person.isdecimal() else None,
            number=self.number.strip() or None,
            first=_day(self.first),
            last=_day(self.last),
            refused_only=self.refused,
        )


@router.get("/access")
def show(request: Request, desk: Here, who: Who, narrow: Annotated[Narrow, Query()]) -> Response:
    """Show a page of the journal."""
    found = views.access_journal(who.actor, desk.house, narrow.wanted(), before=narrow.before)
    kept = {name: value for name, value in narrow.model_dump(exclude={"before"}).items() if value}
    return page(request, "access.html", {"found": found, "narrow": narrow, "query": urlencode(kept)})


@router.get("/access/export.csv")
def export(desk: Here, who: Who, narrow: Annotated[Narrow, Query()]) -> Response:
    """Download the journal as a table."""
    return file(views.access_file(who.actor, desk.house, narrow.wanted()))


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise FormError("Дата записана не по форме. Выберите её в календаре.") from error
