"""What people do with journals: entering by hand, paper journals of an outage, cancelling, printing."""

from __future__ import annotations

import datetime as dt
import hashlib
import textwrap
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from classifiers.names import name_forms
from intake.files import MEDIA_TYPES, FileType, sniff
from outbox import journalprint
from outbox.journalprint import Column, JournalSheet
from registry import appeals, arrivals, clock, events, journal, numbers, reservations, rights
from registry.actor import Actor
from registry.arrivals import NewDocument, NewPart
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, Part
from registry.receipts import Receipt, keep_many
from registry.reservations import Closed
from rules.journals import Entry
from rules.wire import Channel, Triage
from steps import receipt, register
from steps.access import noted
from steps.house import House
from steps.views import journal as views

Form = Literal["xlsx", "pdf"]
BLANK: Final = (
    Column("№", 28),
    Column("Дата регистрации", 22),
    Column("Дата поступления", 22),
    Column("Способ поступления", 26),
    Column("От кого", 60),
    Column("Исх. № и дата отправителя", 32),
    Column("Краткое содержание", 60),
    Column("Листов", 14),
    Column("Подпись", 22),
)
BLANK_ROW_MM: Final = 14.0
SUBJECT: Final = 120  # letters of the summary that name a document without a subject in the journal


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a person enters by hand.

    Attributes:
        channel: How it came.
        named: Class of document or journal, code or title; None leaves it to the channel.
        reserved: Number under which the paper journal holds it; None takes the next number.
        written_on: Date of registration in the paper journal; only with ``reserved``.
        received_on: Date of receipt (stamp); None is the date of registration.
        postmark_date: Date of the postmark on the envelope.
        reason: Why the receipt is dated back; not asked for what a paper journal of an outage holds.
        person: Author's full name.
        organisation: Author's organisation.
        subject: What it is about, in a line.
        summary: Short contents; they are the card's text when there is no file.
        file: Name and bytes of the scan.
    """

    channel: Channel
    named: str | None = None
    reserved: str | None = None
    written_on: dt.date | None = None
    received_on: dt.date | None = None
    postmark_date: dt.date | None = None
    reason: str = ""
    person: str = ""
    organisation: str = ""
    subject: str = ""
    summary: str = ""
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """What of a journal is to be written: a year of it, or local days of that year, both included."""

    journal: str
    year: int
    since: dt.date | None = None
    until: dt.date | None = None


def enter(actor: Actor, house: House, paper: Paper) -> str:
    """Register one document by hand and return its number: all of it in one transaction, or nothing.

    Raises:
        InputError: Dates contradict each other, or neither a file nor who and what was given.
        ForbiddenError: A receipt earlier than the actor may date it.
        StateError: The number is not reserved.
        ClockError: The server's clock was set back.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
        if paper.reserved is None and not actor.is_system:
            receipt.check_date(actor, session, house, paper.received_on, paper.reason)
    _check(paper)
    entry = house.book.journals.entry(paper.named, paper.channel)
    if not entry.understood:
        raise InputError("Такого вида документа или журнала нет. Выберите его из списка.")
    with house.db.session() as session:
        given = _number(actor, session, entry, paper)
        part = _part(actor, session, paper, given)
        receipt.note_reason(actor, session, part.arrival, paper.reason)
        appeal = register.enter(
            actor,
            house,
            session,
            part,
            given,
            document_class=entry.document_class,
            postmark_date=paper.postmark_date,
        )
        _author(actor, session, appeal, paper)
        return appeal.reg_number


def reserve(actor: Actor, house: House, journal_id: str, count: int, reason: str) -> int:
    """Take the next numbers of an incoming journal aside for paper; return the key of the reservation.

    Raises:
        InputError: The journal is an outgoing one: letters are numbered by the system when they are signed.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "journal.manage")
    kept = views.known(house, journal_id)
    if kept.direction != "incoming":
        raise InputError("Резервируются номера только входящих журналов: исходящий номер даётся при подписании.")
    with house.db.session() as session:
        return reservations.reserve(actor, session, kept.id, kept.pattern, count, reason).id


def annul(actor: Actor, house: House, number: str, reason: str) -> None:
    """Cancel a number; it stays in the journal with the reason."""
    with house.db.session() as session:
        reservations.annul(actor, session, number, reason)


def close(actor: Actor, house: House, reservation_id: int, reason: str) -> Closed:
    """End a reservation: numbers that the paper journal did not use are cancelled with the reason."""
    with house.db.session() as session:
        return reservations.close(actor, session, reservation_id, reason)


def export(actor: Actor, house: House, wanted: Extract, form: Form, out: BinaryIO) -> int:
    """Write a journal's period as a workbook or as sheets; return how many entries it holds. The history keeps who."""
    with noted(actor, house, "export", "what", "journal"):
        return _write_out(actor, house, wanted, form, out)


def blank(actor: Actor, house: House, reservation_id: int, out: BinaryIO) -> None:
    """Write the sheets of a paper journal with the numbers of a reservation that are still free."""
    kept = views.reservation(actor, house, reservation_id)
    sheet = JournalSheet(
        title="Бумажный журнал на время отказа системы",
        period=f"Резерв {reservation_id}: {kept.first} — {kept.last}",
        company=house.book.company.short_name,
        made=clock.now().astimezone(clock.LOCAL),
        columns=BLANK,
        rows=([number, *[None] * (len(BLANK) - 1)] for number in kept.left),
    )
    journalprint.write_pdf(sheet, out, row_mm=BLANK_ROW_MM)


