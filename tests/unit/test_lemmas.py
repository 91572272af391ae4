"""Lemmas of words that no dictionary expects."""

from __future__ import annotations

import pytest

from classifiers.lemmas import grammemes, headed_in_nominative, lemma


def test_a_letter_without_a_name_is_its_own_lemma() -> None:
    assert lemma("AAA\U00017000") == "aaa\U00017000"
    assert grammemes("AAA\U00017000") == ()
    assert lemma("Показаний") == "показание"


@pytest.mark.parametrize(
    ("written", "nominative"),
    [
        ("Государственного комитета РБ по жилищному надзору", "Государственный комитет РБ по жилищному надзору"),
        ("Прокуратуры города Салавата", "Прокуратура города Салавата"),
        ("МИНИСТЕРСТВА ФИНАНСОВ", "МИНИСТЕРСТВО ФИНАНСОВ"),
        ("Депутат Государственного Собрания", "Депутат Государственного Собрания"),
    ],
)
def test_the_head_of_a_name_is_put_in_the_nominative(written: str, nominative: str) -> None:
    assert headed_in_nominative(written) == nominative
