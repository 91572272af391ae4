"""The paper side of a letter as the desk and the command line show it: four dates, the envelope, what was enclosed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from registry import appeals, blobs, clock, enclosed, papers, returnedpost, rights, sealed
from registry.actor import Actor
from registry.batches import EARLY
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Appeal, Page, Paper, PaperEnclosure
from steps import receipt
from steps.access import noted
from steps.house import House
from steps.views.files import DOCX, FileView


@dataclass(frozen=True, slots=True)
class Offered:
    """A date read from the envelope: by how many tries, on which page, and where on it."""

    day: dt.date
    times: int
    document_id: int
    page: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class EnclosedView:
    """A paper that was enclosed, or that the letter names; ``id`` is None while it is the machine's proposal."""

    id: int | None
    name: str
    sheets: int | None
    original: bool
    lacking: bool
    give_back: bool
    give_back_by: dt.date | None = None
    late: bool = False
    given_back: str = ""


@dataclass(frozen=True, slots=True)
class ActView:
    """An act about the letter; ``ready``: its file is there."""

    id: int
    label: str
    made_on: dt.date
    ready: bool


@dataclass(frozen=True, slots=True)
class OwedView:
    """An original that is to be given back: of which letter, from when on it is late."""

    id: int
    number: str
    name: str
    sheets: int | None
    due: dt.date | None
    late: bool


@dataclass(frozen=True, slots=True)
class SealedView:
    """An envelope that was not opened, or was later: what whoever hands it over must know, and nothing else."""

    number: str
    received: dt.date
    kind_title: str
    addressee: str
    handed: str
    opened: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ReturnedView:
    """A row of the journal of returned post; ``gone`` says when and to whom, empty while it lies here."""

    id: int
    came_on: dt.date
    addressee: str
    sender: str
    tracking: str
    why: str
    gone: str


@dataclass(frozen=True, slots=True)
class PaperBox:
    """What a letter on paper brings besides its words.

    Attributes:
        stamped: Day on the arrival stamp; None when nobody gave it: the day of scanning counts.
        postmark: Day of the postmark.
        scanned: When its first sheet was scanned; local, as ``registered``.
        registered: When it got its number.
        doubtful: A stamp stated by a sheet or a folder that waits to be confirmed, being so old.
        back: Days before the day of scanning that this reader may date the receipt to, the nearest first.
        head: Whether he may go further.
        tracking: Number that the post gave it.
        envelopes: Pages of the envelope, by document and page.
        postmarks: Dates read from it that may be the postmark, the surest first.
        numbers: Numbers of the post read from it.
        may_date: He may set the dates and say what was enclosed.
        enclosures: What was enclosed, as a person confirmed it, or as the letter says it.
        confirmed: Whether a person did.
        acts: Acts of what was lacking.
        may_give_back: He may give originals back.
        ways: How: codes and titles.
        sealed: The envelope was not opened: what becomes of it, in a line; empty for an ordinary letter.
        mark: A mark on the envelope that forbids to open it, where the machine saw one: code and title.
        may_seal: He may say that it was not opened.
    """

    stamped: dt.date | None
    postmark: dt.date | None
    scanned: dt.datetime
    registered: dt.datetime
    doubtful: dt.date | None
    back: list[dt.date]
    head: bool
    tracking: str
    envelopes: list[tuple[int, int]]
    postmarks: list[Offered]
    numbers: list[str]
    may_date: bool
    enclosures: list[EnclosedView]
    confirmed: bool
    acts: list[ActView]
    may_give_back: bool
    ways: list[tuple[str, str]]
    sealed: str
    mark: tuple[str, str] | None
    may_seal: bool


def show(actor: Actor, house: House, number: str) -> PaperBox:
    """Return the paper side of a letter.

    Raises:
        NotFoundError: There is no such letter for the actor, or it did not come on paper.
    """
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        found = box(actor, session, house, appeals.by_number(actor, session, number))
        if found is None:
            raise NotFoundError(f"{number}: это письмо пришло не на бумаге.")
        return found


def box(actor: Actor, session: Session, house: House, appeal: Appeal) -> PaperBox | None:
    """Return the paper side of an appeal in the caller's transaction; None for what did not come on paper."""
    if appeal.channel not in receipt.PAPER:
        return None
    days = papers.days(appeal)
    row = papers.find(session, appeal)
    listed = enclosed.of(session, appeal)
    envelopes: list[dict[str, Any]] = row.seen.get("envelopes", []) if row else []
    return PaperBox(
        stamped=days.stamped,
        postmark=days.postmark,
        scanned=days.scanned,
        registered=days.registered,
        doubtful=days.doubtful,
        back=_back(house, clock.local_date(days.scanned)),
        head=rights.may(actor, session, "arrival.backdate"),
        tracking=(row.tracking or "") if row else "",
        envelopes=[(page.document_id, page.number) for page in _pages(appeal) if page.kind == "envelope"],
        postmarks=_postmarks(house, days, envelopes),
        numbers=list(dict.fromkeys(number for one in envelopes for number in one["numbers"])),
        may_date=appeal.is_open and rights.may(actor, session, "appeal.verify", appeal),
        enclosures=[_enclosed(session, one) for one in listed] or _proposed(row),
        confirmed=bool(listed),
        acts=[
            ActView(one.id, enclosed.label(one), one.made_on, one.pdf_digest is not None)
            for one in enclosed.acts(session, appeal)
        ],
        may_give_back=rights.may(actor, session, "dispatch.confirm", appeal),
        ways=list(enclosed.HOW.items()),
        sealed=_sealed(row) if row and row.sealed else "",
        mark=next(((one["sealed"], sealed.KINDS[one["sealed"]]) for one in envelopes if one["sealed"]), None),
        may_seal=appeal.state in EARLY and rights.may(actor, session, "appeal.verify", appeal),
    )


