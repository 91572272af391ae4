"""Slips are mended to words of training, and nothing else is touched."""

from __future__ import annotations

import time

import pytest

from classifiers.typos import Forms

FORMS = Forms(("Прошу пересчитать отопление.", "Отопление дорогое, прошу перерасчёт.", "Счётчик воды сломан."))


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        ("отоплене не греет", "отопление не греет"),
        ("Атопление не греет", "отопление не греет"),
        ("отплоение", "отплоение"),
        ("отполение", "отопление"),
        ("отоплениее", "отопление"),
        ("отоплние", "отопление"),
        ("сщетчик воды", "счетчик воды"),
        ("щетчик воды", "щетчик воды"),
        ("тепло и вода", "тепло и вода"),
        ("mail@otoplenie.ru, 12-34", "mail@otoplenie.ru, 12-34"),
    ],
)
def test_one_slip_in_an_unknown_word_is_mended(spoilt: str, mended: str) -> None:
    assert FORMS.mend(spoilt) == mended


def test_rubbish_is_bounded() -> None:
    begun = time.process_time()
    FORMS.mend(" ".join(f"щ{'ъы' * (one % 9 + 1)}" for one in range(30_000)))
    assert time.process_time() - begun < 2
