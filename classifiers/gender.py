"""Gender of a person from the name alone: the patronymic decides, else two signs must agree, else unknown."""

from __future__ import annotations

import re

from classifiers.nameparts import NameParts, patronymic_sign
from classifiers.text import fold
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_FEMALE_SURNAME = re.compile(r"(?:[^аеиоуыэюя]ова|[^аеиоуыэюя]ева|[аеиуя]ева|ёва|ина|ына|ская|цкая|ная|шая)$")
_MALE_SURNAME = re.compile(r"(?:ов|ев|ёв|ин|ын|ский|цкий|ской|цкой|ный)$")
_MIN_SURNAME = 4
_SOLID_COUNT = 100
"""A first name met this often with one gender may decide beside a surname that has no gender."""


def surname_gender(last_name: str) -> Gender | None:
    """What the ending of the surname says; None for «Шевченко», «Черных», «Жук»."""
    tail = fold(last_name).split("-")[-1]
    if len(tail) < _MIN_SURNAME:
        return None
    if _FEMALE_SURNAME.search(tail):
        return "female"
    return "male" if _MALE_SURNAME.search(tail) else None


def first_name_gender(first_name: str) -> tuple[Gender | None, int]:
    """What the list of first names says, and how often the name was met; (None, 0) when it does not know."""
    folded = fold(first_name).split("-")[0] if "-" in first_name else fold(first_name)
    if folded in load("names")["unisex"]:
        return None, 0
    known = first_names().get(fold(first_name)) or first_names().get(folded)
    if known is None:
        return None, 0
    return ("male" if known[0] == "m" else "female"), known[1]


def guess_gender(parts: NameParts) -> tuple[Gender | None, float]:
    """Gender and confidence; below certainty the gender is None and the confidence says how near it was."""
    by_last = surname_gender(parts.last_name) if parts.last_name else None
    by_first, count = first_name_gender(parts.first_name) if parts.first_name and not parts.has_initials else (None, 0)
    sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
    if sign is not None:
        return _by_patronymic(sign[0], by_last, by_first)
    if by_last and by_first:
        return (by_last, 0.95) if by_last == by_first else (None, 0.5)
    if by_last and parts.has_initials:
        return by_last, 0.85
    if by_first and count >= _SOLID_COUNT:
        return by_first, 0.85 if parts.last_name else 0.8
    return None, 0.6 if by_last or by_first else 0.0


def _by_patronymic(gender: Gender, by_last: Gender | None, by_first: Gender | None) -> tuple[Gender | None, float]:
    against = [other for other in (by_last, by_first) if other and other != gender]
    if not against:
        return gender, 0.99
    if len(against) == 1 and gender in (by_last, by_first):
        return gender, 0.9
    return None, 0.5
