"""Numbers in words: read in any case, as sums of money and as spans of a promise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from classifiers.figures import find_sums
from classifiers.numerals import value
from classifiers.promises import promises


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("двадцати одного", "21"),
        ("полторы тысячи", "1500"),
        ("двухсот сорока", "240"),
        ("Тысяча двести", "1200"),
        ("ста", "100"),
        ("восемнадцатью тысячами четырьмястами", "18400"),
        ("миллион двести тысяч трёх", "1200003"),
    ],
)
def test_a_number_is_read_in_any_case(words: str, said: str) -> None:
    assert value(words.split()) == Decimal(said)


@pytest.mark.parametrize("words", ["", "двадцать рублей", "несколько", "сто метров"])
def test_other_words_say_no_number(words: str) -> None:
    assert value(words.split()) is None


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("Долг около двух тысяч рублей.", ["2000.00"]),
        ("Сняли две тысячи триста сорок рублей и ещё полторы тысячи за свет.", ["2340.00", "1500.00"]),
        ("Взяли тысячу рублей, а по квитанции триста рублей 20 копеек.", ["1000.00", "300.20"]),
        ("Платим тысячи рублей, миллион раз говорили, пять тысяч человек мёрзнут.", []),
        ("Соседка из одной квартиры, сорок квадратных метров, двое детей.", []),
        ("12 тысяч рублей (двенадцать тысяч)", ["12000.00"]),
    ],
)
def test_sums_in_words_are_read(text: str, sums: list[str]) -> None:
    assert [one.roubles for one in find_sums(text)] == [Decimal(one) for one in sums]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Направим ответ в течение десяти рабочих дней.", 100),
        ("Сообщим результат через две недели.", 14),
        ("Вышлем справку в течение двадцати одного дня.", 21),
        ("Ответим через месяц.", 30),
        ("Проверим в течение 5 (пяти) календарных дней.", 5),
        ("Сделаем в течение трёх месяцев.", 90),
    ],
)
def test_the_span_of_a_promise_is_read_in_words(text: str, days: int) -> None:
    written = dt.date(2026, 12, 1)
    (found,) = promises([text], written, lambda day, count: day + dt.timedelta(days=10 * count))
    assert (found.due - written).days == days


def test_a_span_without_a_number_promises_no_day() -> None:
    assert promises(["Вернёмся с ответом через несколько дней."], dt.date(2026, 12, 1), lambda day, _: day) == []
