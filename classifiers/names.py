"""A person's name in the forms a letter needs, and whether a surname stands in a text in any case."""

from __future__ import annotations

import re
from functools import lru_cache

from classifiers.declension import Case, all_forms, decline
from classifiers.gender import guess_gender
from classifiers.nameparts import NameParts, split_name
from classifiers.nominative import may_be_hers, restore
from classifiers.text import fold, mend_lookalikes
from classifiers.wordlists import load
from rules.wire import Gender, NameForms

MAX_NAME_CHARS = 200
"""A longer string is no name and is not taken apart."""

_MOST_WORDS = 10

_INITIAL = re.compile(r"[А-ЯЁ]\.?$")
_GENITIVE = frozenset({"гр-ки", "гр-на", "гражданки", "гражданина", "господина", "госпожи", "г-на", "г-жи"})
_EITHER_S = re.compile(r"(?:[оеё]в|[иы]н)а\s+[а-яё]{2,}иля$")
"""«Ибатуллина Наиля» is she, or he in the genitive."""
_TOLD = 0.9
_EITHER = 0.5
"""Confidence of a gender that «гражданка» or «г-н» before the name tells."""

_WORD = re.compile(r"[А-Яа-яЁёӘәӨөҮүҠҡҒғҘҙҢңҪҫҺһ]+(?:-[А-Яа-яЁёӘәӨөҮүҠҡҒғҘҙҢңҪҫҺһ]+)*")


def name_forms(full_name: str, *, gender: Gender | None = None) -> NameForms:
    """Take a full name apart and decline it. A gender that a person gave beats every sign in the name.

    A name that stands in another case («Ивановой Марии Петровны») is first brought back to the nominative.

    Gender comes from the patronymic; without one, surname ending and first name must agree. When gender stays
    unknown the salutation is None (a wrong «Уважаемый» is worse than asking), and the cases are given only
    where both genders decline alike.
    """
    if not _is_name(full_name):
        return NameForms()
    name, cue, told = _without_title(full_name)
    parts, _ = restore(split_name(name), cue)
    guessed, confidence = guess_gender(parts)
    last, first = parts.last_name or "", parts.first_name or ""
    if guessed == "female" and not parts.patronymic and name.startswith(last) and first and may_be_hers(first, last):
        guessed, confidence = None, _EITHER  # «Хайбуллина Флорида» may be of Флорид Хайбуллин
    if guessed and not parts.patronymic and not cue and _EITHER_S.search(fold(name)):
        guessed, confidence = None, _EITHER
    if told and guessed is None:
        guessed, confidence = told, _TOLD
    gender, confidence = (gender, 1.0) if gender else (guessed, confidence)
    return NameForms(
        last_name=parts.last_name,
        first_name=parts.first_name,
        patronymic=parts.patronymic,
        gender=gender,
        gender_confidence=confidence,
        genitive=_declined(parts, gender, Case.GENITIVE),
        dative=_declined(parts, gender, Case.DATIVE),
        dative_short=_dative_short(parts, gender),
        salutation=_salutation(parts, gender),
    )


def _is_name(written: str) -> bool:
    """Whether a string may be a name at all: some letters, not too long, few words, nothing that is no text."""
    words = written.split()
    readable = written.isprintable() or not any(char < " " and char not in "\t\n\r" for char in written)
    return (
        len(written) <= MAX_NAME_CHARS and 0 < len(words) <= _MOST_WORDS and readable and any(map(str.isalpha, written))
    )


def _without_title(written: str) -> tuple[str, str, Gender | None]:
    """The name without «гр.», «ИП», «от» before it, «от» as a cue of the genitive, and the gender of a title."""
    titles = load("names")["before_name"]
    words, cue, told = written.split(), "", None
    while len(words) > 1 and (title := fold(words[0]).strip(".,:")) in titles and not _INITIAL.match(words[0]):
        told = titles[title] or told
        cue = "от " if title == "от" or title in _GENITIVE else cue
        words = words[1:]
    return " ".join(words), cue, told


def _either(word: str, part: str, gender: Gender | None, case: Case) -> str | None:
    kind = "last" if part == "last" else "first" if part == "first" else "patronymic"
    if gender:
        return decline(word, kind, gender, case)
    male, female = decline(word, kind, "male", case), decline(word, kind, "female", case)
    return male if male == female else None


def _declined(parts: NameParts, gender: Gender | None, case: Case) -> str | None:
    named = (("last", parts.last_name), ("first", parts.first_name), ("patronymic", parts.patronymic))
    forms = [_either(word, part, gender, case) for part, word in named if word]
    if not forms or any(form is None for form in forms):
        return None
    return _glue([form for form in forms if form])


def _glue(words: list[str]) -> str:
    return re.sub(r"(?<=[А-ЯЁ]\.) (?=[А-ЯЁ]\.)", "", " ".join(words))


def _dative_short(parts: NameParts, gender: Gender | None) -> str | None:
    if not parts.last_name:
        return None
    surname = _either(parts.last_name, "last", gender, Case.DATIVE)
    if surname is None:
        return None
    initials = "".join(f"{word[0].upper()}." for word in (parts.first_name, parts.patronymic) if word)
    return f"{surname} {initials}".strip()


def _salutation(parts: NameParts, gender: Gender | None) -> str | None:
    if gender is None:
        return None
    word = "Уважаемый" if gender == "male" else "Уважаемая"
    if parts.first_name and not parts.has_initials:
        rest = parts.patronymic if parts.patronymic and not parts.patronymic.endswith(".") else parts.last_name
        return f"{word} {parts.first_name} {rest}" if rest else f"{word} {parts.first_name}"
    if parts.last_name:
        return f"{word} {'господин' if gender == 'male' else 'госпожа'} {parts.last_name}"
    return None


@lru_cache(maxsize=5_000)
def _surname_forms(last_name: str) -> frozenset[str]:
    return all_forms(mend_lookalikes(last_name.strip()).title(), "last")


def surname_in_any_case(text: str, last_name: str) -> bool:
    """Whether the surname stands in the text in any case of either gender (ё and е alike)."""
    if not last_name.strip():
        return False
    forms = _surname_forms(last_name)
    return any(fold(word) in forms for word in _WORD.findall(mend_lookalikes(text)))
