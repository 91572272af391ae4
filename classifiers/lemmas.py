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


def headed_in_nominative(name: str) -> str:
    """A name whose first noun stands in the genitive, with that noun in the nominative; else the name unchanged.

    «Государственного комитета РБ по жилищному надзору» → «Государственный комитет РБ по жилищному надзору».
    """
    words = name.split(" ")
    for place, word in enumerate(words):
        parses = [one for one in _parses(word.lower()) if "gent" in one.tag and "sing" in one.tag]
        noun = next((one for one in parses if one.tag.POS == "NOUN"), None)
        if noun is not None:
            agreed = {"nomn", noun.tag.gender} if noun.tag.gender else {"nomn"}
            head = [_inflected(one, agreed) for one in words[:place]]
            return " ".join([*head, _cased(noun.inflect({"nomn"}), word), *words[place + 1 :]])
        if not any(one.tag.POS in ("ADJF", "PRTF") for one in parses):
            break
    return name


def _inflected(word: str, grammemes: set[str]) -> str:
    full = next((one for one in _parses(word.lower()) if one.tag.POS in ("ADJF", "PRTF") and "gent" in one.tag), None)
    return _cased(full.inflect(grammemes) if full is not None else None, word)


def _cased(parse: Any, word: str) -> str:
    """The word of a parse with the capitals of the word it stands for; that word when there is no parse."""
    if parse is None:
        return word
    inflected: str = parse.word
    if word.isupper() and len(word) > 1:
        return inflected.upper()
    return inflected.capitalize() if word[:1].isupper() else inflected
