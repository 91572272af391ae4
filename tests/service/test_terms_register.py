"""Terms in the register, on both databases: dates and rules that people enter, recomputation with its trace, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import support_house as support
from sqlalchemy import select

from registry import appeals, clock, events, lists, watch
from registry.errors import ForbiddenError, InputError, StaleError, StateError
from registry.models import Appeal, AppealItem, Event, Party
from registry.terms import PaperDates
from rules.book import RuleBook
from rules.editions import Editions
from rules.wire import Channel, Due
from steps import draft, due, receive, views, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
NOON = dt.datetime(2026, 10, 22, 12, tzinfo=clock.LOCAL)
CLAIM = (
    "Претензия. ООО «Ромашка», ИНН 0274101010. Исх. № 17 от 14.10.2026. В соответствии с договором энергоснабжения "
    "просим в досудебном порядке оплатить задолженность и неустойку. Директор Каримов Р.А."
)
TWO = (
    "Здравствуйте!\n1. Прошу сделать перерасчёт платы за воду за время моего временного отсутствия с 1 по 20 октября.\n"
    "2. Прошу объяснить, почему в квитанции выросла плата за отопление.\nЛицевой счёт 1002003001, Ильясова З.М."
)


def walk_in(house: House, *letters: bytes, channel: Channel = Channel.EMAIL) -> list[str]:
    """Letters received at noon of 22 October 2026; their numbers."""
    with clock.at(NOON):
        for place, data in enumerate(letters):
            receive.add(support.SYSTEM, house, f"{place}.eml", data, channel=channel)
        for step in ("triage", "register", "read", "route"):
            assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Appeal.reg_number).order_by(Appeal.id)))


def registrar(house: House) -> support.Actor:
    return support.actors_with(house, "registrar")[0]


def kept(house: House, number: str) -> Appeal:
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert [item.ordinal for item in appeal.items]
        assert appeal.parties
        return appeal


def deeds(house: House, appeal: Appeal, kind: str) -> list[dict[str, Any]]:
    with house.db.session(write=False) as session:
        return [event.data for event in events.of(session, f"appeal:{appeal.id}") if event.kind == kind]


def changed(rule_id: str, version: str, **change: Any) -> Editions:
    """Another edition of the rules: one rule of terms changed."""
    book = support.book()
    rules = tuple(rule.model_copy(update=change) if rule.id == rule_id else rule for rule in book.deadlines.rules)
    deadlines = book.deadlines.model_copy(update={"rules": rules})
    deadlines.__dict__.pop("by_id", None)
    made: RuleBook = book.model_copy(
        update={"deadlines": deadlines, "deadline_editions": (deadlines,), "version": version}
    )
    return Editions(made)


def well_founded(due_: dict[str, Any]) -> None:
    found = Due.model_validate(due_)
    for one in (found.hard, found.target):
        assert one.rule
        assert one.basis
        assert one.certainty
        assert len(one.explanation) >= 3
        assert one.explanation[-1].startswith(f"Итог: {one.date:%d.%m.%Y}")


def check_all(house: House) -> int:
    """Promise P4 for every row that stands; returns how many appeals were looked at."""
    with house.db.session(write=False) as session:
        rows = session.scalars(select(Appeal)).all()
        for appeal in rows:
            well_founded(appeal.due)
            assert appeal.due["hard"]["date"] == appeal.due_hard.isoformat()
            assert appeal.due["target"]["date"] == appeal.due_target.isoformat()
            assert appeal.due_provisional == appeal.due["hard"]["provisional"]
            own = [item.due_hard for item in appeal.items if item.due_hard]
            assert appeal.control_date == min([appeal.due_hard, *own])
        for item in session.scalars(select(AppealItem)):
            assert (item.due is None) == (item.due_hard is None) == (item.due_rule is None)
            if item.due is not None:
                well_founded(item.due)
        return len(rows)


def test_no_appeal_stands_without_rule_basis_certainty_and_explanation(make_house: Make) -> None:
    house = make_house()
    with clock.at(NOON):
        for place, text in enumerate((None, TWO, CLAIM, "", "Требую ответ! " * 3)):
            receive.add(support.SYSTEM, house, f"{place}.eml", support.message(place, text=text))
        for step, count in (("triage", 0), ("register", 5), ("read", 5), ("route", 5)):
            work.run(support.SYSTEM, house, step)
            assert check_all(house) == count
    with house.db.session(write=False) as session:
        numbers = list(session.scalars(select(Appeal.reg_number).order_by(Appeal.id)))
    records = registrar(house)
    for number, code in zip(numbers, ("C02.01", "C16.03", "B06.01", "C12.01", "B12.01"), strict=True):
        draft.correct_topic(records, house, number, code, segment="B2B" if code.startswith("B") else "B2C")
        check_all(house)
    due.set_dates(records, house, numbers[4], PaperDates(stated=dt.date(2026, 11, 1)), "текст запроса")
    due.choose_rule(records, house, numbers[3], "ADVOCATE_30C", "автор — адвокат")
    house.rules = changed("STD_30C", "p4", quantity=25)
    assert due.recompute_open(support.SYSTEM, house, "новая редакция").looked == 5
    assert check_all(house) == 5


def test_every_question_of_a_letter_has_its_own_term(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1, text=TWO))[0]
    assert len(kept(house, number).items) == 2
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number, lock=True)
        for item, code in zip(appeal.items, ("C02.01", "C13.03"), strict=True):
            item.topic_code, item.confirmed_by = code, "person:1"
        due.recompute(support.SYSTEM, session, house, appeal)
    appeal = kept(house, number)
    assert [(item.due_rule, item.due_hard) for item in appeal.items] == [
        ("P354_ABSENCE_5WD", dt.date(2026, 10, 29)),
        ("ZPP_10C", dt.date(2026, 11, 2)),
    ]
    assert appeal.due_hard == appeal.control_date == dt.date(2026, 10, 29)
    shown = views.card(registrar(house), house, number).terms
    assert [one.due.hard.rule for one in shown.items if one.due] == ["P354_ABSENCE_5WD", "ZPP_10C"]
    told = deeds(house, appeal, "appeal.due_set")[-1]
    assert (told["items"][-1]["item"], told["items"][-1]["rule"]) == (2, "ZPP_10C"), "only what changed is told"


def test_a_claim_counts_from_the_clients_date_until_the_postmark_is_entered(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1, text=CLAIM), channel=Channel.POST)[0]
    records = registrar(house)
    draft.correct_topic(records, house, number, "B06.01", segment="B2B")
    draft.correct_sender(records, house, number, {"client_ref_date": None, "letter_date": dt.date(2026, 10, 14)})
    assert kept(house, number).due_hard == dt.date(2026, 11, 13)
    found = due.set_dates(records, house, number, PaperDates(postmark=dt.date(2026, 10, 19)), "штемпель на конверте")
    assert (found.hard.rule, found.hard.date) == ("B2B_CLAIM_30C", dt.date(2026, 11, 18))
    appeal = kept(house, number)
    assert deeds(house, appeal, "appeal.dates") == [
        {
            "postmark": {"before": None, "after": "2026-10-19"},
            "values": deeds(house, appeal, "appeal.dates")[0]["values"],
        }
    ]
    assert "штемпель на конверте" not in str(deeds(house, appeal, "appeal.dates"))
    back = due.set_dates(records, house, number, PaperDates(), "ошибка: не тот конверт")
    assert back.hard.date == dt.date(2026, 11, 13)
    assert deeds(house, appeal, "appeal.due_set")[-1]["hard"]["before"] == "2026-11-18"


IMPOSSIBLE = (
    (PaperDates(postmark=dt.date(2026, 10, 23)), "позже даты получения"),
    (PaperDates(postmark=dt.date(2024, 10, 19)), "Проверьте год"),
    (PaperDates(event=dt.date(2126, 10, 19)), "ещё не наступила"),
    (PaperDates(event=dt.date(2016, 10, 19)), "Проверьте год"),
    (PaperDates(stated=dt.date(2206, 11, 1)), "Проверьте год"),
    (PaperDates(stated=dt.date(2016, 11, 1)), "Проверьте год"),
)


def test_dates_that_cannot_be_are_refused(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    before = kept(house, number)
    for dates, words in IMPOSSIBLE:
        with pytest.raises(InputError, match=words):
            due.set_dates(registrar(house), house, number, dates, "штемпель")
    assert kept(house, number).version == before.version


def test_dates_and_rules_need_a_reason_the_right_and_a_fresh_form(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    records, admin = registrar(house), support.actors_with(house, "manager")[0]
    dates = PaperDates(stated=dt.date(2026, 10, 28))
    with pytest.raises(InputError, match="откуда"):
        due.set_dates(records, house, number, dates, "  ")
    with pytest.raises(InputError, match="почему"):
        due.choose_rule(records, house, number, "ADVOCATE_30C", "")
    for rule in ("NO_SUCH", "AS_STATED", "NONE"):
        with pytest.raises(InputError, match="из списка"):
            due.choose_rule(records, house, number, rule, "так")
    with pytest.raises(ForbiddenError):
        due.set_dates(admin, house, number, dates, "запрос")
    with pytest.raises(StaleError):
        due.set_dates(records, house, number, dates, "запрос", version=0)
    found = due.set_dates(records, house, number, dates, "запрос прокуратуры")
    assert (found.hard.rule, found.hard.date) == ("AS_STATED", dt.date(2026, 10, 28))
    with house.db.session() as session:
        appeals.by_number(support.SYSTEM, session, number).is_open = False
    with pytest.raises(StateError, match="завершено"):
        due.set_dates(records, house, number, PaperDates(), "ошибка")


def test_a_chosen_rule_stays_through_recomputation_until_it_is_given_back(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    records = registrar(house)
    draft.correct_topic(records, house, number, "C12.04")
    found = due.choose_rule(records, house, number, "ADVOCATE_30C", "ордер приложен")
    assert found.hard.rule == "ADVOCATE_30C"
    draft.correct_topic(records, house, number, "C12.04")
    assert kept(house, number).due["hard"]["rule"] == "ADVOCATE_30C"
    assert due.choose_rule(records, house, number, None, "не адвокат").hard.rule == "STD_30C"
    assert [one["rule"] for one in deeds(house, kept(house, number), "appeal.due_rule")] == ["ADVOCATE_30C", None]


def test_a_forwarding_bodys_own_term_makes_the_control_date(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number, lock=True)
        assert len(appeal.parties) == 1
        body = {"number": "15-01", "date": "2026-10-20", "term": "2026-10-27"}
        appeal.text = "ГЖИ просит ответить до 27.10.2026.\n\nПрошу ответить мне до 01.11.2026."
        session.add(Party(appeal_id=appeal.id, role="forwarding_body", fields={"org_name": "ГЖИ"}, details=body))
        due.recompute(support.SYSTEM, session, house, appeal)
    appeal = kept(house, number)
    assert appeal.control_date == dt.date(2026, 10, 27)
    assert appeal.due_hard > appeal.control_date
    card = views.card(registrar(house), house, number)
    assert card.terms.forwarding == [("ГЖИ", dt.date(2026, 10, 27))]
    assert [one.date for one in card.asked] == [dt.date(2026, 11, 1)]  # the body's term is not the client's wish


def test_a_letter_that_came_twice_counts_from_the_sooner_receipt(make_house: Make) -> None:
    house = make_house()
    first, second = walk_in(house, support.message(1), support.message(2))
    draft.correct_topic(registrar(house), house, first, "C01.09")
    with house.db.session() as session:
        main = appeals.by_number(support.SYSTEM, session, first, lock=True)
        twin = appeals.by_number(support.SYSTEM, session, second, lock=True)
        twin.received_at, twin.merged_into = NOON - dt.timedelta(days=10), main.id
        found = due.recompute(support.SYSTEM, session, house, main)
    assert found.hard.date == dt.date(2026, 11, 11)
    assert "Получено 12.10.2026" in found.hard.explanation[0]
    assert check_all(house) == 2


def test_new_rules_are_counted_with_a_trace_and_only_where_something_changed(make_house: Make) -> None:
    house = make_house()
    numbers = walk_in(house, *(support.message(place) for place in range(1, 4)))
    records = registrar(house)
    for number, code in zip(numbers, ("C02.01", "C01.09", "C01.09"), strict=True):
        draft.correct_topic(records, house, number, code)
    old = house.book.version
    counts = {number: len(deeds(house, kept(house, number), "appeal.due_set")) for number in numbers}
    house.rules = changed("STD_30C", "second", quantity=20)
    dry = due.recompute_open(support.SYSTEM, house, "приказ", apply=False)
    assert (dry.looked, [one.number for one in dry.changed]) == (3, numbers[1:])
    assert dry.changed[0].hard == (dt.date(2026, 11, 23), dt.date(2026, 11, 11))
    assert kept(house, numbers[1]).rules_version == old, "a dry run writes nothing"
    done = due.recompute_open(support.SYSTEM, house, "приказ № 5")
    assert [one.number for one in done.changed] == numbers[1:]
    for number in numbers:
        appeal = kept(house, number)
        assert appeal.rules_version == "second"
        told = deeds(house, appeal, "appeal.due_set")
        assert len(told) == counts[number] + (number != numbers[0])
    last = deeds(house, kept(house, numbers[1]), "appeal.due_set")[-1]
    assert (last["rules_before"], last["rules"]) == (old, "second")
    assert (last["hard"]["before"], last["hard"]["after"]) == ("2026-11-23", "2026-11-11")
    assert due.recompute_open(support.SYSTEM, house, "приказ № 5") == due.Recomputed()


def test_a_broken_recomputation_goes_on_where_it_stopped(make_house: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    house = make_house()
    walk_in(house, *(support.message(place) for place in range(1, 6)))
    house.rules = changed("STD_30C", "third", quantity=20)
    monkeypatch.setattr(due, "CHUNK", 2)
    with house.db.session() as session:
        broken = session.scalars(select(Appeal).order_by(Appeal.id)).all()[3]
        kept_due, broken.due = broken.due, {}
    with pytest.raises(ValueError, match="hard"):
        due.recompute_open(support.SYSTEM, house, "приказ")
    with house.db.session() as session:
        rows = session.scalars(select(Appeal).order_by(Appeal.id)).all()
        assert [row.rules_version == "third" for row in rows] == [True, True, False, False, False]
        rows[3].due = kept_due
    assert due.recompute_open(support.SYSTEM, house, "приказ").looked == 3


def test_closed_appeals_are_left_as_they_were(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    with house.db.session() as session:
        appeals.by_number(support.SYSTEM, session, number).is_open = False
    house.rules = changed("STD_30C", "fourth", quantity=20)
    assert due.recompute_open(support.SYSTEM, house, "приказ").looked == 0


def test_who_may_recompute(make_house: Make) -> None:
    house = make_house()
    with pytest.raises(ForbiddenError):
        due.recompute_open(registrar(house), house, "приказ")
    assert due.recompute_open(support.actors_with(house, "admin")[0], house, "приказ").looked == 0


def test_marks_follow_a_term_that_moves_either_way(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    records = registrar(house)
    draft.correct_topic(records, house, number, "C01.09")

    def marks(day: str) -> tuple[bool, bool]:
        with clock.at(dt.datetime.fromisoformat(f"{day}T12:00+05:00")), house.db.session() as session:
            watch.mark_due_soon(support.SYSTEM, session, house.soon_until)
            watch.mark_overdue(support.SYSTEM, session)
        appeal = kept(house, number)
        return appeal.due_soon_at is not None, appeal.overdue_at is not None

    def stated(day: str | None, on: str) -> None:
        with clock.at(dt.datetime.fromisoformat(f"{on}T13:00+05:00")):
            due.set_dates(
                records, house, number, PaperDates(stated=dt.date.fromisoformat(day) if day else None), "запрос"
            )

    assert marks("2026-11-10") == (False, False)
    stated("2026-11-12", "2026-11-10")  # earlier, and now near
    assert marks("2026-11-10") == (True, False)
    stated("2026-11-05", "2026-11-10")  # earlier, and already past
    assert marks("2026-11-10") == (True, True)
    stated("2026-11-06", "2026-11-10")  # later, but still past: the breach stays and is not told twice
    assert marks("2026-11-10") == (False, True)
    assert len(deeds(house, kept(house, number), "appeal.overdue")) == 1
    stated(None, "2026-11-10")  # 23 November again
    assert marks("2026-11-10") == (False, False)
    assert marks("2026-11-20") == (True, False)
    assert len(deeds(house, kept(house, number), "appeal.due_soon")) == 2


def test_a_second_count_with_the_same_end_writes_no_event(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))[0]
    with house.db.session() as session:
        before = len(session.scalars(select(Event)).all())
        due.recompute(support.SYSTEM, session, house, appeals.by_number(support.SYSTEM, session, number, lock=True))
        assert len(session.scalars(select(Event)).all()) == before
    assert views.queue(support.SYSTEM, house, lists.Filter()).total == 1
