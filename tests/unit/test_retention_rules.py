"""The file plan: the right case file, never a day too short, and an error names its line."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
import support_house

import rules
from rules.book import FILES as YAML
from rules.book import RuleError, load
from rules.retention import CaseFacts, Nomenclature

SOURCE = Path(rules.__file__).parent


@pytest.fixture
def plan() -> Nomenclature:
    return support_house.book().retention


@pytest.mark.parametrize(
    ("facts", "index"),
    [
        (CaseFacts("B2C", "question", "C02.03"), "05-01"),
        (CaseFacts("B2C", "complaint", "C02.03"), "05-02"),
        (CaseFacts("B2B", "request", "B01.01"), "05-03"),
        (CaseFacts("B2B2C", "complaint", None), "05-04"),
        (CaseFacts("B2C", "complaint", "C14.01", restricted=True), "05-05"),
        (CaseFacts("B2C", "none", None, "not_an_appeal"), "05-06"),
        (CaseFacts("B2C", "request", "C12.01"), "05-07"),
        (CaseFacts("B2C"), "05-01"),
    ],
)
def test_the_first_case_file_that_fits_is_taken(plan: Nomenclature, facts: CaseFacts, index: str) -> None:
    assert plan.case_for(facts).index == index


def test_the_term_counts_from_the_end_of_the_year_of_closing(plan: Nomenclature) -> None:
    five = plan.by_index["05-01"]
    assert plan.keep_until(five, dt.date(2026, 1, 1)) == dt.date(2031, 12, 31)
    assert plan.keep_until(five, dt.date(2026, 12, 31)) == dt.date(2031, 12, 31)


def test_no_term_is_shorter_than_twelve_months(plan: Nomenclature) -> None:
    one = plan.by_index["05-06"].model_copy(update={"start": "closing"})
    assert plan.keep_until(one, dt.date(2024, 2, 29)) == dt.date(2025, 2, 28)
    longer = plan.model_copy(update={"minimum_months": 18})
    assert longer.keep_until(one, dt.date(2026, 8, 31)) == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minimum_months: 12", "minimum_months: 11", "наименьшее допустимое — 12"),
        ("index: '05-06'", "index: '05-05'", "дело 05-05 уже есть выше"),
        ("when: {group: ['12']}", "when: {group: ['77']}", "группа «77» не существует"),
        ("when: {group: ['12']}", "when: {segment: [B2B]}", "до дела 05-07 очередь не дойдёт"),
        ("when: {}", "when: {segment: [B2C]}", "when: {}"),
        ("  chain: история", "  chains: история", "chains"),
    ],
)
def test_an_error_names_file_line_and_mend(tmp_path: Path, old: str, new: str, says: str) -> None:
    for name in (*(f"{stem}.yaml" for stem in YAML), "examples.jsonl"):
        shutil.copy(SOURCE / name, tmp_path)
    path = tmp_path / "retention.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load(tmp_path)
    assert "retention.yaml" in str(error.value)
    assert says in str(error.value)
