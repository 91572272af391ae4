"""A name as a letter gives it, in any case, brought back to the nominative."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from classifiers.declension import Case, to_nominative
from classifiers.gender import ending_gender, first_name_gender, surname_gender
from classifiers.lemmas import grammemes
from classifiers.nameparts import NameParts, patronymic_sign, shows_case
from classifiers.spelling import father_met
from classifiers.text import fold
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_GENDERS: Final[tuple[Gender, Gender]] = ("female", "male")
_CASES: Final = (Case.GENITIVE, Case.DATIVE, Case.INSTRUMENTAL)
_FROM: Final = re.compile(
    r"(?:^|\s)(?:от|ог)\s+(?:[^\s\d]+\s+)?$"
    r"|(?:^|\s)от\s+(?:собственни|жител|жиль|владел|нанимател|потребител|квартиросъ)\w+\s[^\n]{0,48}\n\s*$"
    r"|\bв\s+лице\s+(?:[а-яё]+\s+){1,4}$"
    r"|(?:^|\n)[ \t]*гр\.?\s+$"
    r"|\b(?:обращени|жалоб|заявлени|письм|помощ|интерес|имени|недееспособн|несовершеннолетн|собственник"
    r"|наследник)\w*\s+"
    r"(?:гр\w*\.?\s+|граждан\w+\s+|заявител\w+\s+|избирател\w+\s+|жител\w+\s+|потребител\w+\s+|(?:моей"
    r"|моего)\s+\w+\s+)*$",
    re.IGNORECASE,
)
_TO: Final = re.compile(
    r"(?i)\bответ\w*(?:\s+[а-яё]+){0,3}?\s+(?:направ|дать|прис|высл|сообщ|вруч|отправ|адрес|переда)[а-яё]*\s+$"
)
_SURNAME_CASES: Final[tuple[tuple[re.Pattern[str], Gender, frozenset[Case]], ...]] = (
    (re.compile(r"(?:[оеё]в|[иы]н)а$|[сц]кого$|[бвдлнрст]ого$"), "male", frozenset({Case.GENITIVE})),
    (re.compile(r"(?:[оеё]в|[иы]н)у$|[сц]кому$|[бвдлнрст]ому$"), "male", frozenset({Case.DATIVE})),
    (re.compile(r"(?:[оеё]в|[иы]н)ым$|[сц]ким$"), "male", frozenset({Case.INSTRUMENTAL})),
    (re.compile(r"(?:[оеё]в|[иы]н|[сц]к)ой$"), "female", frozenset(_CASES)),
    (re.compile(r"[^аеиоуыэюя][ую]$"), "male", frozenset({Case.DATIVE})),
)
"""Endings by which usual surnames show a case."""

# How much a sign weighs; found on the invented people of tests/bench/people.yaml («seen»).
_SOLID, _COMMON = 100, 20
_ASKED, _PLAIN, _SHOWN, _AGAINST, _LIKELY = 2.0, 0.5, 2.0, -2.0, 0.7


def restore(parts: NameParts, cue: str = "") -> tuple[NameParts, Gender | None]:
    """Bring a name to the nominative.

    Args:
        parts: the name as written.
        cue: the text before it; «от» asks for the genitive, «ответ направить» for the dative.

    Returns:
        The name in the nominative, as written where no case shows, and the gender that its forms tell.
    """
    gender, case = _seen(parts, _asked(cue))
    if gender is None or case is Case.NOMINATIVE:
        return parts, gender
    return _restored(parts, gender, case), gender


def first_in_case(word: str) -> tuple[Gender, Case] | None:
    """Gender and case of a first name that the list knows, in whatever case it stands."""
    known = first_names().get(fold(word))
    if known:
        return ("male" if known[0] == "m" else "female"), Case.NOMINATIVE
    for gender in _GENDERS:
        for case in _CASES:
            plain, sure = to_nominative(word, "first", gender, case)
            if sure and _commonness(plain, gender) > 0:
                return gender, case
    named = [tags for tags in grammemes(fold(word)) if {"Name", "nomn", "sing"} <= tags]
    return (("female" if "femn" in named[0] else "male"), Case.NOMINATIVE) if named else None


def _asked(cue: str) -> Case | None:
    """The case in which a name stands behind these words."""
    return Case.GENITIVE if _FROM.search(cue) else Case.DATIVE if _TO.search(cue) else None


def _seen(parts: NameParts, asked: Case | None) -> tuple[Gender | None, Case]:
    sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
    if sign and parts.patronymic and shows_case(parts.patronymic):
        return sign
    first, last = parts.first_name or "", parts.last_name or ""
    if not first or parts.has_initials:
        return _lone_surname(last, asked)
    if not sign and fold(first) in load("names")["unisex"]:
        return surname_gender(last), Case.NOMINATIVE
    plain = first_name_gender(first)[0]
    adjective = fold(last).endswith(("ого", "ому"))  # «Заболотного Ярослава» is he
    settled = not adjective and surname_gender(last) in (plain, None) and not _surname_cases(last, plain or "male")
    if plain and settled and not asked and (not sign or sign[0] == plain):
        return plain, Case.NOMINATIVE
    if not sign and not asked and may_be_hers(first, last):
        return None, Case.NOMINATIVE
    return _weighed(first, last, (sign[0],) if sign else _GENDERS, asked)


def may_be_hers(first: str, last: str) -> bool:
    """Whether a name may be a man's in the genitive and a woman's as well («Флорида Хайбуллина»): a person is asked."""
    if surname_gender(last) != "female" or first_name_gender(first)[0] or fold(first)[-1:] not in "ая":
        return False
    plain = to_nominative(first, "first", "male", Case.GENITIVE)[0]
    return 0 < first_name_gender(plain)[1] < _COMMON_MAN


_COMMON_MAN: Final = 200
_OF_HIM_OR_HER: Final = re.compile(r"[а-яё]{2}(?:[оеё]в|[иы]н)(?:ым|ой)$")
"""A surname alone whose form is of one gender: «Вахитовым», «Каримовой»."""
_LONG: Final = 8


def _weighed(first: str, last: str, genders: tuple[Gender, ...], asked: Case | None) -> tuple[Gender | None, Case]:
    """The gender and case that most signs speak for; no gender when both are equally likely."""
    weights = {
        (gender, case): _weight(first, last, gender, case, asked)
        for gender in genders
        for case in (Case.NOMINATIVE, *_CASES)
    }
    best = max(weights, key=lambda one: weights[one])
    rival = max((weight for (gender, _), weight in weights.items() if gender != best[0]), default=None)
    if rival is not None and rival >= weights[best]:
        return None, Case.NOMINATIVE
    if best == ("male", Case.DATIVE) and len(genders) > 1 and fold(first)[-1:] == "ю":
        plain, _ = to_nominative(first, "first", "male", Case.DATIVE)
        if not _commonness(plain, "male"):
            return None, Case.NOMINATIVE  # «Яруллину Фирданию» may be a woman's accusative
    return best


def _weight(first: str, last: str, gender: Gender, case: Case, asked: Case | None) -> float:
    told = surname_gender(last)
    if case is Case.NOMINATIVE:
        by_last = 0.0 if told is None else _SHOWN if told == gender else _AGAINST
        return _PLAIN + by_last + _first_weight(first, gender)
    plain, sure = to_nominative(first, "first", gender, case)
    if not sure:
        return _AGAINST
    shown = _surname_cases(last, gender)
    by_last = _SHOWN if case in shown else _AGAINST if shown else -_LIKELY if told else 0.0
    if not by_last and _commonness(plain, gender) <= 0:
        return _AGAINST  # neither word shows the case: «Окафор Чинеду» is no dative
    by_cue = _ASKED if case is asked else 0.0
    by_first = _first_weight(plain, gender)
    if fold(plain) == fold(first):  # a name that does not change shows no case, and an unknown one is hardly such
        by_first = by_first / 2 if by_first > _LIKELY else _AGAINST
    return by_last + by_first + by_cue


def _first_weight(first: str, gender: Gender) -> float:
    common = _commonness(first, gender)
    if common:
        return common
    told = ending_gender(first)
    return 0.0 if told is None else _LIKELY if told == gender else _AGAINST


def _commonness(first: str, gender: Gender) -> float:
    """Weight of a first name in the list, below 0 when it has the other gender there; 0 for an unknown one."""
    known, count = first_name_gender(first)
    if known is None:
        return _SHOWN if fold(first) in load("names")["unisex"] else 0.0
    weight = 3.0 if count >= _SOLID else 2.0 if count >= _COMMON else 1.0
    return weight if known == gender else -weight


def _surname_cases(last: str, gender: Gender) -> frozenset[Case]:
    tail = fold(last).split("-")[0]
    for pattern, whose, cases in _SURNAME_CASES:
        if whose == gender and pattern.search(tail):
            return cases
    return frozenset()


def _lone_surname(last: str, asked: Case | None) -> tuple[Gender | None, Case]:
    told = _OF_HIM_OR_HER.search(fold(last)) and len(last) >= _LONG  # «Полевой», «Лановой» are no women
    if told and (fold(last).endswith("ым") or father_met(fold(last)[:-2])):
        return ("male", Case.INSTRUMENTAL) if fold(last).endswith("ым") else ("female", asked or Case.GENITIVE)
    if asked:
        for gender in _GENDERS:
            if asked in _surname_cases(last, gender):
                return gender, asked
    return surname_gender(last), Case.NOMINATIVE


def _restored(parts: NameParts, gender: Gender, case: Case) -> NameParts:
    last = to_nominative(parts.last_name, "last", gender, case)[0] if parts.last_name else None
    first, middle = parts.first_name, parts.patronymic
    if first and not parts.has_initials:
        first = to_nominative(first, "first", gender, case)[0]
    if middle and not middle.endswith("."):
        middle = to_nominative(middle, "patronymic", gender, case)[0]
    return replace(parts, last_name=last, first_name=first, patronymic=middle)
