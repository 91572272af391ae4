"""Post: letters on paper go on lists, are handed over, and come back as a stamped list, a notice or a return (step 10).

A clerk confirms each hand-over; nothing on paper is ever «sent» by the machine alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.codes import list_text
from intake.refusal import RefusedError
from intake.table import TableLimits, read_table
from outbox import postitem
from outbox.postsheet import list_pdf
from registry import blobs, clock, dispatches, postal, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, RegistryError
from registry.models import Dispatch
from steps import letter, postitems
from steps.house import House

NO_ADDRESS: Final = "Нет адреса или адресата у писем: {numbers}. Заполните почтовый адрес на карточке."
NOTHING: Final = "Нет писем, ожидающих отправки почтой."
WRONG_NUMBER: Final = "ШПИ — 14 цифр с верной контрольной цифрой. Проверьте номер на квитанции или наклейке."
_LIMITS: Final = TableLimits(file_bytes=5 * 1024 * 1024, rows=20_000, columns=20)
_NUMBER_TITLES: Final = ("исх", "отметки", "номер письма")
_TRACKING_TITLES: Final = ("шпи", "трек", "идентификатор")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of postal numbers did: how many it kept, and the lines that it could not use, in Russian."""

    kept: int
    wrong: list[str]


def make_lists(actor: Actor, house: House, kind: str | None = None) -> list[int]:
    """Put every letter by post that waits on a list for the post office, one list a kind; return their keys.

    A letter without addressee or address goes on waiting: it costs no other its day.

    Raises:
        InputError: Nothing waits, or nothing that has an address.
    """
    with house.db.session() as session:
        groups: dict[str, list[Dispatch]] = {}
        bare: list[str] = []
        for row in postal.waiting(actor, session, lock=True):
            chosen = postitems.kind(house, row).id
            if not postitems.is_addressed(row):
                bare.append(row.reply.out_number or "")
            elif kind is None or chosen == kind:
                groups.setdefault(chosen, []).append(row)
        if not groups:
            raise InputError(NO_ADDRESS.format(numbers=", ".join(bare)) if bare else NOTHING)
        return [_make(actor, session, house, one, groups[one]) for one in house.book.post.by_id if one in groups]


def _make(actor: Actor, session: Session, house: House, kind: str, rows: Sequence[Dispatch]) -> int:
    for row in rows:
        row.post_kind = kind
    made = postal.make_list(actor, session, kind, rows)
    sheet = house.book.postforms.sheet[house.book.post.by_id[kind].list]
    with letter.clerk_errors():
        items = [postitems.item(session, house, row) for row in rows]
        pdf = list_pdf(
            sheet, items, postitems.sender(house), clock.today(), number=str(made.id), mark=list_text(made.id)
        )
    made.pdf_digest = blobs.put(session, pdf)
    return made.id


def confirm_list(
    actor: Actor,
    house: House,
    list_id: int,
    handed_over: dt.date,
    left_out: Collection[int] = (),
    accepted: int | None = None,
) -> int:
    """Confirm that a list was handed over on a day: that day its letters are sent. Returns how many, 0 the second time.

    Args:
        actor: The clerk who holds the stamped list.
        house: The house.
        list_id: The list.
        handed_over: Day of the stamp.
        left_out: Keys of the sendings that the post did not take; they go on the next list.
        accepted: How many the post took by its own count.
    """
    with house.db.session() as session:
        return postal.confirm(actor, session, list_id, handed_over, left_out=left_out, accepted=accepted)


def disband_list(actor: Actor, house: House, list_id: int) -> int:
    """Take a list that was not handed over apart: its letters wait for another one. Returns how many."""
    with house.db.session() as session:
        return postal.disband(actor, session, list_id)


def choose_kind(actor: Actor, house: House, dispatch_id: int, kind: str) -> None:
    """Choose another kind of item for a letter that waits."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
        if kind not in house.book.post.by_id:
            raise InputError("Такого вида отправления нет. Выберите вид из списка.")
        postal.set_kind(actor, session, row, kind)


def set_tracking(actor: Actor, house: House, dispatch_id: int, number: str) -> None:
    """Keep the number that the post gave a letter (ШПИ). Raises InputError when its check digit is wrong."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
        known = postitem.tracking(number)
        if known is None:
            raise InputError(WRONG_NUMBER)
        postal.track(actor, session, row, known)


def import_tracking(actor: Actor, house: House, data: bytes) -> Imported:
    """Keep the postal numbers of a table (CSV or xlsx) with the columns «Исх. №» and «ШПИ».

    A line that cannot be used is told and costs no other.

    Raises:
        InputError: The file is no table or lacks a column.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "dispatch.confirm")
    kept, wrong = 0, []
    for line, out_number, number in _pairs(data):
        try:
            if _tracked(actor, house, out_number, number):
                kept += 1
        except RegistryError as error:
            wrong.append(f"строка {line}: {error}")
    return Imported(kept, wrong)


def delivered(actor: Actor, house: House, dispatch_id: int, day: dt.date) -> str:
    """Keep the day of delivery that stands on the notice; returns the outgoing number."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        postal.delivered(actor, session, row, day)
        return row.reply.out_number or ""


def hand_over(actor: Actor, house: House, dispatch_id: int, day: dt.date, to: str, scan: bytes | None = None) -> str:
    """A letter was handed over at the counter against a signature; returns the number of its appeal.

    ``to`` is a code of `registry.postal.HANDED_TO`, ``scan`` the copy that the recipient signed.
    """
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        postal.handed(actor, session, row, day, to, scan)
        return row.reply.appeal.reg_number


def _tracked(actor: Actor, house: House, out_number: str, number: str) -> bool:
    known = postitem.tracking(number)
    if known is None:
        raise InputError(WRONG_NUMBER)
    with house.db.session() as session:
        found = [row for row in postal.sought(actor, session, out_number) if row.channel == "post"]
        standing = [row for row in found if row.state in {"new", "sent"} and row.tracking in {None, known}]
        if not standing:
            raise InputError(f"письма исх. № {out_number} без ШПИ среди отправлений почтой нет")
        if len(standing) > 1:
            raise InputError(f"у исх. № {out_number} несколько отправлений: впишите ШПИ на странице «Отправка почтой»")
        row = dispatches.get(session, standing[0].id, lock=True)
        postal.track(actor, session, row, known)
        return True


def _pairs(data: bytes) -> list[tuple[int, str, str]]:
    """Line, outgoing number and postal number of every row of a table."""
    try:
        rows = list(read_table(data, _LIMITS))
    except RefusedError as error:
        raise InputError(f"Файл с ШПИ не читается: {error.reason}.") from error
    titles: Mapping[str, int] = {}
    found: list[tuple[int, str, str]] = []
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        if not titles:  # a list of ours has lines above its table
            titles = _titles(cells)
            continue
        if len(cells) <= max(titles.values()):
            continue
        number, tracking = cells[titles["number"]], cells[titles["tracking"]]
        if number and tracking:
            found.append((row.line, number, tracking))
    if not titles:
        raise InputError("В файле нет граф «Исх. №» и «ШПИ». Назовите графы так и загрузите файл ещё раз.")
    return found


def _titles(cells: Sequence[str]) -> dict[str, int]:
    named: dict[str, int] = {}
    for place, cell in enumerate(cells):
        low = cell.casefold()
        if any(word in low for word in _TRACKING_TITLES):
            named.setdefault("tracking", place)
        elif any(low.startswith(word) for word in _NUMBER_TITLES):
            named.setdefault("number", place)
    return named if len(named) == 2 else {}  # noqa: PLR2004 - both columns
