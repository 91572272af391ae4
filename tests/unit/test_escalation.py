"""Ladders of reminders: the moments of their rungs, and the hours of an office."""

from __future__ import annotations

import datetime as dt

import pytest
import support_house
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.calendar import ONE_DAY, read_hours
from rules.escalation import Escalation, Rung
from steps.remind import words

BOOK = support_house.book()
DAYS = BOOK.calendars.for_terms
OFFICE = BOOK.calendars.by_id["ru_bashkortostan_5x2"]
FRONT = BOOK.calendars.by_id["ru_bashkortostan_6x1_front"]
UFA = dt.timezone(dt.timedelta(hours=5))


def at(day: str, hour: str = "00:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=UFA)


def moments(ladder: str, received: dt.datetime, due: dt.date) -> dict[str, dt.datetime]:
    rungs = BOOK.escalation.rungs(ladder, received, due, DAYS, OFFICE)
    return {rung.at: rung.moment for rung in rungs}


def test_a_month_is_climbed_by_share_and_working_days() -> None:
    """By hand over the calendar of 2026: 4 November is a day off."""
    found = moments("standard", at("2026-10-12", "15:40"), dt.date(2026, 11, 11))
    assert found == {
        "50%": at("2026-10-27"),
        "-5wd": at("2026-11-03"),
        "-3wd": at("2026-11-06"),
        "-1wd": at("2026-11-10"),
        "0": at("2026-11-11"),
        "+3wd": at("2026-11-16"),
    }


def test_a_rung_on_a_day_off_waits_for_people_but_not_past_the_term() -> None:
    found = moments("standard", at("2026-10-01", "09:00"), dt.date(2026, 10, 31))  # a Saturday
    assert found["50%"] == at("2026-10-16")
    assert found["0"] == at("2026-10-30")
    half = moments("standard", at("2026-09-30", "09:00"), dt.date(2026, 11, 17))  # half: Saturday, 24 October
    assert half["50%"] == at("2026-10-26")


def test_a_short_term_is_climbed_by_shares_under_the_names_of_its_rungs() -> None:
    found = moments("standard", at("2026-11-09", "10:00"), dt.date(2026, 11, 13))
    assert set(found) == {"50%", "-5wd", "-3wd", "-1wd", "0", "+3wd"}
    assert found["-5wd"] == at("2026-11-11")  # 40 % of four days, rounded up
    assert found["-3wd"] == at("2026-11-12")
    assert found["-1wd"] == at("2026-11-13")


def test_hours_are_those_of_the_office() -> None:
    friday = at("2026-11-13", "16:00")
    assert OFFICE.add_working_hours(friday, 1) == at("2026-11-13", "17:00")
    assert OFFICE.add_working_hours(friday, 4) == at("2026-11-16", "11:00")  # 1.5 h on Friday, 2.5 h on Monday
    assert OFFICE.add_working_hours(at("2026-11-14", "12:00"), 0.5) == at("2026-11-16", "09:00")
    assert FRONT.add_working_hours(at("2026-11-14", "14:00"), 2) == at("2026-11-16", "09:00")  # Saturday until 15:00
    assert moments("reg", friday, dt.date(2026, 12, 14))["+4h"] == at("2026-11-16", "11:00")


@given(
    received=st.integers(0, 668 * 24 * 60).map(lambda minutes: at("2025-01-01") + dt.timedelta(minutes=minutes)),
    term=st.integers(0, 60),
    ladder=st.sampled_from(sorted(BOOK.escalation.ladders)),
)
def test_rungs_come_in_order_after_receipt_and_on_working_days(received: dt.datetime, term: int, ladder: str) -> None:
    due = DAYS.next_working(received.date() + ONE_DAY * term)
    rungs = BOOK.escalation.rungs(ladder, received, due, DAYS, OFFICE)
    assert [rung.at for rung in sorted(rungs, key=_moment)] == [rung.at for rung in rungs]
    assert {rung.at for rung in rungs} == {step.at for step in BOOK.escalation.ladders[ladder]}
    for rung in rungs:
        assert rung.moment >= received
        assert rung.moment == received or DAYS.is_working(rung.moment.date())
        if not rung.at.startswith("+"):
            assert rung.moment.date() <= max(due, received.date())


@given(minute=st.integers(0, 270 * 24 * 60), minutes=st.integers(1, 3000))
def test_working_hours_agree_with_counting_minute_by_minute(minute: int, minutes: int) -> None:
    start = at("2026-01-01") + dt.timedelta(minutes=minute)
    passed, moment = 0, start
    while passed < minutes:
        clock = moment.time()
        passed += DAYS.is_working(moment.date()) and dt.time(8, 30) <= clock < dt.time(17, 30)
        moment += dt.timedelta(minutes=1)
    assert OFFICE.add_working_hours(start, minutes / 60) - moment < dt.timedelta(seconds=1)


def test_days_are_counted_back_as_they_are_counted_on() -> None:
    for number in range(1, 40):
        back = DAYS.subtract_working_days(dt.date(2026, 11, 30), number)
        assert DAYS.working_days(back, dt.date(2026, 11, 30)) == number
    assert DAYS.working_days(dt.date(2026, 11, 30), dt.date(2026, 11, 20)) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("с утра до вечера", "не поняты"),
        ("17:30-08:30", "конец не позже начала"),
        ("08:00-25:00", "конец не позже начала"),
        ("сб 09:00-15:00", "в обычные дни"),
    ],
)
def test_hours_that_say_nothing_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_hours(text)


def test_hours_of_some_weekdays_stand_apart() -> None:
    hours = read_hours("08:00-20:00; сб, вс 09:00-15:00")
    assert hours[None] == (dt.timedelta(hours=8), dt.timedelta(hours=20))
    assert hours[5] == hours[6] == (dt.timedelta(hours=9), dt.timedelta(hours=15))


def test_a_ladder_with_a_rung_twice_is_refused() -> None:
    plain = BOOK.escalation.model_dump(by_alias=True)
    plain["ladders"]["vip"] = (*plain["ladders"]["vip"], plain["ladders"]["vip"][0])
    with pytest.raises(ValidationError, match="ступень «30%» дважды"):
        Escalation.model_validate(plain)


@pytest.mark.parametrize(
    ("rung", "said"),
    [
        ("0", "в день срока"),
        ("50%", "прошло 50% срока"),
        ("-5wd", "за 5 раб. дн. до срока"),
        ("+3wd", "через 3 раб. дн."),
        ("+4h", "через 4 раб. ч"),
    ],
)
def test_rungs_are_said_in_russian(rung: str, said: str) -> None:
    assert words(rung) == said


def _moment(rung: Rung) -> dt.datetime:
    return rung.moment


def test_the_calendar_of_round_the_clock_work_counts_every_hour() -> None:
    saturday = dt.date(2026, 11, 14)
    calendars = BOOK.calendars.by_id.values()
    always = next(one for one in calendars if one.is_working(saturday) and one.is_working(saturday + ONE_DAY))
    assert always.add_working_hours(at("2026-11-14", "23:00"), 2) == at("2026-11-15", "01:00")
