"""Piles from the scanner: borders that a person confirms, sheets that change hands, separators and labels to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intake.batch import Batch, Fate, Letter, Pile, cut_batch
from intake.codes import register_text, separator_text
from intake.refusal import RefusedError
from outbox import papersheets
from outbox.errors import ComposeError
from outbox.papersheets import Label
from registry import appeals, arrivals, batches, blobs, clock, rights
from registry.actor import Actor
from registry.errors import InputError
from rules.wire import Channel
from steps import receipt, scans
from steps.house import House

CUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A pile as a person laid it out.

    Attributes:
        letters: Sheets (from 1) of each letter, in reading order; a sheet that is named nowhere is not kept.
        order: All sheets in reading order.
        receipt_date: Date of the arrival stamp of the whole pile.
        reason: Why the receipt is dated back.
        named: Class of document or journal of the whole pile.
    """

    letters: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    receipt_date: dt.date | None = None
    reason: str = ""
    named: str | None = None


def confirm(actor: Actor, house: House, arrival_id: int, layout: Layout) -> int:
    """Cut a draft as a person laid it out; its letters go on to be registered. Returns how many there are.

    Raises:
        InputError: The layout does not fit the scan, keeps no sheet, or its date cannot be.
        StateError: Somebody has confirmed the pile already.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
        arrival = arrivals.get(session, arrival_id)
        data, sheets = blobs.get(session, arrival.digest), [dict(one) for one in arrival.sheets]
        receipt.check_date(actor, session, house, layout.receipt_date, layout.reason)
    if not house.book.journals.entry(layout.named, Channel(arrival.channel)).understood:
        raise InputError("Такого вида документа или журнала нет. Выберите его из списка.")
    _check(layout, len(sheets))
    kept = {sheet for letter in layout.letters for sheet in letter}
    fates = [_fate(sheet, number in kept) for number, sheet in enumerate(sheets, 1)]
    letters = [Letter([sheet - 1 for sheet in one], marks=scans.marks_of(sheets, one)) for one in layout.letters]
    try:
        parts = cut_batch(data, arrival.name, letters, house.settings.read, executor=house.pages)
    except RefusedError as refused:
        raise InputError(f"Разделить скан не удалось: {refused.reason}.") from refused
    with house.db.session() as session:
        arrival = batches.draft(actor, session, arrival_id)
        arrival.receipt_date = layout.receipt_date or arrival.receipt_date
        arrival.named = layout.named or arrival.named
        pile = Pile(letters, fates, [sheet - 1 for sheet in layout.order])
        scan = scans.of_batch(Batch(pile, parts), arrival)
        batches.confirmed(actor, session, arrival, len(parts))
        rows = arrivals.split(actor, session, arrival, scan.parts, sheets=scan.sheets)
        scans.tie(actor, session, rows, scan)
        receipt.accept_stated(actor, session, house, arrival, rows, layout.receipt_date)
        receipt.note_reason(actor, session, arrival, layout.reason)
        return len(rows)


def split_letter(actor: Actor, house: House, document_id: int, page: int) -> str:
    """Make the pages of a numbered letter from ``page`` on a letter of its own: the number stays on the first part.

    Returns the number that stays. The new letter is registered like any other, with the receipt date of the first.

    Raises:
        InputError: There is no such page to begin with, or the file cannot be cut.
        StateError: Work on the letter has begun.
    """
    with house.db.session(write=False) as session:
        document, appeal = batches.document(actor, session, document_id)
        batches.require_early(session, actor, appeal)
        data, name, count = blobs.get(session, document.digest), document.name, len(document.pages)
    if not 1 < page <= count:
        raise InputError(f"Отделить можно со страницы от 2 до {count}.")
    letters = [Letter(list(range(page - 1))), Letter(list(range(page - 1, count)))]
    try:
        first, rest = cut_batch(data, name, letters, house.settings.read, executor=house.pages)
    except RefusedError as refused:
        raise InputError(f"Разделить файл не удалось: {refused.reason}.") from refused
    with house.db.session() as session:
        document, appeal = batches.document(actor, session, document_id, lock=True)
        batches.detach(actor, session, document, first.data, rest.data, page)
        return appeal.reg_number


def join_letter(actor: Actor, house: House, number: str, main_number: str) -> None:
    """Join the sheets of a letter to the one before them: its number is cancelled «присоединено к № …».

    Raises:
        StateError: Work on one of them has begun.
    """
    with house.db.session() as session:
        first, second = sorted((number.strip(), main_number.strip()))
        locked = {one: appeals.by_number(actor, session, one, lock=True) for one in (first, second)}
        main = locked[main_number.strip()]
        batches.absorb(actor, session, locked[number.strip()], main)


def separators(
    actor: Actor,
    house: House,
    *,
    named: str | None = None,
    receipt_date: dt.date | None = None,
    sides: int = 1,
    copies: int = 1,
) -> bytes:
    """Return separator sheets to print, with journal or class, and the date of the arrival stamp, in their code.

    Raises:
        InputError: No such journal or class, a date to come, or too many copies.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
        receipt.check_date(actor, session, house, receipt_date, "печать листа")
    journals = house.book.journals
    entry = journals.entry(named, None)
    if not entry.understood:
        raise InputError("Такого вида документа или журнала нет. Выберите его из списка.")
    said = [f"Дата поступления: {receipt_date:%d.%m.%Y}"] if receipt_date else []
    if named:
        found = journals.class_by_id.get(named)
        said.insert(0, f"Вид документа: {found.title}" if found else f"Журнал: {entry.journal.title}")
    if sides == 2:  # noqa: PLR2004 - a sheet has two sides
        said.append("Скан в два прохода: сначала все лицевые стороны, затем стопку перевернуть")
    code = separator_text(
        journal=None if not named or named in journals.class_by_id else named,
        date=receipt_date,
        kind=named if named in journals.class_by_id else None,
        sides=sides,
    )
    try:
        return papersheets.separator_pdf(code, said, copies)
    except ComposeError as error:
        raise InputError(str(error)) from error


def labels(actor: Actor, house: House, numbers: Sequence[str], first: int = 1) -> bytes:
    """Return registration labels to print; their code finds the letter again on a rescan.

    Raises:
        InputError: No numbers, or no such place on the sheet.
        NotFoundError: There is no such number, or the actor may not see it.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
        found = [appeals.by_number(actor, session, number) for number in numbers]
        made = [
            Label(
                code=register_text(one.reg_number),
                number=one.reg_number,
                registered=clock.local_date(one.registered_at),
            )
            for one in found
        ]
    try:
        return papersheets.labels_pdf(made, first)
    except ComposeError as error:
        raise InputError(str(error)) from error


def _check(layout: Layout, count: int) -> None:
    kept = [sheet for letter in layout.letters for sheet in letter]
    if sorted(layout.order) != list(range(1, count + 1)) or len(set(kept)) != len(kept):
        raise InputError("Листы на странице не совпадают со сканом. Обновите страницу и повторите.")
    if not set(kept) <= set(layout.order):
        raise InputError("Листы на странице не совпадают со сканом. Обновите страницу и повторите.")
    if not kept or not all(layout.letters):
        raise InputError("В партии не осталось ни одного письма. Отметьте листы, которые нужно хранить.")


def _fate(sheet: dict[str, Any], kept: bool) -> Fate:  # noqa: FBT001 - private, one caller
    if kept:
        return "letter"
    before: Fate = sheet["fate"]
    return before if before != "letter" else "dropped"
