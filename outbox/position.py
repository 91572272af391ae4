"""Positions in the dative, for the addressee («генеральный директор» → «генеральному директору»)."""

from __future__ import annotations

import functools
from typing import Any

_AGREEING = {"ADJF", "PRTF"}
"""Parts of speech that agree with the noun of the position."""


def dative_position(position: str) -> str | None:
    """Put a position into the dative.

    Words up to the first noun are inflected, its complements stay («заместителя» of whom). «И.о. директора» already
    needs no change.

    Args:
        position: The position in the nominative.

    Returns:
        The dative with a capital letter, or None when the words are not understood and a person must write it.
    """
    words = position.split()
    if not words:
        return None
    if words[0].casefold().startswith(("и.о", "врио", "ио")):
        return position
    result: list[str] = []
    for index, word in enumerate(words):
        parse = _nominative(word)
        if parse is None:
            return None
        inflected = parse.inflect({"datv"})
        if inflected is None:
            return None
        result.append(inflected.word)
        if parse.tag.POS == "NOUN":
            text = " ".join([*result, *words[index + 1 :]])
            return text[:1].upper() + text[1:]
    return None


def _nominative(word: str) -> Any | None:
    for parse in _morphology().parse(word):
        if "nomn" in parse.tag and "sing" in parse.tag and (parse.tag.POS in _AGREEING or parse.tag.POS == "NOUN"):
            return parse
    return None


@functools.cache
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")
