"""Terms against a second, independent implementation: random letters and what holds of every one of them."""

import dataclasses
import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support_terms import COUNTED, SURE, TOPICS, UFA, WORKING, last_day, oracle

from rules.book import load
from rules.terms import DueFacts, ItemFacts, due, item_dues
from rules.wire import Channel, Segment

BOOK = load()

minutes = st.integers(0, 2 * 365 * 24 * 60 - 1)
moments = minutes.map(lambda passed: dt.datetime(2025, 1, 1, tzinfo=UFA) + dt.timedelta(minutes=passed))
topics = st.sampled_from(sorted(TOPICS))
codes = st.lists(topics, max_size=3, unique=True)
asked = st.lists(st.tuples(st.none() | topics, st.booleans()), max_size=3)


@st.composite
def letters(draw: st.DrawFn) -> DueFacts:
    received = draw(moments)
    day = received.date()

    def near(first: int, last: int) -> st.SearchStrategy[dt.date | None]:
        return st.none() | st.integers(first, last).map(lambda days: day + dt.timedelta(days=days))

    questions = enumerate(draw(asked), start=1)
    return DueFacts(
        received=received,
        segment=draw(st.sampled_from(Segment)),
        registered=draw(near(0, 5)),
        is_vip=draw(st.booleans()),
        topics=draw(codes),
        doubtful_topics=draw(codes),
        items=[ItemFacts(ordinal=place, topic=code, sure=sure) for place, (code, sure) in questions],
        channel=draw(st.none() | st.sampled_from(Channel)),
        rule=draw(st.none() | st.sampled_from(COUNTED)),
        event_date=draw(near(-40, 40)),
        postmark_date=draw(near(-40, 3)),
        letter_date=draw(near(-60, 3)),
        letter_date_sure=draw(st.booleans()),
        stated_date=draw(near(0, 60)),
        has_alarms=draw(st.booleans()),
    )


@settings(max_examples=500)
@given(letters())
def test_dates_equal_the_oracles(facts: DueFacts) -> None:
    found = due(BOOK, facts)
    assert (found.hard.date, found.target.date) == oracle(facts)


@settings(max_examples=150)
@given(letters())
def test_questions_by_themselves_equal_the_oracles(facts: DueFacts) -> None:
    letter, own = due(BOOK, facts), item_dues(BOOK, facts)
    assert sorted(own) == [item.ordinal for item in facts.items]
    for item in facts.items:
        one = own[item.ordinal]
        alone = dataclasses.replace(facts, topics=(), doubtful_topics=(), items=(item,), beside=facts.every_topic)
        assert (one.hard.date, one.target.date) == oracle(alone)
        assert letter.hard.date <= one.hard.date
    if own and not facts.topics and not facts.doubtful_topics:
        assert letter.hard.date == min(one.hard.date for one in own.values())


@settings(max_examples=200)
@given(letters())
def test_what_always_holds(facts: DueFacts) -> None:
    found = due(BOOK, facts)
    received = facts.received.astimezone(UFA).date()
    assert found.target.date <= found.hard.date
    assert found.target.date in WORKING
    if facts.rule != "ADVOCATE_30C":
        assert found.hard.date <= last_day(received, 30, "calendar_days", hard=True)
    for date in (found.hard, found.target):
        assert date.basis
        assert date.rule in "\n".join(date.explanation)
        assert date.basis in "\n".join(date.explanation)
        assert date.explanation[-1].startswith(f"Итог: {date.date:%d.%m.%Y} (")
        assert date.provisional == any(line.startswith("Предварительно:") for line in date.explanation)
    if found.hard.date.year not in SURE | {2024} and found.hard.rule != "AS_STATED":
        assert found.hard.provisional
    if not found.hard.provisional and found.hard.rule != "AS_STATED":
        assert found.hard.date in WORKING


@settings(max_examples=150)
@given(letters(), topics)
def test_another_topic_never_lengthens_the_hard_term(facts: DueFacts, code: str) -> None:
    def with_topic(**change: Any) -> dt.date:
        return due(BOOK, dataclasses.replace(facts, **change)).hard.date

    before = due(BOOK, facts).hard.date
    assert with_topic(topics=[*facts.topics, code]) <= before
    assert with_topic(doubtful_topics=[*facts.doubtful_topics, code]) == before
