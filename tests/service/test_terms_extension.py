"""Extensions, data asked of the client and interim replies: the term stands, the breach stays visible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from smtpsink import running_sink
from sqlalchemy import select

from registry import appeals, clock, events, watch
from registry.errors import ForbiddenError, InputError, StateError
from registry.lists import Filter
from registry.models import ClientRequest, Dispatch, Extension, Part
from registry.terms import PaperDates
from rules.wire import Channel, ReplyKind
from steps import ask, draft, due, extend, receive, sign, views, work
from steps.house import House
from steps.watch import tick

pytestmark = pytest.mark.service

Make = Callable[..., House]
HARD = dt.date(2026, 11, 23)


def noon(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00+05:00")


def in_work(house: House) -> tuple[str, support.Actor]:
    """A letter of 22 October 2026 in work, due on Monday 23 November."""
    with clock.at(noon("2026-10-22")):
        receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
        for step in ("triage", "register", "read", "route"):
            assert work.run(support.SYSTEM, house, step).failed == 0
        number = views.queue(support.SYSTEM, house, Filter()).rows[0].number
        draft.correct_topic(support.actors_with(house, "registrar")[0], house, number, "C01.09")
        row = views.card(support.SYSTEM, house, number).row
        clerk = next(one for one in support.actors_with(house, "clerk") if row.queue in one.queues)
        draft.claim(clerk, house, number)
    assert row.due_hard == HARD
    return number, clerk


def manager(house: House) -> support.Actor:
    return support.actors_with(house, "manager")[0]


def test_an_extension_moves_no_term_and_hides_no_breach(make_house: Make) -> None:
    house = make_house()
    number, clerk = in_work(house)
    until = dt.date(2026, 12, 23)
    with clock.at(noon("2026-11-20")):
        with pytest.raises(ForbiddenError):
            extend.extend(clerk, house, number, until, reason="ждём ответ поставщика")
        limit = extend.extend(manager(house), house, number, until, reason="ждём ответ поставщика")
        assert limit.notice_due == HARD
        card = views.card(manager(house), house, number)
    assert (card.row.due_hard, card.row.extended_until) == (HARD, until)
    assert card.terms.extensions[0].told is None
    assert "59-ФЗ, ст. 12 ч. 2" in card.terms.extensions[0].basis
    with house.db.session(write=False) as session:
        told = [one for one in events.of(session, f"appeal:{card.row.id}") if one.kind == "appeal.extended"]
        assert (told[0].data["until"], told[0].data["due_hard"]) == ("2026-12-23", "2026-11-23")
        assert told[0].data["certainty"] == "doubtful"
        assert "поставщика" not in str(told[0].data)
    with clock.at(noon("2026-11-24")):
        with house.db.session() as session:
            assert watch.mark_overdue(support.SYSTEM, session) == 1
        row = views.card(manager(house), house, number).row
        assert (row.overdue, row.days_left) == (True, -1)


BOUNDS = (
    ("2026-11-20", "2026-12-24", "долго", None, "Так далеко продлить нельзя. Не позднее 23.12.2026"),
    ("2026-11-20", "2026-11-23", "долго", None, "позже нынешнего"),
    ("2026-11-20", "2026-12-01", "  ", None, "больше времени"),
    ("2026-11-20", "2026-12-01", "долго", " ", "основание"),
    ("2026-11-20", "2026-12-01", "долго", "х" * 401, "короче"),
    ("2026-11-24", "2026-12-01", "долго", None, "срок истёк 23.11.2026"),
)


def test_an_extension_has_its_bounds(make_house: Make) -> None:
    house = make_house()
    number, _ = in_work(house)
    for on, until, reason, basis, words in BOUNDS:
        with clock.at(noon(on)), pytest.raises((InputError, StateError), match=words):
            extend.extend(manager(house), house, number, dt.date.fromisoformat(until), reason=reason, basis=basis)
    with house.db.session(write=False) as session:
        assert session.scalars(select(Extension)).all() == []


def test_a_closed_appeal_is_not_extended(make_house: Make) -> None:
    house = make_house()
    number, _ = in_work(house)
    with house.db.session() as session:
        appeals.by_number(support.SYSTEM, session, number).is_open = False
    with clock.at(noon("2026-11-20")), pytest.raises(StateError, match="завершено"):
        extend.extend(manager(house), house, number, dt.date(2026, 12, 1), reason="долго")


def test_a_term_that_the_paper_names_is_not_ours_to_put_off(make_house: Make) -> None:
    house = make_house()
    number, _ = in_work(house)
    registrar = support.actors_with(house, "registrar")[0]
    with clock.at(noon("2026-10-26")):
        due.set_dates(registrar, house, number, PaperDates(stated=dt.date(2026, 11, 5)), "запрос суда")
        with pytest.raises(StateError, match="только тот, кто его назвал"):
            extend.extend(manager(house), house, number, dt.date(2026, 11, 20), reason="долго")


def test_the_client_is_asked_the_clock_runs_on_and_the_days_are_shown(make_house: Make) -> None:
    house = make_house()
    number, clerk = in_work(house)
    with clock.at(noon("2026-10-26")):
        with pytest.raises(InputError, match="какие сведения"):
            ask.ask_client(clerk, house, number, " ")
        with pytest.raises(InputError, match="уже прошла"):
            ask.ask_client(clerk, house, number, "справку", answer_by=dt.date(2026, 10, 25))
        ask.ask_client(clerk, house, number, "справку с места отдыха", answer_by=dt.date(2026, 11, 2))
    with clock.at(noon("2026-11-03")):
        card = views.card(clerk, house, number)
        assert (card.row.state, card.row.due_hard) == ("waiting_client", HARD)
        assert (card.terms.waiting_days, card.terms.requests[0].late) == (8, True)
        assert "answered" in card.allowed
        with pytest.raises(StateError, match="уже запрошены"):
            ask.ask_client(clerk, house, number, "ещё")
    with clock.at(noon("2026-11-05")):
        assert ask.client_answered(clerk, house, number)
        assert not ask.client_answered(clerk, house, number)
    with clock.at(noon("2026-11-20")):
        card = views.card(clerk, house, number)
        assert (card.row.state, card.row.due_hard, card.terms.waiting_days) == ("in_progress", HARD, 10)
        ask.ask_client(clerk, house, number, "второй документ")
    with clock.at(noon("2026-11-25")):
        card = views.card(clerk, house, number)
        assert (card.terms.waiting_days, card.row.overdue) == (15, True), "waiting is no excuse"


def test_an_interim_reply_that_left_in_time_is_tied_to_the_extension(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number, clerk = in_work(house)
        with clock.at(noon("2026-11-18")):
            extend.extend(manager(house), house, number, dt.date(2026, 12, 10), reason="ждём ответ поставщика")
            assert extend.link_notices(support.SYSTEM, house) == 0
        with clock.at(noon("2026-11-19")):
            _send_interim(house, number, clerk)
            card = views.card(clerk, house, number)
            assert card.terms.extensions[0].told == dt.date(2026, 11, 19), "shown before it is tied"
            assert tick(support.SYSTEM, house).told == 1
            assert tick(support.SYSTEM, house).told == 0
            card = views.card(clerk, house, number)
    assert (card.row.state, card.row.due_hard) == ("in_progress", HARD), "an interim reply closes nothing"
    assert card.terms.extensions[0].told_number == card.replies[0].out_number
    assert not card.terms.extensions[0].told_late
    assert card.terms.interim == [(card.replies[0].out_number, dt.date(2026, 11, 19))]


def test_an_answer_by_mail_brings_a_waiting_appeal_back_to_its_executor(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number, clerk = in_work(house)
        with clock.at(noon("2026-11-17")):
            _send_interim(house, number, clerk)
            ask.ask_client(clerk, house, number, "справку с места отдыха")
            ours = _message_id(house)
        with clock.at(noon("2026-11-18")):
            answer = f"In-Reply-To: {ours}\nFrom: other@mail.example\n".encode()
            receive.add(support.SYSTEM, house, "чужой.eml", answer + b"Subject: Re\n\nstranger")
            work.run(support.SYSTEM, house, "triage")
            assert views.card(clerk, house, number).row.state == "waiting_client", "a stranger answers for nobody"
            answer = f"In-Reply-To: {ours}\nFrom: client1@mail.example\n".encode()
            receive.add(support.SYSTEM, house, "ответ.eml", answer + "Subject: Re\n\nСправка.".encode())
            work.run(support.SYSTEM, house, "triage")
            card = views.card(clerk, house, number)
    assert (card.row.state, card.row.due_hard) == ("in_progress", HARD)
    assert card.row.executor == views.card(support.SYSTEM, house, number).row.executor
    assert card.row.executor
    with house.db.session(write=False) as session:
        request = session.scalars(select(ClientRequest)).one()
        part = session.scalars(select(Part).order_by(Part.id.desc())).first()
        assert part is not None
        assert (request.part_id, part.state, card.terms.waiting_days) == (part.id, "linked", 1)


def _message_id(house: House) -> str:
    with house.db.session(write=False) as session:
        kept = session.scalars(select(Dispatch.message_id)).one()
        return f"<{str(kept).strip('<>')}>"


def _send_interim(house: House, number: str, clerk: support.Actor) -> None:
    reply_id = draft.begin(clerk, house, number, ReplyKind.INTERIM)
    content = views.reply(clerk, house, reply_id)[1].content
    filled = content.model_copy(
        update={
            "salutation": "Уважаемая Зухра Маратовна!",
            "addressee": content.addressee or ["Ильясовой Зухре Маратовне"],
            "body": [
                "Для ответа по существу нужны сведения поставщика услуги, мы запросили их 18.11.2026.",
                "Ответ по существу мы направим Вам письмом не позднее 10.12.2026.",
            ],
        }
    )
    draft.save(clerk, house, reply_id, filled)
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    report = sign.submit(clerk, house, reply_id, signatory.person_id)
    assert report.blocking == []
    sign.approve(manager(house), house, reply_id)
    sign.accept(signatory, house, reply_id)
    sign.complete(signatory, house, reply_id, "approval")
    assert work.run(support.SYSTEM, house, "send").done == 1
