"""Lemmas of words that no dictionary expects."""

from __future__ import annotations

from classifiers.lemmas import grammemes, lemma


def test_a_letter_without_a_name_is_its_own_lemma() -> None:
    assert lemma("AAA\U00017000") == "aaa\U00017000"
    assert grammemes("AAA\U00017000") == ()
    assert lemma("Показаний") == "показание"
