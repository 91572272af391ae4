"""Large print is offered to people who tell that they see badly, not for meters that are hard to read."""

import pytest

from classifiers.accessibility import wants_large_print


@pytest.mark.parametrize(
    "text",
    [
        "Я инвалид второй группы по зрению, прошу ответить крупным шрифтом.",
        "Плохо вижу, пришлите ответ крупными буквами",
        "Пишет слабовидящая пенсионерка",
        "у меня слабое зрение и читать квитанцию трудно",
    ],
)
def test_it_is_told(text: str) -> None:
    assert wants_large_print(text)


@pytest.mark.parametrize(
    "text",
    [
        "Прошу сделать перерасчёт за отопление.",
        "Цифры на счётчике плохо видно, замените прибор.",
        "С точки зрения закона плата начислена верно?",
        "Крупная сумма в квитанции",
    ],
)
def test_it_is_not_told(text: str) -> None:
    assert not wants_large_print(text)
