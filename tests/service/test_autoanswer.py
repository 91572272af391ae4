"""Automatic answers: off at first, only simple and sure questions, approved words, a log, caps, one click to stop."""

from __future__ import annotations

import email
from collections.abc import Callable
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
import support_house as support
from smtpsink import Sink
from sqlalchemy import select

from registry import autoanswers, dispatches
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, AutoAnswer, Dispatch, Number, Reply
from rules.book import RuleBook
from rules.editions import Editions
from steps import autoanswer, reopen, send, views, work
from steps.house import House
from steps.views import autoanswers as pages

pytestmark = pytest.mark.service

STEPS = ("receive", "triage", "register", "read", "route", "acknowledge", "answer", "send")
READINGS = (
    "Здравствуйте! Подскажите, пожалуйста, в какие сроки и какими способами можно передать показания счётчиков воды? "
    "С какого по какое число их принимают?\nИльясова Зухра Маратовна"
)


@pytest.fixture
def house(make_house: Callable[..., House], inbox: Path, sink: Sink) -> House:
    for path in (sink.folder / "new").glob("*.eml"):
        path.unlink()
    made = make_house(smtp_port=sink.port, sources=[support.mail_folder(inbox)])
    made.rules = Editions(without_waiting(made.book))
    return made


def without_waiting(book: RuleBook) -> RuleBook:
    """The rules, but an answer leaves at once and any sureness of the topic will do."""
    changed = book.autoanswer.model_copy(update={"undo_minutes": 0, "confidence": 0.5, "daily_total": 3})
    return book.model_copy(update={"autoanswer": changed})


def question(place: int, text: str = READINGS, subject: str = "Передача показаний счётчиков") -> bytes:
    return support.message(place, text=text, subject=subject)


def walk(house: House) -> None:
    for step in STEPS:
        assert work.run(support.SYSTEM, house, step).failed == 0, step


def come(house: House, inbox: Path, *letters: bytes) -> None:
    for letter in letters:
        (inbox / f"{abs(hash(letter))}.eml").write_bytes(letter)
    walk(house)


def signatory(house: House) -> object:
    return support.actors_with(house, "signatory")[0]


def rows(house: House, table: type) -> list:  # type: ignore[type-arg] # of whatever the table holds
    with house.db.session(write=False) as session:
        return list(session.scalars(select(table).order_by(table.issued_at if table is Number else table.id)))


def answers(sink: Sink) -> list[Message]:
    return [email.message_from_bytes(one) for one in sink.stored]


def test_nothing_is_answered_until_a_signatory_turns_it_on(house: House, inbox: Path, sink: Sink) -> None:
    come(house, inbox, question(1))
    assert answers(sink) == []
    assert rows(house, AutoAnswer) == []
    manager = support.actors_with(house, "manager")[0]
    with pytest.raises(ForbiddenError, match="только подписант"):
        autoanswer.turn_on(manager, house, "приказ")
    with pytest.raises(InputError, match="основание"):
        autoanswer.turn_on(signatory(house), house, " ")
    assert not pages.page(manager, house).turned_on
    assert "C04.06" in autoanswer.turn_on(signatory(house), house, "приказ № 1")
    assert pages.page(manager, house).turned_on
    walk(house)
    assert answers(sink) == [], "letters that came before go their way to people"


def test_a_simple_question_is_answered_once_and_the_case_is_answered(house: House, inbox: Path, sink: Sink) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1))
    walk(house)
    (mail,) = answers(sink)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["To"] == "client1@mail.example"
    (appeal,) = rows(house, Appeal)
    assert (appeal.state, appeal.topic_code) == ("replied", "C04.06")
    (decided,) = rows(house, AutoAnswer)
    assert (decided.verdict, decided.topic_code) == ("answered", "C04.06")
    (reply,) = rows(house, Reply)
    assert reply.out_number
    content = views.reply(support.SYSTEM, house, reply.id)[1].content
    assert "двадцать пятое число" in " ".join(content.body)
    assert "[" not in " ".join(content.body)
    shown = pages.page(support.actors_with(house, "manager")[0], house)
    assert [(one.number, one.answered, one.state) for one in shown.log] == [(appeal.reg_number, True, "Отправлено")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (READINGS * 20, "long"),
        (READINGS + "\nПрошу направить ответ заказным письмом.", "channel"),
        (READINGS + "\nИ почему мне начислили такую большую сумму за отопление в октябре?", "topics"),
    ],
)
def test_a_doubtful_letter_is_left_to_people_with_the_reason(
    house: House, inbox: Path, sink: Sink, text: str, why: str
) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1, text))
    assert answers(sink) == []
    (appeal,) = rows(house, Appeal)
    assert appeal.state in {"routed", "in_verification"}
    assert [one.why for one in rows(house, AutoAnswer)] in ([why], []), "what nobody is sure of is not even a candidate"
    assert rows(house, Number)[-1].journal == "incoming", "no outgoing number was spent"


def test_a_complex_question_or_an_alarm_is_never_answered(house: House, inbox: Path, sink: Sink) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    threat = READINGS + "\nЕсли не ответите, я приду к вам в офис с ножом и всех убью."
    come(house, inbox, support.message(1), question(2, threat))
    assert answers(sink) == []
    assert [one for one in rows(house, Reply) if one.sign_way == autoanswers.SCRIPT] == []


