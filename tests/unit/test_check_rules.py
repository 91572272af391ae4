"""Loading of the rules and the three forms of the report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support_check import Text, context, direct

import rules
from outbox.check import as_sarif, as_text, check, load_rules
from outbox.check.persons import find_persons, same_in_any_case
from outbox.check.text import dates, has_code, phones
from rules.errors import RuleError
from rules.wire import CheckReport

SOURCE = Path(rules.__file__).parent
RULES = load_rules()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("letter_check.yaml", "letter_words.yaml"):
        shutil.copy(SOURCE / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("letter_check.yaml", "id: SA-4", "id: SA-44", "SA-44"),
        ("letter_check.yaml", "id: SA-4", "id: SA-3", "дважды"),
        ("letter_check.yaml", "    severity: error", "    severity: fatal", "fatal"),
        ("letter_check.yaml", "severity: warning\n    gate: reports", "severity: warning\n    gate: blocks", "reports"),
        ("letter_check.yaml", "needs: [asks_action]", "needs: [asks_nothing]", "asks_nothing"),
        ("letter_check.yaml", "implies: [SU-2]", "implies: [SU-9]", "SU-9"),
        ("letter_check.yaml", "    title: Поле «Кому» заполнено\n", "", "title"),
        ("letter_words.yaml", "  harsh:", "  harsch:", "harsh"),
        ("letter_words.yaml", "  positions:", "  posts:", "positions"),
        ("letter_check.yaml", "mail_error_mb: 5", "mail_error_mb: 2", "mail_warning_mb больше, чем mail_error_mb"),
    ],
)
def test_wrong_rule_data_names_file_and_line(folder: Path, file: str, old: str, new: str, says: str) -> None:
    path = folder / file
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1))
    with pytest.raises(RuleError, match=says) as error:
        load_rules(folder)
    assert str(error.value).startswith(file)
    assert error.value.line is not None or says in {"harsh", "positions"}  # a list that is gone stands on no line


def test_switched_off_rule_is_not_checked(folder: Path) -> None:
    path = folder / "letter_check.yaml"
    path.write_text(path.read_text().replace("  - id: TN-13\n", "  - id: TN-13\n    enabled: false\n"))
    report = check(direct(Text(body=["Мы получили ваше заявление.", "До 10.12.2026 ответим."])), pdf=None,
                   context=context(), rulebook=load_rules(folder))  # fmt: skip
    assert "TN-13" not in {one.rule for one in report.findings}
    assert {one.rule: one.why for one in report.unchecked}["TN-13"] == "правило выключено в настройках"


@pytest.fixture
def report() -> CheckReport:
    found = check(direct(Text(closing="", position="И.о. директора")), pdf=None, context=context(), rulebook=RULES)
    return found.model_copy(update={"file": "письмо 1.docx"})


def test_text_says_what_where_by_which_clause_and_how_to_mend(report: CheckReport) -> None:
    text = as_text(report)
    for words in (
        "письмо 1.docx",
        "SG-6 (п. 12.5.14)",
        "Как исправить",
        "Не проверено",
        "нет PDF",
        "Проверить человеку",
    ):
        assert words in text


def test_sarif_has_rules_findings_and_what_stays_open(report: CheckReport) -> None:
    sarif = json.loads(json.dumps(as_sarif([report], RULES, "0.1.0"), ensure_ascii=False))
    run = sarif["runs"][0]
    assert sarif["version"] == "2.1.0"
    assert len(run["tool"]["driver"]["rules"]) == len(RULES.rules)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == "none" or result["kind"] == "fail"
        assert " " not in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert {one["ruleId"] for one in run["results"] if one["kind"] == "fail"} == {"CO-1", "SG-6"}
    assert len([one for one in run["results"] if one["kind"] == "open"]) == len(report.unchecked)


def test_json_comes_back(report: CheckReport) -> None:
    assert CheckReport.model_validate_json(report.model_dump_json()) == report


@pytest.mark.parametrize(
    ("word", "name", "same"),
    [
        ("Данилову", "Данилов", True),
        ("Денисову", "Данилов", False),
        ("Иваненко", "Иванов", False),
        ("Льву", "Лев", True),
        ("Зайцу", "Заяц", True),
        ("Швецову", "Швец", False),
        ("Черному", "Чёрный", True),
        ("Петровой-Водкиной", "Петрова-Водкина", True),
        ("Петровой", "Петрова-Водкина", False),
    ],
)
def test_case_forms_of_names(word: str, name: str, *, same: bool) -> None:
    assert same_in_any_case(word, name) is same


def test_positions_are_no_names() -> None:
    assert [one.text for one in find_persons("Генеральный Директор С.В. Иванова", load_rules().wording)] == [
        "С.В. Иванова"
    ]
    assert find_persons("И.О. Директора", load_rules().wording) == []


def test_dates_and_telephones() -> None:
    assert [str(one.date) for one in dates("от 05.11.26, «5» ноября 2026 г., 31.02.2026")] == [
        "2026-11-05",
        "2026-11-05",
    ]
    assert phones("от 05.11.2026, доб. 31") == []
    assert [has_code(phones(text)[0]) for text in ("8 (347) 200-10-12", "+7 347 200-10-12", "200-10-12")] == [
        True,
        True,
        False,
    ]
