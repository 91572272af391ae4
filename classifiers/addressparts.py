"""Patterns of the parts of a postal address, compiled from the labels of data/places.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final, Literal

from classifiers.wordlists import load

Kind = Literal["index", "region", "district", "town", "street", "area", "house", "block", "flat", "stage"]

_CAP: Final = r"[А-ЯЁӘӨҮҺҒҠҢҘҪ]"
_LOW: Final = r"[А-Яа-яЁёӘәӨөҮүҺһҒғҠҡҢңҘҙҪҫ\-]"
_WORD: Final = rf"{_CAP}{_LOW}{{1,30}}(?<!-)"
_LETTER: Final = (
    r"(?:-?(?:[а-дА-Д](?![А-Яа-яё\d])|[еЕкКиИлЛ](?![А-Яа-яё\d.]))|[ \t]?[«\"][А-Яа-я][»\"]"
    r"|[ \t][А-Е](?![А-Яа-яё]|\.[ \t]*\S)"
    r"|[ \t][абг](?![а-яё.])(?=\s*(?:[,;\n–-]|$|кв|корп)))?"
)
"""The letter of a house: «12а», «12-а», «12 «а»», «12 Б»; «12 в Уфе» has none."""
_STROKE: Final = (
    r"(?:\s?(?:/|(?i:дробь))\s?(?:\d{1,3}(?!\d)(?:[а-еА-Е](?![А-Яа-яё\d]))?|[а-еА-Е](?![А-Яа-яё\d]))"
    r"|[кК]\d{1,2}(?!\d))?"
)
_HOUSE: Final = rf"\d{{1,4}}(?!\d){_LETTER}{_STROKE}"
_ORDINAL: Final = (
    r"(?:\d{1,3}(?:-?(?i:го|й|я|ая|е|ти|летия|лет))?[ \t]+(?:(?i:лет|летия|годовщины)[ \t]+)?"
    r"|(?i:им|имени)\.?[ \t]*)?"
)
"""«50 лет Октября», «1-го Мая», «им. Фрунзе»."""
_BREAK: Final = r"(?:[ \t]*\n[ \t]*)"
"""A label at the end of its line, the name on the next."""
_INITIALS: Final = r"(?:[А-ЯЁ]\.[ ]?){0,2}"


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled patterns.

    Attributes:
        start: where an address may begin.
        labelled: parts that say themselves what they are, in the order they are tried.
        street: the pattern of a labelled street.
        rural: a village's label.
        bare_street: a street that only the number behind it tells.
        bare_house: the number of a house without a label.
        bare_flat: a number behind a house.
        joined_flat: a number behind a house and a dash.
        bare_town: a town of the list.
    """

    start: re.Pattern[str]
    labelled: tuple[tuple[Kind, re.Pattern[str]], ...]
    street: re.Pattern[str]
    rural: re.Pattern[str]
    bare_street: re.Pattern[str]
    bare_house: re.Pattern[str]
    bare_flat: re.Pattern[str]
    joined_flat: re.Pattern[str]
    bare_town: re.Pattern[str]


def _any(words: list[str]) -> str:
    plain = (word.replace("ё", "[её]").replace(" ", r"\s+") for word in words)
    return "(?i:" + "|".join(sorted(plain, key=len, reverse=True)) + ")"


@cache
def _lists() -> dict[str, str]:
    """Every list of words as one pattern."""
    places = load("places")
    given = {name: _any(words) for name, words in places.items() if isinstance(words, list)}
    given["towns"] = _any([*places["towns"], *chain.from_iterable(places["town_cases"].values())])
    given["kinds"] = _any([word for word in places["street"] if word not in places["street_or_name"]])
    return given


@cache
def _no_name() -> str:
    """What is no further word of a name: a label, a town."""
    of = _lists()
    labels = "|".join(of[name] for name in ("house", "flat", "block", "kinds", "settlement", "towns"))
    return rf"(?!(?:{labels})(?![\w-]))"


@cache
def _named() -> str:
    """The name of a street in words with capitals, with an ordinal or initials before it."""
    of = _lists()
    more = (
        rf"(?:(?:[ \t]+|(?<=\b[А-ЯЁ])\.[ ]?|\.(?={_CAP})){_no_name()}(?!{_WORD}[ \t]+{of['district']})"
        rf"(?:{_WORD}|(?i:и|лет|летия)(?=[ \t]{_CAP}))|[ \t]р\.[ ]?{_WORD}){{0,3}}"
    )
    return rf"{_ORDINAL}{_INITIALS}(?:{_no_name()}{_WORD}{more}|(?<=\d[ \t]){of['months']})"


def _street() -> str:
    """A street with its kind before or behind it, a quarter with its number, a garden."""
    of = _lists()
    no_word = rf"(?!{of['not_streets']}(?!\w))"
    small = (
        rf"{_ORDINAL}{no_word}[а-яё-]{{3,20}}(?:[ \t]{no_word}(?!{of['house']}|{of['flat']})[а-яё-]{{1,20}}){{0,2}}"
        rf"(?=[ \t]*,?[ \t]*(?:{of['house']}[ .,№]*)?\d)"
    )
    number = r"[ \t]*№?[ \t]*\d{1,3}(?:-?[А-Яа-я](?![а-яё]))?(?![\d/-])"
    quarter = rf"\d{{1,3}}(?:-?(?i:й|ый|ой|ого|м))?[ \t]*{of['quarter']}(?![а-яё])\.?|{of['quarter']}\.?{number}"
    garden = rf"{of['garden']}[ \t]*(?:[«\"][^»\"\n]{{2,40}}[»\"]|{_WORD})"
    ring = (
        rf"{_CAP}{_LOW}{{3,20}}(?:ое|ая|ий|ый|ой|ые|ие)[ \t]{no_word}[а-яё]{{4,15}}"
        rf"(?=[ \t]*,?[ \t]*(?:{of['house']}[ .,№]*)?\d)"
    )
    before = rf"{of['street']}(?:[.,][ \t]*{_BREAK}?|[ \t]+|{_BREAK})(?:{ring}|{_named()}|{small})"
    return rf"{quarter}|{garden}|{before}|{_named()}[ \t]+{of['street']}(?![\w-])\.?"


