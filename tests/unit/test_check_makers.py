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
NOT_SEEN = {
    ("bank on early repayment", "BO-3"),
    ("district administration on a bridge, arms and a scanned hand, Buryat names", "BO-11|BO-10"),
    ("employment centre to a farm, request of a list", "BO-17"),
    ("energy supplier to a plant, numbered sections", "BO-9"),
    ("gas company refuses to count by a meter without a seal, name in -а", "BO-3"),
    ("heat company to a factory, months on a sheet turned on its side", "BO-21"),
    ("heat networks, interim on a cold corner flat, a letter of one paragraph, Kabardian name", "TN-11|TN-12"),
    ("homeowners thank a neighbour for rowans, name in -а", "TN-10"),
    ("hospital sends a copy of a case record, Ossetian name", "BO-12"),
    ("house manager does not give telephones of neighbours", "TN-16"),
    ("house manager to residents on lamps in the yard", "TN-15"),
    ("motor insurer asks for two papers", "BO-12"),
    ("motor insurer asks for two papers", "TN-3|TN-2"),
    ("nature reserve thanks a school circle", "SA-2"),
    ("partnership chairman on snow himself, no mark", "BO-12"),
    ("region's ministry of communications to a trade union, Abkhaz name, arms", "BO-20|BO-17|BO-18"),
    ("regional waste operator to a hotel by numbered items, styles in Russian", "BO-3"),
    ("tax office on a deduction, a table of sums", "BO-21"),
    ("telecom thanks for an idea, a page of the web, the signatory is the executor", "TN-10|TN-12"),
    ("town administration to a deputy under headings numbered by the word processor", "BO-3"),
    ("town gas to a school, a blank with ruled cells, an enclosure", "TO-2"),
    ("transport department to a newspaper, acting editor, a table", "BO-21"),
    ("university to a student from Baku, styles in Russian, Azerbaijani name with gyzy", "TN-12|TN-6"),
    ("veterinary laboratory answers a farm under numbered headings", "BO-9|BO-8"),
    ("waste operator's billing takes absence into account, a table", "BO-21"),
    ("water utility to a bakery, act of reconciliation, copy to its accountant", "BO-3"),
}
"""Violations that no rule sees yet, by letter and rules: words that neither a list nor a role gives away, figures
that the case does not hold or the letter names elsewhere, an answer of another question under its number."""


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
        if (letter.letter.name, "|".join(plant.rules)) not in NOT_SEEN and not set(plant.rules) & fired(letter, plant)
    ]


def test_a_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(SAMPLE) == []


@pytest.mark.full
def test_every_violation_is_found_whoever_made_the_letter() -> None:
    assert missed(PLANTS) == []
    assert len(PLANTS) + sum(bool(ON_PAPER & set(plant.rules)) for one in LETTERS for plant in one.plants) > 350
