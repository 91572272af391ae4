"""Words of a letter that recognition spoilt in any way, mended where one known word alone is one edit away.

Only in a letter that shows by its common words that it was spoilt: a rare surname looks like a spoilt word too. Words
may become longer or shorter here, so that places in the mended text are translated back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from classifiers.declension import Case, decline
from classifiers.labelmend import labels
from classifiers.lemmas import grammemes
from classifiers.nameparts import is_patronymic
from classifiers.spelling import SMALL_STREET, father_met, is_known
from classifiers.text import fold
from classifiers.wordlists import first_names, load

_COMMON: Final = re.compile(r"(?<![\w@.-])[а-яё]{4,30}(?![\w@])")
_BROKEN: Final = re.compile(r"(?<![\w@./№-])(?=\w*[а-яё]{2})[А-Яа-яЁё]{1,20}\d[а-яё]{1,20}(?![\w@])")
_LEAST, _SHARE = 2, 0.08
"""Spoilt words that make a letter a spoilt one, and their share. Of 642 clean letters 11 look so (their writers
misspell), of the same with 3 % of their characters changed or lost 309: the others are short."""
_TOKEN: Final = re.compile(
    r"(?<![\w@.+/-])(?P<word>[А-Яа-яЁё\d](?:[А-Яа-яЁё]|[\d.,](?=[А-Яа-яЁё])){2,28}[А-Яа-яЁё\d])(?![\w@/]|-[\d])"
)
_SIGN: Final = re.compile(r"[\d.,]")
_LETTERS: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_SHORTEST, _LONGEST = 4, 24
_MET: Final = 40
"""How often a first name must have been met for its cases to be mended by."""
_MOST_WORDS: Final = 250


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its words mended; ``original`` translates a place in it into one of the text as written."""

    text: str
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def original(self, place: int) -> int:
        """The place in the text as written."""
        at = bisect_right(self.starts, place) - 1
        return place if at < 0 else place + self.shifts[at]


def is_spoilt(text: str) -> bool:
    """Whether so many common words of a text are none that it was spoilt."""
    common = _COMMON.findall(text)
    broken = len(_BROKEN.findall(text))
    strange = broken + sum(not is_known(fold(word)) for word in common)
    return strange >= _LEAST and strange >= _SHARE * (len(common) + broken)


def mend_noise(text: str) -> Mended:
    """The text of a spoilt letter with words mended that one known word alone is nearest to."""
    pieces, starts, shifts = [], [], []
    at = length = 0
    budget = iter(range(_MOST_WORDS))
    streets = {match.start("word") for match in SMALL_STREET.finditer(text)}
    for match in _TOKEN.finditer(text):
        word = match["word"]
        better = _better(word, text, budget)
        if better is None or (match.start() in streets and fold(better) not in _own()):
            continue
        pieces += [text[at : match.start()], better]
        length += match.start() - at + len(better)
        at = match.end()
        starts.append(length)
        shifts.append(at - length)
    return Mended("".join([*pieces, text[at:]]), tuple(starts), tuple(shifts))


def _better(word: str, text: str, budget: Iterator[int]) -> str | None:
    signs = len(_SIGN.findall(word))
    letters = len(word) - signs
    if signs > 1 or letters < _SHORTEST - 1 or letters > _LONGEST or (not signs and len(word) < _SHORTEST):
        return None
    if (word.isupper() and len(word) <= _ABBREVIATION) or (signs and (word[-1].isdigit() or _is_two_words(word))):
        return None
    plain = fold(word)
    capital = word[0].isupper() or word[0].isdigit()
    if not signs and (is_known(plain) or plain in _own() or (capital and text.count(word) > 1)):
        return None
    if next(budget, None) is None:
        return None
    found = _nearest(plain, capital=capital)
    if found is None:
        return None
    whole = word.isupper() and len(word) > 1
    return found.upper() if whole else found.capitalize() if capital and _is_proper(found, word) else found


def _is_proper(found: str, word: str) -> bool:
    return word[0].isupper() or found in _names() or is_patronymic(found)


def _is_two_words(word: str) -> bool:
    """«г.Уфа», «Ленина,кв»: a stop between two words is none inside a word."""
    sign = _SIGN.search(word)
    if sign is None or sign.group().isdigit():
        return False
    left, right = fold(word[: sign.start()]), fold(word[sign.end() :])
    return len(left) <= _SHORT_LABEL or len(right) <= 1 or (is_known(left) and is_known(right))


_SHORT_LABEL, _ABBREVIATION = 3, 6


@lru_cache(maxsize=20_000)
def _nearest(word: str, *, capital: bool) -> str | None:
    """The one word that is nearest: of our own lists, else a name derived from a known one, else of the dictionary."""
    variants = list(dict.fromkeys(_variants(word)))
    own = {one: first_names().get(one, ("", 0))[1] for one in variants if one in _own()}
    if own:
        return _likeliest(own)
    derived = {one: met for one in variants if (met := father_met(one))} if capital else {}
    fathers = {one: met for one, met in derived.items() if is_patronymic(one)}
    derived = fathers if fathers and _LIKE_PATRONYMIC.search(word) else derived
    derived = {one: met for one, met in derived.items() if one.replace("ев", "ов") not in derived or "ев" not in one}
    if derived:
        return _likeliest(derived)
    known = [one for one in variants if is_known(one) and _may_be_name(one) is capital]
    return known[0] if len(known) == 1 else None


def _likeliest(met: dict[str, int]) -> str | None:
    """The only word, or the one that is met far more often than any other."""
    best, *others = sorted(met, key=lambda one: -met[one])
    return best if not others or met[best] > _FAR_MORE * max(met[others[0]], 1) else None


_FAR_MORE: Final = 5
_LIKE_PATRONYMIC: Final = re.compile(r"в(?:н[аеыу]|ной|ич(?:а|у|ем)?)$")


def _may_be_name(word: str) -> bool:
    return any({"Surn", "Name", "Patr", "Geox"} & one for one in grammemes(word))


def _variants(word: str) -> Iterator[str]:
    """Words one edit away; a sign inside a word stands for a letter or for none."""
    sign = _SIGN.search(word)
    places = [sign.start()] if sign else range(len(word))
    for at in places:
        for letter in _LETTERS:
            if letter != word[at]:
                yield word[:at] + letter + word[at + 1 :]
    if sign:
        return
    for at in range(len(word) + 1):
        for letter in _LETTERS:
            yield word[:at] + letter + word[at:]


@cache
def _own() -> frozenset[str]:
    """Labels, offices, streets, towns and common first names with their cases."""
    posts = load("posts")
    offices = {
        part
        for name in ("heads", "ranks", "heads_genitive", "stands_in")
        for post in posts[name]
        for part in fold(post).split()
    }
    return frozenset({one for one in labels() | offices if len(one) >= _SHORTEST} | _names())


@cache
def _names() -> frozenset[str]:
    found = set()
    for name, (gender, met) in first_names().items():
        if met >= _MET and name.isalpha():
            told = "male" if gender == "m" else "female"
            cases = (Case.GENITIVE, Case.DATIVE)
            found |= {name, *(fold(decline(name.capitalize(), "first", told, case)) for case in cases)}
    return frozenset(found)
