"""Acknowledgement of registration: sent once to who wrote, in words of the rules, and never in a loop with a robot."""

from __future__ import annotations

import email
import email.header
from collections.abc import Callable
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
import support_house as support
from smtpsink import Sink
from sqlalchemy import select

from registry import chains
from registry.models import Appeal, Dispatch
from steps import reconcile, views, work
from steps.house import House

pytestmark = pytest.mark.service

STEPS = ("receive", "triage", "register", "read", "route", "acknowledge", "send")

Make = Callable[..., House]


@pytest.fixture
def house(make_house: Make, inbox: Path, sink: Sink) -> House:
    for path in (sink.folder / "new").glob("*.eml"):
        path.unlink()
    return make_house(
        people=False, smtp_port=sink.port, sources=[support.mail_folder(inbox)], acknowledge=True,
        mail_return="info+{tag}@eirc-rb.example",
    )  # fmt: skip


def walk(house: House) -> None:
    for step in STEPS:
        assert work.run(support.SYSTEM, house, step).failed == 0


def left(sink: Sink) -> list[Message]:
    return [email.message_from_bytes(one) for one in sink.stored]


def words(message: Message) -> str:
    plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    data = plain.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def appeals_of(house: House) -> list[Appeal]:
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Appeal).order_by(Appeal.id)))


def test_who_wrote_is_told_number_date_and_term_once(house: House, inbox: Path, sink: Sink) -> None:
    (inbox / "1.eml").write_bytes(support.message(1))
    walk(house)
    walk(house)
    (appeal,) = appeals_of(house)
    (mail,) = left(sink)
    text = words(mail)
    assert appeal.reg_number in text
    assert f"{appeal.due_hard:%d.%m.%Y}" in text
    assert "Ильясова" not in text
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<client1.1@mail.example>"
    assert mail["To"] == "client1@mail.example"
    assert mail["X-Envelope-From"].startswith("info+b1-")
    subject = str(email.header.make_header(email.header.decode_header(mail["Subject"])))
    assert subject.startswith(f"Обращение зарегистрировано: вх. № {appeal.reg_number} от ")
    assert appeal.ack_state == "sent"
    assert appeal.state in {"routed", "in_verification"}, "an acknowledgement answers nothing"
    card = views.card(support.SYSTEM, house, appeal.reg_number)
    assert card.replies[0].out_number is not None
    assert card.replies[0].out_number.startswith("УВ-")
    assert card.ack_title == "Уведомление о регистрации отправлено"
    assert reconcile.whole(support.SYSTEM, house) == []
    with house.db.session(write=False) as session:
        assert chains.verify(session, f"appeal:{appeal.id}") > 0


def test_a_reply_can_be_written_while_the_acknowledgement_waits(house: House, inbox: Path) -> None:
    support.add_people(house.db)
    (inbox / "1.eml").write_bytes(support.message(1))
    for step in STEPS[:-1]:
        work.run(support.SYSTEM, house, step)
    (appeal,) = appeals_of(house)
    from test_way_of_a_letter import prepare

    reply_id, _ = prepare(house, appeal.reg_number)
    assert views.reply(support.SYSTEM, house, reply_id)[1].state == "in_approval"


def robot(number: int, **fields: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "robot@other.example"
    mail["Subject"] = f"Заявка принята {number}"
    mail["Message-ID"] = f"<r{number}@other.example>"
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"Ваше письмо рассмотрим, номер заявки {number}. Просим пересчитать плату.")
    return mail.as_bytes()


def test_two_robots_do_not_write_to_each_other_for_ever(house: House, inbox: Path, sink: Sink) -> None:
    """The other one answers each letter with a new one and says nowhere that it is a robot."""
    (inbox / "0.eml").write_bytes(robot(0))
    answered = 0
    for turn in range(1, 9):
        walk(house)
        for _ in left(sink)[answered:]:
            answered += 1
            (inbox / f"{turn}.eml").write_bytes(robot(turn))
    assert answered == house.settings.auto_daily == 3
    states = [appeal.ack_state for appeal in appeals_of(house)]
    assert states == ["sent", "sent", "sent", "none"]


def test_robots_forms_and_our_own_get_no_letter(house: House, inbox: Path, sink: Sink) -> None:
    (inbox / "1.eml").write_bytes(robot(1, Auto_Submitted="auto-generated", Reply_To="client@mail.example"))
    (inbox / "2.eml").write_bytes(robot(2, Reply_To="client@mail.example"))
    (inbox / "3.eml").write_bytes(robot(3).replace(b"robot@other.example", b"clerk@eirc-rb.example"))
    walk(house)
    assert [appeal.ack_state for appeal in appeals_of(house)] == ["none"] * 3
    assert left(sink) == []


def test_a_bounced_acknowledgement_names_the_bad_address_and_moves_nothing(
    house: House, inbox: Path, sink: Sink
) -> None:
    (inbox / "1.eml").write_bytes(support.message(1))
    walk(house)
    (mail,) = left(sink)
    report = EmailMessage()
    report["From"] = "MAILER-DAEMON@mx.example"
    report["To"] = mail["X-Envelope-From"]
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.set_content("client1@mail.example: 550 5.1.1 no such user")  # nothing of our letter is quoted
    (inbox / "2.eml").write_bytes(report.as_bytes())
    walk(house)
    (appeal,) = appeals_of(house)
    assert appeal.ack_state == "failed"
    assert appeal.state in {"routed", "in_verification"}
    with house.db.session(write=False) as session:
        (row,) = session.scalars(select(Dispatch))
        assert row.state == "failed"
        assert (row.address, row.proof[-1]["bounce"]["part"]) == ("client1@mail.example", 2)


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("registered", "Ваше обращение зарегистрировано {date}.", "не назван номер"),
        ("registered", "Ваше обращение зарегистрировано за № {number}.", "не назван день регистрации"),
        ("term", "Ответим скоро.", "не назван срок"),
    ],
)
def test_words_without_number_date_or_term_are_refused(field: str, words: str, said: str) -> None:
    rules = support.book().acknowledgement
    with pytest.raises(ValueError, match=said):
        type(rules).model_validate({**rules.model_dump(), field: words})
