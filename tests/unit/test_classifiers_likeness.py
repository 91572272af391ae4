"""Likeness of letters and promises of replies, on words alone."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import support_house as support

from classifiers.likeness import likeness
from classifiers.promises import promises
from registry.proposals import SAME_WORDS

DAY = dt.date(2026, 11, 24)
LETTERS = [row.text for row in support.book().examples]


def working(day: dt.date, count: int) -> dt.date:
    return support.book().calendars.for_terms.add_working_days(day, count)


def test_letters_of_different_people_are_far_below_the_threshold() -> None:
    assert max(likeness(one, other) for one, other in itertools.combinations(LETTERS, 2)) < SAME_WORDS / 2


def test_a_letter_is_itself_after_poor_ocr_and_another_layout() -> None:
    letter = max(LETTERS, key=len)
    scanned = "".join("я" if place % 30 == 7 else char for place, char in enumerate(letter)).replace(" ", "\n")
    assert likeness(letter, letter) == 1
    assert likeness(letter, scanned) >= SAME_WORDS
    assert likeness("Спасибо.", "Спасибо.") == 0


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Мы выполним перерасчёт до 31.12.2026.", dt.date(2026, 12, 31)),
        ("Перерасчёт будет выполнен не позднее 15 декабря 2026 года.", dt.date(2026, 12, 15)),
        ("Сообщим Вам о результате в течение 10 дней.", dt.date(2026, 12, 4)),
        ("Направим акт сверки в течение пяти рабочих дней.", dt.date(2026, 12, 1)),
        ("Оплатите счёт до 31.12.2026.", None),
        ("Просим Вас прислать справку в течение 10 дней.", None),
        ("Перерасчёт выполнен до 01.11.2026, и мы им довольны.", None),
        ("Мы вернём деньги до 31.02.2027.", None),
        ("Мы рассмотрели Ваше обращение.", None),
    ],
)
def test_a_promise_names_a_day_and_is_ours(sentence: str, due: dt.date | None) -> None:
    found = promises([f"Здравствуйте. {sentence} Благодарим Вас."], DAY, working)
    assert [one.due for one in found] == ([due] if due else [])
