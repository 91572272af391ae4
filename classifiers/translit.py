"""Russian written in Latin letters («Proshu sdelat pereraschet»): recognised by its usual words and read as Russian."""

from __future__ import annotations

import re
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.text import fold
from classifiers.wordlists import first_names, load

_WORD: Final = re.compile(r"[A-Za-z']{1,30}")
_KEPT: Final = re.compile(r"\S*@\S*|https?://\S+|www\.\S+")
_COMMON: Final = frozenset(load("translit")["russian"])
_ENGLISH: Final = frozenset(load("translit")["english"])
_MIN_WORDS, _MIN_SHARE = 4, 0.15
_USUAL: Final = 3
_LOOKED_AT, _LONG_WORD, _KNOWN_SHARE = 60, 5, 0.5
"""Of so many words, those of five letters and more must be Russian by half when read in Cyrillic."""

_LONG: Final = (
    *(
        ("shch", "щ"),
        ("sch", "сч"),
        ("yo", "ё"),
        ("jo", "ё"),
        ("zh", "ж"),
        ("kh", "х"),
        ("ts", "ц"),
        ("ch", "ч"),
        ("sh", "ш"),
    ),
    *(("yu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("ye", "е"), ("iy", "ий"), ("yy", "ый")),
)
_SHORT: Final = str.maketrans("abvgdezijklmnoprstufhcyxwq'", "абвгдезийклмнопрстуфхцыхвкь")
_Y: Final = re.compile(r"(?<=[aeiouAEIOUаеиоуыэюя])y")


def is_translit(text: str) -> bool:
    """Whether nearly all letters are Latin and usual words of Russian letters stand among them, not English ones."""
    words = [word.lower() for word in _WORD.findall(_KEPT.sub(" ", text[:6_000]))]
    cyrillic = len(re.findall(r"[\u0400-\u04ff]", text[:6_000]))
    if len(words) < _MIN_WORDS or cyrillic > sum(map(len, words)) // 4:
        return False
    russian, english = (sum(word in known for word in words) for known in (_COMMON, _ENGLISH))
    if russian > english and russian >= _MIN_SHARE * len(words):
        return True
    long = [_word_in_cyrillic(word) for word in words[:_LOOKED_AT] if len(word) >= _LONG_WORD]
    known = sum(analyzer().word_is_known(word) for word in long)
    return english <= russian and len(long) >= _MIN_WORDS - 1 and known >= _KNOWN_SHARE * len(long)


def to_cyrillic(text: str) -> str:
    """The text in Cyrillic letters; addresses of mail and pages stay. Offsets are not those of the text."""
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [_WORD.sub(_word, text[at : kept.start()]), kept.group()]
        at = kept.end()
    return "".join([*parts, _WORD.sub(_word, text[at:])])


def _word_in_cyrillic(plain: str) -> str:
    for latin, cyrillic in _LONG:
        plain = plain.replace(latin, cyrillic)
    return _Y.sub("й", plain).translate(_SHORT)


def _word(match: re.Match[str]) -> str:
    word = match.group()
    plain = _word_in_cyrillic(word.lower())
    if word.isupper() and len(word) > 1:
        return plain.upper()
    return plain[:1].upper() + plain[1:] if word[0].isupper() else plain


def with_soft_sign(name: str | None) -> str | None:
    """A first name with the soft sign that Latin letters leave out, where that is usual («Илдар», «Ильдар»)."""
    if not name:
        return name
    known = first_names()
    longer = (f"{name[:at]}ь{name[at:]}" for at in range(1, len(name) + 1))
    best = max(longer, key=lambda one: known.get(fold(one), ("", 0))[1])
    often, as_is = known.get(fold(best), ("", 0))[1], known.get(fold(name), ("", 0))[1]
    return best if often > _USUAL * as_is else name
