"""Letters of many offices by makers of many habits pass, and what is planted in them is found: what needs no paper."""

from __future__ import annotations

import random

import pytest
from support_makers import DATA, Made, Plant, read

from outbox.check import check, load_rules
from rules.wire import CheckReport, LetterContext, Severity

RULES = load_rules()
LETTERS = [*read(DATA / "letters_first.yaml"), *read(DATA / "letters_second.yaml"), *read(DATA / "letters_third.yaml")]
ON_PAPER = {"EX-3", "EX-4", "AP-2", "AP-4"}
PLANTS = [(one, plant) for one in LETTERS for plant in one.plants if not ON_PAPER & set(plant.rules)]
SAMPLE = random.Random(20261130).sample(PLANTS, 40)
NOT_SEEN = {"2. О приборах учёта."}
"""A section under a question's number that speaks of something else: no words tell that it does not answer."""


def report(letter: bytes, case: LetterContext | None) -> CheckReport:
    return check(letter, pdf=None, context=case, rulebook=RULES)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.letter.name)
def test_a_correct_letter_is_let_through(letter: Made) -> None:
    for case in (letter.case, None):
        found = [one for one in report(letter.docx(), case).findings if one.severity is not Severity.HINT]
        assert [(one.rule, one.message) for one in found] == []


def missed(plants: list[tuple[Made, Plant]]) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (letter.letter.name, plant.rules, plant.new)
        for letter, plant in plants
        if not set(plant.rules) & {one.rule for one in report(letter.spoilt(plant), letter.case).findings}
        and not plant.new.startswith(tuple(NOT_SEEN))
    ]


def test_a_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(SAMPLE) == []


@pytest.mark.full
def test_every_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(PLANTS) == []
    assert len(PLANTS) + sum(bool(ON_PAPER & set(plant.rules)) for one in LETTERS for plant in one.plants) > 200
