"""Each rule broken in ten ways in letters of eleven builds is found alone; letters of other offices are let through."""

from __future__ import annotations

import random
from itertools import groupby

import pytest
from support_breaks import ALL_BUILDS, Break, breaks, correct

from outbox.check import check, load_rules
from rules.wire import CheckReport, LetterContext, Severity

RULES = load_rules()
WAYS = list(breaks())
LETTERS = list(correct())
CHANCE = random.Random(20261124)
BUILDS = list(ALL_BUILDS)
SAMPLE = [(CHANCE.choice(list(ways)), CHANCE.choice(BUILDS)) for _, ways in groupby(WAYS, key=lambda one: one.rule)]
WARNINGS_IN_FIVE = 5
UNBROKEN = {("TO-1", "acting_addressee"), ("TO-3", "acting_addressee"), ("EX-6", "theme_fonts")}
"""Builds that put in what was taken out: an addressee, a position or a typeface of their own."""


def report(letter: bytes, case: LetterContext | None) -> CheckReport:
    return check(letter, pdf=None, context=case, rulebook=RULES)


def found_alone(one: Break, build: str) -> bool:
    found = {finding.rule for finding in report(ALL_BUILDS[build](one.text), one.case).findings}
    return one.rule in found and found - {one.rule} <= one.may


@pytest.mark.parametrize(("one", "build"), SAMPLE, ids=[f"{one.rule}-{one.number}-{build}" for one, build in SAMPLE])
def test_a_way_to_break_each_rule_is_found_alone(one: Break, build: str) -> None:
    assert found_alone(one, build)


@pytest.mark.full
@pytest.mark.timeout(3600)  # nine thousand letters
def test_every_way_in_every_build_is_found_alone() -> None:
    missed = [(one.rule, one.number, build) for one in WAYS for build in BUILDS
              if (one.rule, build) not in UNBROKEN and not found_alone(one, build)]  # fmt: skip
    assert missed == []


def test_there_are_ten_ways_for_each_rule() -> None:
    assert {rule: len(list(ways)) for rule, ways in groupby(WAYS, key=lambda one: one.rule) if rule} == {
        one.rule: 10 for one in WAYS
    }


@pytest.mark.parametrize("at", range(len(LETTERS)), ids=[one.name for one in LETTERS])
def test_letters_of_other_offices_have_no_error(at: int) -> None:
    letter = LETTERS[at]
    data = ALL_BUILDS[BUILDS[at % len(BUILDS)]](letter.text)
    for case in (letter.case, None):
        findings = [one for one in report(data, case).findings if one.severity is not Severity.HINT]
        assert [(one.rule, one.message) for one in findings] == []


@pytest.mark.full
def test_letters_of_other_offices_in_every_build() -> None:
    reports = [
        (letter.name, build, finding)
        for letter in LETTERS
        for build in BUILDS
        for case in (letter.case, None)
        for finding in report(ALL_BUILDS[build](letter.text), case).findings
    ]
    assert [one for one in reports if one[2].severity is Severity.ERROR] == []
    warnings = sum(finding.severity is Severity.WARNING for _, _, finding in reports)
    assert warnings * WARNINGS_IN_FIVE <= len(LETTERS) * len(BUILDS)
