"""Stamps of the post and words of an envelope, read without a house."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from support_envelopes import envelope

from classifiers.envelopes import judge_envelope, may_be_envelope, postal_numbers
from intake.envelope import dates_in, find_stamps, read_bar_codes, read_stamps
from intake.limits import ReadSettings
from outbox.postitem import incoming_tracking
from rules import book

RULES = book.load().piles.envelopes
WORDS = "От кого Петров А.П.\nОткуда г. Уфа, ул. Пушкина, д. 7\nКому ООО «ЕИРЦ»\nКуда г. Уфа, ул. Кирова, д. 47"
LETTER = "Кому: директору\nот Ивановой М.П.\nЗаявление\nПрошу сделать перерасчёт."


def test_an_envelope_is_told_by_its_words_and_a_letter_is_none() -> None:
    found = judge_envelope(WORDS, RULES)
    assert found.is_envelope
    assert {"куда", "откуда"} <= set(found.reasons)
    assert not judge_envelope(LETTER, RULES).is_envelope
    assert not judge_envelope(f"{WORDS}\n{'слово ' * RULES.most_words}", RULES).is_envelope
    assert judge_envelope("450077 Уфа", RULES, bar_code=True).is_envelope
    assert not judge_envelope("450077 Уфа", RULES).is_envelope
    assert may_be_envelope("450077 Уфа", RULES)  # hardly a word: its bar code is worth a look


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("ЛИЧНО", "personal"),
        ("Иванову в собственные руки", "personal"),
        ("Конфиденциально", "confidential"),
        ("", None),
    ],
)
def test_a_mark_that_forbids_to_open_is_seen(mark: str, kind: str | None) -> None:
    assert judge_envelope(f"{WORDS}\n{mark}", RULES).sealed == kind


def test_numbers_of_the_post_are_proved_by_their_check_digit() -> None:
    said = "РПО 8008 4712 3456 79, тел. 89171234567, RB 123 456 785 GB"
    assert postal_numbers(said) == ["80084712345679", "RB123456785GB"]
    assert incoming_tracking("8008 4712 3456 79") == "80084712345679"
    assert incoming_tracking("80084712345670") is None
    assert incoming_tracking("rb123456785gb") == "RB123456785GB"
    assert incoming_tracking("RB123456786GB") is None


def test_dates_of_stamps_are_days_of_the_calendar() -> None:
    assert dates_in("12.11.26\n14") == [dt.date(2026, 11, 12)]
    assert dates_in("УФА 121126 14") == [dt.date(2026, 11, 12)]
    assert dates_in("31.02.26 450077 99.99.99") == []


@pytest.mark.ocr
def test_the_date_of_a_stamp_is_read_askew_and_so_is_the_bar_code() -> None:
    page = envelope(dt.date(2026, 11, 12), tracking="80084712345679", turned=-14)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70, dpi=(300, 300))
    assert read_bar_codes(out.getvalue(), 1, 0) == ("80084712345679",)
    (found, *_) = read_stamps(out.getvalue(), 1, 0, ReadSettings())
    assert (found.day, found.times >= 2) == (dt.date(2026, 11, 12), True)


@pytest.mark.full
@pytest.mark.ocr
@pytest.mark.parametrize("number", range(12))
def test_stamps_of_many_days_and_turns(number: int) -> None:
    day = dt.date(2026, 9, 1) + dt.timedelta(days=7 * number)
    out = io.BytesIO()
    envelope(day, seed=number, turned=-22 + 4 * number).save(out, "JPEG", quality=70, dpi=(300, 300))
    assert read_stamps(out.getvalue(), 1, 0, ReadSettings())[0].day == day


@pytest.mark.full
@pytest.mark.ocr
def test_an_envelope_without_a_stamp_offers_no_date() -> None:
    out = io.BytesIO()
    envelope(tracking="80084712345679").save(out, "JPEG", quality=70, dpi=(300, 300))
    assert read_stamps(out.getvalue(), 1, 0, ReadSettings()) == []


def test_the_plainest_circle_is_the_stamp() -> None:
    page = envelope(dt.date(2026, 11, 12), tracking="80084712345679").convert("L")
    left, top, wide, high = find_stamps(page)[0]
    assert abs((left + wide / 2) * page.width - 2250) < 20
    assert abs((top + high / 2) * page.height - 260) < 20
