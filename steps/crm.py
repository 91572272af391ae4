"""Clients out of a CRM: changes pulled page by page through the same upsert as a file, and one client looked up.

A page is a transaction that also moves the cursor: a pull that was killed goes on where it was, one that was started
twice stops the second. The CRM is asked outside of transactions; when it is away, what came before it stands whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from structlog import get_logger

from intake.crm import PAGE, Asked, Crm, CrmClient, CrmPage, CrmUnavailableError
from registry import appeals, events, rights
from registry.actor import Actor, system
from registry.clients import contacts, links, table
from registry.clients.contacts import Contact
from registry.clients.table import Plan
from registry.database import Session
from registry.errors import InputError, StateError
from registry.models import Appeal
from rules.wire import Sender
from steps import clients, crmrecord
from steps.clientfile import Known
from steps.clients import Sample
from steps.house import House

log = get_logger(__name__)

KEPT_REFUSALS: Final = 200
KEPT_SAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was left out: CRM's key of it, and why, without personal data."""

    key: str
    reason: str


@dataclass
class Pulled:
    """What changes of a CRM come to, or have come to when ``applied``.

    Attributes:
        applied: They were written.
        counts: Clients by what became of them.
        contacts: Contacts of other channels likewise.
        refused: The first 200 that were left out.
        samples: Examples of what changes.
        passed_over: Kinds of consents that the rules do not know.
        recomputed: Open appeals whose terms were counted anew.
        pages: Answers of the CRM.
        error: Why it ended before its end, in Russian; what came before it stands.
    """

    applied: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "refused"), 0))
    contacts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "refused"), 0)
    )
    refused: list[Refused] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)
    recomputed: int = 0
    pages: int = 0
    error: str | None = None


def pull(actor: Actor, house: House, *, apply: bool, again: bool = False) -> Pulled:
    """Pull what changed since the last time and tell what it comes to, or write it.

    Args:
        actor: Who pulls.
        house: With a CRM.
        apply: Write; else only look.
        again: From the beginning, as if nothing had been pulled; what is unchanged stays untouched.

    Raises:
        InputError: The settings name no CRM.
        StateError: Another pull is at it.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "client.manage")
        crm = _crm(house)
        stored = contacts.reached(session, crm.name)
        names = clients.names_of(session, house)
    found, cursor = Pulled(applied=apply), None if again else stored
    coming: set[str] = set()
    try:
        while True:
            page = crm.changes(cursor, PAGE)
            _guard(page, cursor)
            found.pages += 1
            with house.db.session(write=apply) as session:
                if apply:
                    contacts.move(actor, session, crm.name, stored, page.cursor)
                _page(actor, session, house, page, names, found, coming)
            cursor = stored = page.cursor
            if not page.more:
                return found
    except CrmUnavailableError as error:
        log.warning("crm_unavailable", crm=crm.name, pages=found.pages)
        found.error = str(error)
        return found


def look_up(actor: Actor, house: House, asked: Asked) -> int:
    """Ask the CRM for clients and take them into the register; return how many it named.

    Raises:
        InputError: No CRM, or nothing that tells clients apart was asked.
        StateError: The CRM cannot be asked now.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "client.manage")
        crm = _crm(house)
    if not asked.asks_enough:
        raise InputError("Укажите счёт, договор, ИНН, телефон или имя вместе с адресом.")
    return _taken(house, _found(crm, [asked]))


