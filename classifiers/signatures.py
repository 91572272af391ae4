"""What signs a letter without a closing formula: «Рябинина О. Л., Мира 104-37», «Гл. бухгалтер Е. В. Сорокина»."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.lemmas import lemma
from classifiers.nameparts import ends_like_surname, is_patronymic
from classifiers.sentences import spans
from classifiers.text import fold
from classifiers.wordlists import first_names, load

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRM: Final = re.compile(r"[«\"„][^«»\"„“”]{1,80}[»\"“”]")
_MAIL: Final = re.compile(r"\S{1,64}@\S{1,64}")
_INITIALS: Final = re.compile(r"[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?")
_CAPITAL: Final = re.compile(r"[А-ЯЁӘӨҮҺҒҠ]")
_ROMAN: Final = re.compile(r"[IVX]{1,4}")
_DIGIT: Final = re.compile(r"\d")
_MOST_SENTENCES: Final = 3
_LONGEST: Final = 160
_LONG_FORM: Final = 4
"""Letters of a legal form or another mark in capitals («ООО», «ТСН», «УФССП» is longer)."""


def without_signature(text: str) -> str:
    """The text without the names, posts, addresses, dates and numbers that stand alone behind its last sentence.

    A text that is nothing else is kept: somebody may send his address only.
    """
    found = spans(text)
    cut = len(found)
    while cut > 0 and len(found) - cut < _MOST_SENTENCES and is_signature(text[slice(*found[cut - 1])]):
        cut -= 1
    behind = [text[start:end] for start, end in found[cut:]]
    signed = any(map(names, behind)) or all(_DIGIT.search(one) for one in behind)
    return text[: found[cut - 1][1]] if 0 < cut < len(found) and signed else text


def is_signature(sentence: str) -> bool:
    """Whether a sentence says nothing but who signs and where to find him."""
    if len(sentence) > _LONGEST or "?" in sentence:
        return False
    bare = _MAIL.sub(" ", _FIRM.sub(" ", sentence))
    beside = _beside_initials(bare)
    return all(_fits(match.group()) or match.start() in beside for match in _WORD.finditer(bare))


def names(sentence: str) -> bool:
    """Whether somebody's name stands in a sentence."""
    words = [match.group() for match in _WORD.finditer(sentence)]
    return bool(_INITIALS.search(sentence)) or any(_is_name(word) for word in words)


def _beside_initials(sentence: str) -> frozenset[int]:
    """Where words with a capital stand right before or behind initials."""
    near = set()
    for match in _INITIALS.finditer(sentence):
        before = re.search(r"([А-ЯЁ][а-яё-]+)\s{1,3}$", sentence[: match.start()])
        behind = re.match(r"\s{0,3}([А-ЯЁ][а-яё-]+)", sentence[match.end() :])
        near |= {before.start(1)} if before else set()
        near |= {match.end() + behind.start(1)} if behind else set()
    return frozenset(near)


def _fits(word: str) -> bool:
    plain = fold(word)
    if plain in _allowed() or lemma(plain) in _allowed() or (len(word) == 1 and _CAPITAL.match(word)):
        return True
    if _ROMAN.fullmatch(word):
        return True
    if word.isupper() and len(word) <= _LONG_FORM:
        return plain in _forms()
    return bool(_CAPITAL.match(word)) and (_is_name(word) or plain in _places())


def _is_name(word: str) -> bool:
    plain = fold(word)
    if not _CAPITAL.match(word) or plain in _allowed():
        return False
    return plain in first_names() or is_patronymic(plain) or (ends_like_surname(plain) and plain not in _places())


@cache
def _allowed() -> frozenset[str]:
    return frozenset(load("persons")["signature_words"])


@cache
def _forms() -> frozenset[str]:
    return frozenset(load("persons")["signature_forms"])


@cache
def _places() -> frozenset[str]:
    places = load("places")
    return frozenset(fold(part) for name in (*places["towns"], *places["streets"]) for part in name.split())
