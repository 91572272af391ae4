"""Cases of names: pytrovich with our overrides, and the way back from a case to the nominative."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Literal

from classifiers.text import fold, title_case
from classifiers.wordlists import first_names, load
from rules.wire import Gender

Part = Literal["last", "first", "patronymic"]


class Case(StrEnum):
    """The cases a name is met in."""

    NOMINATIVE = "nominative"
    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"
    INSTRUMENTAL = "instrumental"
    PREPOSITIONAL = "prepositional"


OBLIQUE = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)

_EK_ENDINGS = {
    Case.GENITIVE: "ека",
    Case.DATIVE: "еку",
    Case.ACCUSATIVE: "ека",
    Case.INSTRUMENTAL: "еком",
    Case.PREPOSITIONAL: "еке",
}
_ENDINGS = (
    *("", "а", "я", "й", "ь", "о", "е", "ия", "ей", "ий", "ый", "ой", "ая", "яя", "ов", "ев", "ин", "ын"),
    *("ова", "ева", "ина", "ына", "ел", "ец", "ок", "ек", "ёк", "и", "у"),
)
_AFTER_HISSING = re.compile(r"(?<=[гкхжшчщ])ы$")
_MAX_STRIP = 4
_VOICED = "аеёиоуыэюя"
_MIN_STEM = 3
_GLUED = ("улы", "кызы", "гызы", "оглы")


@cache
def _maker() -> Any:
    from pytrovich.maker import PetrovichDeclinationMaker

    return PetrovichDeclinationMaker()


@cache
def _enums() -> tuple[dict[Part, Any], dict[Case, Any], dict[Gender, Any]]:
    from pytrovich import enums

    parts: dict[Part, Any] = {
        "last": enums.NamePart.LASTNAME,
        "first": enums.NamePart.FIRSTNAME,
        "patronymic": enums.NamePart.MIDDLENAME,
    }
    cases = {case: enums.Case[case.name] for case in OBLIQUE}
    genders: dict[Gender, Any] = {"male": enums.Gender.MALE, "female": enums.Gender.FEMALE}
    return parts, cases, genders


def particles() -> frozenset[str]:
    """оглы, улы, кызы …: the tail of a Turkic patronymic."""
    words = load("names")
    return frozenset([*words["male_particles"], *words["female_particles"]])


def _decline_word(word: str, part: Part, gender: Gender, case: Case) -> str:
    folded = fold(word)
    words = load("names")
    glued = part == "patronymic" and folded.endswith(_GLUED)
    if len(word) <= 1 or word.endswith(".") or folded in words["undeclined"] or folded in particles() or glued:
        return word
    if part == "last" and gender == "female" and folded in words["noun_surnames"]:
        gender = "male"  # «Щербиной» is of Щербин's wife; Щербина herself is declined as the noun
    irregular = words["irregular" if gender == "male" else "irregular_female"]
    if folded in irregular and case in (Case.GENITIVE, Case.DATIVE):
        forms: list[str] = irregular[folded]
        return forms[0 if case is Case.GENITIVE else 1]
    if part == "first" and gender == "male" and folded.endswith("ек"):
        return word[:-2] + _EK_ENDINGS[case]
    if part == "first" and gender == "female" and folded.endswith("ия") and case in (Case.GENITIVE, Case.DATIVE):
        return f"{word[:-1]}и"
    if part == "first" and gender == "female" and folded[-1] not in _VOICED + "ь":
        return word
    parts, cases, genders = _enums()
    made: str = _maker().make(parts[part], genders[gender], cases[case], word)
    return _AFTER_HISSING.sub("и", made)


@lru_cache(maxsize=50_000)
def decline(word: str, part: Part, gender: Gender, case: Case) -> str:
    """One part of a name in a case; double parts over a hyphen are declined piece by piece."""
    if case is Case.NOMINATIVE or not word:
        return word
    if fold(word) in load("names")["undeclined"] or any(piece in particles() for piece in fold(word).split()):
        return word
    prefix, space, last = word.rpartition(" ")
    if space and part == "last":
        return f"{prefix} {decline(last, part, gender, case)}"
    pieces = word.split("-")
    frozen = load("names")["frozen_first_parts"]
    return "-".join(
        piece if index < len(pieces) - 1 and fold(piece) in frozen else _decline_word(piece, part, gender, case)
        for index, piece in enumerate(pieces)
    )


def all_forms(word: str, part: Part) -> frozenset[str]:
    """Every form the part may take for either gender, folded (lower case, ё as е)."""
    genders: tuple[Gender, Gender] = ("male", "female")
    forms = {decline(word, part, gender, case) for gender in genders for case in OBLIQUE}
    return frozenset(fold(form) for form in {*forms, word})


def _candidates(word: str) -> set[str]:
    found: set[str] = set()
    for strip in range(min(_MAX_STRIP, len(word) - 1) + 1):
        stem = word[: len(word) - strip]
        found.update(stem + ending for ending in _ENDINGS)
    return found


_ODD_SURNAME = re.compile(
    r"(?:[гкхжшчщ]ы[йх]|[бвгджзклмнпрстфхцчшщ]я|дз[аья]|швил[ьяа]|[бвгдзмпстфаеёиоуыэюя]ь|[ое]вый|^.{1,2}ая)$"
)
"""Ends that surnames seldom have: such a candidate loses to the word as it stands («Валиди», «Чавчавадзе»)."""


_VOWEL_SOFT = re.compile(r"[аеёиоуыэюяьъй]ь$", re.IGNORECASE)
"""No word has a soft sign behind a vowel («Порфириь»)."""
_ODD_FIRST = re.compile(r"[бвгджзкмпрстфхцчшщ][ья]$|[лн]я$|ё")


def _commonness(known: str, count: int, gender: Gender) -> float:
    """A name met a hundred times outweighs one met three times, which is often a slip of the same name."""
    return 1.0 + math.log10(count) if known == gender[0] else -1.0


def _rank(candidate: str, word: str, part: Part, gender: Gender) -> float:
    folded = fold(candidate)
    score = -0.1 * abs(len(candidate) - len(word)) - (0.05 if "ё" in candidate and "ё" not in word else 0.0)
    if part == "first":
        known = first_names().get(folded)
        either = folded in load("names")["unisex"]
        score += 3.0 if either else _commonness(*known, gender) if known else 0.0
        score += 0.3 if (folded[-1] in "ая") is (gender == "female") else 0.0
        return score - (0.5 if folded == fold(word) else 0.0) - (0.4 if _ODD_FIRST.search(folded) else 0.0)
    endings = (
        ("ова", "ева", "ина", "ына", "ская", "цкая") if gender == "female" else ("ов", "ев", "ин", "ын", "ский", "цкий")
    )
    score += 2.0 if folded.endswith(endings) else 0.0
    score -= 0.6 if _ODD_SURNAME.search(folded) or (len(folded) < _MIN_STEM and folded != fold(word)) else 0.0
    return score - (0.5 if folded == fold(word) else 0.0)


@cache
def _irregular() -> dict[str, str]:
    """Genitive and dative of irregular names to their nominative."""
    rows: dict[str, list[str]] = load("names")["irregular"]
    found = {fold(form): title_case(name) for name, forms in rows.items() for form in forms}
    for name, (genitive, _) in rows.items():
        found[fold(genitive[:-1] + ("ем" if genitive.endswith("я") else "ом"))] = title_case(name)
    return found


def _soft(word: str) -> str | None:
    """«Гузели» to «Гузель», where the list knows it: such names stay as they are here, but clients decline them."""
    stem = re.sub(r"(?:и|ью)$", "", word)
    return f"{stem}ь" if stem != word and f"{fold(stem)}ь" in first_names() else None


@lru_cache(maxsize=20_000)
def to_nominative(word: str, part: Part, gender: Gender, case: Case) -> tuple[str, bool]:
    """The nominative of a name part that stands in ``case``.

    Candidates are kept when they decline back to the word; the most name-like one wins.

    Returns:
        The nominative and whether a candidate was found; without one the word comes back as written.
    """
    if case is Case.NOMINATIVE:
        return word, True
    if "-" in word:
        pieces = [to_nominative(piece, part, gender, case) for piece in word.split("-")]
        return "-".join(piece for piece, _ in pieces), any(sure for _, sure in pieces)
    plain = title_case(word)
    if fold(plain) in load("names")["undeclined"]:
        return word, True
    if part != "patronymic" and gender == "male" and (known := _irregular().get(fold(plain))):
        return known, True
    soft = _soft(plain) if part == "first" and gender == "female" else None
    kept = (
        [soft]
        if soft
        else [
            item
            for item in _candidates(plain)
            if fold(decline(item, part, gender, case)) == fold(plain) and not _VOWEL_SOFT.search(item)
        ]
    )
    if not kept:
        return word, False
    return max(kept, key=lambda item: (_rank(item, plain, part, gender), item)), True
