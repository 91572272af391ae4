"""What a client tells of himself and the days he asks for, on wordings of their own."""

import datetime as dt

import pytest

from classifiers.accessibility import needs
from classifiers.askeddates import asked_dates


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Я глухая с детства, звонить мне бесполезно.", {"hard_of_hearing"}),
        ("Пишет слабослышащий пенсионер, прошу ответить письмом.", {"hard_of_hearing"}),
        ("Ношу слуховой аппарат, по телефону ничего не разбираю.", {"hard_of_hearing"}),
        ("Мой родной язык — русский жестовый язык.", {"hard_of_hearing"}),
        ("Плохо слышу, не звоните мне.", {"hard_of_hearing"}),
        ("У меня глаукома, мелкий текст прочитать не могу.", {"large_print"}),
        ("Почти не вижу, напечатайте крупно.", {"large_print"}),
        ("Инвалид 1 группы по зрению, пришлите ответ шрифтом Брайля.", {"large_print"}),
        ("Объясните по-простому, без терминов, мне 80 лет.", {"plain_words"}),
        ("Растолкуйте человеческим языком, за что доплата.", {"plain_words"}),
        ("Цифры на табло плохо видно, замените счётчик.", set()),
        ("С моей точки зрения плата слабо обоснована.", set()),
        ("Не вижу оснований для доплаты.", set()),
        ("Прошу пересчитать отопление за май.", set()),
    ],
)
def test_needs(text: str, codes: set[str]) -> None:
    assert set(needs(text)) == codes


def test_a_need_is_quoted() -> None:
    assert needs("Здравствуйте. Я плохо вижу. Спасибо.") == {"large_print": "Я плохо вижу."}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Прошу ответить до 15.12.2026, сделка у нотариуса.", [dt.date(2026, 12, 15)]),
        ("Жду перерасчёта не позднее 1 декабря 2026 года.", [dt.date(2026, 12, 1)]),
        ("Справка нужна к 20.11.2026.", [dt.date(2026, 11, 20)]),
        ("Требую вернуть деньги в течение 10 дней.", [None]),
        ("Пришлите ответ до пятницы.", [None]),
        ("Прошу пересчитать за период с 01.05.2026 по 20.05.2026.", []),
        ("Я проживала там до 12.03.2025, прошу снять долг.", []),
        ("Оплатил 05.11.2026 через банк.", []),
        ("Поверка действует до 01.01.2030.", []),
    ],
)
def test_days_that_the_client_asks_for(text: str, days: list[dt.date | None]) -> None:
    assert [one.date for one in asked_dates(text)] == days
