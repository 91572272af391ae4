"""Working days of Bashkortostan, and caution over years that nobody has decreed."""

import datetime as dt

import pytest

from rules.book import RuleBook, load
from rules.calendar import WorkCalendar
from rules.counting import count


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load()


@pytest.fixture(scope="module")
def calendar(book: RuleBook) -> WorkCalendar:
    return book.calendars.for_terms


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-11-01", True),  # a working Saturday
        ("2025-11-03", False),
        ("2026-03-20", False),  # Uraza-bairam, only in Bashkortostan
        ("2026-05-27", False),  # Kurban-bairam
        ("2026-10-12", False),  # Republic Day moved from Sunday
        ("2026-10-13", True),
        ("2026-11-21", False),
        ("2027-01-08", False),  # statutory though the year is doubtful
        ("2027-05-03", True),  # expected day off that nobody has decreed
        ("2028-01-01", False),  # a Saturday
        ("2028-01-03", True),  # no calendar: an unknown day off counts as working
    ],
)
def test_working_days(calendar: WorkCalendar, day: str, *, working: bool) -> None:
    assert calendar.is_working(dt.date.fromisoformat(day)) is working


@pytest.mark.parametrize(("year", "working_days"), [(2025, 244), (2026, 244)])
def test_working_days_a_year(calendar: WorkCalendar, year: int, working_days: int) -> None:
    # 247 of the federal calendar in either year, less three working days taken by the republic's holidays
    days = (dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(365))
    assert sum(calendar.is_working(day) for day in days) == working_days


def test_certainty_is_the_weakest_of_the_sets(calendar: WorkCalendar) -> None:
    assert [calendar.certainty(year) for year in (2025, 2026, 2027, 2028)] == [
        "verified",
        "verified",
        "doubtful",
        "absent",
    ]
    assert calendar.doubts(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == []
    assert len(calendar.doubts(dt.date(2026, 12, 31), dt.date(2027, 1, 1))) == 2


def test_neighbouring_working_days(calendar: WorkCalendar) -> None:
    assert calendar.next_working(dt.date(2026, 10, 10)) == dt.date(2026, 10, 13)
    assert calendar.previous_working(dt.date(2026, 10, 12)) == dt.date(2026, 10, 9)
    assert calendar.next_working(dt.date(2026, 10, 13)) == dt.date(2026, 10, 13)
    assert calendar.add_working_days(dt.date(2025, 12, 30), 1) == dt.date(2026, 1, 12)


def test_the_front_office_works_on_saturdays_and_intake_always(book: RuleBook) -> None:
    saturday, holiday = dt.date(2026, 11, 21), dt.date(2026, 11, 4)
    front, intake = book.calendars.by_id["ru_bashkortostan_6x1_front"], book.calendars.by_id["intake_24x7"]
    assert front.is_working(saturday)
    assert not front.is_working(holiday)
    assert intake.is_working(holiday)
    assert intake.certainty(2040) == "verified"


def test_a_hard_end_is_not_moved_over_a_doubtful_year(calendar: WorkCalendar) -> None:
    # day 30 is Saturday 2 January 2027; a verified year would move it to 11 January
    counted = count(calendar, dt.date(2026, 12, 3), 30, "calendar_days", "next_working_day")
    assert counted.date == dt.date(2027, 1, 2)
    assert counted.doubts


def test_a_hard_end_is_not_moved_into_a_doubtful_year(calendar: WorkCalendar) -> None:
    counted = count(calendar, dt.date(2026, 12, 1), 30, "calendar_days", "next_working_day")
    assert counted.date == dt.date(2026, 12, 31)  # itself a decreed day off
    assert counted.doubts


def test_every_year_that_a_count_crosses_is_doubted(calendar: WorkCalendar) -> None:
    counted = count(calendar, dt.date(2027, 12, 20), 10, "working_days", "next_working_day")
    assert counted.date == dt.date(2028, 1, 3)
    assert sum("на 2027 год неполон" in doubt for doubt in counted.doubts) == 2
    assert sum("на 2028 год не загружен" in doubt for doubt in counted.doubts) == 2


def test_an_aim_may_move_back_out_of_a_doubtful_year(calendar: WorkCalendar) -> None:
    counted = count(calendar, dt.date(2026, 12, 3), 30, "calendar_days", "previous_working_day")
    assert counted.date == dt.date(2026, 12, 30)
    assert counted.doubts


def test_an_aim_never_ends_before_its_start(calendar: WorkCalendar) -> None:
    counted = count(calendar, dt.date(2026, 1, 2), 2, "calendar_days", "previous_working_day")
    assert counted.date == dt.date(2026, 1, 12)
    assert not counted.doubts
    doubtful = count(calendar, dt.date(2026, 12, 31), 10, "calendar_days", "previous_working_day")
    assert doubtful.date == dt.date(2027, 1, 11)  # an inner aim is always a working day
    assert doubtful.doubts
