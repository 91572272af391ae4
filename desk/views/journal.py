"""Journals of registration: reading, printing, entering by hand, paper journals of an outage, cancelling."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Literal, cast
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import FormData

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, uploads
from desk.render import Here, done, page
from desk.security import FRAMED, Posted, Uploaded
from registry import clock
from rules.wire import Channel
from steps import journal as steps
from steps.views import journal as views
from steps.views import reference

router = APIRouter(include_in_schema=False)

CHUNK: Final = 256 * 1024
IN_MEMORY: Final = 4 * 1024 * 1024  # bytes of an export before it goes to disk
STATUSES: Final = {"reserved": "в резерве", "cancelled": "аннулирован"}
TYPES: Final = {"xlsx": "application/octet-stream", "pdf": "application/pdf"}


@router.get("/journals")
def show(  # noqa: PLR0913 - each is a field of the address
    request: Request,
    desk: Here,
    who: Who,
    journal: str = "incoming",
    year: int = 0,
    since: str = "",
    until: str = "",
    *,
    number: int = 1,
) -> Response:
    """Show a page of a journal."""
    first, last = _day(since), _day(until)
    year = year or (first or last or clock.today()).year
    found = views.page(who.actor, desk.house, journal, year, since=first, until=last, number=number)
    query = {"journal": journal, "year": year, "since": since, "until": until}
    context = {
        "found": found,
        "journals": desk.house.book.journals.journals,
        "classes": desk.house.book.journals.classes,
        "channels": reference(desk.house).channels,
        "since": since,
        "until": until,
        "query": urlencode(query),
        "STATUSES": STATUSES,
        "is_date": lambda value: isinstance(value, dt.date),
    }
    return page(request, "journal.html", context)


@router.get("/journals/export.{form}")
def export(
    desk: Here,
    who: Who,
    form: Literal["xlsx", "pdf"],
    journal: str = "incoming",
    year: int = 0,
    since: str = "",
    until: str = "",
) -> Response:
    """Write a journal's period as a workbook or as sheets."""
    first, last = _day(since), _day(until)
    wanted = steps.Extract(journal, year or (first or last or clock.today()).year, first, last)
    title = views.known(desk.house, journal).title
    return _written(
        f"{title} {wanted.year}.{form}", form, lambda out: steps.export(who.actor, desk.house, wanted, form, out)
    )


@router.get("/journals/reservations/{reservation}.pdf")
def blank(desk: Here, who: Who, reservation: int) -> Response:
    """Show the sheets of a paper journal with reserved numbers."""
    return _written(
        f"Резерв {reservation}.pdf", "pdf", lambda out: steps.blank(who.actor, desk.house, reservation, out)
    )


@router.post("/journals/cancel")
def cancel(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Cancel a number."""
    number = text(form, "number")
    if not number:
        raise FormError("Укажите номер.")
    steps.annul(who.actor, desk.house, number, text(form, "reason"))
    return done(request, _back(form), f"{number}: номер аннулирован.")


@router.post("/journals/reserve")
def reserve(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Keep numbers for a paper journal."""
    count = forms.number(form, "count")
    if count is None:
        raise FormError("Укажите, сколько номеров нужно.")
    key = steps.reserve(who.actor, desk.house, text(form, "journal"), count, text(form, "reason"))
    return done(request, _back(form), f"Резерв {key} создан: распечатайте бланк.")


@router.post("/journals/reservations/{reservation}/close")
def close(request: Request, desk: Here, who: Who, reservation: int, form: Posted) -> Response:
    """End a reservation."""
    ended = steps.close(who.actor, desk.house, reservation, text(form, "reason"))
    said = f"Резерв {reservation} закрыт: внесено {ended.used}, аннулировано {ended.cancelled}."
    return done(request, _back(form), said)


@router.post("/journals/enter")
def enter(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Register a document by hand."""
    try:
        channel = Channel(text(form, "channel") or Channel.POST)
    except ValueError as error:
        raise FormError("Выберите способ поступления из списка.") from error
    scan = next(uploads(form, "file"), None)
    paper = steps.Paper(
        channel=channel,
        named=text(form, "named") or None,
        reserved=text(form, "reserved") or None,
        written_on=forms.day(form, "written_on", "Дата записи"),
        received_on=forms.day(form, "received_on", "Дата поступления"),
        postmark_date=forms.day(form, "postmark_date", "Почтовый штемпель"),
        reason=text(form, "reason"),
        person=text(form, "person"),
        organisation=text(form, "organisation"),
        subject=text(form, "subject"),
        summary=text(form, "summary"),
        file=(scan.filename or "скан", scan.file.read()) if scan else None,
    )
    number = steps.enter(who.actor, desk.house, paper)
    return done(request, _back(form), f"Зарегистрировано: {number}.")


def _written(name: str, form: str, write: Callable[[BinaryIO], object]) -> Response:
    """Write a file aside, then send it in pieces: a year's journal does not stand in memory."""
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    write(cast(BinaryIO, kept))
    kept.seek(0)

    def pieces() -> Iterator[bytes]:
        with kept:
            while piece := kept.read(CHUNK):
                yield piece

    disposition = "inline" if form == "pdf" else "attachment"
    headers = {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}"}
    if form == "pdf":
        headers[FRAMED] = "1"
    return StreamingResponse(pieces(), media_type=TYPES[form], headers=headers)


def _back(form: FormData) -> str:
    return f"/journals?{urlencode({'journal': text(form, 'journal') or 'incoming', 'year': text(form, 'year') or '0'})}"


def _day(value: str) -> dt.date | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise FormError("Дата периода записана не по форме ДД.ММ.ГГГГ.") from error
