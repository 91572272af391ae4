"""Post for another house: written down, given back, and the journal of it printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import BinaryIO, Final, Literal

from outbox import journalprint
from outbox.journalprint import Column, JournalSheet
from outbox.postitem import incoming_tracking
from registry import clock, returnedpost, rights, staff
from registry.actor import Actor
from registry.errors import InputError
from registry.returnedpost import WHY, Misdelivered
from steps.access import noted
from steps.house import House

COLUMNS: Final = (
    Column("№", 12),
    Column("Поступило", 22),
    Column("Кому адресовано", 60),
    Column("От кого", 50),
    Column("ШПИ", 30),
    Column("Почему не наше", 45),
    Column("Записал", 30),
    Column("Возвращено", 22),
    Column("Кому отдано", 45),
)


def record(actor: Actor, house: House, post: Misdelivered) -> int:
    """Write an envelope that is not for this house into the journal of returned post. Returns its key.

    Raises:
        InputError: The day or the number cannot be, or addressee or reason are missing.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
    number = incoming_tracking(post.tracking) if post.tracking else None
    if post.tracking and number is None:
        raise InputError("ШПИ не сходится с контрольной цифрой. Проверьте номер на конверте.")
    with house.db.session() as session:
        return returnedpost.record(actor, session, replace(post, tracking=number)).id


def gone(actor: Actor, house: House, key: int, on: dt.date, how: str) -> None:
    """An envelope has gone back.

    Raises:
        NotFoundError: There is no such row.
        InputError: The day cannot be, or it is not said how.
        StateError: It had gone already.
    """
    with house.db.session() as session:
        returnedpost.gone(actor, session, key, on, how)


def export(actor: Actor, house: House, year: int, form: Literal["xlsx", "pdf"], out: BinaryIO) -> int:
    """Write a year of the journal of returned post as a workbook or as sheets; return how many rows it holds."""
    with noted(actor, house, "export", "what", "returned_post"), house.db.session(write=False) as session:
        rows = sorted(returnedpost.of_year(actor, session, year), key=lambda one: one.id)
        cells: list[list[str | dt.date | None]] = [
            [
                str(place),
                one.came_on,
                one.addressee,
                one.sender or "",
                one.tracking or "",
                WHY[one.why] + (f": {one.note}" if one.note else ""),
                _who(house, one.noted_by),
                one.returned_on,
                one.returned_how or "",
            ]
            for place, one in enumerate(rows, 1)
        ]
    sheet = JournalSheet(
        title="Журнал возвращённой почты",
        period=f"За {year} год",
        company=house.book.company.short_name,
        made=clock.now().astimezone(clock.LOCAL),
        columns=COLUMNS,
        rows=cells,
    )
    return (journalprint.write_xlsx if form == "xlsx" else journalprint.write_pdf)(sheet, out)


def _who(house: House, actor: str) -> str:
    kind, _, key = actor.partition(":")
    if kind != "person":
        return "Система"
    with house.db.session(write=False) as session:
        return staff.by_id(session, int(key)).short_name
