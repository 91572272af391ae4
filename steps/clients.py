"""Clients: loading their table, linking appeals to them, deciding who may be told what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from classifiers.identity import Ground
from intake.refusal import RefusedError
from intake.table import TableRow, read_table
from registry import appeals, events, leases, rights, staff
from registry.actor import Actor, system
from registry.clients import links, search, table
from registry.clients.record import Record, identifying
from registry.clients.table import Plan
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, Client
from steps import clientfile, due
from steps.clientfile import Header, Known, RowError
from steps.house import House

CHUNK: Final = 500  # rows of one transaction
KEPT_REFUSALS: Final = 200
KEPT_SAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out, and why. The reason holds no personal data."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An example of what a file changes: before and after of the fields that differ."""

    line: int
    kind: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Loaded:
    """What a file changes, or has changed when ``applied``. Of refused rows the first 200 are kept."""

    applied: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "refused"), 0))
    refused: list[Refused] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    recomputed: int = 0

    @property
    def rows(self) -> int:
        """Rows that the file holds."""
        return sum(self.counts.values())


def load(actor: Actor, house: House, data: bytes, *, apply: bool, max_rows: int | None = None) -> Loaded:
    """Read a table of clients and tell what it changes, or change it.

    A chunk is a transaction: a run that was killed is simply started again, and finds what it has done unchanged. A row
    that cannot be kept never stops the others. Columns that the file lacks stay as they are; an empty cell empties.

    Raises:
        InputError: The file is no table of clients, or has more rows than ``max_rows``; nothing of it was loaded unless
            the fault lies behind rows that were.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "client.manage")
        names = names_of(session, house)
    try:
        rows = read_table(data)
        first = next(rows, None)
        if first is None:
            raise InputError("В файле нет ни одной строки.")
        head = clientfile.header(first.cells)
        found = Loaded(applied=apply, ignored=head.ignored)
        seen: dict[tuple[str, str], int] = {}
        while chunk := list(islice(rows, CHUNK)):
            if max_rows is not None and found.rows + len(chunk) > max_rows:
                raise InputError(f"Строк больше {max_rows}: загрузите файл командой otvet client import.")
            records = list(_records(head, chunk, names, seen, found))
            _chunk(actor, house, records, found)
    except RefusedError as refused:
        raise InputError(refused.reason) from refused
    return found


def link(actor: Actor, house: House, number: str, client_id: int, *, version: int | None = None) -> str | None:
    """A person links an appeal to a client; the term follows, and so does the queue while nobody works on it.

    Returns what else the person should know, in Russian.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        client = links.by_id(session, client_id)
        book = house.book
        known = {one.client.id: one for one in links.suggest(session, appeal, book.clients.matching).candidates}
        if client_id not in known:
            search.card(actor, session, client_id)
        moved = links.link(actor, session, appeal, client, known.get(client_id), rules=book.version)
        return _follow(actor, session, house, appeal, moved=moved)


def unlink(actor: Actor, house: House, number: str, *, version: int | None = None) -> str | None:
    """A person undoes a link; the machine does not make it again."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        return _follow(actor, session, house, appeal, moved=links.unlink(actor, session, appeal))


def decide_identity(actor: Actor, house: House, number: str, ground: str | None, *, version: int | None = None) -> None:
    """A person says on what ground the writer is the client, that he is not, or takes it back (None)."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "client.link", appeal)
        appeals.expect_version(appeal, version)
        try:
            chosen = Ground(ground) if ground else None
        except ValueError as error:
            raise InputError("Выберите основание из списка.") from error
        links.decide_identity(actor, session, appeal, chosen)


def _follow(actor: Actor, session: Session, house: House, appeal: Appeal, *, moved: bool) -> str | None:
    """What rests on VIP and segment is counted anew; an appeal that nobody works on is routed anew."""
    if not moved or not appeal.is_open:
        return None
    due.recompute(actor, session, house, appeal, "изменился клиент")
    if appeal.state in {"registered", "in_verification"}:
        leases.finish(appeal, "route")
        return None
    return "Признак VIP или сегмент изменился: срок пересчитан, проверьте очередь."


def _chunk(actor: Actor, house: House, records: Sequence[tuple[int, Record]], found: Loaded) -> None:
    with house.db.session(write=found.applied) as session:
        plans = table.plan(actor, session, [record for _, record in records])
        if found.applied:
            for client in table.apply(actor, session, plans):
                found.recomputed += refresh(session, house, client)
    for (line, _), one in zip(records, plans, strict=True):
        _count(found, line, one)


def _count(found: Loaded, line: int, one: Plan) -> None:
    if one.kind == "refused":
        _refuse(found, line, one.reason or "")
        return
    found.counts[one.kind] += 1
    if one.kind != "unchanged" and sum(sample.kind == one.kind for sample in found.samples) < KEPT_SAMPLES:
        found.samples.append(Sample(line, one.kind, one.record.name, one.before, one.after))


def refresh(session: Session, house: House, client: Client) -> int:
    """Open appeals of a client whose VIP or segment changed get both, and their terms, by the system."""
    actor = system("clients")
    rows = links.open_of(session, client.id)
    for appeal in rows:
        before = {"vip": appeal.is_vip, "segment": appeal.segment}
        appeal.is_vip = client.is_vip
        if appeal.topic_confirmed_by is None:
            appeal.segment = client.segment
        appeal.version += 1
        data = {"client": client.id, "before": before, "vip": appeal.is_vip, "segment": appeal.segment}
        events.append(actor, session, appeals.stream(appeal), "appeal.client_changed", data)
        due.recompute(actor, session, house, appeal, "изменились сведения о клиенте")
    return len(rows)


def _records(
    head: Header,
    rows: Sequence[TableRow],
    names: Known,
    seen: dict[tuple[str, str], int],
    found: Loaded,
) -> Iterator[tuple[int, Record]]:
    """Rows that can be kept; the others are counted with their reasons."""
    for row in rows:
        if row.wrong:
            _refuse(found, row.line, row.wrong)
            continue
        try:
            record = clientfile.record(head, row.cells, names)
        except RowError as error:
            _refuse(found, row.line, str(error))
            continue
        marks = _names(record)
        again = next((seen[mark] for mark in marks if mark in seen), None)
        if again is not None:
            _refuse(found, row.line, f"повтор клиента из строки {again}")
            continue
        seen.update(dict.fromkeys(marks, row.line))
        yield row.line, record


def _names(record: Record) -> list[tuple[str, str]]:
    """What makes two rows of one file the same client: CRM's code, without it any of the numbers."""
    return [("external", record.external_id)] if record.external_id else identifying(record)


def _refuse(found: Loaded, line: int, reason: str) -> None:
    found.counts["refused"] += 1
    if len(found.refused) < KEPT_REFUSALS:
        found.refused.append(Refused(line, reason))


def names_of(session: Session, house: House) -> Known:
    """Staff by log-in and by «Фамилия И.О.», and consents; a short name that two people share names nobody."""
    people = staff.everyone(session)
    shorts = [person.short_name.lower() for person in people]
    named = {person.short_name.lower(): person.id for person in people if shorts.count(person.short_name.lower()) == 1}
    logins = {person.login.lower(): person.id for person in people}
    return clientfile.known({**named, **logins}, house.book.clients.consents)
