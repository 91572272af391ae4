"""Gender of a person from the name alone: the patronymic decides, else two signs must agree, else unknown."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from classifiers.nameparts import NameParts, ends_like_surname, is_hers, patronymic_sign
from classifiers.text import fold
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_FEMALE_SURNAME = re.compile(r"(?:[^аеиоуыэюя]ова|[^аеиоуыэюя]ева|[аеиуя]ева|ёва|ина|ына|ская|цкая|ная|шая)$")
_MALE_SURNAME = re.compile(r"(?:ов|ев|ёв|ин|ын|ский|цкий|ской|цкой|ный)$")
_GIVEN = re.compile(r"(?:[еиуа]тдин|[иеу]ддин)а?$")
"""Men's names that are surnames of both genders too («Камалетдин Ж.»)."""
_MIN_SURNAME = 4
_SOLID_COUNT = 20
"""A first name met this often with one gender may decide beside a surname that has no gender."""

_WELL_KNOWN = 200

_LONGEST_ENDING = 5
_MIN_NAMES, _MIN_SHARE = 15, 0.97
"""An ending tells a gender when this many known names have it and this share of them agrees. Measured by ten-fold
cross-validation over the list: it decides for half of the names that the list lacks and is wrong for one in 180."""


def surname_gender(last_name: str) -> Gender | None:
    """What the ending of the surname says; None for «Шевченко», «Черных», «Жук»."""
    tails = [fold(part) for part in last_name.split("-")]
    told = {gender for tail in tails if (gender := _tail_gender(tail))}
    return told.pop() if len(told) == 1 else None


def _tail_gender(tail: str) -> Gender | None:
    if len(tail) < _MIN_SURNAME:
        return None
    if _GIVEN.search(tail):
        return None
    if _FEMALE_SURNAME.search(tail):
        return "female"
    if _MALE_SURNAME.search(tail) and not _is_given(tail):
        return "male"
    return None


def _is_given(tail: str) -> bool:
    """«Амин», «Валентин»: a first name that is a surname of both genders as it stands."""
    return tail.endswith("ин") and first_names().get(tail, ("", 0))[1] >= _SOLID_COUNT


def first_name_gender(first_name: str) -> tuple[Gender | None, int]:
    """What the list of first names says, and how often the name was met; (None, 0) when it does not know."""
    folded = fold(first_name)
    if folded.split("-")[0] in load("names")["unisex"]:
        return None, 0
    names = first_names()
    known = max(filter(None, (names.get(folded), _double(folded))), key=lambda one: one[1], default=None)
    if known is None:
        return None, 0
    return ("male" if known[0] == "m" else "female"), known[1]


def _double(folded: str) -> tuple[str, int] | None:
    """What the first part of «Анна-Мария» says, unless the second is of the other gender."""
    pieces = [first_names().get(piece) for piece in folded.split("-")]
    other = len({piece[0] for piece in pieces if piece}) > 1
    return None if other or "-" not in folded else pieces[0]


@cache
def _endings() -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {}
    for name, (gender, _) in first_names().items():
        for ending in _of(name):
            table.setdefault(ending, Counter())[gender] += 1
    return table


def _of(name: str) -> list[str]:
    """The endings of a name, the longest first; a whole short name is marked so that it is no ending of others."""
    longest = min(_LONGEST_ENDING, len(name))
    return [f"^{name}" if length == len(name) else name[-length:] for length in range(longest, 0, -1)]


def ending_gender(first_name: str) -> Gender | None:
    """The gender that nearly all known names with the same ending have; None where they differ.

    Women's Turkic names end like men's («Райхан», «Зумрад»): for those endings nothing is told.
    """
    folded = fold(first_name).split("-")[-1]
    if folded in load("names")["unisex"] or folded.endswith(tuple(load("names")["unsure_endings"])):
        return None
    for ending in _of(folded):
        met = _endings().get(ending)
        if met and met.total() >= _MIN_NAMES:
            gender, count = met.most_common(1)[0]
            if count / met.total() < _MIN_SHARE:
                return None
            return "male" if gender == "m" else "female"
    return None


def guess_gender(parts: NameParts) -> tuple[Gender | None, float]:
    """Gender and confidence; below certainty the gender is None and the confidence says how near it was."""
    by_last = surname_gender(parts.last_name) if parts.last_name else None
    spelt = parts.first_name if parts.first_name and not parts.has_initials else None
    by_first, count = first_name_gender(spelt) if spelt else (None, 0)
    sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
    if by_first and count < _WELL_KNOWN and by_first != (sign[0] if sign else by_last or by_first):
        by_first = None  # of a rare name the list may know the other gender only («Райхан»)
    if sign is not None:
        return _by_patronymic(sign[0], by_last, by_first)
    if by_last:
        return _by_surname(by_last, by_first, spelt) if spelt or parts.has_initials else (None, 0.6)
    if spelt and parts.last_name and _other_way_round(parts.last_name, spelt, by_first):
        return ("female", 0.8) if is_hers(spelt, parts.last_name) else (None, 0.5)
    if by_first and count >= _SOLID_COUNT:
        return by_first, 0.85 if parts.last_name else 0.8
    told = ending_gender(spelt) if spelt and parts.last_name else None
    # Which of two unknown words is the first name is not sure: both must say the same.
    if told and by_first in (told, None) and _order_is_sure(parts.last_name or "", told):
        return told, 0.8
    return None, 0.6 if by_first else 0.0


def _other_way_round(last_name: str, first_name: str, by_first: Gender | None) -> bool:
    """Whether the words may stand the other way round and tell another gender then («Камиля Камиль», «Идрис Ханум»)."""
    if ends_like_surname(last_name) or fold(last_name) in load("names")["surnames_too"]:
        return False
    other, _ = first_name_gender(last_name)
    if fold(last_name) in load("names")["unisex"]:
        return True
    return other is not None and other != (by_first or ending_gender(first_name))


def _order_is_sure(last_name: str, told: Gender) -> bool:
    return ends_like_surname(last_name) or ending_gender(last_name) == told


def _by_surname(by_last: Gender, by_first: Gender | None, spelt: str | None) -> tuple[Gender | None, float]:
    """A surname with a gender: the first name must agree; beside one that the list lacks its ending must not object."""
    if by_first:
        return (by_last, 0.95) if by_last == by_first else (None, 0.5)
    if spelt is None or fold(spelt) in load("names")["unisex"]:
        return by_last, 0.85
    told = ending_gender(spelt)
    if told == by_last:
        return by_last, 0.93
    in_a_case = by_last == "female" and fold(spelt)[-1:] in "ая" and told is None
    return (None, 0.5) if told or in_a_case else (by_last, 0.85)


def _by_patronymic(gender: Gender, by_last: Gender | None, by_first: Gender | None) -> tuple[Gender | None, float]:
    against = [other for other in (by_last, by_first) if other and other != gender]
    if not against:
        return gender, 0.99
    if len(against) == 1 and gender in (by_last, by_first):
        return gender, 0.9
    return None, 0.5
