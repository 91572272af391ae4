"""What the writer tells of himself: he sees badly (large print) or asks for simple words (standard 13.6, 13.7)."""

from __future__ import annotations

import re

from classifiers.lemmas import lemma

_SAID = re.compile(
    r"крупн\w+\s+(?:шрифт|букв|печат)\w*|слабовидящ\w*|слаб\w+\s+зрени\w+|плох\w+\s+(?:вижу|зрени\w+)|слепой|слепая|незряч\w*"
    r"|инвалид\w*\s+(?:\w+\s+){0,3}по\s+зрению|почти\s+не\s+вижу|потерял\w*\s+зрени\w+",
    re.IGNORECASE,
)
_SIMPLY = re.compile(
    r"(?:прост\w+|понятн\w+)\s+(?:слов|язык)\w*|на\s+(?:простом|понятном)\s+языке|объясн\w+\s+(?:\w+\s+){0,3}"
    r"(?:просто|доступно|по\s+шагам)|глухой|глухая|слабослышащ\w*|инвалид\w*\s+(?:\w+\s+){0,3}по\s+слуху",
    re.IGNORECASE,
)
_OF_OTHERS = frozenset({"шрифт", "квитанция", "счетчик", "прибор"})


def wants_large_print(text: str) -> bool:
    """Whether the text says so of a person; «цифры счётчика плохо видно» is about a meter."""
    for match in _SAID.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        nearest = re.findall(r"[а-яё]+", before.lower())[-1:]
        if not nearest or lemma(nearest[0]) not in _OF_OTHERS:
            return True
    return False


def wants_plain_words(text: str) -> bool:
    """Whether the text asks for simple words, or tells of deafness: sign language may be the first one then."""
    return _SIMPLY.search(text) is not None
