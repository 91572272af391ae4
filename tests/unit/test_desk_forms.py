import datetime as dt

import pytest
from starlette.datastructures import FormData

from desk import forms
from desk.forms import FormError
from rules.wire import LetterContent, Sender, SignatoryFacts


def test_the_letter_as_typed_keeps_what_the_form_does_not_hold() -> None:
    before = LetterContent(number="ИСХ-1", signatory=SignatoryFacts(last_name="Гареева"), body=["старый"])
    form = FormData(
        [
            ("addressee", "Директору ООО «Вектор»\r\n\r\nПетрову А.П.\r\n"),
            ("topic", " О перерасчёте "),
            ("salutation", "Уважаемый Андрей Павлович!"),
            ("body", "Первый."),
            ("body", "   "),
            ("body", "Второй."),
            ("enclosure", ""),
        ]
    )
    typed = forms.content(form, before)
    assert typed.addressee == ["Директору ООО «Вектор»", "Петрову А.П."]
    assert typed.topic == "О перерасчёте"
    assert typed.body == ["Первый.", "Второй."]
    assert typed.copy_to is None
    assert (typed.number, typed.signatory) == ("ИСХ-1", SignatoryFacts(last_name="Гареева"))


def test_only_changed_fields_of_the_sender_are_changes() -> None:
    before = Sender(last_name="Петров", first_name="Андрей", phones=["+79171234567"])
    form = FormData(
        [
            ("last_name", "Петров"),
            ("first_name", "Антон"),
            ("phones", "+79171234567"),
            ("emails", "a@b.example, c@d.example"),
            ("letter_date", "2026-11-05"),
            ("unknown", "x"),
        ]
    )
    assert forms.sender_changes(form, before) == {
        "first_name": "Антон",
        "emails": ["a@b.example", "c@d.example"],
        "letter_date": dt.date(2026, 11, 5),
    }


def test_an_emptied_field_becomes_unknown() -> None:
    assert forms.sender_changes(FormData([("patronymic", " ")]), Sender(patronymic="Ильич")) == {"patronymic": None}


def test_a_malformed_date_is_named() -> None:
    with pytest.raises(FormError, match="Дата письма"):
        forms.sender_changes(FormData([("letter_date", "05.11.2026")]), Sender())


@pytest.mark.parametrize("value", ["", "abc", "-1", "1.5", "9" * 30, "²"])
def test_a_number_that_is_none_is_none(value: str) -> None:
    assert forms.number(FormData([("version", value)]), "version") is None
