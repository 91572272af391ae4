"""Language of a letter by its letters and words: kindred languages share most of them, a few decide."""

from __future__ import annotations

import re
from typing import Final

from classifiers.text import fold
from rules.reading import Languages

RUSSIAN, UNKNOWN = "ru", "unknown"

_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_WORD: Final = re.compile(r"[\u0400-\u04ff]+")


class LanguageReader:
    """The languages of one ``rules/reading.yaml``."""

    def __init__(self, languages: Languages) -> None:
        self._rules = languages
        self._letters = {code: frozenset(one.letters) for code, one in languages.known.items()}
        self._words = {code: frozenset(map(fold, one.words)) for code, one in languages.known.items()}
        self._foreign = frozenset(languages.shared_letters).union(*self._letters.values())
        self._either = frozenset(map(fold, languages.either))

    def title(self, code: str) -> str:
        """The language's name for people; «не определён» for what is not known."""
        known = self._rules.known.get(code)
        return known.title if known else "не определён"

    def read(self, text: str) -> str:
        """``ru``, a language of the file or ``unknown`` (no Cyrillic worth the name).

        Capitalised words do not count unless the letter has few others, since a Russian letter may hold many Bashkir
        names; a word of the file counts without a letter of its own («белән» has one, «юк» has none).
        """
        words = [word for word in _WORD.findall(text) if word.islower() or text.isupper()] or _WORD.findall(text)
        letters = sum(char.isalpha() for char in text)
        if not letters or len(_CYRILLIC.findall(text)) < self._rules.least_cyrillic * letters:
            return UNKNOWN
        plain = [fold(word) for word in words]
        foreign = sum(bool(self._foreign & set(word)) or word in self._either for word in plain)
        if foreign < self._rules.least_share * len(plain) or not foreign:
            return RUSSIAN
        told = {
            code: sum(2 * bool(letters & set(word)) + (word in self._words[code]) for word in plain)
            for code, letters in self._letters.items()
        }
        # a letter without any of the frequent letters of one language is of the other
        return max(told, key=lambda code: (told[code], -len(self._letters[code])))