def sealed_letters(actor: Actor, house: House) -> list[SealedView]:
    """Return the sealed letters for whoever hands them over."""
    with house.db.session(write=False) as session:
        return [
            SealedView(
                number=appeal.reg_number,
                received=clock.local_date(appeal.received_at),
                kind_title=sealed.KINDS[row.sealed or "personal"],
                addressee=row.sealed_for or "",
                handed=f"{row.handed_on:%d.%m.%Y}, {row.handed_to}" if row.handed_on else "",
                opened=row.opened_at.astimezone(clock.LOCAL) if row.opened_at else None,
            )
            for row, appeal in sealed.waiting(actor, session)
        ]


def returned_post(actor: Actor, house: House, year: int) -> list[ReturnedView]:
    """Return a year of the journal of returned post, what lies here first."""
    with house.db.session(write=False) as session:
        return [
            ReturnedView(
                id=row.id,
                came_on=row.came_on,
                addressee=row.addressee,
                sender=row.sender or "",
                tracking=row.tracking or "",
                why=returnedpost.WHY[row.why] + (f": {row.note}" if row.note else ""),
                gone=f"{row.returned_on:%d.%m.%Y}, {row.returned_how}" if row.returned_on else "",
            )
            for row in returnedpost.of_year(actor, session, year)
        ]


def _sealed(row: Paper) -> str:
    said = f"конверт «{sealed.KINDS[row.sealed or 'personal']}»" + (f", {row.sealed_for}" if row.sealed_for else "")
    if row.handed_on:
        said += f"; передан {row.handed_on:%d.%m.%Y}: {row.handed_to}"
    opened = f"; вскрыт {row.opened_at.astimezone(clock.LOCAL):%d.%m.%Y}" if row.opened_at else "; не вскрыт"
    return said + opened


def owed(actor: Actor, house: House) -> list[OwedView]:
    """Return the originals that are to be given back, those owed longest first."""
    with house.db.session(write=False) as session:
        today = clock.today()
        return [
            OwedView(
                id=row.id,
                number=appeal.reg_number,
                name=row.name,
                sheets=row.sheets,
                due=row.give_back_by,
                late=row.give_back_by is not None and row.give_back_by < today,
            )
            for row, appeal in enclosed.owed(actor, session)
        ]


def act_file(actor: Actor, house: House, act_id: int, which: Literal["pdf", "docx"]) -> FileView:
    """Return an act's file. Raises NotFoundError."""
    with noted(actor, house, "file", "act", act_id), house.db.session(write=False) as session:
        act = enclosed.get_act(session, act_id)
        appeals.by_id(actor, session, act.appeal_id)
        digest = act.pdf_digest if which == "pdf" else act.docx_digest
        if digest is None:
            raise NotFoundError("Файл этого акта не составлен: составьте акт ещё раз.")
        name = f"Акт {enclosed.label(act).replace('/', '-')}.{which}"
        return FileView(name, "application/pdf" if which == "pdf" else DOCX, blobs.get(session, digest))


def _enclosed(session: Session, row: PaperEnclosure) -> EnclosedView:
    from steps.views.reply import who

    back = ""
    if row.given_back_on is not None:
        how = enclosed.HOW[row.given_back_how or "hand"]
        by = who(session, row.given_back_by or "")
        back = f"{row.given_back_on:%d.%m.%Y}, {how}: {row.given_back_to}; вернул(а) {by}"
    waits = row.give_back and row.given_back_on is None
    return EnclosedView(
        id=row.id,
        name=row.name,
        sheets=row.sheets,
        original=row.original,
        lacking=row.lacking,
        give_back=row.give_back,
        give_back_by=row.give_back_by,
        late=waits and row.give_back_by is not None and row.give_back_by < clock.today(),
        given_back=back,
    )


def _proposed(row: Paper | None) -> list[EnclosedView]:
    read = row.seen.get("enclosures", []) if row else []
    return [
        EnclosedView(None, one["name"], one["sheets"], one["original"], lacking=False, give_back=one["give_back"])
        for one in read
    ]


def _pages(appeal: Appeal) -> list[Page]:
    return [page for part in papers.parts(appeal) for one in part.documents for page in one.pages]


def _postmarks(house: House, days: papers.PaperDays, envelopes: Sequence[dict[str, Any]]) -> list[Offered]:
    """Dates that may be the postmark's: none later than receipt, none long before it; the surest first."""
    last = days.stamped or days.scanned.date()
    first = last - dt.timedelta(days=house.book.piles.envelopes.postmark_days)
    found = [
        Offered(
            dt.date.fromisoformat(date["day"]),
            date["times"],
            one["document"],
            one["page"],
            tuple(date["box"]) if date["box"] else None,
        )
        for one in envelopes
        for date in one["dates"]
    ]
    return sorted(
        (one for one in found if first <= one.day <= last), key=lambda one: (-one.times, -one.day.toordinal())
    )


def _back(house: House, scanned: dt.date) -> list[dt.date]:
    """Working days before the day of scanning that a registrar may date a receipt to."""
    calendar, limit = house.book.calendars.for_terms, receipt.earliest(house, scanned)
    found: list[dt.date] = []
    day = scanned
    while day > limit:
        day = calendar.previous_working(day - dt.timedelta(days=1))
        found.append(day)
    return found
