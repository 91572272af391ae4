"""Pages that a person set right: words in the place of misread ones, which way is up, their order (P8).

The machine's reading stays in `Page`, whatever a person wrote; a page that is read anew keeps what he wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from registry import arrivals, batches, events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.errors import InputError
from registry.models import Appeal, Correction, Document, Page, PageEdit

KINDS: Final = frozenset({"letter", "envelope"})
TURNS: Final = frozenset({90, 180, 270})
NO_PAGE: Final = "Такой страницы в письме нет. Обновите страницу и повторите."


def texts(document: Document) -> dict[int, str]:
    """Words that people wrote in the place of what was read, by page."""
    return {edit.number: edit.text for edit in document.edits if edit.text is not None}


def turns(document: Document) -> dict[int, int]:
    """Degrees clockwise by which people set pages upright, by page."""
    return {edit.number: edit.turned for edit in document.edits if edit.turned is not None}


def kinds(document: Document) -> dict[int, str]:
    """What people said that pages are (letter, envelope), by page."""
    return {edit.number: edit.kind for edit in document.edits if edit.kind is not None}


def set_kind(actor: Actor, session: Session, appeal: Appeal, document: Document, number: int, kind: str) -> bool:
    """Say what a page is; return whether it was taken for something else.

    Raises:
        InputError: There is no such page, or no such kind.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    page = _page(document, number)
    if kind not in KINDS:
        raise InputError("Страница бывает листом письма или конвертом.")
    if page.kind == kind:
        return False
    before, page.kind = page.kind, kind
    _edit(session, document, number).kind = kind
    appeal.version += 1
    data = {"document": document.id, "page": number, "before": before, "after": kind}
    events.append(actor, session, stream(appeal), "appeal.page_kind", data)
    return True


def correct_text(actor: Actor, session: Session, appeal: Appeal, document: Document, number: int, text: str) -> bool:
    """Write the words of a page anew; return whether they differ from what stood there.

    Both are kept, with who and when: the machine's in `Page`, every step between in `Correction` and in the history.
    Writing the machine's own words takes the correction back.

    Raises:
        InputError: There is no such page.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    page = _page(document, number)
    edit = _edit(session, document, number)
    before = page.text if edit.text is None else edit.text
    if text == before:
        return False
    edit.text = None if text == page.text else text
    edit.by, edit.at = actor.id, now()
    session.add(
        Correction(
            appeal_id=appeal.id, field="text", before={"document": document.id, "page": number, "text": before},
            after={"document": document.id, "page": number, "text": text}, model=document.engine, actor=actor.id,
            at=now(),
        )
    )  # fmt: skip
    appeal.version += 1
    data = {"document": document.id, "page": number, "engine": document.engine, "machine": edit.text is None}
    events.append(actor, session, stream(appeal), "appeal.text", data, {"text": (before, text)})
    return True


def arrange(
    actor: Actor, session: Session, document: Document, order: Sequence[int], turned: Mapping[int, int],
    data: bytes | None,
) -> None:  # fmt: skip
    """Set pages upright and put them in order; the letter is read anew. What people wrote goes with its page.

    Args:
        actor: Who asks.
        session: A writing transaction.
        document: Locked, of a letter that nobody works on yet.
        order: Present numbers of the pages in their new order.
        turned: Degrees clockwise, from the page as it is shown now, by present number.
        data: The file in its new order, None when the order stays.
    """
    appeal = document.part.appeal
    assert appeal is not None
    batches.require_early(session, actor, appeal)
    if sorted(order) != [page.number for page in document.pages]:
        raise InputError(NO_PAGE)
    for number, angle in turned.items():
        if angle not in TURNS:
            raise InputError("Повернуть страницу можно на 90, 180 или 270 градусов.")
        edit = _edit(session, document, number)
        edit.turned = (_page(document, number).rotated + angle) % 360
    session.flush()
    if data is not None:
        arrivals.new_file(session, document, data, order)
        _reorder(document, order)
    else:
        document.state = "waiting"
    said = {
        "document": document.id,
        "order": list(order) if data is not None else None,
        "turned": {str(number): angle for number, angle in turned.items()},
        "check_again": batches.read_again(appeal),
    }
    events.append(actor, session, stream(appeal), "appeal.pages_arranged", said)


def bind(
    actor: Actor, session: Session, appeal: Appeal, documents: Sequence[Document], order: Sequence[tuple[int, int]],
    turned: Mapping[tuple[int, int], int], data: bytes,
) -> None:  # fmt: skip
    """Put pages of several files of a letter into one file, in an order of their own; the letter is read anew.

    The first file becomes the whole letter, the others go; as they came they stay with their arrivals. What people set
    right goes with its page.

    Args:
        actor: Who asks.
        session: A writing transaction.
        appeal: Locked, of a letter that nobody works on yet.
        documents: The files whose pages these are.
        order: Pages in their new order, by document and number.
        turned: Degrees clockwise, from the page as it is shown now.
        data: The new file.
    """
    batches.require_early(session, actor, appeal)
    known = {row.id: row for row in documents}
    every = sorted((row.id, page.number) for row in documents for page in row.pages)
    if sorted(order) != every:
        raise InputError(NO_PAGE)
    for (key, number), angle in turned.items():
        if angle not in TURNS:
            raise InputError("Повернуть страницу можно на 90, 180 или 270 градусов.")
        _edit(session, known[key], number).turned = (_page(known[key], number).rotated + angle) % 360
    session.flush()
    edits = {(row.id, edit.number): edit for row in documents for edit in row.edits}
    names = ("turned", "kind", "text", "by", "at")
    kept = [
        {"number": place, **{name: getattr(edits[page], name) for name in names}}
        for place, page in enumerate(order, 1)
        if page in edits
    ]
    first, *others = documents
    arrivals.new_file(session, first, data, [])
    first.media_type, first.ordinal = "application/pdf", min(row.ordinal for row in documents if row.part is first.part)
    session.add_all(PageEdit(document_id=first.id, **one) for one in kept)
    for row in others:
        arrivals.drop_document(session, row)
    session.flush()
    session.expire(first, ["edits"])
    said = {
        "document": first.id,
        "bound": [[key, number] for key, number in order],
        "check_again": batches.read_again(appeal),
    }
    events.append(actor, session, stream(appeal), "appeal.pages_arranged", said)


def _reorder(document: Document, order: Sequence[int]) -> None:
    """Let the passport of the scan tell the new reading order: the letter keeps the places that it had."""
    part = document.part
    sheets = list(part.meta.get("sheets") or [])
    if len(sheets) != len(order):
        return  # no scan of several letters, or more than one file
    now_read = [sheets[number - 1] for number in order]
    part.meta = {**part.meta, "sheets": now_read}
    passport = [dict(one) for one in part.arrival.sheets]
    if all(0 < sheet <= len(passport) for sheet in sheets):
        places = sorted(passport[sheet - 1]["place"] for sheet in sheets)
        for sheet, place in zip(now_read, places, strict=True):
            passport[sheet - 1]["place"] = place
        part.arrival.sheets = passport


def _page(document: Document, number: int) -> Page:
    found = next((page for page in document.pages if page.number == number), None)
    if found is None:
        raise InputError(NO_PAGE)
    return found


def _edit(session: Session, document: Document, number: int) -> PageEdit:
    found = next((edit for edit in document.edits if edit.number == number), None)
    if found is None:
        found = PageEdit(document_id=document.id, number=number)
        document.edits.append(found)
        session.flush()
    return found
