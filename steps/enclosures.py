"""Enclosures: files that a clerk puts beside a reply, kept as PDF, counted, printed and sent with it (12.5.16)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from intake import office
from intake.files import IMAGES, OFFICE, FileType, sniff
from intake.refusal import RefusedError
from outbox import printset
from outbox.attachments import MailAttachment, pack
from outbox.layout import lay_out
from registry import blobs, clock, replies
from registry.actor import Actor
from registry.clients import links
from registry.database import Session
from registry.errors import InputError, NotFoundError
from registry.models import Reply
from rules.wire import Channel, CheckReport, EnclosureFile, LetterContent
from steps import draft, letter
from steps.house import House

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_ENCLOSURES: Final = 20
KINDS: Final = "PDF, документ Word или LibreOffice, изображение JPEG, PNG или TIFF"
TITLE_LIMIT: Final = 120


def add(
    actor: Actor, house: House, reply_id: int, content: LetterContent, files: Sequence[tuple[str, bytes]]
) -> CheckReport:
    """Enclose files: a version of the draft is kept with them at the end of the list.

    Args:
        actor: The executor.
        house: The house.
        reply_id: The reply.
        content: The draft as it stands on the screen.
        files: File name and bytes of each; the name gives the first title, the kind is told by the bytes alone.

    Raises:
        InputError: No file, a wrong kind, too large, protected, or too many enclosures.
    """
    draft.require_writer(actor, house, reply_id)
    if not files:
        raise InputError("Выберите файл приложения.")
    if len(content.enclosures) + len(files) > MAX_ENCLOSURES:
        raise InputError(f"У письма может быть не больше {MAX_ENCLOSURES} приложений. Объедините файлы.")
    made = [(_title(name), _as_pdf(house, data)) for name, data in files]  # slow, so before the transaction
    counted = []
    with letter.clerk_errors():
        for title, pdf in made:
            counted.append((title, pdf, printset.sheets(pdf)))
    added: list[tuple[str, EnclosureFile | None]] = []
    with house.db.session() as session:
        reply = replies.get(actor, session, reply_id, lock=True)
        for title, pdf, count in counted:
            digest = replies.attach(actor, session, reply, pdf)
            added.append((title, EnclosureFile(digest=digest, sheets=count, size=len(pdf))))
    return draft.save(actor, house, reply_id, _with(content, [*content.enclosed, *added]))


def move(actor: Actor, house: House, reply_id: int, content: LetterContent, number: int) -> CheckReport:
    """Put an enclosure (from 1) before the one above it."""
    draft.require_writer(actor, house, reply_id)
    listed = content.enclosed
    if not 1 < number <= len(listed):
        raise InputError("Выше поднять нельзя: обновите страницу и выберите приложение из списка.")
    listed[number - 2], listed[number - 1] = listed[number - 1], listed[number - 2]
    return draft.save(actor, house, reply_id, _with(content, listed))


def remove(actor: Actor, house: House, reply_id: int, content: LetterContent, number: int) -> CheckReport:
    """Take an enclosure (from 1) out of the letter; versions that had it keep it."""
    draft.require_writer(actor, house, reply_id)
    listed = content.enclosed
    if not 0 < number <= len(listed):
        raise InputError("Такого приложения уже нет. Обновите страницу.")
    del listed[number - 1]
    return draft.save(actor, house, reply_id, _with(content, listed))


def file(actor: Actor, house: House, reply_id: int, number: int) -> MailAttachment:
    """Return the file of an enclosure (from 1)."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        named = f"Приложение {number}. "
        found = [one for one in attachments(session, reply, _current(reply)) if one.name.startswith(named)]
        if not found:
            raise NotFoundError("У письма нет такого приложения. Обновите страницу.")
        return found[0]


def whole(actor: Actor, house: House, reply_id: int) -> MailAttachment:
    """Return the set to print: the letter as it is now and its enclosures, each from a new sheet."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        content = _current(reply).model_copy(update={"number": reply.out_number, "date": reply.letter_date})
        packed = attachments(session, reply, content)
        kept = reply.signed_digest or replies.current(reply).pdf_digest
        final = blobs.get(session, kept) if kept else None
    with letter.clerk_errors():
        first = final or lay_out(content, letter.company(house), house.settings.templates).pdf
        headed = [(printset.label(content, place), one.data) for place, one in enumerate(packed, start=1)]
        data = printset.print_set(first, headed)
    return MailAttachment(name=f"Комплект для печати {content.number or reply_id}.pdf", data=data)


def attachments(session: Session, reply: Reply, content: LetterContent) -> list[MailAttachment]:
    """Files of the enclosures as they go with an e-mail: untouched, so that a signature inside them holds."""
    return [
        MailAttachment(name=f"Приложение {place}. {title}.pdf", data=replies.attached(session, reply, one.digest))
        for place, (title, one) in enumerate(content.enclosed, start=1)
        if one is not None
    ]


def require_ready(session: Session, reply: Reply, letter_pdf: bytes | None = None) -> None:
    """Refuse a letter whose enclosures cannot leave with it: some without a file, or too large for an e-mail.

    Args:
        session: Of the register.
        reply: The reply, in its newest version.
        letter_pdf: The letter that goes with them, as soon as there is one.

    Raises:
        InputError: What is to be mended, in Russian.
    """
    content = _current(reply)
    bare = [place for place, (_, one) in enumerate(content.enclosed, start=1) if one is None]
    if content.files and bare:
        numbers = ", ".join(str(place) for place in bare)
        raise InputError(f"Нет файла у приложения № {numbers}. Приложите файл или уберите строку.")
    if Channel(reply.channel) is not Channel.EMAIL or not content.files:
        return
    files = attachments(session, reply, content)
    files += [MailAttachment(name="Ответ.pdf", data=letter_pdf)] if letter_pdf else []
    with letter.clerk_errors():
        habits = links.mail_habits(session, reply.appeal)
        zipped, agreed = not habits.unzipped_reason, habits.large_mail_on is not None
        pack(files, archive_name="Ответ.zip", archived=zipped, large_agreed=agreed, moment=clock.now())


def _as_pdf(house: House, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise InputError(f"Файл больше {MAX_BYTES // 1024 // 1024} МБ. Уменьшите его или разделите.")
    kind = sniff(data)
    if kind is FileType.PDF:
        return data
    if kind in IMAGES:
        with letter.clerk_errors():
            return printset.pictures_pdf(data)
    if kind not in OFFICE:
        raise InputError(f"Такой файл приложить нельзя. Подойдут: {KINDS}.")
    try:
        with tempfile.TemporaryDirectory(prefix="otvet-enclosure-") as folder:
            source = Path(folder, f"enclosure.{kind.value}")
            source.write_bytes(data)
            working = Path(folder, "made")
            working.mkdir()
            return office.to_pdf(source, working, house.settings.read).read_bytes()
    except RefusedError as error:
        raise InputError(f"Файл приложить нельзя: {error.reason}.") from error


def _title(name: str) -> str:
    stem = " ".join(PurePosixPath(name.replace("\\", "/")).stem.replace("_", " ").split())
    return stem[:TITLE_LIMIT].strip() or "Документ"


def _with(content: LetterContent, listed: Sequence[tuple[str, EnclosureFile | None]]) -> LetterContent:
    files = [one for _, one in listed]
    update = {"enclosures": [title for title, _ in listed], "files": files if any(files) else []}
    return content.model_copy(update=update)


def _current(reply: Reply) -> LetterContent:
    return LetterContent.model_validate(replies.current(reply).content)
