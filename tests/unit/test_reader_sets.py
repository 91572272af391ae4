"""Hand-written rows of tests/data/reader: the figures of docs/benchmarks.md do not fall."""

import pytest
from support_reader import fields, figures, names, parties

SETS = ("1", "2", "3")
ALL_SETS = (*SETS, "4")


@pytest.mark.parametrize("which", [*SETS, "6"])
def test_names_and_never_a_wrong_gender(which: str) -> None:
    verdicts = list(names(which))
    assert not [one.shown for one in verdicts if one.kind == "wrong gender"]
    assert sum(one.right for one in verdicts) >= 0.97 * len(verdicts)


def test_hard_names_are_asked_about_rather_than_guessed() -> None:
    verdicts = list(names("5"))
    assert {one.kind for one in verdicts if not one.right} <= {"asks", "wrong form", "wrong parts"}
    assert sum(one.kind == "asks" for one in verdicts) <= 0.12 * len(verdicts)


@pytest.mark.parametrize(("noise", "least"), [(False, 0.95), (True, 0.9)])
@pytest.mark.parametrize("which", [*SETS, "5", "6", "7", "9"])
def test_fields(which: str, *, noise: bool, least: float) -> None:
    verdicts = list(fields(which, noise=noise))
    assert sum(one.right for one in verdicts) >= least * len(verdicts)


@pytest.mark.parametrize("which", ALL_SETS)
def test_parties(which: str) -> None:
    verdicts = list(parties(which))
    assert sum(one.right for one in verdicts) >= 0.9 * len(verdicts)


@pytest.mark.parametrize("which", ALL_SETS)
def test_readings_sums_and_periods(which: str) -> None:
    verdicts = list(figures(which))
    assert sum(one.right for one in verdicts) >= 0.95 * len(verdicts)
