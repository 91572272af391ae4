from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox import typography
from outbox.errors import TextTooLongError
from outbox.sanitise import clean, one_line
from rules.wire import ExecutorFacts, SignatoryFacts


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (None, ""),
        ("Рога & копыта <b>{{ 7*7 }}", "Рога & копыта <b>{{ 7*7 }}"),
        ("а\r\nб\rв\u2028г", "а\nб\nв\nг"),
        ("звон\aстраница\fноль\x00", "звонстраницаноль"),
        ("або\u00adнент \u202eобратно\u200b\ufeff", "абонент обратно"),
        ("x{_{ 7*7 }_}y{_% if %_}", "x{_ { 7*7 }_ }y{_ % if %_ }"),
        ("и\u0306", "й"),
        ("конец\ud800\ufffe", "конец"),
        ("табуляция\tздесь", "табуляция здесь"),
    ],
)
def test_clean_keeps_what_a_reader_sees_and_drops_the_rest(raw: str | None, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_long_text_is_refused_and_not_cut() -> None:
    with pytest.raises(TextTooLongError, match="10001"):
        clean("я" * 10_001, limit=10_000)


@given(st.text(max_size=300))
def test_clean_text_stays_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & {"\a", "\f", "\r", "\t", "\u202e", "\u200b"}
    assert not any(tag in once for tag in ("{_{", "}_}", "{_%", "%_}"))


def test_one_line_has_no_line_ends() -> None:
    assert one_line("О  перерасчёте\nплаты ") == "О перерасчёте платы"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("вх. № ВХ-2026-000123 от 05.11.2026", "вх. №\u00a0ВХ\u20112026\u2011000123 от 05.11.2026"),
        ("директору С.В. Ивановой", "директору С.В.\u00a0Ивановой"),
        ("Петровой А. П.", "Петровой\u00a0А.\u00a0П."),
        ("1 245,30 руб.", "1\u00a0245,30\u00a0руб."),
        ("какой-то текст", "какой-то текст"),
    ],
)
def test_numbers_and_initials_do_not_break(text: str, expected: str) -> None:
    assert typography.unbreakable(text) == expected


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), max_size=200))
def test_unbreakable_changes_no_words(text: str) -> None:
    assert typography.plain(typography.unbreakable(text)) == typography.plain(text)


def test_same_person_ignores_yo_and_unknown_parts() -> None:
    signatory = SignatoryFacts(last_name="Семёнов", first_name="Пётр")
    assert typography.same_person(signatory, ExecutorFacts(last_name="Семенов", first_name="Петр", patronymic="Ильич"))
    assert not typography.same_person(signatory, ExecutorFacts(last_name="Семенов", first_name="Иван"))


def test_phone_is_written_with_its_code() -> None:
    assert typography.plain(typography.phone("+73472001012")) == "8 (347) 200-10-12"
    assert typography.phone("доб. 31") == "доб. 31"
