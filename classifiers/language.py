"""Language of a letter by its letters: Bashkir and Tatar share most of them, a few decide."""

from __future__ import annotations

import re

from classifiers.text import fold

RUSSIAN, BASHKIR, TATAR, UNKNOWN = "ru", "ba", "tt", "unknown"

_BASHKIR_ONLY = frozenset("ғҙҡҫ")
_TATAR_ONLY = frozenset("җ")
_EITHER = frozenset("әөүңһ") | _BASHKIR_ONLY | _TATAR_ONLY
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_MIN_CYRILLIC = 0.3
_MIN_SHARE = 0.15
_WORD = re.compile(r"[А-Яа-яЁёӘәӨөҮүҠҡҒғҘҙҢңҪҫҺһҖҗ]+")
_TATAR_WORDS = frozenset(
    ["һәм", "белән", "өчен", "түгел", "сез", "безнең", "миңа", "сезгә", "рәхмәт", "исәнмесез", "юк", "бар", "дип"]
)
_BASHKIR_WORDS = frozenset(
    ["һәм", "менән", "өсөн", "түгел", "һеҙ", "беҙҙең", "миңә", "һеҙгә", "рәхмәт", "һаумыһығыҙ", "юҡ", "бар", "тип"]
)


def guess_language(text: str) -> str:
    """``ru``, ``ba``, ``tt`` or ``unknown`` (no Cyrillic worth the name).

    Words with letters that Russian lacks must be one in seven; capitalised ones do not count, since a Russian letter
    may hold many Bashkir names.
    """
    words = [word for word in _WORD.findall(text) if word.islower() or text.isupper()]
    letters = sum(char.isalpha() for char in text)
    if not letters or len(_CYRILLIC.findall(text)) < _MIN_CYRILLIC * letters:
        return UNKNOWN
    plain = [fold(word) for word in words]
    foreign = [word for word in plain if _EITHER & set(word)]
    if len(foreign) < _MIN_SHARE * len(plain) or not foreign:
        return RUSSIAN
    bashkir = sum(bool(_BASHKIR_ONLY & set(word)) + (word in _BASHKIR_WORDS) for word in plain)
    tatar = sum(bool(_TATAR_ONLY & set(word)) + (word in _TATAR_WORDS) for word in plain)
    return BASHKIR if bashkir >= tatar and bashkir else TATAR
