"""The client's copy of a letter that he brought by hand: his own first page with number and stamp, to print at once."""

from __future__ import annotations

from typing import Final

from intake.picture import whole_pdf
from intake.pool import PageFailedError
from intake.refusal import RefusedError
from intake.worker import TaskFailedError
from outbox.errors import ComposeError
from outbox.papersheets import Stamp, client_copy, receipt_pdf
from registry import appeals, blobs, clock, rights, staff
from registry.actor import Actor
from registry.errors import InputError, StateError
from rules.wire import Channel
from steps.access import noted
from steps.house import House

SECONDS: Final = 60.0


def copy(actor: Actor, house: House, number: str) -> bytes:
    """Return the letter as PDF with the stamp of receipt; a slip where its file has no pages to stamp.

    It is there as soon as the letter has its number: nobody waits at the counter for the reading.

    Raises:
        StateError: The letter was not brought by hand.
        InputError: Its file cannot be stamped.
    """
    with noted(actor, house, "file", "appeal", number), house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "arrival.decide")
        if appeal.channel != Channel.HAND_DELIVERED:
            raise StateError(f"{number}: копию со штампом печатают для писем, поданных в офис.")
        parts = [part for part in appeal.parts if part.state == "registered"]
        files = [document for part in parts for document in part.documents]
        letter = next(document for document in files if document.role == "letter")
        data = blobs.get(session, letter.archive_digest or letter.digest)
        moment = appeal.received_at.astimezone(clock.LOCAL)
        stamp = Stamp(
            company=house.book.company.short_name,
            number=appeal.reg_number,
            received=moment.date(),
            # A day that a person gave has no hour: it is kept as noon, and noon is not told as a fact.
            at=None if appeal.received_at == clock.noon(moment.date()) else moment.time(),
            sheets=sum(part.sheet_count for part in parts) or len(letter.pages) or 1,
            enclosures=len(files) - 1,
            taken_by=staff.by_id(session, actor.person_id).short_name if actor.person_id else "",
        )
    try:
        pages = house.pages.submit(SECONDS, whole_pdf, data).result() if house.pages else whole_pdf(data)
        return client_copy(pages, stamp) if pages else receipt_pdf(stamp)
    except RefusedError as refused:
        raise InputError(refused.reason) from refused
    except (ComposeError, PageFailedError, TaskFailedError) as error:
        raise InputError("Копию этого файла напечатать нельзя: откройте и напечатайте исходный файл.") from error
