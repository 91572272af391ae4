"""Files that a person opens or downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.files import MEDIA_TYPES, sniff
from intake.picture import page_picture
from intake.refusal import RefusedError
from registry import arrivals, blobs, replies, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, NotFoundError
from registry.models import Document, Part
from steps.access import noted
from steps.house import House
from steps.malware import QUARANTINED

PICTURE_SECONDS = 15.0
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as it goes to the browser."""

    name: str
    media_type: str
    data: bytes


def document_file(actor: Actor, house: House, document_id: int, *, archive: bool) -> FileView:
    """Return a document's original, or its searchable archive copy."""
    with noted(actor, house, "file", "document", document_id), house.db.session(write=False) as session:
        row = _document(actor, session, document_id)
        if not archive:
            _require_harmless(row)
            return FileView(row.name, row.media_type, blobs.get(session, row.digest))
        if row.archive_digest is None:
            raise NotFoundError("У этого документа нет архивной копии с текстом.")
        return FileView(f"{row.name}.pdf", "application/pdf", blobs.get(session, row.archive_digest))


def page_image(actor: Actor, house: House, document_id: int, number: int) -> bytes:
    """Return a page as an upright PNG. Raises InputError when the file has no pictures."""
    with noted(actor, house, "file", "document", document_id), house.db.session(write=False) as session:
        row = _document(actor, session, document_id)
        data = blobs.get(session, row.archive_digest or row.digest)
        turned = turned_for(row, number)
    try:
        if house.pages is None:
            return page_picture(data, number, turned)
        return house.pages.submit(PICTURE_SECONDS, page_picture, data, number, turned).result()
    except RefusedError as error:
        raise InputError(error.reason) from error


def turned_for(row: Document, number: int) -> int:
    """Degrees clockwise that bring a page of the file that is shown upright: pages of archive copies stand so."""
    if row.archive_digest is not None:
        return 0
    return next((page.rotated for page in row.pages if page.number == number), 0)


def reply_file(actor: Actor, house: House, reply_id: int, which: Literal["docx", "pdf", "signed"]) -> FileView:
    """Return the final letter, its PDF, or the signed bytes that are filed and sent."""
    with noted(actor, house, "file", "reply", reply_id), house.db.session(write=False) as session:
        row = replies.get(actor, session, reply_id)
        newest = replies.current(row)
        digest = {"docx": newest.docx_digest, "pdf": newest.pdf_digest, "signed": row.signed_digest}[which]
        if digest is None:
            raise NotFoundError("Этого файла ещё нет: письмо не принято к подписанию.")
        name = f"Ответ {row.out_number or row.id}.{'docx' if which == 'docx' else 'pdf'}"
        return FileView(name, DOCX if which == "docx" else "application/pdf", blobs.get(session, digest))


def held_file(actor: Actor, house: House, part_id: int) -> FileView:
    """Return the original of a letter that waits for a decision, or was set aside.

    One that is kept beside an appeal is shown to those who may see the appeal.
    """
    with noted(actor, house, "file", "part", part_id), house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.view")
        part = session.get(Part, part_id)
        beside = part.appeal if part and part.state == "linked" else None
        if part is None or part.state == "registered" or (beside and not rights.sees(actor, session, beside)):
            raise NotFoundError("Письмо не найдено среди ожидающих решения.")
        for document in part.documents:
            _require_harmless(document)
        arrival = arrivals.get(session, part.arrival_id)
        data = blobs.get(session, arrival.digest)
        return FileView(arrival.name, MEDIA_TYPES.get(sniff(data), "application/octet-stream"), data)


def _require_harmless(row: Document) -> None:
    if row.risk in QUARANTINED:
        raise InputError("Файл в карантине и не выдаётся: он может повредить компьютер.")


def _document(actor: Actor, session: Session, document_id: int) -> Document:
    row = session.get(Document, document_id)
    appeal = row.part.appeal if row else None
    if row is None or appeal is None or not rights.sees(actor, session, appeal):
        raise NotFoundError("Документ не найден или недоступен Вам.")
    return row
