"""Words spoilt by recognition are mended where the dictionary proves it, and nowhere else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.addressmend import mend_houses
from classifiers.contacts import find_emails
from classifiers.fields import read_sender
from classifiers.numbers import find_reference
from classifiers.spelling import mend_spelling


@pytest.mark.parametrize(
    ("spoilt", "plain"),
    [
        ("на улнце", "на улице"),
        ("управляющпй", "управляющий"),
        ("Директору упрааления", "Директору упрааления"),
        ("Исп олнительный", "Исполнительный "),
        ("квартнра 5", "квартира 5"),
    ],
)
def test_a_spoilt_word(spoilt: str, plain: str) -> None:
    assert mend_spelling(spoilt) == plain


def test_a_name_is_left_alone_in_a_clean_letter_only() -> None:
    assert mend_spelling("Гопчарова просит") == "Гопчарова просит"
    assert mend_spelling("Гопчарова просит", spoilt=True) == "Гончарова просит"
    assert mend_spelling("Гопчарова проснт") == "Гончарова просит"


@given(st.text(alphabet="абвинпшщАНИ 01.,@\n", max_size=200))
@settings(max_examples=60)
def test_characters_keep_their_number(text: str) -> None:
    assert len(mend_spelling(text, spoilt=True)) == len(text)


@pytest.mark.parametrize(
    ("spoilt", "number"),
    [("Исх. № 01-3о/275 от 05.05.2026", "01-30/275"), ("Ис х, № 61/26-k от 05.05.2026", "61/26-к")],
)
def test_a_spoilt_reference(spoilt: str, number: str) -> None:
    found = find_reference(spoilt)[0]
    assert found is not None
    assert found.value == number


@pytest.mark.parametrize(
    ("spoilt", "address"),
    [
        ("почта: ivan7о3@firma.example.ru", "ivan703@firma.example.ru"),
        ("e-mail: mail531@pos t.example.com", "mail531@post.example.com"),
        ("e-mail: in fo492@post.example.com", "info492@post.example.com"),
    ],
)
def test_a_spoilt_address_of_mail(spoilt: str, address: str) -> None:
    assert [one.value for one in find_emails(spoilt)] == [address]


def test_digits_of_a_house_come_back_and_a_letter_stays() -> None:
    assert mend_houses("ул. Пушкина 1З6-45, д. 44б") == "ул. Пушкина 136-45, д. 44б"


def test_a_patronymic_of_every_particle_is_read() -> None:
    reading = read_sender("От Гулиевой Зарины Кадыр кизи, г. Уфа, ул. Мира, д. 5, кв. 7. Прошу пересчитать.")
    assert (reading.sender.first_name, reading.sender.patronymic) == ("Зарина", "Кадыр кизи")


@pytest.mark.parametrize("text", ["щшнп" * 50_000, "нпи " * 50_000, "ЁЖ" * 100_000])
def test_rubbish_is_mended_in_bounded_time(text: str) -> None:
    began = time.process_time()
    mend_spelling(text[:30_000], spoilt=True)
    assert time.process_time() - began < 10
