"""What a letter needs from the case: facts for the draft and the context for the check, gathered in one place."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from classifiers import wordlists
from classifiers.names import name_forms
from outbox.check.errors import UnreadableLetterError
from outbox.errors import OutboxError, ScriptError
from outbox.scripts import ScriptBook, follows, load_scripts
from registry import appeals, clock, conflicts, parties, staff
from registry.clients import links
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, AppealItem, Person, Reply
from rules import terms
from rules.company import Recipient
from rules.wire import (
    Channel,
    ClientFacts,
    Due,
    ExecutorFacts,
    IncomingFacts,
    LetterContent,
    LetterContext,
    LetterFacts,
    NameForms,
    Segment,
    Sender,
    SignatoryFacts,
)
from steps import due
from steps.house import House
from steps.identity import identity


def company(house: House) -> dict[str, Any]:
    """Requisites of the company as letterhead and check want them."""
    return house.book.company.model_dump(mode="json")


def author(session: Session, appeal: Appeal) -> Sender:
    """The author as the card says now."""
    found = appeals.find_author(session, appeal)
    return Sender.model_validate(found.fields) if found else Sender()


def authors(session: Session, found: Sequence[Appeal]) -> dict[int, Sender]:
    """The authors of some appeals by their keys, read at once."""
    known = appeals.authors(session, [appeal.id for appeal in found])
    return {appeal.id: Sender.model_validate(known.get(appeal.id, {})) for appeal in found}


def is_collective(session: Session, appeal: Appeal) -> bool:
    """Whether several people signed the appeal."""
    return sum(row.role == "author" for row in parties.of(session, appeal)) > 1


def addressee(session: Session, appeal: Appeal) -> Sender:
    """Whom the reply goes to: the author; of a collective letter the contact person, when one is named."""
    named = [row for row in parties.of(session, appeal) if row.role == "contact"]
    if named and is_collective(session, appeal):
        return Sender.model_validate(named[0].fields)
    return author(session, appeal)


def forms(sender: Sender) -> NameForms | None:
    """Name and gender forms of the author; the gender on the card beats the guess."""
    parts = (sender.last_name, sender.first_name, sender.patronymic)
    full_name = " ".join(part for part in parts if part)
    if not full_name:
        return None
    return name_forms(full_name, gender=sender.gender)


def executor_facts(person: Person) -> ExecutorFacts:
    """The executor for the mark at the foot of the letter (12.5.15)."""
    return ExecutorFacts(
        last_name=person.last_name, first_name=person.first_name, patronymic=person.patronymic, phone=person.phone
    )


def signatory_facts(person: Person) -> SignatoryFacts:
    """The signatory under his own position (12.5.14)."""
    return SignatoryFacts(
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        position=person.position,
        rank=person.rank,
    )


def known_fields(house: House, appeal: Appeal, channel: Channel) -> dict[str, str]:
    """Fields of the scripts that company and case can fill themselves; the clerk fills the others."""
    requisites = house.book.company
    known = {
        "телефон для справок": requisites.contact_centre,
        "электронная почта": requisites.email,
        "адрес сайта": requisites.website,
        "способ направления ответа": "по электронной почте" if channel is Channel.EMAIL else "почтой",
        "срок ответа": f"{appeal.due_hard:%d.%m.%Y}",
        "дата окончательного ответа": f"{appeal.extended_until:%d.%m.%Y}" if appeal.extended_until else "",
    }
    return {name: value for name, value in known.items() if value}


@lru_cache(maxsize=4)
def scripts(folder: Path) -> ScriptBook:
    """The topic scripts of a templates folder, read once a process."""
    return load_scripts(folder / "scripts")


def topics(house: House, appeal: Appeal) -> list[str]:
    """The main topic and those of the other questions: confirmed by a person, or told as surely as a main topic."""
    others = [item.topic_code for item in appeal.items if item.topic_code and (item.confirmed_by or _is_told(item))]
    codes = dict.fromkeys(code for code in (appeal.topic_code, *others) if code in house.book.ekto.by_code)
    return [code for code in codes if code]


def _is_told(item: AppealItem) -> bool:
    """Whether the reader is as sure of a question's topic as it must be of a letter that needs no person."""
    least = float(wordlists.load("topics")["topic_share"])
    return any(one["code"] == item.topic_code and one["confidence"] >= least for one in item.topics)


def default_signatory(session: Session, house: House, appeal: Appeal) -> Person:
    """Who would sign the reply: the lowest fitting rank of the directory (12.5.14); the clerk may choose another.

    Raises:
        InputError: Nobody on the staff signs letters, or only people whom a conflict of interest excludes.
    """
    barred = conflicts.excluded(session, appeal.id)
    able = [person for person in staff.with_role(session, "signatory") if person.id not in barred]
    if not able:
        raise InputError(
            "Нет подписанта, который может подписать ответ. Администратор должен назначить роль «подписант»."
        )
    fitting = house.book.signatories.fitting(appeal.reply_owner or "REG", _recipient(session, appeal), clock.today())
    by_name = {(person.last_name, person.first_name): person for person in able}
    named = (by_name.get((one.last_name, one.first_name)) for one in fitting)
    return next((person for person in named if person), able[0])