def test_changed_words_wait_for_the_signatory(house: House, inbox: Path, sink: Sink) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    rules = house.book.autoanswer
    changed = [
        one.model_copy(update={"values": {**one.values, "телефон": "+7 (347) 200-00-99"}}) if one.values else one
        for one in rules.answers
    ]
    book = house.book.model_copy(update={"autoanswer": rules.model_copy(update={"answers": tuple(changed)})})
    house.rules = Editions(book)
    come(house, inbox, question(1))
    assert answers(sink) == []
    assert [one.why for one in rows(house, AutoAnswer)] == ["approval"]


def test_one_click_stops_and_brings_back_what_waits(house: House, inbox: Path, sink: Sink) -> None:
    rules = house.book.autoanswer.model_copy(update={"undo_minutes": 30})
    house.rules = Editions(house.book.model_copy(update={"autoanswer": rules}))
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1))
    assert answers(sink) == [], "it waits to be taken back"
    (appeal,) = rows(house, Appeal)
    assert appeal.state == "sending"
    assert autoanswer.stop(support.actors_with(house, "admin")[0], house, "жалобы") == [appeal.reg_number]
    (appeal,) = rows(house, Appeal)
    assert appeal.state == "routed"
    (reply,) = rows(house, Reply)
    assert reply.state == "cancelled"
    assert {one.status for one in rows(house, Number) if one.reply_id == reply.id} == {"cancelled"}
    come(house, inbox, question(2))
    assert answers(sink) == []
    assert len(rows(house, AutoAnswer)) == 1


def test_a_person_takes_an_answer_back_and_writes_his_own(house: House, inbox: Path, sink: Sink) -> None:
    rules = house.book.autoanswer.model_copy(update={"undo_minutes": 30})
    house.rules = Editions(house.book.model_copy(update={"autoanswer": rules}))
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1))
    (reply,) = rows(house, Reply)
    front = next(one for one in support.actors_with(house, "front_office") if "FRONT" in one.queues)
    number = send.take_back(front, house, reply.id, "клиент спрашивал о другом")
    card = views.card(front, house, number)
    assert card.row.state == "in_progress"
    assert card.replies[0].state == "draft"
    assert "draft" in card.allowed
    with pytest.raises(StateError):
        send.take_back(front, house, reply.id, "ещё раз")
    assert work.run(support.SYSTEM, house, "send").done == 0
    assert answers(sink) == []


def robot_answer(to: Message, place: int) -> bytes:
    """A robot at the other end that knows no manners: no mark of being one, a new thread, and a simple question."""
    mail = EmailMessage()
    mail["From"] = str(to["To"]).upper() if place % 2 else str(to["To"])
    mail["To"] = "info@eirc-rb.example"
    mail["Subject"] = f"Передача показаний счётчиков {place}"
    mail["Message-ID"] = f"<robot.{place}@mail.example>"
    mail.set_content(READINGS.replace("воды", f"воды № {place}"))
    return mail.as_bytes()


def test_two_robots_fall_silent_after_a_few_letters(make_house: Callable[..., House], inbox: Path, sink: Sink) -> None:
    """Whatever their robot sends back, one address gets so many letters of ours a day and no more."""
    for path in (sink.folder / "new").glob("*.eml"):
        path.unlink()
    house = make_house(smtp_port=sink.port, sources=[support.mail_folder(inbox)], acknowledge=True, auto_daily=3)
    house.rules = Editions(without_waiting(house.book))
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1))
    answered = 0
    for round_ in range(1, 7):
        fresh = answers(sink)[answered:]
        answered += len(fresh)
        come(house, inbox, *(robot_answer(mail, 10 * round_ + place) for place, mail in enumerate(fresh)))
    assert answers(sink)[answered:] == []
    assert 0 < answered <= 3
    assert len(rows(house, Appeal)) == answered + 1, "every letter of the robot is a numbered case all the same"
    assert {one.why for one in rows(house, AutoAnswer) if one.verdict == "left"} <= {"daily_cap", "repeat"}


def test_the_day_has_a_cap_over_all_addresses(house: House, inbox: Path, sink: Sink) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, *(question(place) for place in range(1, 6)))
    left = {one.why for one in rows(house, AutoAnswer) if one.verdict == "left"}
    assert len(answers(sink)) <= 3
    assert left <= {"daily_total", "repeat"}
    assert left


def test_nothing_goes_by_itself_to_an_address_that_was_refused(house: House, inbox: Path, sink: Sink) -> None:
    autoanswer.turn_on(signatory(house), house, "приказ № 1")
    come(house, inbox, question(1))
    with house.db.session() as session:
        row = session.scalars(select(Dispatch)).one()
        dispatches.bounced(support.SYSTEM, session, row, {"status": "5.1.1"})
    assert rows(house, Appeal)[0].state == "undelivered"
    come(house, inbox, question(1, READINGS + "\nЖду.", "Показания, ещё раз"))
    assert len(answers(sink)) == 1
    records = support.actors_with(house, "registrar")[0]
    reopen.resend(records, house, row.id, "email", row.address)
    assert work.run(support.SYSTEM, house, "send").failed == 0
    assert len(answers(sink)) == 2, "a person may try it again"
