"""What signs a letter is no part of its questions."""

import pytest

from classifiers.questions import split_questions
from classifiers.signatures import is_signature, without_signature


@pytest.mark.parametrize(
    "signature",
    [
        "Рябинина О. Л., Б. Хмельницкого 104–37",
        "Гл. бухгалтер Е. В. Сорокина",
        "Собственник Ермошкин Денис Олегович, сч. 4502110345",
        "Каримов Наиль Фаритович, 8-961-040-22-91",
        "Директор Шамсутдинов А. Р., ООО «Агидель-Транс»",
        "Шевелёва К. Д., sheveleva.kd@example.org",
        "Галиев Т.",
        "Мустафина, Ахметова 318, 14",
    ],
)
def test_names_posts_and_places_sign(signature: str) -> None:
    assert is_signature(signature)
    assert without_signature(f"Верните переплату на карту. {signature}") == "Верните переплату на карту."


@pytest.mark.parametrize(
    "said",
    [
        "Накажите Иванову.",
        "Верните.",
        "Иванова мне нагрубила.",
        "Благодарю Гарееву Л.М. за работу.",
        "ХВС 114, ГВС 72, эл 9012",
        "Почему Петров?",
        "Сделайте на моё имя: Маклаков Олег Викторович.",
    ],
)
def test_what_is_said_is_kept(said: str) -> None:
    text = f"Прошу разобраться. {said}"
    assert without_signature(text) == text


def test_a_text_of_nothing_else_is_kept() -> None:
    assert without_signature("Иванова Мария, Ленина 5-12") == "Иванова Мария, Ленина 5-12"


def test_the_last_question_is_quoted_without_its_signer() -> None:
    text = "1. Поясните, что такое ОДН.\n2. Верните переплату.\nКаримов Р.Ш., кв. 5"
    assert split_questions(text) == ["Поясните, что такое ОДН.", "Верните переплату."]
