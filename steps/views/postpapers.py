"""Papers to print for the post office, and scans that came back from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from intake.files import MEDIA_TYPES, sniff
from outbox.postblank import blank_pdf
from outbox.postitem import PostItem
from outbox.postsheet import inventory_pdf, joined, list_xlsx
from registry import blobs, clock, dispatches, postal, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, NotFoundError
from registry.models import Dispatch
from steps import letter, postitems
from steps.access import noted
from steps.house import House
from steps.views.files import FileView

Which = Literal["envelopes", "labels", "f107", "f119"]
ListFile = Literal["pdf", "xlsx", "scan", "envelopes", "labels", "f107", "f119"]
TITLES: Final[dict[str, str]] = {
    "envelopes": "Конверты",
    "labels": "Адресные ярлыки",
    "f107": "Описи вложения ф. 107",
    "f119": "Уведомления ф. 119",
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF: Final = "application/pdf"


def post_list_file(actor: Actor, house: House, list_id: int, which: ListFile = "pdf") -> FileView:
    """Return a list as PDF or workbook, its stamped scan, or what is printed for its letters."""
    with noted(actor, house, "file", "list", list_id), house.db.session(write=False) as session:
        made = postal.get_list(actor, session, list_id)
        if which in {"pdf", "scan"}:
            digest = made.pdf_digest if which == "pdf" else made.scan_digest
            if digest is None:
                raise NotFoundError("Скана списка со штемпелем ещё нет." if which == "scan" else "Файла списка нет.")
            data = blobs.get(session, digest)
            media = PDF if which == "pdf" else MEDIA_TYPES.get(sniff(data), "application/octet-stream")
            suffix = "pdf" if which == "pdf" else f"скан.{sniff(data).value}"
            return FileView(f"Список отправлений {list_id}.{suffix}", media, data)
        rows = postal.items(session, list_id)
        if not rows:
            raise NotFoundError(f"В списке № {list_id} не осталось писем.")
        if which == "xlsx":
            chosen = house.book.post.by_id.get(made.post_kind or "") or postitems.kind(house, rows[0])
            sheet = house.book.postforms.sheet[chosen.list]
            items = [postitems.item(session, house, row) for row in rows]
            day = clock.local_date(made.made_at)
            with letter.clerk_errors():
                data = list_xlsx(sheet, items, postitems.sender(house), day, number=str(list_id))
            return FileView(f"Список отправлений {list_id}.xlsx", XLSX, data)
        return _printed(session, house, rows, which, f"{TITLES[which]}, список {list_id}.pdf")  # type: ignore[arg-type] # narrowed above


def sending_papers(actor: Actor, house: House, dispatch_id: int, which: Which) -> FileView:
    """Return what is printed for one letter: its envelope, label, inventory or notice."""
    with noted(actor, house, "file", "reply", _reply(house, dispatch_id)), house.db.session(write=False) as session:
        row = dispatches.get(session, dispatch_id)
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
        return _printed(session, house, [row], which, f"{TITLES[which]}, исх. {row.reply.out_number}.pdf")


def receipt_file(actor: Actor, house: House, dispatch_id: int) -> FileView:
    """Return the scan of a notice of delivery, or of the copy that the recipient signed."""
    with noted(actor, house, "file", "reply", _reply(house, dispatch_id)), house.db.session(write=False) as session:
        row = dispatches.get(session, dispatch_id)
        if not rights.sees(actor, session, row.reply.appeal):
            raise NotFoundError("Отправка не найдена или недоступна Вам.")
        if row.receipt_digest is None:
            raise NotFoundError("Скана уведомления или второго экземпляра ещё нет.")
        data = blobs.get(session, row.receipt_digest)
        kind = sniff(data)
        media = MEDIA_TYPES.get(kind, "application/octet-stream")
        return FileView(f"Вручение, исх. {row.reply.out_number}.{kind.value}", media, data)


def _reply(house: House, dispatch_id: int) -> int:
    with house.db.session(write=False) as session:
        return dispatches.get(session, dispatch_id).reply_id


def _printed(session: Session, house: House, rows: Sequence[Dispatch], which: Which, name: str) -> FileView:
    forms, sender = house.book.postforms, postitems.sender(house)
    wanted = [row for row in rows if which in {"envelopes", "labels"} or which in postitems.kind(house, row).forms]
    if not wanted:
        raise InputError("К этим письмам такой бланк не нужен: выберите другой вид отправления.")
    items = [postitems.item(session, house, row) for row in wanted]
    with letter.clerk_errors():
        if which == "labels":
            data = blank_pdf(forms.blank["label"], items, sender)
        elif which == "f119":
            data = blank_pdf(forms.blank["f119"], items, sender)
        elif which == "f107":
            data = joined([inventory_pdf(forms.sheet["f107"], one, sender, clock.today()) for one in items])
        else:
            data = joined([blank_pdf(forms.blank[_envelope(house, one)], [one], sender) for one in items])
    return FileView(name, PDF, data)


def _envelope(house: House, item: PostItem) -> str:
    """Layout of the smallest envelope that takes the letter."""
    return house.book.post.envelope(max(1, postitems.count(item))).layout
