"""Journals as data: which journal a document is entered in, which patterns of numbers are let in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from registry.models import Arrival, Part
from rules import book as rule_book
from rules.journals import Journal, Journals, number_text
from rules.wire import Channel
from steps import register

BOOK = rule_book.load()


def journal(pattern: str, name: str = "one") -> dict[str, Any]:
    return {"id": name, "title": name, "direction": "incoming", "pattern": pattern}


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("ВХ-{seq}", "укажите один"),
        ("ВХ-{year}", "укажите один"),
        ("ВХ-{year}-{seq}-{seq}", "укажите один"),
        ("ВХ-{year}{seq}", "сольются"),
        ("ВХ1{year}-{seq}", "сольются"),
        ("ВХ;{year}-{seq}", "лишние знаки"),
        ("ВХ-{year}-{seq}?", "лишние знаки"),
        ("Д" * 60 + "-{year}-{seq}", "длиннее"),
    ],
)
def test_a_pattern_that_would_not_number_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Journal.model_validate(journal(pattern))


def test_patterns_print_year_in_four_or_two_digits() -> None:
    assert number_text("ВХ-{year}-{seq:06d}", 2026, 123) == "ВХ-2026-000123"
    assert number_text("{seq}/{yy}", 2026, 123) == "123/26"


@pytest.mark.parametrize(
    ("named", "expected", "kind", "understood"),
    [
        (None, "incoming", None, True),
        ("claim", "claims", "claim", True),
        ("  ПРЕТЕНЗИЯ ", "claims", "claim", True),
        ("Обращение организации", "incoming", "organisation", True),
        ("claims", "claims", None, True),
        ("ВХ", "incoming", None, True),
        ("Журнал исходящих писем", "incoming", None, False),
        ("нечто", "incoming", None, False),
    ],
)
def test_what_was_named_chooses_the_journal(
    named: str | None, expected: str, kind: str | None, *, understood: bool
) -> None:
    entry = BOOK.journals.entry(named, Channel.POST)
    assert (entry.journal.id, entry.document_class, entry.understood) == (expected, kind, understood)


def test_a_class_named_twice_and_journals_that_would_collide_are_refused() -> None:
    data = BOOK.journals.model_dump(mode="json")
    twice = {**data, "classes": [*data["classes"], {"id": "other", "title": "претензия"}]}
    with pytest.raises(ValidationError, match="назван дважды"):
        Journals.model_validate(twice)
    same = {**data, "journals": [*data["journals"], journal("ВХ-{year}-{seq}", "again")]}
    with pytest.raises(ValidationError, match="начинаются одинаково"):
        Journals.model_validate(same)


def _part(channel: Channel, source: str, named: dt.date | None) -> Part:
    moment = dt.datetime(2026, 11, 24, 20, 0, tzinfo=dt.UTC)  # 25 November in Ufa
    arrival = Arrival(channel=channel.value, source=source, received_at=moment, receipt_date=named)
    return Part(arrival=arrival)


@pytest.mark.parametrize("channel", list(Channel))
def test_the_moment_of_receipt_of_every_channel(channel: Channel) -> None:
    assert channel.value in BOOK.deadlines.receipt_moment
    stamp = dt.date(2026, 11, 20)
    taken = register.received_at(_part(channel, "source", stamp))
    by_hand = register.received_at(_part(channel, register.BY_HAND, stamp))
    dated = channel in register.DATED_BY_HAND
    assert (taken.date() == stamp) is dated
    assert by_hand.date() == stamp
    assert register.received_at(_part(channel, "source", None)).hour == 20


def test_a_stamp_of_the_future_does_not_put_the_term_off() -> None:
    part = _part(Channel.POST, "scan", dt.date(2026, 12, 24))
    assert register.received_at(part) == part.arrival.received_at
