"""The number of the client's contract: behind its word, with its kind, parties and date between, or a bare code."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.found import Found, best, found_at
from classifiers.labels import labelled_lines, within_one
from classifiers.numbers import mended_reference
from classifiers.text import fold
from classifiers.wordlists import load

_HEAD_CHARS: Final = 900
_VALUE: Final = r"(?P<value>(?:(?!N[ ])[A-ZА-ЯЁ]{1,8}(?:[-–/]|[ ](?=\d{3}))?){0,2}\d[\w/–.\-]{0,28})"
_MARK: Final = r"(?:№|N[oо°º]?\b\.?|номер(?:\s*:)?|номером|Ng|Ne)"
_WHEN: Final = r"(?:\s+от\s+[«\"]?\d{1,2}[»\"]?[. ][\w.]{1,10}[. ]\d{2,4}(?:\s?г(?:ода|\.)?(?![а-яё]))?)?"
_BETWEEN: Final = r"(?:\s+(?:[«\"][^»\"\n]{1,40}[»\"]|\([^)\n]{1,40}\)|[А-Яа-яЁё-]{1,24}(?:\.(?=\s?[а-яё№]))?)){0,9}?"
"""Words between the contract and its number: «на вывоз ТКО», «с ООО «Вектор»»."""
_MARKED: Final = re.compile(rf"(?<![\w-]){_MARK}\s*:?\s*{_VALUE}")
_AFTER_WORD: Final = re.compile(rf"(?P<kind>{_BETWEEN}){_WHEN}\s*")
_WORD: Final = re.compile(r"(?<![\w-])[А-ЯЁа-яё-]{2,16}(?P<point>\.?)")
_LOOKBACK: Final = 150
_UNMARKED: Final = re.compile(
    r"(?<![\w-])(?i:(?:гос)?договор|(?:гос)?контракт|соглашени|дог(?=[\s.-]))[а-яё-]{0,4}\.?"
    rf"(?P<kind>(?:\s+(?!аренд|подряд|найм|долев|цесси|дарени|социальн|уступк|займ|кредит|страхов)[а-яё-]{{3,22}}){{0,2}}){_WHEN}\s*:?\s*{_VALUE}"
)
_SIGN: Final = re.compile(r"[A-ZА-ЯЁ]{1,8}[-–/]?\d|\d[-–/](?:\d{0,4}[A-ZА-ЯЁ]{1,4}|[а-яё])(?![а-яё])")
_PAIR: Final = re.compile(r"\d{1,6}[-/]\d{2,6}")
_CODE: Final = re.compile(r"(?<![\w-])(?P<form>[А-ЯЁ]{1,5})-\d{2,8}(?:/\d{1,4})?(?![\w-])")
_REFERENCE_BEFORE: Final = re.compile(r"(?i)(?:\b(?:исх\w*|вх\w*|на)[ .]{0,3}(?:№|N)?|(?:^|\n)[ \t]*(?:№|N))\s*\Z")
_DATE_LIKE: Final = re.compile(r"^\d{1,2}[./]\d{1,2}[./]\d{2,4}$|^20\d\d$|^\d{1,2}$")
_LONG: Final = 5
"""Digits of a number that is believed without «№» before it: «договор 15» may be anything."""
_LATIN: Final = str.maketrans("ABCEHKMOPTXaceopxyk", "АВСЕНКМОРТХасеорхук")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")


def find_contract(text: str, *, has_org: bool) -> Found | None:
    """The contract number after its word; with an organisation known, also a bare code («АГ-055») near the top."""
    items = [*_labelled(text), *_marked(text), *_unmarked(text)]
    if items:
        return best(items)
    for match in _CODE.finditer(text[:_HEAD_CHARS]) if has_org else ():
        if not _REFERENCE_BEFORE.search(text[: match.start()]) and match["form"].lower() not in _words()["no_codes"]:
            return found_at(text, match.group(), 0.7, match.start(), match.end())
    return None


def _labelled(text: str) -> list[Found]:
    items = []
    for line in labelled_lines(text):
        if line.field != "contract_number":
            continue
        match = re.match(rf"(?:{_MARK}\s*)?{_VALUE}", line.value)
        if match and (value := _value(match)):
            start = line.start + match.start("value")
            items.append(found_at(text, value, 0.95, start, start + len(value)))
    return items


def _marked(text: str) -> list[Found]:
    items = []
    for match in _MARKED.finditer(text):
        value = _value(match)
        rank = _before(text, match.start()) if value else None
        if value and rank:
            items.append(found_at(text, value, rank, match.start("value"), match.start("value") + len(value)))
    return items


def _before(text: str, at: int) -> float | None:
    """How sure a contract is named before the mark of its number: by the nearest word that can name one."""
    area = text[max(at - _LOOKBACK, 0) : at]
    for word in reversed(list(_WORD.finditer(area))):
        rank = _rank(word.group().rstrip("."), abbreviated=bool(word["point"]))
        if rank is not None:
            between = _AFTER_WORD.fullmatch(area, word.end())
            return None if between is None or _foreign(between["kind"]) else rank
    return None


def _unmarked(text: str) -> list[Found]:
    items = []
    for match in _UNMARKED.finditer(text):
        value = _value(match)
        if value and (_SIGN.search(match["value"]) or _is_long(value)):
            items.append(found_at(text, value, 0.9, match.start("value"), match.start("value") + len(value)))
    return items


def _is_long(value: str) -> bool:
    """Whether a number without letters has the length of a contract's, in one piece or in two («44-1870»)."""
    return (value.isdecimal() or bool(_PAIR.fullmatch(value))) and sum(map(str.isdigit, value)) >= _LONG


def _value(match: re.Match[str]) -> str | None:
    """The number with its look-alikes mended and its letters in one alphabet; None for a date, a year, a bare «15»."""
    written = re.split(r"[.–-](?=[А-ЯЁа-яё]{5})", match["value"])[0].rstrip("-–/._")
    value = mended_reference(written)
    if _CYRILLIC.search(value):
        value = value.translate(_LATIN)
    return None if not value or _DATE_LIKE.match(value) else value


def _rank(word: str, *, abbreviated: bool) -> float | None:
    """How sure the word names a contract: itself, misread by one letter, or an agreement made beside it."""
    plain = fold(word)
    if plain in _words()["short"]:
        return 0.93
    for stem, sure in _words()["stems"].items():
        if plain.startswith(stem):
            return float(sure)
        if not abbreviated and len(plain) >= len(stem) and within_one(plain[: len(stem)], stem):
            return float(sure) - 0.05
    return None


def _foreign(kind: str) -> bool:
    """Whether it is a contract of another kind: a lease, a loan, a share in a building."""
    words = re.findall(r"[а-яё]{4,}", fold(kind))
    return any(word.startswith(tuple(_words()["foreign"])) for word in words)


@cache
def _words() -> dict[str, dict[str, float]]:
    given = load("contracts")
    return {
        name: (value if isinstance(value, dict) else dict.fromkeys(map(fold, value), 1.0))
        for name, value in given.items()
    }
