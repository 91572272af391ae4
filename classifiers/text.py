"""The text of a letter made fit for reading without moving a single character.

Every function here keeps length, so an offset found in the prepared text is an offset in the stored one.
"""

from __future__ import annotations

import re
import unicodedata

MAX_LETTER_CHARS = 30_000
"""Characters of a letter that are read; a longer one is cut here and a person is told."""

_MIN_LETTERS, _MIN_LETTER_SHARE = 3, 0.25
_FEW_CAPITALS = 0.015
_LATIN_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXaceopxyk", "АВСЕНКМОРТХасеорхук")
_LETTER = re.compile(r"[A-Za-z\u0400-\u04ff]")
_MIXED_WORD = re.compile(r"[A-Za-zА-Яа-яЁё]+")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_NON_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u00ad\u200b\ufeff"), " ")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012"), "-")


def prepare(text: str) -> str:
    """Cut at ``MAX_LETTER_CHARS``; control characters and odd spaces become plain spaces, one for one."""
    clipped = text[:MAX_LETTER_CHARS].translate(_SPACES).translate(_DASHES)
    if clipped.isprintable():
        return clipped
    return "".join(
        char if char in "\n\t" or char.isprintable() or unicodedata.category(char) not in _NON_TEXT else " "
        for char in clipped.replace("\r", " ")
    )


def mend_lookalikes(text: str) -> str:
    """Latin letters inside words that also hold Cyrillic ones become Cyrillic («Ивaнов» with a Latin a)."""

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        return word.translate(_LATIN_TO_CYRILLIC) if not word.isascii() and _CYRILLIC.search(word) else word

    return _MIXED_WORD.sub(mend, text)


def latin_to_cyrillic(word: str) -> str:
    """Latin letters that look like Cyrillic ones as those."""
    return word.translate(_LATIN_TO_CYRILLIC)


_DIGIT_IN_WORD = re.compile(r"(?<![\w@.])[А-Яа-яЁё036]*[036][А-Яа-яЁё][А-Яа-яЁё036]*(?![\w@])")
_DIGIT_TO_LETTER = str.maketrans("036", "озб")
_LIMITED = re.compile(r"(?<![\wЁё])(?=[ОO]*0)[ОO0]{3}(?=\s*[«\"„“А-ЯЁ])")
_COMMA_INITIAL = re.compile(
    r"(?<![\wЁё])([А-ЯЁ])[,](?=\s?[А-ЯЁ]\.)"
    r"|(?<=[А-ЯЁ]\.)([А-ЯЁ]),(?=\s*(?:$|\n|[А-ЯЁ][а-яё]))"
)
_DIGIT_INITIAL = re.compile(r"(?<=[а-яё] [А-ЯЁ]\. )[03](?=\.)|(?<=[а-яё] [А-ЯЁ]\.)[03](?=\.)")
"""An initial that recognition took for a digit: «Ишбулатов Р. 3.»."""
_GAP_INITIAL = re.compile(r"(?<![\wЁё])([А-ЯЁ]) \.(?=\s*(?:$|\n|[А-ЯЁ]))")
_IN_A_NAME = re.compile(r"(?:(?<![\wЁё])[А-ЯЁ]\.|(?<![\wЁё])[А-ЯЁ][а-яё]{2,25})[ \t]{1,3}$")
"""What stands before a further word of a name: «Н. П. 0вечкин», «Бибинур 3акировны»."""
_NAME_CHARS = 30
_CAPITAL_RUN = re.compile(r"(?<![\wЁё])[А-ЯЁ]{2,5}0[А-ЯЁ]{1,4}(?![\wЁё])")
_FEW = 3


def mend_words(text: str) -> str:
    """Digits that recognition left inside Cyrillic words become letters («И6рагимов», «0т»); the length stays.

    A digit that ends a word stays: «дом3» is a house. «0ОО «Фокус»» is a firm, a comma between initials a full stop.
    """

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        letters = sum(char.isalpha() for char in word)
        if letters < _FEW and word.lower() not in {"0т", "п0"}:
            return word
        end = len(word.rstrip("036"))
        mended = word[:end].translate(_DIGIT_TO_LETTER)
        if word[0].isdigit() and _IN_A_NAME.search(match.string, max(match.start() - _NAME_CHARS, 0), match.start()):
            mended = mended[:1].upper() + mended[1:]
        return mended + word[end:]

    limited = _LIMITED.sub("ООО", text)
    capitals = _CAPITAL_RUN.sub(lambda match: match.group().replace("0", "О"), limited)
    initials = _COMMA_INITIAL.sub(lambda match: f"{match[1] or match[2]}.", _GAP_INITIAL.sub(r"\1. ", capitals))
    initials = _DIGIT_INITIAL.sub(lambda match: match.group().translate(_DIGIT_TO_LETTER).upper(), initials)
    return _DIGIT_IN_WORD.sub(mend, initials)


def is_readable(text: str) -> bool:
    """Whether there is anything to read: three letters at least, and letters are not lost among rubbish."""
    sample = text[:4000]
    letters = len(_LETTER.findall(sample))
    visible = sum(not char.isspace() for char in sample)
    return letters >= _MIN_LETTERS and letters >= _MIN_LETTER_SHARE * visible


def fold(text: str) -> str:
    """Lower case with ё as е: the form in which words are compared."""
    return text.lower().replace("ё", "е")


def title_case(word: str) -> str:
    """A name in title case, part by part over hyphens and apostrophes («О'Нил»)."""
    return re.sub(r"[^-'’]+", lambda part: part.group()[:1].upper() + part.group()[1:].lower(), word)


def has_capitals(text: str) -> bool:
    """Whether a letter is written with capitals; one or two in the whole of it are none."""
    return sum(char.isupper() for char in text) > _FEW_CAPITALS * len(text) + 1