def ask_for(actor: Actor, house: House, number: str) -> int:
    """A person asks the CRM who wrote an appeal; whom it names is taken into the register and proposed on the card.

    Nobody is linked by this. Returns how many clients the CRM named.

    Raises:
        InputError: No CRM, or the letter names nothing by which a client could be asked for.
        StateError: The CRM cannot be asked now; the appeal is as it was.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "client.link", appeal)
        crm = _crm(house)
        questions = list(_questions(session, appeal))
    if not questions:
        raise InputError("В письме не прочитано ни счёта, ни договора, ни ИНН, ни телефона: заполните карточку.")
    found = _found(crm, questions)
    named = _taken(house, found)
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        events.append(actor, session, appeals.stream(appeal), "appeal.crm_asked", {"crm": crm.name, "found": named})
    return named


def _crm(house: House) -> Crm:
    if house.crm is None:
        raise InputError("CRM не подключена: опишите раздел [crm] в настройках (docs/settings.md).")
    return house.crm


def _guard(page: CrmPage, cursor: str | None) -> None:
    if page.more and page.cursor == cursor:
        raise CrmUnavailableError("CRM отвечает по кругу: отметка загрузки не движется. Передайте её владельцам.")


def _found(crm: Crm, questions: Sequence[Asked]) -> list[CrmClient]:
    try:
        return list({one.id: one for asked in questions for one in crm.find(asked)}.values())
    except CrmUnavailableError as error:
        raise StateError(str(error)) from error


def _taken(house: House, told: Sequence[CrmClient]) -> int:
    """Take clients that a look-up named into the register, by the system: who asked decides about links, not cards."""
    found = Pulled(applied=True)
    with house.db.session() as session:
        names = clients.names_of(session, house)
        _page(system("crm"), session, house, CrmPage("", more=False, clients=tuple(told)), names, found, set())
    return sum(found.counts.values()) - found.counts["refused"]


def _questions(session: Session, appeal: Appeal) -> Iterator[Asked]:
    """What a letter can be asked for by, each by itself: a digit that was misread must not hide the rest."""
    party = links.account_holder(session, appeal) or appeals.find_author(session, appeal)
    sender = Sender.model_validate(party.fields) if party else Sender()
    for field_name, value in (
        ("account", sender.account_number),
        ("contract", sender.contract_number),
        ("inn", sender.inn),
        *(("phone", phone) for phone in sender.phones),
    ):
        if value:
            yield Asked.model_validate({field_name: value})
    name = sender.org_name or " ".join(filter(None, (sender.last_name, sender.first_name, sender.patronymic)))
    if name and sender.address:
        yield Asked(name=name, address=sender.address)


def _page(
    actor: Actor, session: Session, house: House, page: CrmPage, names: Known, found: Pulled, coming: set[str]
) -> None:
    """One page in one transaction: clients first, then their contacts."""
    for wrong in page.refused:
        _refuse(found, found.counts, wrong.key, wrong.reason)
    read = crmrecord.read(page.clients, names)
    found.passed_over |= read.passed_over
    for key, reason in read.refused:
        _refuse(found, found.counts, key, reason)
    plans = table.plan(actor, session, read.records)
    if found.applied:
        for client in table.apply(actor, session, plans):
            found.recomputed += clients.refresh(session, house, client)
    for one in plans:
        _count(found, one, coming)
    told = [Contact(one.id, one.client, one.at, one.channel, one.title) for one in page.contacts]
    _contacts(actor, session, told, found, coming)


def _count(found: Pulled, one: Plan, coming: set[str]) -> None:
    """Count a plan; a preview brings nothing, so it remembers whom it would have brought already."""
    code = one.record.external_id or ""
    if one.kind == "refused":
        _refuse(found, found.counts, code, one.reason or "")
        return
    found.counts["changed" if code in coming else one.kind] += 1
    if one.kind == "new" and not found.applied:
        coming.add(code)
    if one.kind != "unchanged" and sum(sample.kind == one.kind for sample in found.samples) < KEPT_SAMPLES:
        found.samples.append(Sample(0, one.kind, one.record.name, one.before, one.after))


def _contacts(actor: Actor, session: Session, told: Sequence[Contact], found: Pulled, coming: set[str]) -> None:
    planned = contacts.plan(actor, session, told, coming)
    if found.applied:
        contacts.apply(actor, session, planned)
    found.contacts["new"] += len(planned.new) + planned.coming
    found.contacts["changed"] += len(planned.changed)
    found.contacts["unchanged"] += planned.unchanged
    for one, reason in planned.refused:
        _refuse(found, found.contacts, one.external_id, f"контакт: {reason}")


def _refuse(found: Pulled, counts: dict[str, int], key: str, reason: str) -> None:
    counts["refused"] += 1
    if len(found.refused) < KEPT_REFUSALS:
        found.refused.append(Refused(key, reason))
