"""Reminders of terms: each rung told once, to whom it concerns, while the answer has not left; on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select, update

from flows.reports import _texts
from registry import appeals, clock, events, notices, reminders, terms
from registry.appeals import Placement
from registry.models import Appeal
from rules.editions import Editions
from rules.wire import Channel, Due
from steps import close, draft, receive, reopen, watch, work
from steps.house import House
from steps.views import duty
from steps.views.appeal import card

pytestmark = pytest.mark.service

Make = Callable[..., House]
RECEIVED = dt.datetime(2026, 10, 12, 10, 0, tzinfo=dt.UTC)  # Monday, 15:00 in Ufa


def take(house: House) -> str:
    """A letter of 12 October that was read and routed, in the queue BILL; its number."""
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session() as session:
        appeal = session.scalars(select(Appeal)).one()
        appeals.place(support.SYSTEM, session, appeal, Placement("BILL", "FRONT", ["проверка"]), "v1")
        number = appeal.reg_number
    set_due(house, number, dt.date(2026, 11, 11))
    return number


def set_due(house: House, number: str, day: dt.date) -> None:
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number, lock=True)
        known = Due.model_validate(appeal.due)
        hard = known.hard.model_copy(update={"date": day})
        terms.set_due(support.SYSTEM, session, appeal, known.model_copy(update={"hard": hard}), "v2")


def told(house: House, number: str) -> list[tuple[str, list[str]]]:
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        said = [one for one in events.of(session, appeals.stream(appeal)) if one.kind == notices.REMINDER]
        return [(one.data["rung"], one.data["to"]) for one in said]


def seen_by(house: House, login: str) -> list[str]:
    return [one.rung for one in duty.page(support.actor(house, login), house).reminders]


def day(text: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(hour=hour, tzinfo=clock.LOCAL)


def test_an_appeal_climbs_its_ladder_and_each_rung_is_told_once(make_house: Make) -> None:
    house = make_house()
    with clock.at(RECEIVED):
        number = take(house)
        draft.claim(support.actor(house, "iskhakova"), house, number)
        assert watch.tick(support.SYSTEM, house).reminded == 0
    with clock.at(day("2026-10-26")):
        assert watch.tick(support.SYSTEM, house).reminded == 0
    with clock.at(day("2026-10-27")):
        assert watch.tick(support.SYSTEM, house).reminded == 1
        assert watch.tick(support.SYSTEM, house).reminded == 0
        assert seen_by(house, "iskhakova") == ["прошло 50% срока"]
        assert seen_by(house, "khasanov") == [], "the head hears later"
    with clock.at(day("2026-11-03")):
        watch.tick(support.SYSTEM, house)
        assert seen_by(house, "iskhakova") == ["за 5 раб. дн. до срока"], "yesterday's are not shown"
        assert seen_by(house, "khasanov") == ["за 5 раб. дн. до срока"]
        assert seen_by(house, "orlov") == [], "the head of another queue"
    with clock.at(day("2026-11-17")):  # nobody looked for two weeks: nothing is left out
        assert watch.tick(support.SYSTEM, house).reminded == 4
    assert told(house, number) == [
        ("50%", ["executor"]),
        ("-5wd", ["executor", "queue_head"]),
        ("-3wd", ["queue_head"]),
        ("-1wd", ["queue_head", "deputy_director_service"]),
        ("0", ["deputy_director_service"]),
        ("+3wd", ["director"]),
    ]


def test_managers_read_it_in_their_table_without_restricted_appeals(make_house: Make) -> None:
    house = make_house()
    with clock.at(RECEIVED):
        number = take(house)
    with clock.at(day("2026-11-10")):
        watch.tick(support.SYSTEM, house)
        table = _texts(house)["reminders"]
        assert number in table
        assert "за 1 раб. дн. до срока | руководитель отдела, заместитель генерального директора" in table
        with house.db.session() as session:
            session.execute(update(Appeal).values(restricted=True))
        assert number not in _texts(house)["reminders"]
        assert seen_by(house, "karpova") != [], "a manager may see restricted appeals"
        assert seen_by(house, "akhmetova") == []


def test_a_new_term_is_counted_anew_and_only_its_last_rung_is_told(make_house: Make) -> None:
    house = make_house()
    with clock.at(RECEIVED):
        number = take(house)
    with clock.at(day("2026-10-20")):
        watch.tick(support.SYSTEM, house)
        assert told(house, number) == []
        set_due(house, number, dt.date(2026, 10, 23))  # by that half has passed, and -5wd too; -3wd is today
        assert watch.tick(support.SYSTEM, house).reminded == 1
        assert told(house, number) == [("-3wd", ["queue_head"])]
    with clock.at(day("2026-10-22")):
        assert watch.tick(support.SYSTEM, house).reminded == 1
    assert [rung for rung, _ in told(house, number)] == ["-3wd", "-1wd"]


def test_a_letter_in_the_records_office_climbs_the_office_s_ladder(make_house: Make) -> None:
    house = make_house()
    with clock.at(RECEIVED):
        receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
        for step in ("triage", "register"):
            assert work.run(support.SYSTEM, house, step).failed == 0
        with house.db.session(write=False) as session:
            number = session.scalars(select(Appeal.reg_number)).one()
        assert watch.tick(support.SYSTEM, house).reminded == 0
    with clock.at(day("2026-10-13", 12)):  # Monday is a day off: the day of the republic fell on Sunday
        assert watch.tick(support.SYSTEM, house).reminded == 0
    with clock.at(day("2026-10-13", 13)):
        watch.tick(support.SYSTEM, house)
        assert told(house, number) == [("+4h", ["registrar"])]
    with clock.at(day("2026-10-13", 15)):
        watch.tick(support.SYSTEM, house)
        assert told(house, number)[1:] == [("+1wd", ["head_records_office"])]
        assert set(seen_by(house, "akhmetova")) & {"через 4 раб. ч", "через 1 раб. дн."}


def test_nothing_is_told_once_closed_and_again_when_it_is_reopened(make_house: Make) -> None:
    house = make_house()
    manager = support.actor(house, "karpova")
    with clock.at(RECEIVED):
        number = take(house)
        close.without_reply(manager, house, number, "withdrawn", "передумал", {"letter": "5", "date": "2026-10-12"})
    with clock.at(day("2026-11-10")):
        assert watch.tick(support.SYSTEM, house).reminded == 0
        assert card(manager, house, number).terms.rungs == []
        reopen.decide(manager, house, number, "автор нашёлся")
        assert watch.tick(support.SYSTEM, house).reminded == 1
        assert told(house, number) == [("-1wd", ["queue_head", "deputy_director_service"])]
        shown = card(manager, house, number).terms.rungs
        assert [one.told for one in shown] == [True, True, True, True, False, False]


def test_new_rules_are_climbed_from_the_next_look(make_house: Make) -> None:
    house = make_house()
    with clock.at(RECEIVED):
        number = take(house)
        watch.tick(support.SYSTEM, house)
    ladders = dict(house.book.escalation.ladders)
    early = ladders["standard"][0].model_copy(update={"at": "10%"})
    ladders["standard"] = (early, *ladders["standard"])
    changed = house.book.escalation.model_copy(update={"ladders": ladders})
    house.rules = Editions(house.book.model_copy(update={"escalation": changed, "version": "v-new"}))
    with clock.at(day("2026-10-16")):
        with house.db.session() as session:
            reminders.look_again(session)
        assert watch.tick(support.SYSTEM, house).reminded == 1
    assert told(house, number) == [("10%", ["executor"])]
