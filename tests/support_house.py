"""A real house for tests: rules, letter rules, database, folders, and the demonstration's staff."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import support_database

from classifiers.reader import Classifier
from intake.maildir import EmlFolder
from intake.pool import PagePool
from intake.port import Source
from otvet.demo.people import load_people
from outbox.check import LetterRules, load_rules
from outbox.smtp import SmtpSettings
from registry import staff
from registry.actor import Actor, system
from registry.database import Database
from registry.models import Person
from rules import book as rule_book
from rules.editions import Editions
from rules.roles import Roles
from steps.house import House, StepSettings

SYSTEM = system("test")
PASSWORD = "проверка-123"


@functools.cache
def book() -> rule_book.RuleBook:
    return rule_book.load()


def roles() -> Roles:
    return book().roles


@functools.cache
def letter_rules() -> LetterRules:
    return load_rules()


def build(
    home: Path,
    url: str,
    *,
    smtp_port: int = 9,
    sources: Sequence[Source] = (),
    pages: bool = False,
    people: bool = True,
    trained: bool = True,
    **changes: Any,
) -> House:
    """Open a new house; ``smtp_port`` 9 is closed, so that nothing leaves by accident.

    ``trained=False`` is for tests that read no letter: training takes seconds. What else is given goes into the
    settings of the steps.
    """
    changes.setdefault("undo_seconds", 0)
    settings = StepSettings(
        demo=True, smtp=SmtpSettings(host="127.0.0.1", port=smtp_port, security="plain", timeout=10), **changes
    )
    db = support_database.opened(
        url,
        "staffed" if people else "bare",
        lambda at: Database(at, roles, home / "blobs"),
        add_people if people else _nobody,
    )
    house = House(
        db=db,
        rules=Editions(book()),
        letter_rules=letter_rules(),
        settings=settings,
        sources=sources,
        pages=PagePool(settings.read) if pages else None,
    )
    if trained:
        house.classifier = classifier(house)
    return house


_trained: list[Classifier] = []


def classifier(house: House) -> Classifier:
    """Return the classifier of the default rules, trained once a process, not once a house."""
    if not _trained:
        _trained.append(house.classifier)
    return _trained[0]


def add_people(db: Database) -> None:
    """Add the demonstration's staff, without passwords."""
    with db.session() as session:
        for one in load_people():
            staff.save(SYSTEM, session, Person(**one.model_dump(exclude={"signatory"})))


def _nobody(_db: Database) -> None:
    """Leave a register without staff."""


def actor(house: House, login: str) -> Actor:
    with house.db.session(write=False) as session:
        person = staff.by_login(session, login)
        assert person is not None, login
        return staff.actor_of(person)


def actors_with(house: House, role: str) -> list[Actor]:
    with house.db.session(write=False) as session:
        return [staff.actor_of(person) for person in staff.with_role(session, role)]


def mail_folder(folder: Path) -> EmlFolder:
    folder.mkdir(parents=True, exist_ok=True)
    return EmlFolder(folder, "eml:test", channel_address="company", settle_seconds=0)


def message(
    number: int = 1, *, text: str | None = None, subject: str = "Перерасчёт за отсутствие", name: str | None = None
) -> bytes:
    """An e-mail letter; every number gives another client."""
    mail = EmailMessage()
    local = f"client{number}"
    mail["From"] = Address(
        name or f"Ильясова Зухра Маратовна {number}".removesuffix(f" {number}"), addr_spec=f"{local}@mail.example"
    )
    mail["To"] = "info@eirc-rb.example"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{local}.{number}@mail.example>"
    mail["Date"] = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
    mail.set_content(
        text
        or f"Здравствуйте! Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября "
        f"2026 года, справка с места отдыха прилагается. Лицевой счёт 10020030{number:02}, г. Уфа, ул. Ленина, "
        f"д. {number}, кв. 12.\nИльясова Зухра Маратовна, тел. 8 917 123-45-{number:02}"
    )
    return mail.as_bytes()
