"""Sealed envelopes («лично», «конфиденциально»): registered unopened, handed over against a signature, read later."""

from __future__ import annotations

import datetime as dt

from intake.files import IMAGES, MEDIA_TYPES, FileType, admit
from intake.refusal import RefusedError
from registry import appeals, papers, rights, sealed
from registry.actor import Actor
from registry.arrivals import NewDocument
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal
from steps import draft, receipt
from steps.house import House
from steps.route import placed


def mark(
    actor: Actor, house: House, number: str, kind: str, addressee: str = "", *, version: int | None = None
) -> None:
    """Say that a registered letter lies in an envelope that was not opened; whoever says so sees it no more.

    Raises:
        InputError: No such mark.
        StateError: The letter did not come on paper, work on it has begun, or it was opened.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.verify", appeal)
        appeals.expect_version(appeal, version)
        papers.require_paper(appeal, receipt.PAPER)
        sealed.mark(actor, session, appeal, kind, addressee)
        _place(session, house, appeal)


def hand_over(actor: Actor, house: House, number: str, on: dt.date, to: str) -> None:
    """A sealed envelope was given to its addressee against his signature.

    Raises:
        InputError: The day cannot be, or it is not said to whom.
        StateError: It was handed over or opened already.
        NotFoundError: There is no such sealed letter.
    """
    with house.db.session() as session:
        sealed.hand_over(actor, session, number, on, to)


def open_letter(
    actor: Actor, house: House, number: str, name: str, data: bytes, *, keep_restricted: bool = True
) -> None:
    """The addressee has opened the envelope: its contents are scanned, read and placed like any letter.

    Raises:
        InputError: The file is no scan.
        StateError: It was not handed over yet, or was opened already.
        NotFoundError: There is no such sealed letter.
    """
    with house.db.session(write=False) as session:
        sealed.get(actor, session, number, lock=False)
    try:
        kind = admit(data, name, house.settings.read)
    except RefusedError as refused:
        raise InputError(f"Скан не принят: {refused.reason}.") from refused
    if kind is not FileType.PDF and kind not in IMAGES:
        raise InputError("Это не скан: подойдут PDF, TIFF, JPEG, PNG.")
    file = NewDocument("letter", name, MEDIA_TYPES[kind], data)
    with house.db.session() as session:
        sealed.opened(actor, session, number, file, keep_restricted=keep_restricted)


def _place(session: Session, house: House, appeal: Appeal) -> None:
    appeals.place(draft.ROUTER, session, appeal, placed(session, house, appeal), house.book.version)
