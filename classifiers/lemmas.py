"""Lemmas of Russian words; the dictionary is loaded at the first use."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[а-яёәөүҡғҙңҫһҗ]{2,}(?:-[а-яёәөүҡғҙңҫһҗ]+)*", re.IGNORECASE)


@cache
def analyzer() -> Any:
    """The one morphological analyser of the process."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _parses(word: str) -> Any:
    try:
        return analyzer().parse(word)
    except ValueError:  # a letter that Unicode has no name for (Tangut): the analyser asks for it
        return ()


@lru_cache(maxsize=100_000)
def lemma(word: str) -> str:
    """The normal form of one word, lower case, ё as е."""
    parses = _parses(word.lower())
    normal: str = parses[0].normal_form if parses else word.lower()
    return normal.replace("ё", "е")


def lemmas(text: str) -> list[str]:
    """The lemmas of all Cyrillic words of a text, in order."""
    return [lemma(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=20_000)
def grammemes(word: str) -> tuple[frozenset[str], ...]:
    """The grammeme sets of every parse that the dictionary itself knows; empty for an unknown word."""
    return tuple(frozenset(parse.tag.grammemes) for parse in _parses(word.lower()) if parse.is_known)
