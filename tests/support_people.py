"""Invented people with case forms of their names, made by own rules: the rules of the readers are what is measured."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from rules.wire import Gender

Split = Literal["seen", "held", "fresh"]

NOMINATIVE, GENITIVE, DATIVE = 0, 1, 2
_VOWELS = "аеёиоуыэюя"
_HISSING = "гкхжшщч"


@dataclass(frozen=True)
class Word:
    """A part of a name in nominative, genitive and dative; each case may have several right forms."""

    forms: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

    def case(self, case: int) -> str:
        """The first right form."""
        return self.forms[case][0]


@dataclass(frozen=True)
class Human:
    """A person with all parts of the name."""

    last: Word
    first: Word
    patronymic: Word
    gender: Gender
    unisex: bool

    def full(self, case: int = NOMINATIVE) -> str:
        """Surname, first name, patronymic."""
        return f"{self.last.case(case)} {self.first.case(case)} {self.patronymic.case(case)}"

    def short(self, case: int = NOMINATIVE) -> str:
        """Surname and initials."""
        return f"{self.last.case(case)} {self.initials}"

    @property
    def initials(self) -> str:
        """«И.П.»"""
        return f"{self.first.case(0)[0]}.{self.patronymic.case(0)[0]}."


def _given(text: str) -> Word:
    words = text.split()
    forms = words if len(words) == 3 else [words[0]] * 3
    return Word(tuple(tuple(form.split("|")) for form in forms))  # type: ignore[arg-type] # three by the line above


def _word(nominative: str, genitive: str, dative: str) -> Word:
    return Word(((nominative,), (genitive,), (dative,)))


def _first(text: str, gender: Gender) -> Word:
    stem, end = text[:-1], text[-1]
    if " " in text or (end not in {"а", "я"} and (gender == "female" or end in _VOWELS)):
        return _given(text)
    if end == "а":
        return _word(text, stem + ("и" if stem[-1] in _HISSING else "ы"), stem + "е")
    if text.endswith("ия"):
        return _word(text, stem + "и", stem + "и")
    if end == "я":
        return _word(text, stem + "и", stem + "е")
    if end in "йь":
        return _word(text, stem + "я", stem + "ю")
    return _word(text, text + "а", text + "у")


def _patronymic(text: str) -> Word:
    if " " in text:
        return _word(text, text, text)
    if text.endswith("ич"):
        return _word(text, text + "а", text + "у")
    return _word(text, text[:-1] + "ы", text[:-1] + "е")


def _plain(text: str, gender: Gender) -> Word:
    if text.endswith(("ский", "цкий")):
        stem = text[:-2]
        return (
            _word(text, stem + "ого", stem + "ому")
            if gender == "male"
            else _word(stem + "ая", stem + "ой", stem + "ой")
        )
    return _word(text, text + "а", text + "у") if gender == "male" else _word(text + "а", text + "ой", text + "ой")


@cache
def _lists() -> dict[str, dict[str, Any]]:
    file = Path(__file__).parent / "bench" / "people.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def surnames(split: Split, gender: Gender, *, hard: bool) -> list[Word]:
    """Surnames of a split: hard ones with their forms, plain ones by rule."""
    lists = _lists()[split]
    if not hard:
        return [_plain(name, gender) for name in lists["plain"]]
    return [_given(row.split(" / ")[0 if gender == "male" else 1].strip()) for row in lists["hard"]]


def make(split: Split, seed: int, *, hard_share: float = 0.25) -> Iterator[Human]:
    """People without end, the same for a seed."""
    rng = random.Random(seed)
    lists = _lists()[split]
    while True:
        gender: Gender = rng.choice(("male", "female"))
        last = rng.choice(surnames(split, gender, hard=rng.random() < hard_share))
        unisex = rng.random() < 0.03
        first = _first(rng.choice(lists["unisex"] if unisex else lists[gender]), gender)
        patronymic = _patronymic(rng.choice(lists["patronymics"][0 if gender == "male" else 1]))
        yield Human(last, first, patronymic, gender, unisex)
