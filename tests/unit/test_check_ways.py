"""Every rule that a machine checks has its ten ways of being broken: here e-mails, unfinished work and the GOST."""

from __future__ import annotations

import random
from collections import Counter
from itertools import groupby

import pytest
from support_breaks import ALL_BUILDS, breaks
from support_check import Text, context
from support_gost import GostBreak, gost_breaks
from support_mailbreaks import MAIL_BUILDS, MailBreak, Words, mail_breaks, mail_case
from support_markup import CHANGES, unfinished
from support_sheets import broken_sheets

from outbox.check import check, check_mail, load_rules
from rules.wire import Gate, Severity

RULES = load_rules()
GOST = RULES.with_profiles(["gost2025"])
CHANCE = random.Random(20261130)
MAILS = list(mail_breaks())
SAMPLE = [CHANCE.choice(list(ways)) for _, ways in groupby(MAILS, key=lambda one: one.rule)]
IN_ONE_BUILD = [one for one in gost_breaks() if not one.paper]
GOST_SAMPLE = [CHANCE.choice(list(ways)) for _, ways in groupby(IN_ONE_BUILD, key=lambda one: one.rule)]


def test_every_rule_has_ten_ways() -> None:
    ways = Counter(one.rule for source in (breaks(), broken_sheets(), mail_breaks(), gost_breaks()) for one in source)
    ways["ST-3"] += len(CHANGES) + 1  # and a comment
    assert {spec.id: ways[spec.id] for spec in RULES.rules if ways[spec.id] != 10} == {}


@pytest.mark.parametrize("build", MAIL_BUILDS)
def test_correct_mail_gives_no_finding(build: str) -> None:
    report = check_mail(MAIL_BUILDS[build](Words()), context=mail_case({}), rulebook=RULES)
    assert (report.findings, report.unchecked) == ([], [])


def found_alone(one: MailBreak, build: str) -> bool:
    raw = MAIL_BUILDS[build](one.words)
    fired = {found.rule for found in check_mail(raw, context=mail_case(one.facts), rulebook=RULES).findings}
    return one.rule in fired and fired - {one.rule} <= one.may


@pytest.mark.parametrize("one", SAMPLE, ids=lambda one: f"{one.rule}-{one.number}")
def test_a_way_to_break_each_rule_of_the_mail_is_found_alone(one: MailBreak) -> None:
    assert found_alone(one, CHANCE.choice(list(MAIL_BUILDS)))


@pytest.mark.full
@pytest.mark.timeout(600)
def test_every_way_to_break_a_rule_of_the_mail_is_found_alone() -> None:
    failed = [(one.rule, one.number, build) for one in MAILS for build in MAIL_BUILDS if not found_alone(one, build)]
    assert failed == []


def unfinished_found(build: str) -> list[set[str]]:
    letters = unfinished(ALL_BUILDS[build](Text()))
    return [
        {one.rule for one in check(letter, pdf=None, context=context(), rulebook=RULES).findings} for letter in letters
    ]


def test_each_trace_of_unfinished_work_is_found_alone() -> None:
    assert unfinished_found(CHANCE.choice(list(ALL_BUILDS))) == [{"ST-3"}] * 10


@pytest.mark.full
@pytest.mark.parametrize("build", ALL_BUILDS)
def test_each_trace_of_unfinished_work_is_found_in_every_build(build: str) -> None:
    assert unfinished_found(build) == [{"ST-3"}] * 10


def by_gost(one: GostBreak) -> set[str]:
    case = context(enclosures=one.enclosures)
    found = check(one.docx, pdf=None, context=case, rulebook=GOST).findings
    assert all(hit.gate is Gate.REPORTS and hit.severity is not Severity.ERROR for hit in found)
    return {hit.rule for hit in found}


@pytest.mark.parametrize("one", GOST_SAMPLE, ids=lambda one: f"{one.rule}-{one.number}")
def test_a_way_to_break_each_rule_of_the_gost_is_found_alone(one: GostBreak) -> None:
    assert by_gost(one) == {one.rule}


@pytest.mark.full
def test_every_way_to_break_a_rule_of_the_gost_is_found_alone() -> None:
    assert [(one.rule, one.number) for one in IN_ONE_BUILD if by_gost(one) != {one.rule}] == []
