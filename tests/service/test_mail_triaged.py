"""What triage says of a mail becomes of it: forms, thanks after an answer, what a person must look at, second looks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
import support_house as support
from sqlalchemy import select, update

from intake.malware import UncheckedError
from registry.errors import InputError
from registry.models import Appeal, Arrival, Dispatch, Document, Part
from steps import triage, views, work
from steps.house import House

pytestmark = pytest.mark.service

STEPS = ("receive", "triage", "register", "read", "route", "acknowledge")
FORM = """From: Сайт <noreply@eirc-rb.example>
Subject: Новое обращение
Auto-Submitted: auto-generated
Content-Type: text/plain; charset=utf-8

ФИО: Ильясова Зухра Маратовна
E-mail: zukhra@mail.example
Телефон: 8 917 123-45-67
Лицевой счёт: 1002003004
Текст обращения: Прошу сделать перерасчёт платы за воду за время отсутствия с 1 по 20 октября.
"""

Make = Callable[..., House]


@pytest.fixture
def house(make_house: Make, inbox: Path) -> House:
    return make_house(people=False, sources=[support.mail_folder(inbox)], acknowledge=True)


def walk(house: House, inbox: Path, name: str, raw: bytes, *steps: str) -> None:
    (inbox / name).write_bytes(raw)
    for step in steps or STEPS:
        assert work.run(support.SYSTEM, house, step).failed == 0


def appeals_of(house: House) -> list[Appeal]:
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Appeal).order_by(Appeal.id)))


def test_a_form_of_the_site_comes_in_as_the_virtual_reception(house: House, inbox: Path) -> None:
    walk(house, inbox, "1.eml", FORM.encode())
    (appeal,) = appeals_of(house)
    assert appeal.channel == "virtual_reception"
    assert appeal.ack_state == "none", "nobody has proved the address"
    card = views.card(support.SYSTEM, house, appeal.reg_number)
    assert card.author.emails == ["zukhra@mail.example"]
    assert (card.author.last_name, card.author.account_number) == ("Ильясова", "1002003004")


def answer(house: House, text: str) -> bytes:
    """The client answers the first letter that we sent him."""
    with house.db.session(write=False) as session:
        sent = session.scalars(select(Dispatch).order_by(Dispatch.id)).first()
        assert sent is not None
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sent.address, "info@eirc-rb.example", "Re: ответ"
        mail["In-Reply-To"] = f"<{sent.message_id}>"
    mail.set_content(text)
    return mail.as_bytes()


def test_thanks_after_the_answer_are_registered_as_thanks(house: House, inbox: Path) -> None:
    walk(house, inbox, "1.eml", support.message(1))
    walk(house, inbox, "2.eml", answer(house, "Спасибо!"))
    assert len(appeals_of(house)) == 1, "while the case is open it is laid beside it"
    with house.db.session() as session:
        session.execute(update(Appeal).values(state="replied", is_open=False))  # the way there is another test's
    walk(house, inbox, "3.eml", answer(house, "Спасибо за ответ, всё понятно."))
    walk(house, inbox, "4.eml", answer(house, "Спасибо, но прошу ещё раз пересчитать плату."))
    first, thanks, again = appeals_of(house)
    assert (thanks.kind, thanks.related_to) == ("gratitude", first.id)
    assert again.kind != "gratitude"
    assert again.related_to == first.id


def with_file(name: str, data: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "client@mail.example", "info@eirc-rb.example", "Перерасчёт"
    mail.set_content("Прошу сделать перерасчёт, справка во вложении. Иванова Мария Петровна")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def locked_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("spravka.txt", "text")
    data = bytearray(buffer.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1  # the flag of encryption
    return bytes(data)


def test_a_locked_archive_is_registered_and_shown_to_a_person(house: House, inbox: Path) -> None:
    walk(house, inbox, "1.eml", with_file("справка.zip", locked_zip()))
    (appeal,) = appeals_of(house)
    assert appeal.state == "in_verification"
    assert any("защищено паролем" in reason for reason in appeal.reasons)


def test_a_letter_over_the_limits_is_registered_and_shown_to_a_person(house: House, inbox: Path) -> None:
    head = b"From: client@mail.example\r\nSubject: =?utf-8?B?0J/QtdGA0LXRgNCw0YHRh9GR0YI=?=\r\n"
    deep = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 1_100 + b"--b--\r\n"
    walk(house, inbox, "1.eml", head + deep)
    (appeal,) = appeals_of(house)
    assert (appeal.state, appeal.subject) == ("in_verification", "Перерасчёт")


class Checker:
    """Stands for clamd; the real one is tried by tests/mail/test_malware.py."""

    def __init__(self) -> None:
        self.silent = False

    def check(self, data: bytes) -> str | None:
        if self.silent:
            raise UncheckedError("silent")
        return "Test.Threat" if b"bad words" in data or b"YmFkIHdvcmRz" in data else None


def documents(house: House) -> list[Document]:
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Document).where(Document.role == "attachment")))


def test_an_infected_file_is_quarantined_and_the_letter_goes_on(house: House, inbox: Path) -> None:
    house.malware = Checker()
    walk(house, inbox, "1.eml", with_file("справка.txt", b"bad words"))
    (appeal,) = appeals_of(house)
    (file,) = documents(house)
    assert (file.risk, file.state) == ("infected", "refused")
    assert "Test.Threat" in (file.reason or "")
    assert any("карантин" in reason for reason in appeal.reasons)
    with pytest.raises(InputError, match="карантин"):
        views.document_file(support.SYSTEM, house, file.id, archive=False)


def test_what_could_not_be_checked_is_not_read_until_it_was(house: House, inbox: Path) -> None:
    checker = Checker()
    checker.silent = True
    house.malware = checker
    walk(house, inbox, "1.eml", with_file("справка.txt", b"good words"), "receive", "triage", "register")
    assert [(file.risk, file.state) for file in documents(house)] == [("unchecked", "refused")]
    assert len(appeals_of(house)) == 1, "the letter has its number all the same"
    checker.silent = False
    assert work.run(support.SYSTEM, house, "read").failed == 0
    assert [(file.risk, file.state) for file in documents(house)] == [("none", "read")]


def test_a_robots_mail_can_be_overruled_into_an_appeal(house: House, inbox: Path) -> None:
    raw = b"From: client@mail.example\nSubject: Leave\nAuto-Submitted: auto-replied\n\nI write by a program."
    walk(house, inbox, "1.eml", raw)
    assert appeals_of(house) == []
    (robot,) = views.beside(support.SYSTEM, house)
    assert (robot.verdict_title, robot.number) == ("Автоответ", None)
    assert "Auto-Submitted" in robot.reasons[0]
    triage.decide(support.SYSTEM, house, robot.part_id, register=True, reason="пишет человек")
    assert work.run(support.SYSTEM, house, "register").done == 1
    assert len(appeals_of(house)) == 1
    assert views.beside(support.SYSTEM, house) == []


def test_one_letter_that_breaks_a_step_costs_itself_alone(
    house: House, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry import arrivals

    for number in range(5):
        (inbox / f"{number}.eml").write_bytes(support.message(number, subject=f"Письмо {number}"))
    work.run(support.SYSTEM, house, "receive")
    whole = arrivals.split_many

    def breaks(actor: object, session: object, splits: list[arrivals.Split]) -> object:
        if any(new.subject == "Письмо 3" for one in splits for new in one.parts):
            raise ValueError("broken")
        return whole(actor, session, splits)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals, "split_many", breaks)
    done = work.run(support.SYSTEM, house, "triage")
    assert (done.done, done.failed) == (4, 1)
    assert work.run(support.SYSTEM, house, "register").done == 4
    with house.db.session(write=False) as session:
        assert session.scalars(select(Arrival.work_error).where(Arrival.state == "waiting")).all() == ["ValueError"]
        assert {part.state for part in session.scalars(select(Part))} == {"registered"}
