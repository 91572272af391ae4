"""The journal of access as security, managers and the administrator see it, and as a table to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry import access, clock, rights, staff
from registry.access import Wanted
from registry.actor import Actor
from registry.database import Session
from registry.models import Access
from steps.access import noted
from steps.house import House
from steps.views.files import FileView
from steps.views.reply import who

PAGE: Final = 100
EXPORT: Final = 50_000  # entries of one file; a longer span is taken out in pieces
HEAD: Final = ("Дата и время", "Кто", "Что", "Обращение", "Предмет", "Разрешено")
SUBJECTS: Final = {
    "document": "документ",
    "reply": "ответ",
    "part": "поступление",
    "client": "клиент",
    "list": "реестр отправлений",
    "what": "",
}
WHATS: Final = {
    "access": "журнал доступа",
    "journal": "журнал регистрации",
    "search": "поиск по обращениям",
    "clients": "поиск клиентов",
    "person": "сведения об одном человеке",
    "appeals": "список обращений",
}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One look; ``at`` is local time, ``number`` the appeal's."""

    at: dt.datetime
    who: str
    deed: str
    number: str | None
    subject: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class AccessPage:
    """A page of the journal. ``before`` leads to the next one; None on the last."""

    rows: list[AccessRow]
    before: int | None
    people: list[tuple[int, str]]


def access_journal(actor: Actor, house: House, wanted: Wanted, *, before: int | None = None) -> AccessPage:
    """Return a page of the journal, the newest first. Raises ForbiddenError."""
    with house.db.session(write=False) as session:
        found = access.page(actor, session, wanted, limit=PAGE + 1, before=before)
        rows = [_row(session, entry, number) for entry, number in found[:PAGE]]
        more = found[PAGE - 1][0].id if len(found) > PAGE else None
        return AccessPage(rows, more, [(one.id, one.short_name) for one in staff.everyone(session)])


def access_file(actor: Actor, house: House, wanted: Wanted) -> FileView:
    """Return the journal as CSV for a spreadsheet, up to 50 000 entries; taking it out is an entry of its own."""
    with noted(actor, house, "export", "what", "access"), house.db.session(write=False) as session:
        rights.require(actor, session, "access.view")
        found = access.page(actor, session, wanted, limit=EXPORT)
        data = _csv(_row(session, entry, number) for entry, number in found)
    return FileView(f"Журнал доступа {clock.today():%d.%m.%Y}.csv", "text/csv; charset=utf-8", data)


def _row(session: Session, entry: Access, number: str | None) -> AccessRow:
    return AccessRow(
        at=entry.at.astimezone(clock.LOCAL),
        who=who(session, entry.actor),
        deed=access.DEEDS.get(entry.deed, entry.deed),
        number=number,
        subject=_subject(entry.subject or ""),
        allowed=entry.allowed,
    )


def _subject(subject: str) -> str:
    kind, _, key = subject.partition(":")
    return WHATS.get(key, key) if kind == "what" else f"{SUBJECTS.get(kind, kind)} {key}".strip()


def _csv(rows: Iterable[AccessRow]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(HEAD)
    for row in rows:
        allowed = "да" if row.allowed else "нет"
        writer.writerow(
            map(_cell, (f"{row.at:%d.%m.%Y %H:%M:%S}", row.who, row.deed, row.number or "", row.subject, allowed))
        )
    return file.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """A cell that looks like a formula is written as text (P10)."""
    return f"'{text}" if text.startswith(FORMULA) else text
