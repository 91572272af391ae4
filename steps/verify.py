"""Verification: a person compares a letter with its scan, sets right what was misread, and says «проверено» (P8).

What the machine read is never lost: the page keeps it, corrections stand beside it, the history has every step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from intake.batch import Letter, cut_batch
from intake.batch import bind as bind_files
from intake.engine import EngineError
from intake.pool import PageFailedError
from intake.refusal import RefusedError
from intake.region import Box, RegionReading, read_region
from intake.worker import TaskFailedError
from outbox.postitem import incoming_tracking
from registry import appeals, batches, blobs, checking, pages, papers, rights, terms
from registry.actor import Actor
from registry.checking import Desk
from registry.database import Session
from registry.errors import InputError, StateError
from registry.models import Appeal, Document
from registry.terms import PaperDates
from steps import draft, due, envelope, read, receipt
from steps.access import noted
from steps.house import House
from steps.route import placed

REGION_SECONDS: Final = 20.0
NOT_READ: Final = "Прочитать область не удалось. Введите слова вручную."
POSTMARK: Final = "конверт письма, при проверке со сканом"
TRACKING: Final = "ШПИ не сходится с контрольной цифрой. Проверьте номер на конверте: 14 цифр или RA123456785RU."
CHECKED: Final = "уже проверено. Откройте следующее письмо."


@dataclass(frozen=True, slots=True)
class PaperChanges:
    """What stands on the paper and its envelope, as a person read it; a field that is None was not changed.

    Attributes:
        stamped: Day on the arrival stamp.
        reason: Why the receipt is dated back.
        postmark: Day of the postmark.
        no_postmark: There is none, though one was noted.
        tracking: Number that the post gave, empty when there is none.
    """

    stamped: dt.date | None = None
    reason: str = ""
    postmark: dt.date | None = None
    no_postmark: bool = False
    tracking: str | None = None

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.stamped or self.postmark or self.no_postmark or self.tracking is not None)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person set right.

    Attributes:
        fields: Of the author, with their new values.
        seen: Fields of the author that he had before him and let stand.
        code: The topic, empty when it was not asked about.
        texts: Words of pages, by document and page.
        paper: Dates of the paper and its postal number.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    seen: Collection[str] = ()
    code: str = ""
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    paper: PaperChanges = field(default_factory=PaperChanges)


def desk(house: House) -> Desk:
    """What is checked, and for how long a letter is held."""
    rules = house.book.piles.verification
    return Desk(tuple(channel.value for channel in rules.channels), dt.timedelta(minutes=rules.hold_minutes))


def take_next(actor: Actor, house: House, besides: Collection[str] = ()) -> str | None:
    """Hold the next letter for the actor and return its number; None when nothing waits for him."""
    with house.db.session() as session:
        found = checking.take_next(actor, session, desk(house), besides)
        return found.reg_number if found else None


def hold(actor: Actor, house: House, number: str, *, put_off: bool = False) -> bool:
    """Hold a letter that is opened by its number, or put it off; whether nobody else has it before him."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "appeal.verify", appeal)
        return checking.hold(actor, session, desk(house), appeal, put_off=put_off)


def accept(actor: Actor, house: House, number: str, changes: Changes, *, version: int | None = None) -> None:
    """«Верно»: the number stands, the fields that were shown are confirmed, changes are kept beside the reading.

    The topic is confirmed when the letter waits for one or the person chose another: a letter that the machine placed
    by itself teaches it nothing by being let pass.

    Raises:
        StaleError: Somebody else changed the appeal since the page was opened.
        StateError: It was checked already.
        InputError: No such topic, a date that cannot be, or a field that is not written as it must be.
        ForbiddenError: A receipt earlier than the actor may date it.
    """
    if changes.code:
        draft.require_topic(house, changes.code)
    with house.db.session() as session:
        appeal = _locked(actor, session, number, version)
        rights.require(actor, session, "appeal.verify", appeal)
        if appeal.verified_by is not None:
            raise StateError(f"{number}: {CHECKED}")
        _set_fields(actor, session, house, appeal, changes)
        _set_paper(actor, session, house, appeal, changes.paper)
        if changes.code and (changes.code != appeal.topic_code or appeal.state == "in_verification"):
            rights.require(actor, session, "appeal.correct", appeal)
            draft.name_topic(actor, session, house, appeal, changes.code)
        appeals.verify(actor, session, appeal)
        checking.let_go(session, appeal)


