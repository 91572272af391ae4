"""Letters of the wrong alphabet: what is mended, what proves it, and what is left alone."""

from __future__ import annotations

import pytest

from classifiers import alphabets


def line(text: str, *, russian: bool = True) -> str:
    words = text.split()
    return " ".join(alphabets.mended(words, place, russian=russian) for place in range(len(words)))


@pytest.mark.parametrize(
    ("read", "stands"),
    [
        ("приложение Ha 1 JI. B 2 экз.", "приложение на 1 л. в 2 экз."),
        ("Ha основании договора", "На основании договора"),
        ("Исх. Ne 25/18-П or 09.10.2026", "Исх. № 25/18-П от 09.10.2026"),
        ("Директору OOO «ЕИРЦ PB»", "Директору ООО «ЕИРЦ РБ»"),
        ("Исполнитель: Ахметова J1.P., ten. 8 (547) 211-47-63", "Исполнитель: Ахметова Л.Р., тел. 8 (347) 211-47-63"),
        ("yn. Демонстрационная, д. 1", "ул. Демонстрационная, д. 1"),
        ("плата за вывоз TKO c января", "плата за вывоз ТКО с января"),
        ("Npowy сделать перерасчёт", "Прошу сделать перерасчёт"),
        ("Иванов A.M. просит", "Иванов А.М. просит"),
        ("в Ивaново прошло", "в Иваново прошло"),
        ("Исх. Ne NTO/319-26 оТ 03.09.2026", "Исх. № ПТО/319-26 оТ 03.09.2026"),
        ("на исх. TITO/459-26 от", "на исх. ПТО/459-26 от"),
        ("Исх. № 25/18-N от", "Исх. № 25/18-П от"),
        ("почта: ivanovS@mail.ru ответа нет", "почта: ivanov5@mail.ru ответа нет"),
    ],
)
def test_letters_that_a_list_or_the_dictionary_proves_are_russian(read: str, stands: str) -> None:
    assert line(read) == stands


@pytest.mark.parametrize(
    "text",
    [
        "пишите в MAX или WhatsApp на этот номер",
        "мой адрес ivanov@mail.ru и сайт www.dom.example жду",
        "файл PDF, таблица Excel, отправил по e-mail: вчера",
        "Dear Sirs, no reply at all to the claim",
        "HOTEL COMPANY LIMITED",
        "котёл Baxi Eco Nova стоит",
        "телефон 8 (917) 211-47-63 и 8 (843) 511-47-63",
        "почта IvanovS@mail.ru осталась",
        "No comment",
        "кабель NYM-3 и насос UPS/25-60 стоят",
    ],
)
def test_what_is_latin_stays_latin(text: str) -> None:
    assert line(text, russian="мой" in text or "пишите" in text) == text


def test_a_short_line_is_russian_where_the_page_is() -> None:
    assert line("TKO", russian=True) == "ТКО"
    assert line("TKO", russian=False) == "TKO"
    assert alphabets.is_russian(["Прошу", "сделать", "перерасчёт", "платы.", "TKO,", "mail@dom-long-name.example"])
    assert not alphabets.is_russian(["Please", "recalculate", "the", "charge", "за", "воду"])


def test_strange_words_are_addresses_and_latin_among_russian() -> None:
    words = ["почта:", "росаб@dom.example", "N", "24/17-IT", "от", "Ивановой", "e-mail:"]
    strange = [word for place, word in enumerate(words) if alphabets.is_strange(words, place, russian=True)]
    assert strange == ["росаб@dom.example", "N", "24/17-IT"]


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ("24/17-IT", "24/17-П", True),
        ("24/17-IT", "24/17-T1", False),
        ("Ha", "на две", False),
        ("yn.", "ул.", True),
        ("no", "no", False),
        ("росаб@4от-6.ехатр(е", "pochta6@dom-6.example", True),
        ("pochta6@dom-6.example", "росаб@4от-6.ехатр(е", False),
        ("@дот-2.ехатр!е", "@dom-2.example", True),
        ("@dom-2.example", "x@dom-2.example", False),
    ],
)
def test_second_reading_must_be_whole_and_of_one_alphabet(first: str, second: str, *, taken: bool) -> None:
    assert alphabets.is_better(first, second) is taken


def test_figures_of_the_first_reading_stay() -> None:
    assert alphabets.merged("23/16-N", "25/16-П") == "23/16-П"
    assert alphabets.merged("24/17-IT", "24/17-П") == "24/17-П"
