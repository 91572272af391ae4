"""The lint of routing lists against trying every situation out."""

import shutil
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.book import RuleError, load
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


@settings(max_examples=300)
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


SECURITY = "    then: SEC\n    basis: Стандарт, термин"
VIP = "when: {vip: true}\n    then: {notify: [personal_manager]}"
TABLE = [
    # what stands in routing.yaml, what is put there, the words of the complaint
    (SECURITY, SECURITY.replace("SEC", "LEGAL"), "очередь должно быть SEC, а выходит LEGAL"),
    ("expect: {queue: BILL,", "expect: {queue: PAY,", "очередь должно быть PAY, а выходит BILL"),
    ("then: {restrict: true, inform: [SEC]", "then: {inform: [SEC]", "закрытое должно быть true, а выходит false"),
    ("rules: [Q_TOPIC, O_QUEUE]", "rules: [Q_TOPIC, O_B2B]", "правило O_B2B не сработало"),
    ("rules: [Q_TOPIC, O_QUEUE]", "rules: [Q_TOPIK]", "правило «Q_TOPIK» не существует"),
    ("given: {topics: {C01.02: 0.9}", "given: {topics: {C91.02: 0.9}", "тема «C91.02» не существует"),
    ("alarms: [deceased]", "alarms: [diseased]", "признак «diseased» не существует"),
    ("when: {topic: [C12.03]}", "when: {topic: [C14.03]}", "условия одни и те же"),
    ("then: {notify: [registrar]}", "then: {}", "правило R_AUTHORITY ничего не делает"),
    (VIP, VIP.replace("true}", "true, kind: [proposal]}", 1), "уведомить должно быть [personal_manager], а выходит []"),
    ("queue: first,", "queue: accumulate,", "недопустимое значение «accumulate»"),
    ("when: {segment: [B2C], topics: many}", "when: {segment: [B2B], topics: many}", "до O_MANY_TOPICS очередь не"),
]


@pytest.mark.parametrize(("old", "new", "words"), TABLE, ids=[row[2][:40] for row in TABLE])
def test_a_table_that_fails_its_own_examples_is_refused_with_line_and_mend(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    folder = shutil.copytree(Path(rules.__file__).parent, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py"))
    path = folder / "routing.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load(folder)
    assert words in caught.value.problem
    assert caught.value.file == "routing.yaml"
    assert caught.value.line
    assert caught.value.line > 1
    assert caught.value.mend


def test_a_rule_without_an_example_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(Path(rules.__file__).parent, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py"))
    path = folder / "routing.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(index for index, line in enumerate(lines) if "Утечка персональных" in line)
    path.write_text("".join(lines[:at] + lines[at + 4 :]), encoding="utf-8")
    with pytest.raises(RuleError, match="ни один пример не проверяет правило R_LEAK"):
        load(folder)
