import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_alarms import rows

from classifiers.accessibility import needs
from classifiers.askeddates import asked_dates
from classifiers.fields import read_sender
from classifiers.phrases import Words
from classifiers.readingrules import shipped
from classifiers.translit import is_translit, to_cyrillic
from classifiers.wordlists import any_of

LATIN = (
    "Zdravstvuyte! Proshu sdelat pereraschet za vodu, schet 1100445566, pochta ivan@example.ru.\nIvanov Ivan Ivanovich"
)


def test_alarms_of_sentences_with_known_truth() -> None:
    counts: Counter[tuple[bool, bool]] = Counter()
    wrong = []
    for code, must, sentence in rows():
        raised = code in {alarm.code for alarm in shipped().alarms.find(Words(sentence))}
        counts[must, raised] += 1
        if raised is not must:
            wrong.append((code, sentence))
    assert counts[True, True] / (counts[True, True] + counts[True, False]) >= 0.97, wrong
    assert counts[True, True] / (counts[True, True] + counts[False, True]) >= 0.97, wrong


def test_an_optional_space_of_a_pattern_is_optional() -> None:
    pattern = any_of(["с меня ?коньяк"])
    assert pattern.search("с\n меня  коньяк")
    assert pattern.search("с меняконьяк")
    assert not pattern.search("сменя коньяк")


def test_russian_in_latin_letters_is_read_as_russian() -> None:
    assert is_translit(LATIN)
    plain = to_cyrillic(LATIN)
    assert "прошу сделат перерасчет" in plain.lower()
    assert "ivan@example.ru" in plain
    assert shipped().languages.read(plain) == "ru"
    reading = read_sender(LATIN)
    assert (reading.sender.last_name, reading.sender.first_name) == ("Иванов", "Иван")
    assert reading.sender.account_number == "1100445566"
    assert {one.start for one in reading.evidence.values()} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sirs, please send us the bill for our flat and the contract.",
        "Прошу ответить. WhatsApp, Viber, OK",
        "",
        "na",
    ],
)
def test_english_and_russian_are_no_transliteration(text: str) -> None:
    assert not is_translit(text)


@given(text=st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_may_be_asked_whether_it_is_transliteration(text: str) -> None:
    assert is_translit(text) in (True, False)
    assert to_cyrillic(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text", ["А" * 200_000, "от Иванова " * 20_000, "1. Иван Ильич, " * 15_000, "ИНН: " * 40_000, "\x00\x01" * 99_000]
)
def test_huge_and_rubbish_texts_are_read_in_bounded_time(text: str) -> None:
    began = time.process_time()
    read_sender(text)
    shipped().alarms.find(Words(text[:30_000]))
    shipped().papers.read(text[:30_000])
    needs(text[:30_000])
    asked_dates(text[:30_000])
    assert time.process_time() - began < 20
