"""Journals in words for people: the columns a Russian office expects, for the desk, for print and for Excel alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from outbox.journalprint import Column
from outbox.sheetrows import Cell
from registry import clock, journal, lifecycle, reservations, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import NotFoundError
from registry.grounds import GROUNDS
from registry.journal import Entry, Summary, Totals
from registry.journalfacts import Filed, Sent
from rules.book import RuleBook
from rules.journals import Journal
from rules.wire import Sender
from steps import report
from steps.house import House
from steps.views.lag import Lag, lag
from steps.views.reply import DISPATCH_STATES, KINDS, who

PAGE: Final = 50
HIDDEN: Final = "сведения ограничены"
INCOMING: Final = (
    Column("№", 26),
    Column("Дата регистрации", 17),
    Column("Дата поступления", 17),
    Column("Способ поступления", 17),
    Column("Вид документа", 18),
    Column("От кого", 29),
    Column("Исх. № отправителя", 17),
    Column("Дата отправителя", 17),
    Column("Краткое содержание", 36),
    Column("Листов / прил.", 12),
    Column("Куда направлено, исполнитель", 25),
    Column("Срок", 17),
    Column("Отметка об исполнении", 31),
    Column("Дело №, лист", 15),
    Column("Примечание", 33),
)
OUTGOING: Final = (
    Column("№", 27),
    Column("Дата", 18),
    Column("Вид письма", 26),
    Column("Кому", 48),
    Column("На № вх.", 27),
    Column("Исполнитель", 27),
    Column("Подписант", 27),
    Column("Способ отправки", 22),
    Column("Дата отправки", 18),
    Column("Примечание", 40),
)
# The screen is narrower than a sheet: what belongs together stands in one cell, under a title of its own. Each cell
# lists columns by their place, the first as it is, the others below it after a word.
Joined = tuple[str, tuple[tuple[int, str], ...]]
SCREEN: Final[dict[str, tuple[Joined, ...]]] = {
    "incoming": (
        ("№", ((0, ""),)),
        ("Зарегистрирован", ((1, ""), (2, "поступил"))),
        ("Как поступил", ((3, ""), (4, ""))),
        ("От кого", ((5, ""), (6, "исх. №"), (7, "от"))),
        ("Краткое содержание", ((8, ""), (9, "листов / приложений:"))),
        ("Куда направлен, исполнитель", ((10, ""),)),
        ("Срок", ((11, ""),)),
        ("Отметка об исполнении", ((12, ""), (13, "дело"))),
        ("Примечание", ((14, ""),)),
    ),
    "outgoing": (
        ("№", ((0, ""),)),
        ("Дата", ((1, ""),)),
        ("Вид письма", ((2, ""),)),
        ("Кому", ((3, ""),)),
        ("На № вх.", ((4, ""),)),
        ("Исполнитель", ((5, ""), (6, "подписант"))),
        ("Отправлено", ((8, ""), (7, ""))),
        ("Примечание", ((9, ""),)),
    ),
}
_SENDINGS: Final = {"email": "эл. почта", "post": "почта"}


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry. ``cells`` follow the journal's columns; ``card`` is the number of the appeal behind it."""

    number: str
    status: str
    hidden: bool
    card: str | None
    lag: Lag | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ReservationView:
    """A range kept for paper."""

    id: int
    first: str
    last: str
    count: int
    left: tuple[str, ...]
    reason: str
    made_by: str
    made_at: dt.datetime
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of a journal, the newest numbers first, with what may be chosen."""

    journal: Journal
    year: int
    years: list[int]
    columns: Sequence[Column]
    rows: list[JournalRow]
    total: int
    page: int
    pages: int
    reservations: list[ReservationView]

    @property
    def shown(self) -> list[Joined]:
        """The columns of the screen that say something on this page."""
        return [
            one
            for one in SCREEN[self.journal.direction]
            if any(row.cells[index] for row in self.rows for index, _word in one[1])
        ]


@dataclass
class Scribe:
    """Writes entries as rows. Lags are counted once a pair of dates, however long the journal."""

    house: House
    journal: Journal
    _lags: dict[tuple[dt.date, dt.date, bool], Lag] = field(default_factory=dict)
    _titles: dict[str, str] = field(default_factory=dict)  # of queues

    @cached_property
    def book(self) -> RuleBook:
        """The rules that name things: asked for once, a journal is long."""
        return self.house.book

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of this journal."""
        return INCOMING if self.journal.direction == "incoming" else OUTGOING

    def row(self, entry: Entry) -> JournalRow:
        """An entry as a row."""
        found = self._lag(entry.appeal) if entry.appeal and self.journal.direction == "incoming" else None
        cells = self._incoming(entry, found) if self.journal.direction == "incoming" else self._outgoing(entry)
        card = entry.appeal.number if entry.appeal else None
        return JournalRow(entry.text, entry.status, entry.hidden, card, found, cells)

    def _incoming(self, entry: Entry, found: Lag | None) -> tuple[Cell, ...]:
        one = entry.appeal
        if one is None:
            return self._bare(entry, who_column=5)
        sender = Sender.model_validate(one.author)
        return (
            entry.text,
            clock.local_date(one.registered_at),
            clock.local_date(one.received_at),
            report.CHANNELS.get(one.channel, one.channel),
            class_title(self.book, one.document_class),
            called(sender),
            sender.client_ref_number,
            sender.client_ref_date or sender.letter_date,
            self._contents(one),
            _sheets(one),
            ", ".join(part for part in (self._queue(one.queue), one.executor) if part),
            one.due_hard,
            _executed(one),
            _case(one),
            "; ".join(_remarks(entry, one, found)),
        )

    def _outgoing(self, entry: Entry) -> tuple[Cell, ...]:
        one, appeal = entry.reply, entry.appeal
        if one is None or appeal is None:
            return self._bare(entry, who_column=3)
        sent = [sending for sending in one.sendings if sending.at]
        first = min((sending.at for sending in sent if sending.at), default=None)
        failed = [DISPATCH_STATES[sending.state] for sending in one.sendings if sending.state in {"failed", "unclear"}]
        return (
            entry.text,
            one.date or clock.local_date(entry.issued_at),
            KINDS.get(one.kind, one.kind),
            ", ".join(one.addressee),
            appeal.number,
            one.executor,
            one.signatory,
            ", ".join(dict.fromkeys(_SENDINGS.get(sending.channel, sending.channel) for sending in one.sendings)),
            clock.local_date(first) if first else None,
            "; ".join([*_cancelled(entry), *failed]),
        )

    def _bare(self, entry: Entry, *, who_column: int) -> tuple[Cell, ...]:
        """A number with nothing under it that may be shown."""
        cells: list[Cell] = [None] * len(self.columns)
        cells[0] = entry.text
        if entry.hidden:
            cells[who_column] = HIDDEN
            return tuple(cells)
        cells[1] = clock.local_date(entry.issued_at)
        cells[-1] = "в резерве для бумажного журнала" if entry.status == "reserved" else "; ".join(_cancelled(entry))
        return tuple(cells)

    def _contents(self, one: Filed) -> str:
        topic = self.book.ekto.by_code.get(one.topic_code or "")
        said = [part for part in (one.subject, topic.name if topic else None) if part]
        return " — ".join(said) or " ".join(one.opening.split())

    def _queue(self, queue: str | None) -> str:
        if (queue or "") not in self._titles:
            self._titles[queue or ""] = report.queue_title(self.house, queue)
        return self._titles[queue or ""]

    def _lag(self, one: Filed) -> Lag:
        key = (clock.local_date(one.received_at), clock.local_date(one.registered_at), one.is_vip)
        if key not in self._lags:
            self._lags[key] = lag(self.house, key[0], key[1], is_vip=key[2])
        return self._lags[key]