def is_authority(appeal: Appeal) -> bool:
    """Whether a body asks by right: the machine's alarm, until a person takes it off."""
    return any(alarm["code"] == "authority_request" for alarm in appeal.alarms)


def _recipient(session: Session, appeal: Appeal) -> Recipient:
    """What kind of addressee the directory of signatories tells apart."""
    if appeal.is_vip:
        return "vip"
    if is_authority(appeal):
        return "authority"
    return "organisation" if author(session, appeal).org_name else "person"


def context(session: Session, house: House, reply: Reply, content: LetterContent, *, stage: str) -> LetterContext:
    """The case as the check sees it. What the case does not know stays unknown: «не проверено», never «соблюдено»."""
    appeal = reply.appeal
    sender = addressee(session, appeal)
    client = _client(session, appeal, sender)
    if is_collective(session, appeal):  # greeted together, so nobody's own name is expected in the salutation
        client = client.model_copy(update={"first_name": None, "patronymic": None, "gender": None})
    signatory = staff.by_id(session, reply.signatory_id) if reply.signatory_id else None
    executor = staff.by_id(session, reply.executor_id) if reply.executor_id else None
    return LetterContext(
        stage="send" if stage == "send" else "draft",
        letter=LetterFacts(date=content.date, number=content.number, topic=_topic(house, appeal), kind=content.kind),
        client=client,
        incoming=IncomingFacts(
            number=appeal.reg_number,
            date=clock.local_date(appeal.registered_at),
            received=clock.local_date(appeal.received_at),
            due_hard=appeal.due_hard,
            due_basis=_due_basis(house, appeal),
            text=appeal.text or None,
            questions=[item.quote for item in appeal.items],
            channel=Channel(appeal.channel),
            reply_channel=Channel(appeal.reply_channel or appeal.channel),
        ),
        signatory=signatory_facts(signatory) if signatory else content.signatory,
        executor=executor_facts(executor) if executor else content.executor,
        copy_to="; ".join(one.name for one in content.copies) or content.copy_to,
        company_at_fault=None if content.fault is None else content.fault == "company",
        client_at_fault=None if content.fault is None else content.fault == "client",
        asks_action=None if appeal.kind is None else appeal.kind == "request",
        complaint=None if appeal.kind is None else appeal.kind == "complaint",
        script=_script(house, appeal, content),
        enclosures=content.enclosures,
        company=company(house),
        recipient_confirmed=identity(session, appeal).recipient_confirmed,
    )


def _due_basis(house: House, appeal: Appeal) -> str | None:
    """Norm of the hard term where it ends sooner than the general one of this client; None where it does not."""
    hard = Due.model_validate(appeal.due).hard
    facts = due.facts_of(house, appeal)
    bare = dataclasses.replace(facts, topics=(), doubtful_topics=(), items=(), rule=None, stated_date=None)
    return hard.basis if hard.date < terms.due(house.book, bare).hard.date else None


def _script(house: House, appeal: Appeal, content: LetterContent) -> str | None:
    """Code of the topic whose script the letter follows; None when it strays from that of any topic of the case."""
    book = scripts(house.settings.templates)
    codes = topics(house, appeal)
    try:
        kept = all(follows(book.script(code), content.body) for code in codes)
    except ScriptError:
        return None  # a topic without an approved script
    return codes[0] if codes and kept else None


def _client(session: Session, appeal: Appeal, sender: Sender) -> ClientFacts:
    found = forms(sender)
    habits = links.mail_habits(session, appeal)
    return ClientFacts(
        last_name=sender.last_name,
        first_name=sender.first_name,
        patronymic=sender.patronymic,
        gender=sender.gender or (found.gender if found else None),
        segment=Segment(appeal.segment),
        is_vip=appeal.is_vip,
        position=sender.position,
        org_name=sender.org_name,
        email=sender.emails[0] if sender.emails else None,
        agreed_large=habits.large_mail_on is not None,
        unzipped=bool(habits.unzipped_reason),
    )


def _topic(house: House, appeal: Appeal) -> str | None:
    topic = house.book.ekto.by_code.get(appeal.topic_code or "")
    return topic.name if topic else None


@contextlib.contextmanager
def clerk_errors() -> Iterator[None]:
    """Turn the outbox's refusals into ones that the desk shows: their messages are Russian already."""
    try:
        yield
    except (OutboxError, UnreadableLetterError) as error:
        raise InputError(str(error)) from error