def correct(actor: Actor, house: House, number: str, changes: Changes, *, version: int | None = None) -> bool:
    """Keep fields and words of pages; corrected words are understood anew at once. Returns whether they were.

    Fields that a person set stay as he set them; of the rest the corrected words decide, and the letter is placed anew
    while nobody works on it.

    Raises:
        StaleError: Somebody else changed the appeal since the page was opened.
        InputError: No such page, or a field that is not written as it must be.
    """
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        version = appeal.version
        fresh: dict[int, dict[int, str]] = {}
        for (key, page), text in changes.texts.items():
            fresh.setdefault(key, {})[page] = text
        understood = read.understand_again(house, appeal, fresh) if fresh else None
    with house.db.session() as session:
        appeal = _locked(actor, session, number, version)
        _set_fields(actor, session, house, appeal, changes)
        _set_paper(actor, session, house, appeal, changes.paper)
        for (key, number_in_file), text in changes.texts.items():
            document, owner = batches.document(actor, session, key)
            if owner.id != appeal.id:
                raise InputError(pages.NO_PAGE)
            pages.correct_text(actor, session, appeal, document, number_in_file, text)
        if understood is None:
            return False
        read.store(actor, session, appeal, understood)
        if appeal.is_open:
            due.recompute(actor, session, house, appeal)
        if appeal.state in {"in_verification", "routed"}:
            # The rules place it by its corrected words; whoever may correct need not have the right to move appeals.
            appeals.place(draft.ROUTER, session, appeal, placed(session, house, appeal), house.book.version)
        return True


def region(actor: Actor, house: House, document_id: int, page: int, box: Box) -> RegionReading:
    """Read a region of a page again, for the person to take or leave; nothing is kept.

    Raises:
        InputError: No such page, an empty region, or it cannot be read.
    """
    with noted(actor, house, "file", "document", document_id), house.db.session(write=False) as session:
        document, appeal = batches.document(actor, session, document_id)
        rights.require(actor, session, "appeal.correct", appeal)
        data = blobs.get(session, document.archive_digest or document.digest)
        turned = (
            0 if document.archive_digest else next((one.rotated for one in document.pages if one.number == page), 0)
        )
    given = (data, page, turned, box, house.settings.read)
    try:
        if house.pages is None:
            return read_region(*given)
        return house.pages.submit(REGION_SECONDS, read_region, *given).result()
    except RefusedError as refused:
        raise InputError(f"Область не прочитана: {refused.reason}.") from refused
    except (EngineError, PageFailedError, TaskFailedError) as error:
        raise InputError(NOT_READ) from error


def say_kind(actor: Actor, house: House, document_id: int, page: int, kind: str, *, version: int | None = None) -> str:
    """Say that a page is the envelope, or is none; the letter is understood anew at once. Returns its number.

    Raises:
        InputError: No such page or kind.
        StaleError: Somebody else changed the appeal since the page was opened.
    """
    with house.db.session(write=False) as session:
        document, appeal = batches.document(actor, session, document_id)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        version, data = appeal.version, blobs.get(session, document.digest)
        read_page = next((one for one in read.stored_pages(document) if one.number == page), None)
    seen = envelope.look(house, data, read_page) if read_page and kind == "envelope" else None
    with house.db.session() as session:
        document, appeal = batches.document(actor, session, document_id, lock=True)
        appeals.expect_version(appeal, version)
        if not pages.set_kind(actor, session, appeal, document, page, kind):
            return appeal.reg_number
        papers.see_envelope(session, appeal, document.id, page, seen)
        session.flush()
        read.store(actor, session, appeal, read.understand_again(house, appeal, {}))
        if appeal.is_open:
            due.recompute(actor, session, house, appeal)
        return appeal.reg_number


def arrange(
    actor: Actor,
    house: House,
    document_id: int,
    order: Sequence[int],
    turned: Mapping[int, int],
    *,
    version: int | None = None,
) -> str:
    """Set pages of a letter upright and put them in order; it is read anew. Returns its number.

    Args:
        actor: Who asks.
        house: The house.
        document_id: The file.
        order: Present numbers of all its pages in their new order.
        turned: Degrees clockwise from the page as shown, by present number.
        version: Of the appeal, as it was shown.

    Raises:
        InputError: Nothing changes, a page is missing or named twice, or the file cannot be put in order.
        StateError: Work on the letter has begun.
        StaleError: Somebody else changed the appeal since the page was opened.
    """
    with house.db.session(write=False) as session:
        document, appeal = batches.document(actor, session, document_id)
        batches.require_early(session, actor, appeal)
        appeals.expect_version(appeal, version)
        data, name, seen = blobs.get(session, document.digest), document.name, appeal.version
        present = [page.number for page in document.pages]
    if sorted(order) != present:
        raise InputError("Назовите каждую страницу один раз.")
    if list(order) == present and not turned:
        raise InputError("Страницы стоят так, как стояли: менять нечего.")
    made = None
    if list(order) != present:
        letters = [Letter([number - 1 for number in order])]
        try:
            (part,) = cut_batch(data, name, letters, house.settings.read, executor=house.pages)
        except RefusedError as refused:
            raise InputError(f"Переставить не удалось: {refused.reason}.") from refused
        made = part.data
    with house.db.session() as session:
        document, appeal = batches.document(actor, session, document_id, lock=True)
        appeals.expect_version(appeal, seen)
        pages.arrange(actor, session, document, order, turned, made)
        checking.let_go(session, appeal)
        return appeal.reg_number


