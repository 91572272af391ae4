"""Writers who are told otherwise than by a full name: in small letters, by a surname alone, beside a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from classifiers.gender import guess_gender, surname_gender
from classifiers.mentions import CAPITAL, SMALL, SURNAME, Person, not_names
from classifiers.nameparts import NameParts, split_name
from classifiers.text import fold, title_case
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_REACHED = (
    r"(?:\s*[,;]?\s*(?:л/?с|лс|(?:лиц\w*\.?\s*)?сч(?:[её]т)?\.?|т(?:ел)?\.|тел\w*|моб\w*\.?|кв\.?|доб\.)?\s*№?\s*"
    r"[+(]?\d[\d ()-]{0,18}){0,3}"
)
"""What may stand behind a signature on its line: account, telephone, flat."""
_SIGNED_WITH_ADDRESS = re.compile(
    rf"(?:^|[.!?\n])\s*(?P<name>{SURNAME})(?:\s+(?P<first>{SURNAME}))?\s*,\s*(?=(?:ул|пр|пер|г|д|дом|кв|{CAPITAL}[а-яё-]+\s+\d)"
    r"[^!?\n]{0,90}\d[^!?\n]{0,40}$)"
)
"""«Гордеева, Первомайская 40, кв 9» at the very end."""
_SMALL = re.compile(
    r"(?<![а-яё])(?:я|зовут|пишет(?: вам)?|это|от)[ ,—–-]+([а-яё]{3,20})[ ,]+([а-яё]{3,20})"
    r"(?:[ ,]+([а-яё]{3,20}))?(?![А-Яа-яЁё])"
)
_SMALL_FIRST = re.compile(r"(?<![а-яё])(?:зовут|пишет(?: вам)?|это) (?P<name>[а-яё]{3,20})(?=,| из | с )")
"""«это нурия из кумертау»."""
_OFTEN_MET = 20
_BESIDE_CONTACTS = re.compile(
    rf"(?:(?<=\d\d )(?={CAPITAL}{SMALL}+\.)"
    rf"|(?:(?<=[.!,] )|^)(?={CAPITAL}{SMALL}+[.,]\s+(?:\+?[78][\s(-]{{0,2}}9|кв\b|тел\b|т\.|л/с)))"
    rf"(?P<name>{CAPITAL}{SMALL}{{2,14}})"
)
_LONE = re.compile(
    rf"(?:^|[.!?,;\n\d»]\s*|с уважением,?\s+|\b(?:директор|бухгалтер|энергетик|инженер|председатель"
    rf"|управляющий|юрист|специалист|менеджер|экономист"
    rf"|начальник)\s+(?:[а-я]+\s+){{0,2}})(?P<name>{SURNAME})\s*(?:\d{{1,2}}[.]\d{{1,2}}[.]\d{{2,4}}(?:"
    rf" ?г\.?)?)?{_REACHED}\s*\.?\s*$",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    rf"(?i:\bзовут|\bя,?(?:\s*[—–-])?(?:\s*(?:его|е[её]|их))?\s+(?:сын|дочь|дочка|внук|внучка|муж|жена|брат|сестра|мать|отец|мама|папа"
    rf"|зять|сноха|невестка|племянник|племянница)|\bя,?|\bэто|\bпишет вам|\bс ув(?:аж)?\.?,?|\bс уважением,?)\s+"
    rf"(?P<name>{SURNAME})(?!\s+{CAPITAL}"
    rf"|[а-яё])"
)
_TOLD = re.compile(
    rf"(?i:фамилия(?:\s+моя)?)\W{{1,3}}(?P<last>{SURNAME})\W{{1,4}}(?i:имя|звать|зовут)\W{{1,3}}(?P<first>{SURNAME})"
    rf"(?:\W{{1,4}}(?i:отчество|по батюшке)\W{{1,3}}(?P<middle>{SURNAME}))?"
)
_CALLED = re.compile(
    rf"(?i:зовут)\W{{1,3}}(?P<first>{SURNAME})(?:\s+(?P<middle>{SURNAME}))?\W{{1,4}}"
    rf"(?i:(?:а )?(?:моя )?фамилия(?: моя)?)\W{{1,3}}(?P<last>{SURNAME})"
    rf"|(?:^|\n)[ \t]*Ф[.:]+[ \t]*(?P<l>{SURNAME})\s*\n[ \t]*И[.:]+[ \t]*(?P<f>{SURNAME})\s*\n"
    rf"[ \t]*О[.:]+[ \t]*(?P<m>{SURNAME})"
)
"""«Меня зовут Роберт, фамилия Шпак»; «Ф. Гильманова / И. Суфия / О. Тагировна» on lines of their own."""
SIGNATURE_CHARS = 160
_POSTSCRIPT = re.compile(r"\n[ \t]*(?:[PР]\.?\s?[SЅ]\b|З\.?\s?Ы\b|Постскриптум)", re.IGNORECASE)


@cache
def _towns() -> frozenset[str]:
    return frozenset(fold(word) for word in load("places")["towns"])


def in_small_letters(text: str) -> Iterator[Person]:
    """«я разия абдулловна», «пишет верхотурова нина»: the writer of a message without capitals."""
    for match in _SMALL.finditer(text):
        words = match.groups()
        for count in (3, 2):
            given = [word for word in words[:count] if word]
            if len(given) < count:
                continue
            parts = split_name(" ".join(title_case(word) for word in given))
            first = first_names().get(fold(parts.first_name or ""))
            told = guess_gender(NameParts(parts.last_name, None, parts.patronymic))[0] if parts.patronymic else None
            told = told or (surname_gender(parts.last_name) if parts.last_name else None)
            if first and told == ("male" if first[0] == "m" else "female") and not not_names() & set(map(fold, given)):
                end = match.end(count)
                yield Person(parts, told, 0.9, match.start(1), end)
                break

    for match in _SMALL_FIRST.finditer(text):
        known, count = first_names().get(fold(match["name"]), ("", 0))
        if known and count >= _OFTEN_MET:
            gender: Gender = "male" if known == "m" else "female"
            yield Person(NameParts(first_name=title_case(match["name"])), gender, 0.62, *match.span("name"))


def told(text: str) -> Iterator[Person]:
    """«Моя фамилия Бойко, имя Таисия, отчество Львовна»."""
    for match in _TOLD.finditer(text):
        parts = NameParts(match["last"], match["first"], match["middle"])
        yield Person(parts, guess_gender(parts)[0], 0.95, match.start("last"), match.end())
    for match in _CALLED.finditer(text):
        last, first = match["last"] or match["l"], match["first"] or match["f"]
        parts = NameParts(title_case(last), title_case(first), match["middle"] or match["m"])
        at = match.start("first") if match["first"] else match.start("l")
        yield Person(parts, guess_gender(parts)[0], 0.95, at, match.end())


def beside_contacts(text: str) -> Person | None:
    """A first name alone beside a telephone or an address: «8 (917) 781-93-02 Фанис.», «Олег, кв. 300»."""
    for match in _BESIDE_CONTACTS.finditer(text):
        known, count = first_names().get(fold(match["name"]), ("", 0))
        if count >= _OFTEN_MET and fold(match["name"]) not in not_names():
            parts = NameParts(first_name=title_case(match["name"]))
            return Person(parts, "male" if known == "m" else "female", 0.6, *match.span("name"))
    return None


def introduced(text: str) -> Person | None:
    """A single name by which the writer introduces himself: «меня зовут Марат», «с ув. Лаптев»."""
    for match in _INTRODUCED.finditer(text):
        word = match["name"]
        if fold(word) in not_names() or not (surname_gender(word) or fold(word) in first_names()):
            continue
        return Person(split_name(word), surname_gender(word), 0.62, match.start("name"), match.end("name"))
    return None


def lone_signature(text: str) -> Person | None:
    """A single surname or first name that ends the letter: «Идрисова», «С уважением, Марат»."""
    cut = _POSTSCRIPT.search(text)
    text = text[: cut.start()] if cut else text
    match = _LONE.search(text[-120:])
    if match is None or not match["name"][:1].isupper() or fold(match["name"]) in not_names():
        return None
    word = match["name"]
    gender = surname_gender(word)
    if gender is None and fold(word) not in first_names():
        return None
    offset = max(len(text) - 120, 0)
    return Person(split_name(word), gender, 0.6, offset + match.start("name"), offset + match.end("name"))


def signature_with_address(text: str) -> Person | None:
    """A surname, with a first name or without, that ends the letter with the address behind it."""
    offset = max(len(text) - SIGNATURE_CHARS, 0)
    for match in _SIGNED_WITH_ADDRESS.finditer(text[offset:].rstrip()):
        word = match["name"]
        if fold(word) in not_names() | _towns() or surname_gender(word) is None:
            continue
        first = match["first"] if fold(match["first"] or "") in first_names() else None
        if match["first"] and not first:
            continue
        whole = f"{word} {first}" if first else word
        start = offset + match.start("name")
        return Person(
            split_name(whole), surname_gender(word), 0.63, start, offset + match.end("first" if first else "name")
        )
    return None
