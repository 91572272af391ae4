"""A case that leaves facts out leaves rules unchecked, never a correct letter accused."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support_offices import every_letter

from outbox.check import check, load_rules
from rules.wire import LetterContext, Severity

RULES = load_rules()
LETTERS = list(every_letter())
SAMPLE = 24
LEFT_OUT, LEFT_OUT_OF_A_PART = 0.35, 0.3


def thinned(facts: dict[str, Any], chance: random.Random) -> LetterContext:
    """The case with some facts gone, whole parts among them; whoever has no last name has no other either."""
    kept: dict[str, Any] = {}
    for name, value in facts.items():
        if chance.random() < LEFT_OUT:
            continue
        some = (
            {key: one for key, one in value.items() if chance.random() > LEFT_OUT_OF_A_PART}
            if isinstance(value, dict)
            else value
        )
        kept[name] = some
    for name in ("signatory", "executor", "client"):
        person = kept.get(name)
        if isinstance(person, dict) and not person.get("last_name"):
            gone = ("first_name", "patronymic", "last_name")
            kept[name] = {key: one for key, one in person.items() if key not in gone}
            if name != "client":
                del kept[name]
    return LetterContext.model_validate(kept)


def accused(at: int, chance: random.Random) -> list[str]:
    one = LETTERS[at]
    case = thinned(one.case.model_dump(mode="json", exclude_unset=True), chance)
    found = check(one.docx(), pdf=None, context=case, rulebook=RULES).findings
    return [f"{one.letter.name}: {each.rule} {each.message}" for each in found if each.severity is not Severity.HINT]


@pytest.mark.parametrize("at", random.Random(20261130).sample(range(len(LETTERS)), SAMPLE))
def test_a_letter_is_not_accused_of_what_its_case_does_not_say(at: int) -> None:
    assert accused(at, random.Random(at)) == []


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_no_letter_is_in_three_random_cases() -> None:
    chance = random.Random(20261201)
    assert [told for at in range(len(LETTERS)) for _ in range(3) for told in accused(at, chance)] == []
