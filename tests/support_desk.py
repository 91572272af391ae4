"""A real house on SQLite with a day's letters in it, for the tests of the desk."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import httpx
import support_database
import support_house
import uvicorn
from pydantic import SecretStr

from desk import serve
from desk.settings import DeskSettings
from intake.pool import PagePool
from otvet.demo.people import load_people
from outbox.check.rulebook import load_rules
from outbox.smtp import SmtpSettings
from registry import clock, staff
from registry.actor import Actor, system
from registry.database import Database
from registry.lists import Filter
from registry.models import Person
from rules import book as rule_book
from rules.editions import Editions
from rules.wire import Channel
from steps import draft, receive, views, work
from steps.house import House, StepSettings

PASSWORD = "проверка-123"
SYSTEM = system("test")


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter by e-mail and how many days ago it came."""

    name: str
    address: str
    subject: str
    text: str
    days_ago: int


RECALCULATION = Mail(
    "Галимова Резеда Ильдаровна",
    "galimova@mail.example",
    "Перерасчёт платы за отопление",
    "Здравствуйте! Прошу сделать перерасчёт платы за отопление за октябрь 2026 года: в нашей квартире с 1 по 15 "
    "октября отопления не было, а начислили полностью. Лицевой счёт 1002003004, г. Уфа, ул. Ленина, д. 5, кв. 12.\n"
    "Галимова Резеда Ильдаровна, тел. 8 917 123-45-67",
    3,
)
LATE = Mail(
    "Петров Андрей Павлович",
    "petrov@mail.example",
    "Неверно начислена плата за отопление",
    "Добрый день. В квитанции за сентябрь неверно начислена плата за отопление, сделайте перерасчёт. "
    "Лицевой счёт 1002003055, г. Уфа, ул. Пушкина, д. 7, кв. 1.\nПетров Андрей Павлович",
    38,
)
HOSTILE = Mail(
    "<script>document.title='взломано'</script>",
    "hostile@mail.example",
    "{{7*7}} <img src=x onerror=\"document.title='взломано'\">",
    "Прошу сделать перерасчёт за отопление. {{7*7}} {% for x in y %} <script>document.title='взломано'</script>\n"
    "</textarea><script>document.title='взломано'</script> Лицевой счёт 1002003077.",
    5,
)
THREAT = Mail(
    "Неизвестный",
    "threat@mail.example",
    "Последнее предупреждение",
    "Если не пересчитаете плату за отопление, я приду к вам в офис с ножом и взорву всё здание. Я вас всех убью.",
    2,
)
DAY_OF_MAIL = (RECALCULATION, LATE, HOSTILE, THREAT)


def build(home: Path, *, demo: bool = True, database: str | None = None) -> House:
    """Open a new house with the demonstration's staff in it, on SQLite in ``home`` unless a database is named."""
    book = rule_book.load()
    settings = StepSettings(demo=demo, smtp=SmtpSettings(host="127.0.0.1"), undo_seconds=0)
    db = support_database.opened(
        database or f"sqlite:///{home / 'otvet.db'}",
        "with-passwords",
        lambda url: Database(url, lambda: book.roles, home / "blobs"),
        _add_people,
    )
    house = House(
        db=db, rules=Editions(book), letter_rules=load_rules(), settings=settings, pages=PagePool(settings.read)
    )
    house.classifier = support_house.classifier(house)
    return house


def _add_people(db: Database) -> None:
    with db.session() as session:
        for one in load_people():
            fields = one.model_dump(exclude={"signatory"})
            staff.save(SYSTEM, session, Person(**fields), PASSWORD)


@contextlib.contextmanager
def site(house: House, home: Path) -> Iterator[str]:
    """Serve the desk of a house and give its address."""
    settings = DeskSettings(port=0, home=home, api_token=SecretStr("проверка".encode().hex() * 4))
    with running(serve.server(house, settings)) as url:
        yield url


def visitor(url: str, role: str) -> httpx.Client:
    """Log in as the first of the demonstration's staff with a role."""
    return enter(url, next(one.login for one in load_people() if role in one.roles))


def enter(url: str, login: str) -> httpx.Client:
    """Log in by name."""
    client = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
    client.post("/login", data={"csrf": token(client, "/login"), "login": login, "password": PASSWORD})
    return client


def token(client: httpx.Client, path: str) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def actor(house: House, login: str) -> Actor:
    """Return a member of staff as an actor."""
    with house.db.session(write=False) as session:
        person = staff.by_login(session, login)
        assert person is not None
        return staff.actor_of(person)


def deliver(house: House, *mails: Mail) -> None:
    """Let e-mails come in on their days and walk to their queues."""
    for mail in sorted(mails, key=lambda one: -one.days_ago):
        with clock.at(clock.now() - dt.timedelta(days=mail.days_ago)):
            receive.add(SYSTEM, house, "письмо.eml", as_bytes(mail), channel=Channel.EMAIL)
            for step in ("triage", "register"):
                work.run(SYSTEM, house, step)
    for step in ("read", "route", "watch"):
        work.run(SYSTEM, house, step)
    _let_the_records_office_look(house)


def _let_the_records_office_look(house: House) -> None:
    """Letters whose topic the machine was not sure of get it from a person and go to their queue."""
    registrar = actor(house, next(one.login for one in load_people() if "registrar" in one.roles))
    for row in views.queue(registrar, house, Filter(state="in_verification")).rows:
        draft.correct_topic(registrar, house, row.number, "C01.05")


def as_bytes(mail: Mail) -> bytes:
    """Return the message as a mail server would hand it over."""
    message = EmailMessage()
    message["From"] = Address(mail.name, addr_spec=mail.address)
    message["To"] = "info@eirc-rb.example"
    message["Subject"] = mail.subject
    message["Message-ID"] = f"<{mail.address}>"
    message["Date"] = clock.now() - dt.timedelta(days=mail.days_ago)
    message.set_content(mail.text)
    return message.as_bytes()


@contextlib.contextmanager
def running(server: uvicorn.Server) -> Iterator[str]:
    """Run a server in a thread and give its address."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started, "the desk did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
