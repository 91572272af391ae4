"""The language of phrases: word forms, nearness, conditions, lists, and what is refused on load."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from support_rules import copied, edit

from classifiers.alarms import AlarmFinder
from classifiers.phrases import Words
from rules.book import load
from rules.errors import RuleError
from rules.phrases import Phrases, parse


def phrases(phrase: str, words: Mapping[str, tuple[str, ...]] | None = None, unless: str = "") -> Phrases:
    mark = {"title": "проба", "when": [phrase], "unless": [unless] if unless else []}
    header = {"version": 1, "order_no": None, "valid_from": dt.date(2025, 1, 1)}
    return Phrases.model_validate({**header, "words": dict(words or {}), "marks": {"it": mark}})


def found(phrase: str, text: str, *, words: Mapping[str, tuple[str, ...]] | None = None, unless: str = "") -> bool:
    return bool(AlarmFinder(phrases(phrase, words, unless)).find(Words(text)))


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("пахнуть + газ", "В подъезде пахло газом.", True),
        ("пахнуть + газ", "Газ подорожал. Пахнет краской.", False),
        ("пахнуть + газ ~6", "Газ подорожал. Пахнет краской.", True),
        ("пахнуть газ", "Пахнет в доме газом.", False),
        ("пахнуть + газ ! тариф", "Пахнет газом и тарифом.", False),
        ("=газом", "газа нет", False),
        ("газов*", "Газовая плита", True),
        ("убить:я", "Я убью вас", True),
        ("убить:я", "Меня убили цены", False),
        ("убить:я,утв", "Я никого не убью", False),
        ("сжечь|убить:я", "Сожгли мусор", False),
        ("#7-17 лет", "мне пятнадцать лет", True),
        ("#7-17 лет", "мне 67 лет", False),
        ("козел:мал", "Сосед Козёл не платит", False),
        ("козел:мал", "Козёл вы", True),
        ("в_карман|мимо", "положил деньги в карман", True),
        ("муж — инвалид", "Муж — инвалид", True),
        ("бранноеслово", "какого х*я", True),
    ],
)
def test_a_phrase(phrase: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert found(phrase, text) is expected


def test_lists_hold_words_phrases_and_other_lists() -> None:
    words = {"дом": ("дом", "@квартира"), "квартира": ("квартира", "жилой помещение")}
    assert found("@дом + продать", "Продал жилое помещение", words=words)
    assert not found("@дом + продать", "Продал гараж", words=words)


def test_what_speaks_against_counts_in_its_own_sentence() -> None:
    assert not found("дурак", "Меня обозвали дураком.", unless="обозвать")
    assert found("дурак", "Меня обозвали. Дурак ваш мастер.", unless="обозвать")


def test_evidence_is_the_sentence_round_the_words() -> None:
    words = Words("Здравствуйте. В подъезде пахнет газом! Приезжайте.")
    assert AlarmFinder(phrases("газ")).find(words)[0].evidence == "В подъезде пахнет газом!"


@pytest.mark.parametrize("text", ["убить:ты", "(убить)", "газ +  + запах", "@"])
def test_what_is_no_phrase_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="->"):
        parse(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("      - 'повеситься:я'", "      - 'повеситься:ты'", "неизвестное условие"),
        ("      - 'повеситься:я'", "      - '@нетакого'", "нет списка @нетакого"),
        ("  контора: [", "  контора: ['@вас', ", "ссылается сам на себя"),
        ("  threat:\n    title", "  thread:\n    title", "нет в routing.yaml"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    edit(copied(tmp_path), "alarms.yaml", old, new)
    with pytest.raises(RuleError, match=words) as caught:
        load(tmp_path)
    assert caught.value.file == "alarms.yaml"
    assert caught.value.line
