"""Plain text work: one spelling of spaces and hyphens, dates, quotations, numbers of documents, telephones."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.promises import MONTHS as MONTH_NUMBERS

CACHED: Final = 1024
"""Texts of the letter at hand: each rule looks at the same paragraphs anew."""
_INVISIBLE: Final = (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)
_DROP: Final = dict.fromkeys(_INVISIBLE)
_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒−"), "-")
MONTHS: Final = tuple(MONTH_NUMBERS)
"""In the genitive, from January."""
_DATE: Final = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})(?![\d]|\.\d)"
    r"|[«\"]?(?P<day2>\d{1,2})[»\"]?\s+(?P<word>" + "|".join(MONTHS) + r")\s+(?P<year2>\d{4})",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"(?:№|\bN|\bномером|\bномер(?=\s\d))\s*(?P<number>[\w][\w./-]*(?:\s?-\s?\w+)*)", re.IGNORECASE
)
_FULL_NUMBER: Final = re.compile(
    r"(?<![\d.])(?:\+\s?7|8)(?:[\s().–—-]{0,3}\d){10}(?!\d)"
    r"|(?<![\d.])\((?:8[\s–-]?)?\d{3,5}\)(?:[\s.–—-]{0,2}\d){5,7}(?!\d)"
)
"""With its code, however it is parted: «+7 (347) 246–01–98», «8.347.246.01.98», «(8-347) 2-46-01-98»."""
_LOCAL_NUMBER: Final = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?:\+\s?)?\d[\s()-]*)?(?:\(?\d{2,5}\)?[\s-]*)?\d{1,3}[\s-]?\d{2}[\s-]?\d{2}(?![\d.]\d|\d)"
)
_QUOTED: Final = re.compile(r"«[^«»]*(?:«[^«»]*»[^«»]*)*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")
LAW: Final = re.compile(
    r"\b(постановлени|закон|правил|кодекс|жк\s+рф|гк\s+рф|пункт|п\.\s?\d|стать|ст\.\s?\d|фз\b|№\s?354|законодательств)",
    re.IGNORECASE,
)
FULL_PHONE: Final = 11
_ABBREVIATED: Final = re.compile(
    r"(?:(?<![а-яё])(?:г|гг|д|кв|ул|пр|пр-т|пер|пл|ш|наб|стр|корп|лит|пом|оф|п|пп|ст|ч|ред|руб|коп|тыс|млн|вх|исх|тел|т|т\.\s?д"
    r"|т\.\s?п|др|пр|см|им|обл|р-н|респ|рег|зав|исп|доб|мин|сек|куб|кв|ед|экз|л|с|в\s?т\.\s?ч)|(?<![А-ЯЁа-яё])[А-ЯЁ]|№)\.\s+$",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?…]+[»\")]?\s+(?=[А-ЯЁA-Z«\"(\d–-])")


@lru_cache(maxsize=CACHED)
def clean(text: str) -> str:
    """Text with one kind of space and hyphen, without soft hyphens and invisible characters."""
    text = unicodedata.normalize("NFC", text).translate(_DROP).translate(_HYPHENS)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=CACHED)
def fold(text: str) -> str:
    """``clean`` in lower case with ё as е: for comparing words."""
    return clean(text).lower().replace("ё", "е")


def says_something(text: str) -> bool:
    """Whether a field holds a word or a number, not only dashes, dots and lines for the hand."""
    return re.search(r"[^\W_]", clean(text)) is not None


def squeeze(text: str) -> str:
    """Only letters and digits of the folded text: for comparing numbers and finding lines on a page."""
    return re.sub(r"[\W_]+", "", fold(unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True)
class Found:
    """A date found in a text and where."""

    date: dt.date
    start: int
    end: int


def dates(text: str) -> list[Found]:
    """All dates written «05.11.2026», «05.11.26» or «5 ноября 2026»; impossible ones are skipped."""
    found: list[Found] = []
    for match in _DATE.finditer(text):
        day = int(match["day"] or match["day2"])
        month = int(match["month"]) if match["month"] else MONTHS.index(match["word"].lower()) + 1
        year = int(match["year"] or match["year2"])
        try:
            found.append(Found(dt.date(year + 2000 if year < 100 else year, month, day), match.start(), match.end()))  # noqa: PLR2004 - two-digit years
        except ValueError:
            continue
    return found


def impossible_dates(text: str) -> list[str]:
    """Days that no calendar has, with a whole year: «31 ноября 2026», «30.02.2026»."""
    possible = {one.start for one in dates(text)}
    return [
        match.group()
        for match in _DATE.finditer(text)
        if match.start() not in possible and (match["word"] or len(match["year"]) == len("2026"))
    ]


@dataclass(frozen=True)
class Reference:
    """A number of a document after «№» and what stands before it."""

    number: str
    before: str
    start: int
    end: int


def references(text: str) -> list[Reference]:
    """Numbers after «№» or «N» with the 40 characters before each, folded."""
    return [
        Reference(match["number"].rstrip("./-"), fold(text[max(0, match.start() - 40) : match.start()]), *match.span())
        for match in _REFERENCE.finditer(text)
        if any(character.isdigit() for character in match["number"])
    ]


def phones(text: str) -> list[str]:
    """Digit strings of everything that looks like a telephone (5 digits and more, not a date)."""
    rest = _DATE.sub(lambda match: "#" * len(match.group()), clean(text))
    found: list[tuple[int, str]] = []
    for pattern in (_FULL_NUMBER, _LOCAL_NUMBER):
        for match in pattern.finditer(rest):
            digits = re.sub(r"\D", "", match.group())
            if (5 <= len(digits) <= FULL_PHONE) and (pattern is _LOCAL_NUMBER or has_code(digits)):  # noqa: PLR2004 - shortest local number
                found.append((match.start(), digits))
                rest = rest[: match.start()] + "#" * len(match.group()) + rest[match.end() :]
    return [digits for _, digits in sorted(found)]


def has_code(digits: str) -> bool:
    """Whether a number has the long-distance code: ten digits, or eleven that start with 7 or 8."""
    return len(digits) == FULL_PHONE - 1 or (len(digits) == FULL_PHONE and digits[0] in "78")


def quotations(text: str) -> list[tuple[int, int]]:
    """Ranges of text inside quotation marks."""
    return [match.span() for match in _QUOTED.finditer(text)]


def quoted_law(text: str, start: int, lead_in: str = "") -> bool:
    """Whether the character at ``start`` lies in a quotation that follows a reference to law.

    Args:
        text: A paragraph.
        start: Place in it.
        lead_in: The paragraph before it, when its colon leads to this one.
    """
    for left, right in quotations(text):
        if left <= start < right:
            return LAW.search(text[max(0, left - 200) : left] or lead_in) is not None
    return False


def sentence_ends(text: str) -> list[int]:
    """Where sentences begin after the first one; abbreviations like «п. 31» and «г. Уфа» end none."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text))
    return [end for end in ends if not _ABBREVIATED.search(text[max(0, end - 12) : end])]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    borders = [0, *sentence_ends(text), len(text)]
    return [text[left:right].strip() for left, right in itertools.pairwise(borders)]


def sentence_around(text: str, start: int) -> str:
    """The sentence that holds the character at ``start``."""
    ends = sentence_ends(text)
    left = max((end for end in ends if end <= start), default=0)
    right = min((end for end in ends if end > start), default=len(text))
    return text[left:right].strip()


def excerpt(text: str, start: int, end: int, around: int = 30) -> str:
    """A short quotation for a finding."""
    left, right = max(0, start - around), min(len(text), end + around)
    return ("…" if left else "") + text[left:right].strip() + ("…" if right < len(text) else "")


def alike(one: str, other: str) -> bool:
    """Whether a slip of the hand makes one number of the other: a digit changed, added, left out, or two swapped."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) <= 1:
        return False
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    differing = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    return len(differing) == 1 or (
        len(differing) == 2  # noqa: PLR2004 - two that swapped
        and one[differing[0]] == other[differing[1]]
        and one[differing[1]] == other[differing[0]]
    )
