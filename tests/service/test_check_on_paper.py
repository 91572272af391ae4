"""What only paper shows: odd letters on their sheets, and ten ways to break each rule of places and sheets."""

from __future__ import annotations

import random
from itertools import groupby
from pathlib import Path

import pytest
from support_check import context
from support_gost import GostBreak, gost_breaks
from support_odd import Odd, odd_letters
from support_offices import every_letter
from support_sheets import Sheet, broken_sheets

from outbox.check import check, load_rules
from outbox.pdf import to_pdfs
from outbox.soffice import OFFICE
from rules.wire import Severity

pytestmark = pytest.mark.service
RULES = load_rules()
GOST = RULES.with_profiles(["gost2025"])
LETTERS = list(odd_letters())
PLANTS = [(one, plant) for one in LETTERS for plant in one.plants]
ON_PAPER = {"EX-3", "EX-4", "AP-2", "AP-4", "SA-4"}
SELF = {"last_name": "Иванова", "first_name": "Светлана", "patronymic": "Викторовна"}
WARNINGS_IN_FIVE = 5
TIMEOUT = 400.0


def as_docx(letters: list[tuple[Odd, bytes]], folder: Path) -> list[bytes]:
    """The letters as Word's own; those of other formats are saved by LibreOffice in one hand-over."""
    foreign = {at: (one.suffix, data) for at, (one, data) in enumerate(letters) if one.suffix != "docx"}
    paths = {}
    for at, (suffix, data) in foreign.items():
        # A page of the web under another name opens as a text, not as a site.
        paths[at] = folder / f"letter{at:03}.{'doc' if suffix == 'html' else suffix}"
        paths[at].write_bytes(data)
    made = folder / "made"
    made.mkdir()
    OFFICE.convert(list(paths.values()), "docx:MS Word 2007 XML", made, TIMEOUT)
    return [
        (made / f"{paths[at].stem}.docx").read_bytes() if at in paths else data for at, (_, data) in enumerate(letters)
    ]


def test_odd_letters_pass_on_paper_and_what_is_planted_there_is_found(tmp_path: Path) -> None:
    spoilt = [(one, one.spoilt(plant)) for one, plant in PLANTS]
    made = as_docx([*((one, one.made) for one in LETTERS), *spoilt], tmp_path)
    correct, broken = made[: len(LETTERS)], made[len(LETTERS) :]
    seen = [at for at, (_, plant) in enumerate(PLANTS) if plant.rule in ON_PAPER]
    pdfs = to_pdfs([*correct, *(broken[at] for at in seen)], timeout=TIMEOUT)
    warnings = 0
    for letter, docx, pdf in zip(LETTERS, correct, pdfs, strict=False):
        for case in (letter.case, None):
            found = check(docx, pdf=pdf, context=case, rulebook=RULES).findings
            assert [(letter.name, one.rule, one.message) for one in found if one.severity is Severity.ERROR] == []
            warnings += sum(one.severity is Severity.WARNING for one in found)
    assert warnings * WARNINGS_IN_FIVE <= 2 * len(LETTERS)
    sheets = dict(zip(seen, pdfs[len(LETTERS) :], strict=True))
    for at, (letter, plant) in enumerate(PLANTS):
        found = check(broken[at], pdf=sheets.get(at), context=letter.case, rulebook=RULES).findings
        assert plant.rule in {one.rule for one in found}, letter.name


def missed(ways: list[Sheet]) -> list[tuple[str, int, set[str]]]:
    """Ways that are not found, or found with something else beside."""
    failed = []
    for way, pdf in zip(ways, to_pdfs([one.docx for one in ways], timeout=TIMEOUT), strict=True):
        fired = {one.rule for one in check(way.docx, pdf=pdf, context=way.case, rulebook=RULES).findings}
        if way.rule not in fired or not fired - {way.rule} <= way.may:
            failed.append((way.rule, way.number, fired))
    return failed


def test_a_way_to_break_each_rule_of_paper_is_found_alone() -> None:
    chance = random.Random(20261130)
    ways = [chance.choice(list(group)) for _, group in groupby(broken_sheets(), key=lambda one: one.rule)]
    assert missed(ways) == []


@pytest.mark.full
@pytest.mark.timeout(900)
def test_every_way_to_break_a_rule_of_paper_is_found_alone() -> None:
    assert missed(list(broken_sheets())) == []


@pytest.mark.full
@pytest.mark.timeout(900)
def test_every_way_to_number_pages_against_the_gost_is_found() -> None:
    ways: list[GostBreak] = [one for one in gost_breaks() if one.paper]
    for way, pdf in zip(ways, to_pdfs([one.docx for one in ways], timeout=TIMEOUT), strict=True):
        found = check(way.docx, pdf=pdf, context=context(executor=SELF), rulebook=GOST).findings
        assert {one.rule for one in found} - {"GS-4"} == {"GS-2"}, way.number


@pytest.mark.full
@pytest.mark.timeout(900)
def test_letters_of_many_makers_pass_on_paper_and_what_is_planted_there_is_found() -> None:
    letters = every_letter()
    plants = [(one, plant) for one in letters for plant in one.plants if ON_PAPER & set(plant.rules)]
    made = [*(one.docx() for one in letters), *(one.spoilt(plant) for one, plant in plants)]
    pdfs = to_pdfs(made, timeout=TIMEOUT)
    for letter, docx, pdf in zip(letters, made, pdfs, strict=False):
        for case in (letter.case, None):
            found = check(docx, pdf=pdf, context=case, rulebook=RULES).findings
            left = [(letter.letter.name, one.rule, one.message) for one in found if one.severity is not Severity.HINT]
            assert left == []
    for (letter, plant), docx, pdf in zip(plants, made[len(letters) :], pdfs[len(letters) :], strict=True):
        found = check(docx, pdf=pdf, context=letter.case_of(plant), rulebook=RULES).findings
        assert set(plant.rules) & {one.rule for one in found}, letter.letter.name
