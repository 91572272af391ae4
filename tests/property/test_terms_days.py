"""Every day of 2025 and 2026 under every rule: dates, their order, their ends, and what is said of them."""

import datetime as dt

import pytest
from support_terms import COUNTED, RULES, TOPICS, UFA, WORKING, oracle

from rules.book import load
from rules.terms import DueFacts, due
from rules.wire import Channel, Due, DueDate, Segment

BOOK = load()
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=number) for number in range(730)]
NOON = dt.time(12, tzinfo=UFA)


def check(facts: DueFacts) -> Due:
    """What holds of every term; returns it."""
    found = due(BOOK, facts)
    assert (found.hard.date, found.target.date) == oracle(facts)
    assert found.target.date <= found.hard.date
    for one in (found.hard, found.target):
        _well_told(one)
    if not found.hard.provisional:
        assert found.hard.date in WORKING
    assert found.target.date in WORKING
    return found


def _well_told(one: DueDate) -> None:
    assert one.explanation[-1].startswith(f"Итог: {one.date:%d.%m.%Y}")
    assert any(one.rule in line and one.basis in line for line in one.explanation)


def at(day: dt.date, rule: str | None, segment: Segment, *, vip: bool, channel: Channel | None = None) -> DueFacts:
    return DueFacts(
        received=dt.datetime.combine(day, NOON),
        registered=day,
        segment=segment,
        is_vip=vip,
        rule=rule,
        channel=channel,
    )


def walk(rule: str | None, segment: Segment, *, vip: bool, step: int = 1) -> int:
    """Walk over the days; a later receipt never gives an earlier date."""
    last: Due | None = None
    days = DAYS[::step]
    for day in days:
        found = check(at(day, rule, segment, vip=vip))
        if last is not None:
            assert last.hard.date <= found.hard.date, (rule, day)
            assert last.target.date <= found.target.date, (rule, day)
        last = found
    return len(days)


@pytest.mark.parametrize("rule", COUNTED)
def test_days_by_every_rule(rule: str) -> None:
    scope = RULES[rule]["scope"]
    assert walk(rule, Segment(scope["segments"][0]), vip=scope["vip"] is True, step=7)


@pytest.mark.parametrize(("segment", "vip"), [(segment, vip) for segment in Segment for vip in (False, True)])
def test_every_day_of_two_years_by_the_standard(segment: Segment, *, vip: bool) -> None:
    assert walk(None, segment, vip=vip, step=2) == 365


@pytest.mark.full
@pytest.mark.parametrize("segment", Segment)
def test_every_day_by_every_rule_segment_and_vip(segment: Segment) -> None:
    cases = sum(walk(rule, segment, vip=vip) for rule in COUNTED for vip in (False, True))
    assert cases == len(COUNTED) * 2 * 730


@pytest.mark.full
def test_every_day_by_every_topic_and_channel() -> None:
    for code in sorted(TOPICS):
        for number, day in enumerate(DAYS):
            channel = list(Channel)[number % len(Channel)]
            facts = at(day, None, Segment(TOPICS[code]["segments"][0]), vip=False, channel=channel)
            check(DueFacts(**{**{name: getattr(facts, name) for name in DueFacts.__slots__}, "topics": [code]}))


def test_the_end_of_2026_is_provisional_and_never_later_than_a_firm_calendar_would_give() -> None:
    for day in DAYS[-45:]:
        found = due(BOOK, at(day, None, Segment.B2C, vip=False)).hard
        if found.provisional:
            assert found.date <= day + dt.timedelta(days=30)
        assert found.provisional == (day >= dt.date(2026, 12, 1)), day
