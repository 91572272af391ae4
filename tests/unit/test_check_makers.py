"""Letters of many offices by makers of many habits pass, and what is planted in them is found: what needs no paper."""

from __future__ import annotations

import random

import pytest
from support_makers import Made, Plant
from support_offices import every_letter

from outbox.check import check, load_rules
from rules.wire import CheckReport, LetterContext, Severity

RULES = load_rules()
GOST = RULES.with_profiles(["gost2025"])
CHANCE = random.Random(20261130)
LETTERS = every_letter()
SOME = CHANCE.sample(LETTERS, 40)
ON_PAPER = {"EX-3", "EX-4", "AP-1", "AP-2", "AP-4"}
PLANTS = [(one, plant) for one in LETTERS for plant in one.plants if not ON_PAPER & set(plant.rules)]
SAMPLE = CHANCE.sample(PLANTS, 40)
NOT_SEEN = {"2. О приборах учёта."}
"""A section under a question's number that speaks of something else: no words tell that it does not answer."""


def report(letter: bytes, case: LetterContext | None, *, gost: bool = False) -> CheckReport:
    return check(letter, pdf=None, context=case, rulebook=GOST if gost else RULES)


def alarms(letter: Made) -> list[tuple[str, str]]:
    return [
        (one.rule, one.message)
        for case in (letter.case, None)
        for one in report(letter.docx(), case, gost=letter.letter.gost).findings
        if one.severity is not Severity.HINT
    ]


@pytest.mark.parametrize("letter", SOME, ids=lambda one: one.letter.name)
def test_a_correct_letter_is_let_through(letter: Made) -> None:
    assert alarms(letter) == []


@pytest.mark.full
def test_every_correct_letter_is_let_through() -> None:
    assert {one.letter.name: found for one in LETTERS if (found := alarms(one))} == {}


def fired(letter: Made, plant: Plant) -> set[str]:
    found = report(letter.spoilt(plant), letter.case_of(plant), gost=letter.letter.gost).findings
    return {one.rule for one in found}


def missed(plants: list[tuple[Made, Plant]]) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (letter.letter.name, plant.rules, plant.new)
        for letter, plant in plants
        if not set(plant.rules) & fired(letter, plant) and not plant.new.startswith(tuple(NOT_SEEN))
    ]


def test_a_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(SAMPLE) == []


@pytest.mark.full
def test_every_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(PLANTS) == []
    assert len(PLANTS) + sum(bool(ON_PAPER & set(plant.rules)) for one in LETTERS for plant in one.plants) > 350