def _write_out(actor: Actor, house: House, wanted: Extract, form: Form, out: BinaryIO) -> int:
    with house.db.session(write=False) as session:
        rights.require(actor, session, "journal.view")
    kept = views.known(house, wanted.journal)
    year, since, until = wanted.year, wanted.since, wanted.until
    with house.db.session(write=False) as session:
        found = views.rows(actor, house, session, kept.id, year, since, until)
        seqs = journal.span(actor, session, kept.id, year, since, until)
        closing = views.closing(journal.summary(actor, session, kept.id, year, seqs))
        sheet = JournalSheet(
            title=kept.title,
            period=_period(year, since, until),
            company=house.book.company.short_name,
            made=clock.now().astimezone(clock.LOCAL),
            columns=views.Scribe(house, kept).columns,
            rows=(row.cells for row in found),
            closing=closing,
        )
        count = (journalprint.write_xlsx if form == "xlsx" else journalprint.write_pdf)(sheet, out)
    with house.db.session() as session:
        data = {"year": year, "form": form, "since": since, "until": until, "rows": count}
        events.append(actor, session, numbers.stream(kept.id), "journal.exported", data)
    return count


def _check(paper: Paper) -> None:
    if (paper.reserved is None) != (paper.written_on is None):
        raise InputError("Номер из резерва вносится вместе с датой записи в бумажном журнале.")
    last = paper.written_on or clock.today()
    if paper.received_on and paper.received_on > last:
        raise InputError("Дата поступления позже даты регистрации. Проверьте даты.")
    if paper.postmark_date and paper.postmark_date > (paper.received_on or last):
        raise InputError("Почтовый штемпель позже даты поступления. Проверьте даты.")
    if paper.file is None and not (paper.summary.strip() and (paper.person.strip() or paper.organisation.strip())):
        raise InputError("Приложите скан или укажите, от кого документ и его краткое содержание.")
    if paper.file is not None and not paper.file[1]:
        raise InputError("Файл пуст. Отсканируйте документ заново.")
    if paper.file is not None and sniff(paper.file[1]) is FileType.MAIL:
        raise InputError("Письма .eml загружайте на странице «Канцелярия»: у них свои дата и отправитель.")


def _number(actor: Actor, session: Session, entry: Entry, paper: Paper) -> numbers.Given:
    if paper.reserved is None or paper.written_on is None:
        return numbers.give(actor, session, entry.journal.id, entry.journal.pattern)
    return reservations.take(actor, session, paper.reserved.strip(), paper.written_on)


def _part(actor: Actor, session: Session, paper: Paper, given: numbers.Given) -> Part:
    """Keep the scan, or a card in its stead, as an arrival of one part."""
    name, data = paper.file or (f"Карточка {given.text}.txt", _card(paper, given.text).encode())
    digest = hashlib.sha256(data).hexdigest()
    taken = Receipt(
        source=register.BY_HAND,
        external_id=digest,
        data=data,
        name=name,
        form="file",
        canonical=digest,
        received_at=clock.now(),
        channel=paper.channel.value,
        channel_address="company",
        receipt_date=paper.received_on or paper.written_on,
    )
    kept = keep_many(actor, session, [taken])[0]
    if kept.outcome != "new":
        raise InputError(f"Этот файл уже принят (поступление {kept.arrival_id}): он не может иметь два номера.")
    arrival = arrivals.get(session, kept.arrival_id)
    document = NewDocument("letter", name, MEDIA_TYPES.get(sniff(data), "text/plain; charset=utf-8"), data)
    new = NewPart(
        verdict=Triage.NEW_APPEAL.value,
        reasons=[],
        documents=[document],
        subject=paper.subject.strip() or textwrap.shorten(paper.summary, SUBJECT, placeholder="…") or None,
        receipt_date=taken.receipt_date,
        journal=paper.named,
    )
    part = arrivals.split(actor, session, arrival, [new])[0]
    arrival.work = ""
    return part


def _card(paper: Paper, number: str) -> str:
    lines = [f"Карточка {number}: документ внесён без файла", f"От кого: {paper.organisation} {paper.person}".strip()]
    lines += [f"Тема: {paper.subject}"] if paper.subject else []
    return "\n".join([*lines, "", paper.summary])


def _author(actor: Actor, session: Session, appeal: Appeal, paper: Paper) -> None:
    """What the person wrote about the author stands as said by a person; the reading does not change it."""
    parts = name_forms(paper.person) if paper.person.strip() else None
    named = {
        "last_name": parts and parts.last_name,
        "first_name": parts and parts.first_name,
        "patronymic": parts and parts.patronymic,
        "org_name": paper.organisation.strip(),
    }
    said = {name: value for name, value in named.items() if value}
    if said:
        appeals.correct_sender(actor, session, appeal, said)


def _period(year: int, since: dt.date | None, until: dt.date | None) -> str:
    first, last = since or dt.date(year, 1, 1), until or dt.date(year, 12, 31)
    return f"За период с {first:%d.%m.%Y} по {last:%d.%m.%Y}"
