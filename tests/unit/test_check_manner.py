"""How sentences speak to the client and of others: by roles and dictionary forms, in words that no list holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from outbox.check import load_rules
from outbox.check.manner import Manner, Span

Seen = Callable[[Manner, str], Iterator[Span]]
MANNER = load_rules().manner
ALL: tuple[Seen, ...] = (Manner.blames, Manner.remarks, Manner.belittles, Manner.tales)
SAID: list[tuple[Seen, str]] = [
    (Manner.blames, "Номер Вы сами написали неразборчиво."),
    (Manner.blames, "Пломбу Вы не уберегли."),
    (Manner.blames, "По-видимому, Вы, как всегда бывает, перепутали номер."),
    (Manner.blames, "Работы сорваны по вине самих жильцов."),
    (Manner.blames, "Жильцы сами забили трубу тряпками."),
    (Manner.blames, "Вы беспечно оставили кран открытым."),
    (Manner.remarks, "Впредь просим не горячиться."),
    (Manner.remarks, "Внимательнее надо быть при заполнении."),
    (Manner.remarks, "Надеемся, теперь Вы успокоитесь."),
    (Manner.remarks, "Тянуть с подписанием не советуем."),
    (Manner.belittles, "Пять минут опоздания – не трагедия."),
    (Manner.belittles, "В других городах ждут дольше."),
    (Manner.tales, "Мастер редко смотрит на артикулы."),
    (Manner.tales, "Эту службу ведёт предприятие «Свет», а оно работать не торопится."),
    (Manner.tales, "Диспетчеры в ту смену бездельничали."),
    (Manner.tales, "Ошибку допустила стажёр Наташа."),
]
QUIET = [
    "Показания Вы не передали, поэтому плата начислена по среднему объёму.",
    "Если Вы перепутали номер, сообщите нам.",
    "Понимаем Ваше беспокойство и сожалеем, что Вы не смогли попасть на приём.",
    "Вы неоднократно обращались к нам, ответы направлены 3 и 10 ноября 2026 года.",
    "Как Вы написали, Вас перебивали и не дали ответа.",
    "Мастер проверит счётчик 10 декабря 2026 года и составит акт.",
    "Сотрудник исправил ошибку 5 ноября 2026 года.",
    "Просим передавать показания до 25-го числа.",
    "Собственники сами выбрали способ управления домом.",
]


@pytest.mark.parametrize(("seen", "text"), SAID, ids=lambda one: "" if isinstance(one, str) else one.__name__)
def test_the_roles_in_a_sentence_tell_what_no_list_does(seen: Seen, text: str) -> None:
    spans = list(seen(MANNER, text))
    assert spans
    assert all(0 <= left < right <= len(text) for left, right in spans)


@pytest.mark.parametrize("text", QUIET)
def test_plain_facts_and_sympathy_are_left_alone(text: str) -> None:
    told = [seen for seen in ALL if [*seen(MANNER, text)]]
    assert told == []
