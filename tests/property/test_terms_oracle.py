"""Terms against a second, independent way of counting: sets of dates instead of loops, raw YAML instead of models."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.book import load
from rules.terms import DueFacts, due
from rules.wire import Channel, Due, Segment

FOLDER = Path(rules.__file__).parent
UFA = ZoneInfo("Asia/Yekaterinburg")
BOOK = load()
RAW = yaml.safe_load((FOLDER / "deadlines.yaml").read_text(encoding="utf-8"))
TOPICS = {t["code"]: t for t in yaml.safe_load((FOLDER / "ekto.yaml").read_text(encoding="utf-8"))["topics"]}
RULES = {rule["id"]: rule for rule in RAW["rules"]}

# --- the oracle's calendar: an ascending list of working days and the years that are sure
_SETS = yaml.safe_load((FOLDER / "calendars.yaml").read_text(encoding="utf-8"))["sets"]
_OFF = {day for s in _SETS for year in s["years"].values() for day in year["days_off"]}
_EXTRA = {day for s in _SETS for year in s["years"].values() for day in year.get("working_days", {})}
_SPAN = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(366 + 365 * 5)]
WORKING = [day for day in _SPAN if day not in _OFF and (day.isoweekday() <= 5 or day in _EXTRA)]
SURE = {2025, 2026}


def last_day(start: dt.date, quantity: int, unit: str, *, hard: bool) -> dt.date:
    if unit == "working_days":
        return [day for day in WORKING if day > start][quantity - 1]
    end = start + dt.timedelta(days=quantity)
    later = min(day for day in WORKING if day >= end)
    earlier = max(day for day in WORKING if day <= end)
    if not hard:
        return earlier if earlier >= start else later
    return later if {end.year, later.year} <= SURE else end


def oracle(facts: DueFacts) -> tuple[dt.date, dt.date]:
    received = facts.received.astimezone(UFA).date()
    hard: list[dt.date] = []
    aims: list[dt.date] = []
    codes = [*facts.topics, *facts.doubtful_topics]
    simple = all(TOPICS[code]["complexity"] == "simple" for code in codes)
    wanted = {(TOPICS[code]["deadline_rule"], False) for code in facts.topics}
    wanted |= {(name, False) for name in ("STD_30C", "STD_VIP_B2C_10C", "STD_VIP_B2B_20C")}
    if facts.stated_date:
        hard.append(facts.stated_date)
    firm = {name for name, _ in wanted}
    wanted |= {(TOPICS[code]["deadline_rule"], True) for code in facts.doubtful_topics} - {(n, True) for n in firm}
    for name, guess in wanted:
        rule = RULES[name]
        scope = rule["scope"]
        if not rule["enabled"] or facts.segment not in scope["segments"] or scope["vip"] not in ("any", facts.is_vip):
            continue
        if (scope.get("simple_only") and not simple) or rule["quantity"] is None:
            continue
        start = received
        if rule["start"] == "registered":
            start = facts.registered or received
        elif rule["start"] in ("debt_repaid", "evidence_received"):
            start = facts.event_date or received
        elif rule["start"] == "sent":
            start = min(facts.event_date or received, received)
        binding = rule["force"] == "hard" and not guess
        (hard if binding else aims).append(last_day(start, rule["quantity"], rule["unit"], hard=binding))
    if facts.channel:
        aim = RAW["channel_targets"][facts.channel]
        aims.append(last_day(received, aim["quantity"], aim["unit"], hard=False))
    end = min(hard)
    return end, min([*aims, max(day for day in WORKING if day <= end)])


minutes = st.integers(0, 2 * 365 * 24 * 60 - 1)
moments = minutes.map(lambda passed: dt.datetime(2025, 1, 1, tzinfo=UFA) + dt.timedelta(minutes=passed))
codes = st.lists(st.sampled_from(sorted(TOPICS)), max_size=3, unique=True)


@st.composite
def letters(draw: st.DrawFn) -> DueFacts:
    received = draw(moments)
    day = received.date()
    near: Any = st.none() | st.integers(-40, 40).map(lambda days: day + dt.timedelta(days=days))
    return DueFacts(
        received=received,
        segment=draw(st.sampled_from(Segment)),
        registered=draw(st.none() | st.integers(0, 5).map(lambda days: day + dt.timedelta(days=days))),
        is_vip=draw(st.booleans()),
        topics=draw(codes),
        doubtful_topics=draw(codes),
        channel=draw(st.none() | st.sampled_from(Channel)),
        event_date=draw(near),
        stated_date=draw(st.none() | st.integers(0, 60).map(lambda days: day + dt.timedelta(days=days))),
    )


@settings(max_examples=400, deadline=None)
@given(letters())
def test_dates_equal_the_oracles(facts: DueFacts) -> None:
    found = due(BOOK, facts)
    assert (found.hard.date, found.target.date) == oracle(facts)


@settings(max_examples=200, deadline=None)
@given(letters())
def test_what_always_holds(facts: DueFacts) -> None:
    found = due(BOOK, facts)
    received = facts.received.astimezone(UFA).date()
    assert found.target.date <= found.hard.date
    assert found.target.date in WORKING
    standard = last_day(received, 30, "calendar_days", hard=True)
    assert found.hard.date <= standard
    for date in (found.hard, found.target):
        assert date.basis
        assert date.explanation[-1].startswith(f"Итог: {date.date:%d.%m.%Y} (")
        if date.provisional:
            assert any(line.startswith("Предварительно:") for line in date.explanation)
    if found.hard.date.year not in SURE and found.hard.rule != "AS_STATED":
        assert found.hard.provisional
    if not found.hard.provisional and found.hard.rule != "AS_STATED":
        assert found.hard.date in WORKING


@settings(max_examples=150, deadline=None)
@given(letters(), st.sampled_from(sorted(TOPICS)))
def test_another_topic_never_lengthens_the_hard_term(facts: DueFacts, code: str) -> None:
    def with_topic(**change: Any) -> Due:
        values = {name: getattr(facts, name) for name in DueFacts.__slots__}
        return due(BOOK, DueFacts(**(values | change)))

    before = due(BOOK, facts)
    assert with_topic(topics=[*facts.topics, code]).hard.date <= before.hard.date
    assert with_topic(doubtful_topics=[*facts.doubtful_topics, code]).hard.date == before.hard.date


def test_every_day_of_two_years_by_the_standard() -> None:
    day = dt.date(2025, 1, 1)
    while day <= dt.date(2026, 12, 31):
        for vip in (False, True):
            moment = dt.datetime.combine(day, dt.time(23, 59), UFA)
            facts = DueFacts(received=moment, segment=Segment.B2C, is_vip=vip)
            found = due(BOOK, facts)
            assert (found.hard.date, found.target.date) == oracle(facts)
        day += dt.timedelta(days=1)
