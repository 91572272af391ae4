"""Routing over any facts: total, cautious, and indifferent to the order of what adds up."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.book import load
from rules.routing import RouteFacts, RouteTopic, explain, route
from rules.routing_table import Address
from rules.wire import Kind, Segment

BOOK = load()
CODES = [topic.code for topic in BOOK.ekto.topics]
ADDRESSES: tuple[Address, ...] = ("company", "curator", "personal_manager")

topics = st.lists(
    st.builds(RouteTopic, st.sampled_from([*CODES, "Z99.99"]), st.floats(0, 1), st.booleans()),
    max_size=5,
    unique_by=lambda topic: topic.code,
)
facts = st.builds(
    RouteFacts,
    topics=topics,
    segment=st.sampled_from(Segment),
    is_vip=st.booleans(),
    has_curator=st.booleans(),
    channel_address=st.sampled_from(ADDRESSES),
    alarms=st.lists(st.sampled_from([*BOOK.routing.alarms, "odd"]), max_size=4, unique=True),
    needs_person=st.booleans(),
    kind=st.sampled_from(Kind),
)
SETTINGS = settings(max_examples=150)


@SETTINGS
@given(facts)
def test_any_letter_has_a_queue_that_exists_and_serves_it(one: RouteFacts) -> None:
    found = route(BOOK, one)
    queues = BOOK.queues.by_id
    assert one.segment in queues[found.queue].segments
    assert one.segment in queues[found.reply_owner].segments
    for code in found.subtasks:
        assert one.segment in queues[code].segments
    assert found.queue not in found.subtasks
    assert not set(found.informed) & {found.queue, found.reply_owner, *found.subtasks}
    assert not queues[found.queue].vip_only or one.is_vip
    assert len(found.acted) == len(set(found.acted))
    assert sum(rule.startswith("Q_") for rule in found.acted) == 1
    assert sum(rule.startswith("O_") for rule in found.acted) == 1


@SETTINGS
@given(facts, st.randoms(use_true_random=False))
def test_restrictions_do_not_depend_on_their_order(one: RouteFacts, chance: random.Random) -> None:
    rules = list(BOOK.routing.restrictions)
    chance.shuffle(rules)
    mixed = BOOK.model_copy(update={"routing": BOOK.routing.model_copy(update={"restrictions": tuple(rules)})})
    found, other = route(BOOK, one), route(mixed, one)
    for name in ("notify", "excluded", "subtasks", "informed", "acted"):
        assert set(getattr(found, name)) == set(getattr(other, name))
    assert (found.queue, found.reply_owner, found.restricted) == (other.queue, other.reply_owner, other.restricted)


@SETTINGS
@given(facts, st.sampled_from(["threat", "corruption_offer", "corruption_report"]))
def test_a_sign_that_closes_an_appeal_closes_it_whatever_else_is_true(one: RouteFacts, alarm: str) -> None:
    closed = replace(one, alarms=[*one.alarms, alarm])
    found = route(BOOK, closed)
    assert found.restricted
    assert not found.auto_reply


@SETTINGS
@given(facts)
def test_no_appeal_lies_in_a_closed_queue_unclosed(one: RouteFacts) -> None:
    found = route(BOOK, one)
    if BOOK.queues.by_id[found.queue].restricted:
        assert found.restricted
        assert found.reply_owner == found.queue


@SETTINGS
@given(facts)
def test_what_is_restricted_never_waits_where_nobody_may_see_it(one: RouteFacts) -> None:
    found = route(BOOK, one)
    assert not (found.restricted and found.queue == "REG")


@SETTINGS
@given(facts, st.sampled_from(sorted(BOOK.routing.alarms)))
def test_another_alarm_never_lifts_a_restriction(one: RouteFacts, alarm: str) -> None:
    more = replace(one, alarms=[*one.alarms, alarm])
    before, after = route(BOOK, one), route(BOOK, more)
    assert after.restricted or not before.restricted
    assert set(before.notify) <= set(after.notify)
    assert set(before.excluded) <= set(after.excluded)
    assert not after.auto_reply


@SETTINGS
@given(facts, st.sampled_from(CODES), st.floats(0, 1))
def test_a_confirmed_topic_beats_every_guess(one: RouteFacts, code: str, sure: float) -> None:
    guesses = [RouteTopic(topic.code, topic.confidence) for topic in one.topics if topic.code != code]
    said = replace(one, topics=[*guesses, RouteTopic(code, sure, confirmed=True)])
    found = route(BOOK, said)
    assert "Q_UNSURE" not in found.acted
    if "Q_TOPIC" in found.acted:
        assert found.queue == BOOK.ekto.by_code[code].queue


@SETTINGS
@given(facts)
def test_an_automatic_reply_is_for_simple_calm_letters_of_persons_only(one: RouteFacts) -> None:
    found = route(BOOK, one)
    if found.auto_reply:
        assert (one.segment, one.is_vip, list(one.alarms)) == (Segment.B2C, False, [])
        assert not found.restricted
        floor = BOOK.routing.routing_threshold
        sure = [t.code for t in one.topics if t.code in CODES and (t.confirmed or t.confidence >= floor)]
        assert sure
        assert all(BOOK.ekto.by_code[code].auto_reply for code in sure)


@SETTINGS
@given(facts)
def test_the_explanation_tells_what_routing_did(one: RouteFacts) -> None:
    found, verdicts = explain(BOOK, one)
    assert found == route(BOOK, one)
    assert tuple(verdict.rule for verdict in verdicts if verdict.acted) == found.acted