def bind(
    actor: Actor,
    house: House,
    number: str,
    order: Sequence[tuple[int, int]],
    turned: Mapping[tuple[int, int], int],
    *,
    version: int | None = None,
) -> str:
    """Put the pages of a letter that came in several files into one order; it becomes one file and is read anew.

    Args:
        actor: Who asks.
        house: The house.
        number: Of the letter.
        order: All its pages in their new order, by document and number.
        turned: Degrees clockwise from the page as shown.
        version: Of the appeal, as it was shown.

    Raises:
        InputError: A page is missing or named twice, or a file cannot be put in order.
        StateError: Work on the letter has begun.
        StaleError: Somebody else changed the appeal since the page was opened.
    """
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        batches.require_early(session, actor, appeal)
        appeals.expect_version(appeal, version)
        rows, seen = _scanned(appeal), appeal.version
        files = [blobs.get(session, row.digest) for row in rows]
        every = [(row.id, page.number) for row in rows for page in row.pages]
    if sorted(order) != sorted(every) or not files:
        raise InputError("Назовите каждую страницу один раз.")
    places = {row.id: place for place, row in enumerate(rows)}
    try:
        data = bind_files(
            files, [(places[key], page - 1) for key, page in order], house.settings.read, executor=house.pages
        )
    except (RefusedError, PageFailedError, TaskFailedError) as error:
        why = error.reason if isinstance(error, RefusedError) else "файл не открылся"
        raise InputError(f"Переставить не удалось: {why}.") from error
    with house.db.session() as session:
        appeal = _locked(actor, session, number, seen)
        pages.bind(actor, session, appeal, _scanned(appeal), order, turned, data)
        checking.let_go(session, appeal)
        return appeal.reg_number


def _scanned(appeal: Appeal) -> list[Document]:
    """The files of a letter whose pages are shown beside the fields."""
    own = [row for part in appeal.parts if part.state == "registered" for row in part.documents]
    return [row for row in own if row.role == "letter" and row.pages]


def _locked(actor: Actor, session: Session, number: str, version: int | None) -> Appeal:
    appeal = appeals.by_number(actor, session, number, lock=True)
    appeals.expect_version(appeal, version)
    return appeal


def _set_fields(actor: Actor, session: Session, house: House, appeal: Appeal, changes: Changes) -> None:
    stand = appeals.author_of(session, appeal).fields
    kept = {name: stand[name] for name in changes.seen if stand.get(name)}
    if not (kept or changes.fields):
        return
    appeals.correct_sender(actor, session, appeal, {**kept, **changes.fields})
    if appeal.is_open and due.LETTER_DATES & changes.fields.keys():
        due.recompute(actor, session, house, appeal)


def _set_paper(actor: Actor, session: Session, house: House, appeal: Appeal, changes: PaperChanges) -> None:
    """Keep what stands on the paper; the terms follow at once, with the trace of what moved them."""
    if not changes:
        return
    moved = False
    if changes.stamped is not None:
        moved = receipt.stamp(actor, session, house, appeal, changes.stamped, changes.reason)
    if changes.postmark is not None or changes.no_postmark:
        dates = PaperDates(appeal.stated_date, appeal.event_date, changes.postmark)
        moved |= terms.note_dates(actor, session, appeal, dates, POSTMARK)
    if changes.tracking is not None:
        papers.require_paper(appeal, receipt.PAPER)
        number = incoming_tracking(changes.tracking)
        if changes.tracking.strip() and number is None:
            raise InputError(TRACKING)
        papers.set_tracking(actor, session, appeal, number)
    if moved:
        due.recompute(actor, session, house, appeal, changes.reason.strip() or None)
