"""Figures of a letter stand where they say: in the letter as stored, also behind quotes of earlier mail."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.figures import find_readings, find_sums
from classifiers.periods import find_periods
from classifiers.quoted import place_in, without_closing, without_quotes

LETTER = (
    "> Вы писали: долг 500 руб.\nЗдравствуйте!\nХВС 127, ГВС 88.\n> и пени 12 руб.\n"
    "Верните 1 200,50 руб. за период с 1 по 15 октября 2026 года.\nС уважением, Ким. 900 руб."
)


@pytest.mark.parametrize("find", [find_readings, find_sums, find_periods])
def test_places_are_those_of_the_words(find: object) -> None:
    for one in find(LETTER):  # type: ignore[operator]
        start, end = one.place
        assert " ".join(LETTER[start:end].split()) == one.quote


def test_places_lead_back_over_what_was_left_out() -> None:
    own = without_closing(without_quotes(LETTER))
    moved = place_in(own, LETTER)
    sums = find_sums(own)
    assert [one.roubles for one in sums] == [Decimal("1200.50")]
    start, end = sums[0].place or (0, 0)
    assert LETTER[moved(start) : moved(end - 1) + 1] == "1 200,50 руб."


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        ("Ким Олег Ильич\n+7 917 111-22-33", ""),
        ("Ким Олег\n\nP.S. Квитанции нет\nуже два месяца.\n\nООО «Ким»", "P.S. Квитанции нет\nуже два месяца."),
        ("Ким\n\nЗаодно скажите, откуда у меня долг.", "Заодно скажите, откуда у меня долг."),
        ("Ким\nА когда будет перерасчёт за воду?", "А когда будет перерасчёт за воду?"),
        ("ПАО «Ким»\nЕсть вопросы? Пишите на info@kim.example?", ""),
        ("-- \nОтправлено из мобильной Почты", ""),
    ],
)
def test_what_is_asked_below_the_signature_is_the_clients(below: str, kept: str) -> None:
    assert without_closing(f"Где мой счёт?\nС уважением,\n{below}") == "\n".join(
        ["Где мой счёт?", *filter(None, [kept])]
    )


@given(
    st.lists(st.sampled_from(["", "> а", "б в", "С уважением", "1 2", "P.S. г", "Ещё о чём речь?"]), max_size=8).map(
        "\n".join
    )
)
def test_every_character_is_found_again(text: str) -> None:
    own = without_closing(without_quotes(text))
    moved = place_in(own, text)
    for at, char in enumerate(own):
        if char != "\n":
            assert text[moved(at)] == char
