"""Language of a letter by its letters: Bashkir and Tatar share most of them, a few decide."""

from __future__ import annotations

import re

from classifiers.text import fold

RUSSIAN, BASHKIR, TATAR, UNKNOWN = "ru", "ba", "tt", "unknown"

_BASHKIR_ONLY = frozenset("ғҙҡҫ")
_TATAR_ONLY = frozenset("җ")
_COMMON = frozenset("әөүңһ")
_MIN_SHARE = 0.02
_WORD = re.compile(r"[а-яёәөүҡғҙңҫһҗ]+")
_TATAR_WORDS = frozenset(
    ["һәм", "белән", "өчен", "түгел", "сез", "безнең", "миңа", "сезгә", "рәхмәт", "исәнмесез", "юк", "бар", "дип"]
)
_BASHKIR_WORDS = frozenset(
    ["һәм", "менән", "өсөн", "түгел", "һеҙ", "беҙҙең", "миңә", "һеҙгә", "рәхмәт", "һаумыһығыҙ", "юҡ", "бар", "тип"]
)


def guess_language(text: str) -> str:
    """``ru``, ``ba``, ``tt`` or ``unknown`` (no Cyrillic worth the name).

    A Russian letter with one Bashkir name in it stays Russian: the letters must be two in a hundred.
    """
    plain = fold(text)
    cyrillic = sum("а" <= char <= "я" for char in plain)
    bashkir = sum(char in _BASHKIR_ONLY for char in plain)
    tatar = sum(char in _TATAR_ONLY for char in plain)
    common = sum(char in _COMMON for char in plain)
    letters = cyrillic + bashkir + tatar + common
    if letters < 0.3 * sum(char.isalpha() for char in plain) or not letters:
        return UNKNOWN
    if bashkir + tatar + common < _MIN_SHARE * letters:
        return RUSSIAN
    words = _WORD.findall(plain)
    bashkir += sum(word in _BASHKIR_WORDS for word in words)
    tatar += sum(word in _TATAR_WORDS for word in words)
    return BASHKIR if bashkir >= tatar and bashkir else TATAR