def page(
    actor: Actor,
    house: House,
    journal_id: str,
    year: int,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    number: int = 1,
) -> JournalPage:
    """Return a page of a journal, the newest numbers first. Its cost does not grow with the journal.

    Raises:
        NotFoundError: There is no such journal.
        ForbiddenError: The actor may not see journals.
    """
    kept = known(house, journal_id)
    with house.db.session(write=False) as session:
        years = journal.years(actor, session, journal_id)
        seqs = journal.span(actor, session, journal_id, year, since, until)
        pages = max(1, -(-len(seqs) // PAGE))
        number = min(max(1, number), pages)
        shown = seqs[::-1][(number - 1) * PAGE : number * PAGE]
        scribe = Scribe(house, kept)
        rows = [scribe.row(entry) for entry in journal.read(actor, session, journal_id, year, shown)]
        kept_ranges = [_reservation(session, row.id) for row in reservations.of(actor, session, journal_id, year)]
    years = years if year in years else sorted({*years, year}, reverse=True)
    return JournalPage(kept, year, years, scribe.columns, rows, len(seqs), number, pages, kept_ranges)


def rows(
    actor: Actor,
    house: House,
    session: Session,
    journal_id: str,
    year: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Iterator[JournalRow]:
    """Yield all rows of a journal's period in the order of the numbers, in bounded memory."""
    scribe = Scribe(house, known(house, journal_id))
    seqs = journal.span(actor, session, journal_id, year, since, until)
    for entry in journal.read(actor, session, journal_id, year, seqs):
        yield scribe.row(entry)


def closing(found: Summary | None) -> str:
    """The line that an extract closes with, for print and for Excel."""
    if found is None:
        return "Номеров за период нет."
    gaps = f"ПРОПУЩЕНО {found.missing}" if found.missing else "пропусков нет"
    return (
        f"Итого номеров: {found.total}, с {found.first} по {found.last}; аннулировано {found.cancelled}, "
        f"в резерве для бумажного журнала {found.reserved}, {gaps}."
    )


def known(house: House, journal_id: str) -> Journal:
    """Return a journal of the rules. Raises NotFoundError."""
    found = house.book.journals.by_id.get(journal_id)
    if found is None:
        raise NotFoundError(f"Журнала «{journal_id}» нет. Есть: {', '.join(house.book.journals.by_id)}.")
    return found


def totals(actor: Actor, house: House) -> list[Totals]:
    """Return the figures of every journal and year, with the numbers that are missing (none should be)."""
    with house.db.session(write=False) as session:
        return journal.all_totals(actor, session)


def reservation(actor: Actor, house: House, reservation_id: int) -> ReservationView:
    """Return one reservation. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "journal.view")
        return _reservation(session, reservation_id)


def class_title(book: RuleBook, code: str | None) -> str:
    """Russian name of a document class, empty when nobody named one."""
    known = book.journals.class_by_id.get(code or "")
    return known.title if known else code or ""


def called(sender: Sender) -> str:
    """The author as a journal names him: organisation, full name."""
    person = " ".join(part for part in (sender.last_name, sender.first_name, sender.patronymic) if part)
    return ", ".join(part for part in (sender.org_name, person) if part)


def _reservation(session: Session, reservation_id: int) -> ReservationView:
    row = reservations.get(session, reservation_id)
    numbers = reservations.numbers_of(session, row.id)
    return ReservationView(
        id=row.id,
        first=numbers[0].text,
        last=numbers[-1].text,
        count=len(numbers),
        left=tuple(one.text for one in numbers if one.status == "reserved"),
        reason=row.reason,
        made_by=who(session, row.made_by),
        made_at=row.made_at.astimezone(clock.LOCAL),
        closed_at=row.closed_at.astimezone(clock.LOCAL) if row.closed_at else None,
    )


def _cancelled(entry: Entry) -> list[str]:
    if entry.status != "cancelled":
        return []
    day = f" {clock.local_date(entry.cancelled_at):%d.%m.%Y}" if entry.cancelled_at else ""
    by = f", {entry.cancelled_by}" if entry.cancelled_by else ""
    return [f"номер аннулирован{day}{by}: {entry.reason or 'причина не указана'}"]


def _remarks(entry: Entry, one: Filed, found: Lag | None) -> list[str]:
    remarks = _cancelled(entry)
    if entry.written_on:
        remarks.append("внесено из бумажного журнала")
    if one.postmark_date:
        remarks.append(f"почтовый штемпель {one.postmark_date:%d.%m.%Y}")
    if one.is_vip:
        remarks.append("VIP")
    if one.restricted:
        remarks.append("закрытое")
    if found and (found.late or found.days):
        remarks.append(f"зарегистрировано {found.text}")
    if one.due_provisional:
        remarks.append("срок предварительный")
    return remarks


def _executed(one: Filed) -> str:
    """The mark of execution: letters that left with number and dates, else the ground of closing."""
    marks = [_answer(answer) for answer in one.answers]
    if one.close_ground:
        ground = GROUNDS.get(one.close_ground)
        closed = f" {clock.local_date(one.closed_at):%d.%m.%Y}" if one.closed_at else ""
        marks.append(f"{lifecycle.TITLES[one.state]}{closed}: {ground.title if ground else one.close_ground}")
    if one.merged_into:
        marks.append(f"Объединено с {one.merged_into}")
    return "; ".join(marks)


def _answer(answer: Sent) -> str:
    said = f"{KINDS.get(answer.kind, answer.kind)} исх. № {answer.number}"
    said += f" от {answer.date:%d.%m.%Y}" if answer.date else ""
    gone = min((sending.at for sending in answer.sendings if sending.at and sending.state == "sent"), default=None)
    return said + (f", отправлено {clock.local_date(gone):%d.%m.%Y}" if gone else ", не отправлено")


def _case(one: Filed) -> str:
    if one.case is None:
        return ""
    index, volume, first, last = one.case
    sheets = "" if first is None else f", л. {first}" + (f"–{last}" if last and last != first else "")
    return f"{index}, т. {volume}{sheets}"


def _sheets(one: Filed) -> str:
    return f"{one.sheets or '—'} / {one.attachments}" if one.sheets or one.attachments else ""
