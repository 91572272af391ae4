"""Correct letters in turns of writing that no list of the check was written for: nearly none is called wrong."""

from __future__ import annotations

import pytest
from support_turns import turned_letters

from outbox.check import check, load_rules
from rules.wire import Severity

RULES = load_rules()
SAMPLE, MANY, SEED = 8, 500, 20261201
WITH_CASE, WITHOUT = 5, 15
"""At most so many of 500 with a false error."""


def accused(count: int, seed: int, *, with_case: bool) -> list[tuple[str, tuple[str, ...], str, str]]:
    return [
        (one.letter.name, turns, found.rule, found.message)
        for one, turns in turned_letters(count, seed)
        for found in check(one.docx(), pdf=None, context=one.case if with_case else None, rulebook=RULES).findings
        if found.severity is Severity.ERROR
    ]


def test_letters_in_other_turns_are_not_called_wrong() -> None:
    assert accused(SAMPLE, 3, with_case=True) == []


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("most", [WITH_CASE, WITHOUT])
def test_five_hundred_are_hardly_ever(most: int) -> None:
    found = accused(MANY, SEED, with_case=most == WITH_CASE)
    assert len({name_and_turns[:2] for name_and_turns in found}) <= most, found
