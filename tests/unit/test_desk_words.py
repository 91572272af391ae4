import datetime as dt

import pytest

from desk import words


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "просрочено на 1 день"),
        (-3, "просрочено на 3 дня"),
        (-11, "просрочено на 11 дней"),
        (0, "срок сегодня"),
        (1, "1 день остался"),
        (2, "2 дня осталось"),
        (21, "21 день остался"),
        (30, "30 дней осталось"),
    ],
)
def test_a_term_is_told_in_words(days: int, said: str) -> None:
    assert words.term(days) == said


@pytest.mark.parametrize(("value", "said"), [(0.93, "уверенно"), (0.7, "вероятно"), (0.41, "проверьте")])
def test_confidence_is_told_in_words(value: float, said: str) -> None:
    assert words.sureness(value) == said


def test_a_moment_is_told_in_the_time_of_ufa() -> None:
    assert words.moment(dt.datetime(2026, 11, 24, 20, 5, tzinfo=dt.UTC)) == "25.11.2026 01:05"
    assert words.moment(None) == "—"


def test_the_moments_of_a_proof_are_told_like_others() -> None:
    assert words.stamp("2026-11-24T20:05:00+00:00") == "25.11.2026 01:05"
    assert words.stamp("2026-11-24") == "24.11.2026"
    assert words.stamp("250 OK") == "250 OK"


def test_sizes() -> None:
    assert [words.size(value) for value in (900, 20_480, 5_000_000)] == ["900 Б", "20 КБ", "4,8 МБ"]
