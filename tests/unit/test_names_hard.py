from collections import Counter
from typing import get_args

import pytest
from support_names import measure
from support_people import Split

from classifiers.gender import ending_gender, guess_gender
from classifiers.nameparts import NameParts
from classifiers.names import name_forms
from classifiers.nominative import restore


@pytest.mark.parametrize("split", get_args(Split))
def test_hard_names_are_right_and_never_of_the_wrong_gender(split: Split) -> None:
    table, errors = measure(split, people=60, seed=5)
    total = sum(table.values(), Counter())
    assert total["wrong gender"] == 0, errors
    assert total["right"] / total.total() >= 0.97, errors


@pytest.mark.parametrize(
    ("written", "nominative"),
    [
        ("Ивановой Марии Петровны", "Иванова Мария Петровна"),
        ("Шевченко Льву Саввичу", "Шевченко Лев Саввич"),
        ("Мамедову Рустаму Гасан оглы", "Мамедов Рустам Гасан оглы"),
        ("Чавчавадзе Петра Ильича", "Чавчавадзе Пётр Ильич"),
        ("Жук Ирине", "Жук Ирина"),
    ],
)
def test_a_name_in_a_case_comes_back_to_the_nominative(written: str, nominative: str) -> None:
    forms = name_forms(written)
    assert " ".join(filter(None, (forms.last_name, forms.first_name, forms.patronymic))) == nominative


def test_the_word_from_asks_for_the_genitive() -> None:
    pair = NameParts("Иванова", "Александра")
    assert restore(pair)[0] == pair
    assert restore(pair, "от ")[0] == NameParts("Иванов", "Александр")


def test_two_words_with_one_that_looks_like_a_patronymic() -> None:
    assert name_forms("Юрий Мицкевич").last_name == "Мицкевич"
    assert name_forms("Юрий Петрович").patronymic == "Петрович"


@pytest.mark.parametrize(
    ("written", "last_name", "genitive"),
    [
        ("фон Берг Карл Карлович", "фон Берг", "фон Берга Карла Карловича"),
        ("Ван Дер Ваальс Ян", "Ван Дер Ваальс", "Ван Дер Ваальса Яна"),
        ("О'НИЛ ПЁТР", "О'Нил", "О'Нила Петра"),
    ],
)
def test_prefixes_and_apostrophes_of_foreign_surnames(written: str, last_name: str, genitive: str) -> None:
    forms = name_forms(written)
    assert (forms.last_name, forms.genitive) == (last_name, genitive)


def test_endings_that_womens_turkic_names_share_with_mens_tell_nothing() -> None:
    assert ending_gender("Гульжихан") is None
    assert ending_gender("Ибрагимджан") is None
    assert ending_gender("Мстислав") == "male"


def test_a_rare_first_name_listed_for_the_other_gender_does_not_stand_against_a_patronymic() -> None:
    assert guess_gender(NameParts("Пак", "Райхан", "Лукинична"))[0] == "female"
    assert guess_gender(NameParts("Пак", "Мария", "Лукич"))[0] is None


def test_a_womans_name_beside_a_mans_is_hers_and_a_doubtful_genitive_is_asked_about() -> None:
    assert name_forms("Салима Ильяс").gender == "female"
    assert name_forms("Флорида Хайбуллина").gender == "female"
    assert name_forms("Хайбуллина Флорида").gender is None
    assert name_forms("Саша Шмидт").gender is None
    glued = name_forms("Ержан Нурсултанулы Сапар")
    assert (glued.gender, glued.patronymic, glued.genitive) == ("male", "Нурсултанулы", "Сапара Ержана Нурсултанулы")
