"""Russian letter typography: what must not break over a line, dates, initials."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from typing import Protocol

NBSP = "\u00a0"
HYPHEN = "\u2011"
"""A hyphen that does not break a registered number over two lines."""

_NUMBER_SIGN = re.compile(r"([№§]) +(?=\w)")
_REGISTERED = re.compile(r"(?<![\w-])[A-ZА-ЯЁ]{1,8}(?:-[\dA-ZА-ЯЁ]+)+(?![\w-])")
_INITIALS = re.compile(r"\b[А-ЯЁ]\. ?[А-ЯЁ]\. (?=[А-ЯЁ][а-яё])|\b[А-ЯЁ][а-яё-]+ [А-ЯЁ]\. ?[А-ЯЁ]\.(?! ?[А-ЯЁ][а-яё])")
_UNIT = re.compile(r"(\d) (?=(?:руб|коп|кВт|Гкал|куб|кв|г|л|д|ч|%|₽)\b|[%₽])")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?:\D|$))")
_PREPOSITION = re.compile(r"\b(по|с|со|и|в|во|на|о|об|к|от|до|за|при) ")
# Not «вх. №»: with the registered number behind it the group is so long that a justified line gapes before it.
_ABBREVIATION = re.compile(r"\b(г|ул|д|кв|п|ст|ч|обл|пр|стр|корп)\. (?=[\w№«])")
_LEGAL_FORMS = {
    "Публичное акционерное общество": "ПАО",
    "Непубличное акционерное общество": "АО",
    "Акционерное общество": "АО",
    "Общество с ограниченной ответственностью": "ООО",
    "Товарищество собственников недвижимости": "ТСН",
    "Товарищество собственников жилья": "ТСЖ",
    "Жилищно-строительный кооператив": "ЖСК",
    "Индивидуальный предприниматель": "ИП",
    "Управляющая компания": "УК",
}


_SENTENCE = re.compile(r"(?:(?<=[^\d\s][.!?])|(?<=\d\d[.!?])) +(?=[А-ЯЁ«])")


class PersonName(Protocol):
    """Anyone with a name in parts."""

    last_name: str
    first_name: str | None
    patronymic: str | None


def unbreakable(text: str) -> str:
    """Put no-break spaces and hyphens into numbers, initials, sums and abbreviations."""
    text = _NUMBER_SIGN.sub(rf"\1{NBSP}", text)
    text = _REGISTERED.sub(lambda match: match.group().replace("-", HYPHEN), text)
    text = _INITIALS.sub(lambda match: match.group().replace(" ", NBSP), text)
    text = _UNIT.sub(rf"\1{NBSP}", text)
    text = _THOUSANDS.sub(NBSP, text)
    return _ABBREVIATION.sub(rf"\1.{NBSP}", text)


def short_form(organisation: str) -> str:
    """Write the legal form before a name short, e.g. ``ООО «Вектор»``: in full it would have to be declined."""
    for full, short in _LEGAL_FORMS.items():
        match = re.match(rf"{full}\s+(?=[«\"А-ЯЁ])", organisation.strip(), re.IGNORECASE)
        if match:
            return f"{short} {organisation.strip()[match.end() :]}"
    return organisation


def plain(text: str) -> str:
    """Fold no-break characters and blanks, for comparing texts however they were set."""
    text = text.replace(HYPHEN, "-").replace("\u2010", "-").replace("\u00ad", "")
    return " ".join(text.split())


def day(date: dt.date) -> str:
    """Write a date as official letters do, e.g. ``05.11.2026``."""
    return date.strftime("%d.%m.%Y")


def full_name(person: PersonName) -> str:
    """Write surname, first name and patronymic, as far as they are known."""
    return " ".join(part for part in (person.last_name, person.first_name, person.patronymic) if part)


def initials_first(person: PersonName) -> str:
    """Write the name as it stands under a signature, e.g. ``С.В. Иванова`` (unbreakable)."""
    initials = "".join(f"{part[0].upper()}." for part in (person.first_name, person.patronymic) if part)
    return f"{initials}{NBSP}{person.last_name}" if initials else person.last_name


def same_person(one: PersonName, other: PersonName) -> bool:
    """Tell whether two names are one person's: surnames equal and no known part differs (ё counts as е)."""
    pairs = (
        (one.last_name, other.last_name),
        (one.first_name, other.first_name),
        (one.patronymic, other.patronymic),
    )
    return all(_fold(left) == _fold(right) for left, right in pairs if left and right)


def phone(number: str) -> str:
    """Write ``+7XXXXXXXXXX`` with its code apart, e.g. ``8 (347) 200-10-12``; leave other numbers as they are."""
    digits = re.sub(r"\D", "", number)
    if len(digits) != 11 or digits[0] not in "78":  # noqa: PLR2004 - a Russian number has eleven digits
        return number
    return f"8 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}".replace(" ", NBSP).replace("-", HYPHEN)


def sentence_a_line(text: str) -> str:
    """Begin every sentence on a line of its own. Goes after `unbreakable`: initials and «ул.» then end no sentence."""
    return _SENTENCE.sub("\n", text)


def wrap(text: str, width: int) -> str:
    """Break a long line at spaces, but not behind a short preposition, into lines of at most ``width`` characters."""
    text = _PREPOSITION.sub(rf"\1{NBSP}", text)
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) or text


def _fold(text: str) -> str:
    return text.casefold().replace("ё", "е").strip()
