"""Alarms on labelled sentences: those the rules were written on, and two sets written beside them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from classifiers.alarmscore import SentenceError, score, sentences, wilson
from otvet.cli.evaluate import evaluate

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("name", ["alarms_held.tsv", "alarms_fresh.tsv"])
def test_recall_and_precision_stay(name: str) -> None:
    given = list(sentences((DATA / name).read_text(encoding="utf-8").splitlines()))
    whole = score(given)[0][0]
    assert whole.recall >= 0.93
    assert whole.precision >= 0.95


def test_most_sentences_of_the_sets_must_raise_nothing() -> None:
    given = list(sentences((DATA / "alarms_held.tsv").read_text(encoding="utf-8").splitlines()))
    assert sum(bool(one.must) for one in given) >= 150
    assert sum(not one.must for one in given) >= 300


def test_a_false_alarm_and_a_missed_one_are_counted() -> None:
    told, errors = score(sentences(["threat\tВсё хорошо.", "-\tПахнет газом.", "minor ?threat\tМне 12 лет, убью вас."]))
    assert (told[0].right, told[0].missed, told[0].false) == (1, 1, 1)
    assert [(code, missed) for code, missed, _ in errors] == [("threat", True), ("danger_to_life", False)]


def test_a_line_without_a_code_is_told() -> None:
    with pytest.raises(SentenceError, match="строка 2"):
        list(sentences(["# remark", "просто предложение"]))


def test_bounds_hold_the_share() -> None:
    low, high = wilson(9, 10)
    assert 0 < low < 0.9 < high < 1
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_command_prints_figures_and_errors(tmp_path: Path) -> None:
    file = tmp_path / "some.tsv"
    file.write_text("threat\tВсё хорошо.\n-\tСпасибо.\n", encoding="utf-8")
    shown = CliRunner().invoke(evaluate, ["alarms", str(file), "--errors", "5", "--phrases"])
    assert shown.exit_code == 0
    assert "пропущен threat: Всё хорошо." in shown.output
