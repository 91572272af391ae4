"""Piles from the scanner as the desk shows them: drafts with their sheets, and passports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from intake.picture import page_picture
from intake.refusal import RefusedError
from registry import arrivals, batches, blobs, clock, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, NotFoundError
from registry.models import Arrival
from steps import receipt, reconcile
from steps.access import noted
from steps.house import House
from steps.views.files import PICTURE_SECONDS

FATES: Final = {
    "letter": "письмо",
    "separator": "разделительный лист",
    "blank": "пустой лист",
    "dropped": "отброшен человеком",
}


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet of a scan; ``part`` is the ordinal of its letter."""

    number: int
    fate: str
    fate_title: str
    part: int | None
    begins: bool
    reasons: list[str]
    shown: bool


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter of a pile: its number, None while it waits or for the reader who may not see it."""

    ordinal: int
    sheets: str
    state_title: str
    number: str | None
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Passport:
    """The passport of a pile: scanned = filed + dropped + held.

    Attributes:
        sheets: In reading order.
        late: A draft that nobody confirmed in time.
        fits: Whether the sheets add up.
        earliest: The earliest receipt that this reader may set by himself.
    """

    arrival_id: int
    name: str
    source: str
    taken: dt.datetime
    draft: bool
    late: bool
    scanned: int
    filed: int
    dropped: int
    held: int
    letters: list[LetterView] = field(default_factory=list)
    sheets: list[SheetView] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    receipt_date: dt.date | None = None
    earliest: dt.date | None = None

    @property
    def fits(self) -> bool:
        """Whether every sheet is somewhere."""
        return self.scanned == self.filed + self.dropped + self.held


def drafts(actor: Actor, house: House) -> list[Passport]:
    """Return the piles that wait for a person, oldest first."""
    with house.db.session(write=False) as session:
        return [_passport(actor, session, house, row) for row in batches.drafts(actor, session)]


def recent(actor: Actor, house: House) -> list[Passport]:
    """Return the newest piles that were taken apart."""
    with house.db.session(write=False) as session:
        return [_passport(actor, session, house, row) for row in batches.recent(actor, session)]


def passport(actor: Actor, house: House, arrival_id: int) -> Passport:
    """Return one pile with its sheets. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.view")
        arrival = arrivals.get(session, arrival_id)
        if not arrival.sheets:
            raise NotFoundError(f"Поступление {arrival_id} — не скан пачки.")
        return _passport(actor, session, house, arrival, whole=True)


def sheet_image(actor: Actor, house: House, arrival_id: int, sheet: int) -> bytes:
    """Return a sheet of a draft, or one that was dropped, as a picture: sheets of letters are seen on their cards.

    Raises:
        NotFoundError: No such sheet, or it is a letter's.
    """
    with noted(actor, house, "file", "arrival", arrival_id), house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.view")
        arrival = arrivals.get(session, arrival_id)
        if not 1 <= sheet <= len(arrival.sheets) or not _may_show(arrival, arrival.sheets[sheet - 1]):
            raise NotFoundError("Лист не найден: листы писем показаны в их карточках.")
        data = blobs.get(session, arrival.digest)
    try:
        if house.pages is None:
            return page_picture(data, sheet)
        return house.pages.submit(PICTURE_SECONDS, page_picture, data, sheet).result()
    except RefusedError as error:
        raise InputError(error.reason) from error


def _may_show(arrival: Arrival, sheet: dict[str, Any]) -> bool:
    return arrival.state == "draft" or sheet["fate"] != "letter"


def _passport(actor: Actor, session: Session, house: House, row: Arrival, *, whole: bool = False) -> Passport:
    is_draft = row.state == "draft"
    held = sum(part.sheet_count for part in row.parts if part.state == "held")
    kept = sum(part.sheet_count for part in row.parts)
    return Passport(
        arrival_id=row.id,
        name=row.name,
        source=row.source,
        taken=row.taken_at.astimezone(clock.LOCAL),
        draft=is_draft,
        late=is_draft and row.taken_at < reconcile.drafts_before(house),
        scanned=row.sheets_scanned,
        filed=kept - held,
        dropped=row.sheets_dropped,
        held=row.sheets_scanned if is_draft else held,
        letters=_letters(actor, session, row),
        sheets=_sheets(row) if whole else [],
        doubts=list(row.sheets[0].get("doubts", ())) if row.sheets else [],
        receipt_date=row.receipt_date,
        earliest=receipt.earliest(house),
    )


def _letters(actor: Actor, session: Session, row: Arrival) -> list[LetterView]:
    titles = {"registered": "зарегистрировано", "linked": "приложено (повторный скан)", "held": "задержано",
              "refused": "не обращение", "waiting": "ждёт номера"}  # fmt: skip
    if row.state == "draft":
        owners = sorted({sheet["part"] for sheet in row.sheets if sheet["part"]})
        return [LetterView(one, _range(row, one), "предложено", None, []) for one in owners]
    return [
        LetterView(
            ordinal=part.ordinal,
            sheets=_range(row, part.ordinal),
            state_title=titles[part.state],
            number=part.appeal.reg_number if part.appeal and rights.sees(actor, session, part.appeal) else None,
            reasons=list(part.reasons),
        )
        for part in row.parts
    ]


def _range(row: Arrival, ordinal: int) -> str:
    """«2–4, 7»."""
    numbers = [index for index, sheet in enumerate(row.sheets, 1) if sheet["part"] == ordinal]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _sheets(row: Arrival) -> list[SheetView]:
    found: list[SheetView] = []
    before: int | None = None
    for index, sheet in sorted(enumerate(row.sheets, 1), key=lambda pair: pair[1]["place"]):
        begins = sheet["part"] is not None and sheet["part"] != before
        before = sheet["part"] or before
        found.append(
            SheetView(
                number=index,
                fate=sheet["fate"],
                fate_title=FATES[sheet["fate"]],
                part=sheet["part"],
                begins=begins,
                reasons=list(sheet.get("reasons", ())),
                shown=_may_show(row, sheet),
            )
        )
    return found