def _town() -> str:
    """A town or village with its label before or behind it."""
    of = _lists()
    adjective = rf"{_CAP}{_LOW}{{2,20}}(?i:ое|ая|яя|ий|ый|ые|ие|ой)"
    village = rf"(?:{adjective}[ \t]+{_no_name()}{_WORD}|{_no_name()}{_WORD}(?:[ \t]\d{{1,2}}-?[ея](?![\w/-]))?)"
    return (
        rf"{of['settlement']}(?:\.[ \t]*{_BREAK}?|[ \t]+)(?:{of['towns']}(?![\w-])|{village})"
        rf"|{of['towns']}[ \t]+(?:г|гор)(?![\w-])\.?"
        rf"|{_WORD}[ \t]+(?:г|гор|{of['rural']})(?![\w-])\.?(?=[ \t]*(?:[,;\n]|$))"
    )


def _district() -> str:
    of = _lists()
    return (
        rf"(?:(?i:МР|м\.р\.|ГО|с\.п\.|СП)[ \t]+)?{_WORD}[ \t]+{of['district']}(?![а-яё])\.?"
        r"|(?i:р-н|район)[ \t]+(?!№)[А-ЯЁ][а-яё]+(?:ский|цкий)"
        rf"|(?i:ГО|городской[ \t]округ)[ \t]+(?i:(?:г\.|город)[ \t]*)?(?:{of['towns']}|{_WORD})"
    )


def _numbered() -> dict[Kind, str]:
    """House, block, flat and stage: a label and a number."""
    of = _lists()
    mark = r"[ \t]*(?:№|N|(?i:номер))?[ \t]*"
    return {
        "flat": rf"{of['flat']}(?![а-яё])[.,]?(?:[ \t]*\n)?{mark}\d{{1,4}}(?:-?[а-я](?![а-яё.])|/\d{{1,2}})?(?!\d|,\d)"
        r"(?!\s?(?:м\b|м2|м²|квадрат))",
        "house": rf"{of['house']}(?![а-яё])[.,]?(?:[ \t]*\n)?{mark}{_HOUSE}(?!\.\d)(?!\s?(?i:этаж))",
        "block": rf"{of['block']}(?![а-яё])\.?{mark}"
        r"(?:\d{1,3}(?:[а-я](?![а-яё]))?(?!\d)|[«\"]?[А-Яа-я]\d?[»\"]?(?![а-яё]))",
        "stage": rf"(?:{of['stage']}\.?{mark}\d{{1,2}}|\d{{1,2}}(?:-?(?:й|ый|м|ом))?[ \t]*{of['stage']})"
        r"(?![а-яё\d])\.?",
    }


@cache
def patterns() -> Patterns:
    """All of them, compiled once."""
    of = _lists()
    numbered = _numbered()
    street = re.compile(_street())
    labelled: dict[Kind, re.Pattern[str]] = {
        "index": re.compile(r"(?<!\d)\d{6}(?![\d-])"),
        "region": re.compile(rf"{of['regions']}(?![\w-])\.?"),
        "district": re.compile(_district()),
        **{kind: re.compile(pattern) for kind, pattern in numbered.items()},
        "street": street,
        "area": re.compile(rf"{of['quarter']}\.?[ \t]+{_WORD}"),
        "town": re.compile(_town()),
    }
    first = "|".join(
        of[name] for name in ("region_starts", "flat", "house", "street", "settlement", "towns", "quarter")
    )
    units = rf"(?!\s*{of['measures']}|\s*{of['months']}(?![а-яё]))"
    behind = r"(?=[ \t]*(?:[,;.)\n]|$|[А-ЯЁ]|(?:тел|т\.|л/с|лс|моб)))"
    return Patterns(
        start=re.compile(rf"(?<![\w@./-])(?:{_CAP}{_LOW}|\d|(?:{first})(?![а-яё-]))"),
        labelled=tuple(labelled.items()),
        street=street,
        rural=re.compile(rf"{of['rural']}(?![а-яё-])"),
        bare_street=re.compile(
            rf"{_named()}(?![а-яё-])(?=[ \t]*,?[ \t]*(?:{of['house']}(?![а-яё])[.,]?[ \t]*№?[ \t]*)?\d)"
        ),
        bare_house=re.compile(rf"{_HOUSE}{units}(?![\d:]|[.,]\d|-\d\d-\d|\s?\d{{3}})"),
        bare_flat=re.compile(rf"\d{{1,3}}(?![\d/№-]|[а-яё]|[.,:]\d){units}{behind}"),
        joined_flat=re.compile(
            r"[ \t]?[-–—][ \t]?\d{1,4}(?:[а-в](?![а-яё]))?(?![\d/]|-\d|[.,]\d)(?!\s?(?:го|й|е|м|х)\b)"
        ),
        bare_town=re.compile(rf"{of['towns']}(?![\w-])"),
    )
