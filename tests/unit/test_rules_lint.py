"""The lint of routing lists against trying every situation out."""

from itertools import chain, combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.routing_table import ChoiceRule, When, unreachable
from rules.wire import Segment

QUEUES = ("REG", "FRONT", "SEC")
ALARMS = ("threat", "abuse")


def rule(number: int, conditions: dict[str, Any]) -> ChoiceRule:
    return ChoiceRule(id=f"R{number}", when=When(**conditions), then="REG", basis="")


conditions = st.fixed_dictionaries(
    {},
    optional={
        "vip": st.booleans(),
        "segment": st.frozensets(st.sampled_from(Segment), min_size=1),
        "queue": st.frozensets(st.sampled_from(QUEUES), min_size=1),
        "alarm": st.frozensets(st.sampled_from(ALARMS), min_size=1),
        "topics": st.just("many"),
    },
)


def holds(when: When, situation: tuple[bool, Segment, str, frozenset[str], bool]) -> bool:
    vip, segment, queue, alarms, many = situation
    return (
        when.vip in (None, vip)
        and (when.segment is None or segment in when.segment)
        and (when.queue is None or queue in when.queue)
        and (when.alarm is None or bool(when.alarm & alarms))
        and (when.topics is None or many)
    )


def reached(rules: list[ChoiceRule]) -> set[int]:
    alarms = [frozenset(some) for some in chain.from_iterable(combinations(ALARMS, size) for size in range(3))]
    found = set()
    for situation in product((True, False), Segment, QUEUES, alarms, (True, False)):
        found |= set([index for index, one in enumerate(rules) if holds(one.when, situation)][:1])
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=6))
def test_lint_agrees_with_trying_everything(lists: list[dict[str, Any]]) -> None:
    rules = [rule(number, given_) for number, given_ in enumerate(lists)]
    dead = unreachable(rules, QUEUES)
    alive = reached(rules)
    if dead is not None:
        assert dead[0] not in alive
        assert dead[1]
    elif not any(one.when.alarm for one in rules):
        assert alive == set(range(len(rules)))  # with alarms the lint is cautious: several may be raised at once


def test_an_alarm_hides_only_what_asks_for_no_other() -> None:
    threat, both, vip = {"alarm": {"threat"}}, {"alarm": {"threat", "abuse"}}, {"alarm": {"threat"}, "vip": True}
    assert unreachable([rule(0, threat), rule(1, both)], QUEUES) is None
    assert unreachable([rule(0, both), rule(1, threat)], QUEUES) == (1, (0,))
    assert unreachable([rule(0, threat), rule(1, vip)], QUEUES) == (1, (0,))
    assert unreachable([rule(0, threat), rule(1, {"vip": True})], QUEUES) is None


def test_several_rules_hide_one_together() -> None:
    split: list[dict[str, Any]] = [
        {"vip": True},
        {"segment": {Segment.B2C}},
        {"segment": {Segment.B2B, Segment.B2B2C}},
        {"vip": False},
    ]
    rules = [rule(number, given_) for number, given_ in enumerate(split)]
    assert unreachable(rules, QUEUES) == (3, (1, 2))


def test_a_rule_after_the_one_for_everything_is_dead() -> None:
    assert unreachable([rule(0, {}), rule(1, {"queue": {"SEC"}})], QUEUES) == (1, (0,))
