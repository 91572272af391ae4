import pytest

from classifiers.names import name_forms, surname_in_any_case


@pytest.mark.parametrize(
    ("name", "gender", "dative", "short", "salutation"),
    [
        ("Иванов Иван Иванович", "male", "Иванову Ивану Ивановичу", "Иванову И.И.", "Уважаемый Иван Иванович"),
        ("ШАРИПОВ ИРЕК ФАНИСОВИЧ", "male", "Шарипову Иреку Фанисовичу", "Шарипову И.Ф.", "Уважаемый Ирек Фанисович"),
        (
            "Хасанова-Шевченко Рита Маратовна",
            "female",
            "Хасановой-Шевченко Рите Маратовне",
            "Хасановой-Шевченко Р.М.",
            "Уважаемая Рита Маратовна",
        ),
        ("Мамедов Али Гасан оглы", "male", "Мамедову Али Гасан оглы", "Мамедову А.Г.", "Уважаемый Али Гасан оглы"),
        ("Жук Ирина Павловна", "female", "Жук Ирине Павловне", "Жук И.П.", "Уважаемая Ирина Павловна"),
        ("Юлай Кинзебулатов", "male", "Кинзебулатову Юлаю", "Кинзебулатову Ю.", "Уважаемый Юлай Кинзебулатов"),
        ("Иванов И.И.", "male", "Иванову И.И.", "Иванову И.И.", "Уважаемый господин Иванов"),
        (
            "Айгуль Рафаэлевна Юсупова",
            "female",
            "Юсуповой Айгуль Рафаэлевне",
            "Юсуповой А.Р.",
            "Уважаемая Айгуль Рафаэлевна",
        ),
    ],
)
def test_forms(name: str, gender: str, dative: str, short: str, salutation: str) -> None:
    forms = name_forms(name)
    assert (forms.gender, forms.dative, forms.dative_short, forms.salutation) == (gender, dative, short, salutation)


def test_latin_lookalikes_are_mended_before_declining() -> None:
    assert name_forms("Ивaнов Пётр Ильич").genitive == "Иванова Петра Ильича"  # the a is Latin


@pytest.mark.parametrize("name", ["Шевченко Саша", "Кузнец А.", "Ахметова Ринат", "Оля", "", "123", "Ким Женя"])
def test_no_salutation_without_a_sure_gender(name: str) -> None:
    forms = name_forms(name)
    assert forms.gender is None
    assert forms.salutation is None
    assert forms.gender_confidence < 0.8


def test_a_dangling_hyphen_is_no_crash() -> None:
    assert name_forms("Салават -").salutation is None
    assert name_forms("аа а-").gender is None


def test_patronymic_against_surname_and_name_is_no_gender() -> None:
    assert name_forms("Иванова Мария Петрович").gender is None


def test_surname_is_found_in_any_case_but_not_inside_other_words() -> None:
    assert surname_in_any_case("Направить Семёнову А.А.", "Семенов")
    assert surname_in_any_case("для Ивановой М.П.", "Иванова")
    assert not surname_in_any_case("Ивановское шоссе", "Иванов")
    assert not surname_in_any_case("Петрову", "Иванов")
    assert not surname_in_any_case("любой текст", " ")
