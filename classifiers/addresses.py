"""The sender's address, as written: from the town (or the postcode before it) to the flat."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from classifiers.addressgrammar import Chain, chains, with_capitals
from classifiers.addresskeys import address_key
from classifiers.found import Found, best, found_at
from classifiers.labels import labelled_lines
from classifiers.orgs import FORM
from classifiers.text import fold
from classifiers.wordlists import load

_LABEL: Final = re.compile(
    r"(?:проживающ\w+|прожива\w+|прож|зарегистрирован\w*|прописан\w*|жив(?:у|ем|ём)|собственни\w+|наход\w+"
    r"|расположен\w+)?[\s.,]*"
    r"(?:\w+\s+)?(?:по\s+)?адрес\w*(?:\s+[а-яё]{3,14}){0,3}\s*[:\-–]?\s*$"
    r"|\b(?:проживающ\w+|прожива[юе]м?|прож|зарегистрирован\w*|зарег|прописан\w*)\.?\s*(?:(?:в|на|по)\s*)?:?\s*$"
    r"|для ответа\s*:?\s*$"
    r"|место (?:жительства|нахождения|регистрации)\s*:?\s*$|\bжив(?:у|ем|ём)(?:\s+(?:в|на|по))?\s*:?\s*$",
    re.IGNORECASE,
)
_OURS: Final = re.compile(r"ЕИРЦ[^\n?!]{0,90}(?:\n[^\n]{0,60})?$", re.IGNORECASE)
_SENDER_BETWEEN: Final = re.compile(
    r"\b(?:от|гр|граждан\w+|я|мы|мне|мо[йяею]\w*|жив[уё]\w*|заявител\w*|клиент\w*|проживающ\w*|квартир\w*|объект\w*)\b",
    re.IGNORECASE,
)
_OTHER_FIELD: Final = re.compile(
    r"[;,]?\s*\b(?:тел(?:\.|ефон\w*|:)|e-?mail|эл\. ?почта|л/с|лс|моб)(?!\w)", re.IGNORECASE
)
_FOREIGN: Final = re.compile(
    r"(?i)\b(?:сосед\w*|соседн\w+|ваш\w* (?:офис\w*|касс\w*|отделени\w*|филиал\w*)"
    r"|в (?:офис\w*|касс\w*|отделени\w*|банк\w*)|умерш\w+|должник\w*"
    r"|ответчик\w*)[^.!?\n]{0,40}$"
)
"""Words behind which an address is another's."""
_LEAST: Final = 6
_TAIL, _HEAD = 120, 450
_ANSWER_AT: Final = re.compile(
    r"(?i)\b(?:ответ\w*|направ\w+|высла\w+|присла\w+|отправ\w+)[^.!?]{0,40}\s(?:по адресу|на адрес)\W*$"
)
_ANSWER_LABEL: Final = re.compile(r"(?i)почтов|для ответа|для корресп|фактич")
_BELIEVED, _HALF_BELIEVED = 0.5, 0.4


def find_address(text: str) -> Found | None:
    """The address of the sender; one after «по адресу», «для ответа» beats others, the company's own loses."""
    read = list(chains(with_capitals(text)))
    labelled = _labelled(text, read)
    if labelled:
        return labelled
    items = [_found(text, chain) for chain in read]
    found = best([item for item in items if item.confidence >= _HALF_BELIEVED])
    return _with_flat_before(text, found) if found else None


def _found(text: str, chain: Chain) -> Found:
    return found_at(
        text,
        _plain(text[chain.start : chain.end]),
        _confidence(text, chain.start, _base(text, chain)),
        chain.start,
        chain.end,
    )


def _labelled(text: str, read: list[Chain]) -> Found | None:
    """The address behind a label of its own line; where the answer is to go comes before where the house stands."""
    items = []
    for line in labelled_lines(text):
        if line.field != "address":
            continue
        label = text[text.rfind("\n", 0, line.start) + 1 : line.start]
        sure = 0.96 if _ANSWER_LABEL.search(label) else 0.95
        chain = next((one for one in read if line.start <= one.start < line.end), None)
        if chain and _begins(text[line.start : chain.start]) and chain.part("house"):
            items.append(found_at(text, _plain(text[chain.start : chain.end]), sure, chain.start, chain.end))
            continue
        value = _OTHER_FIELD.split(_address_of_label(text, line.start), maxsplit=1)[0].rstrip(" .;,_–—-\n")
        if re.search(r"\d", value) and "@" not in value and len(value) >= _LEAST:
            items.append(found_at(text, _plain(value), sure - 0.01, line.start, line.start + len(value)))
    return best(items)


def _begins(before: str) -> bool:
    """Whether nothing that belongs to the address stands between its label and where the grammar began to read it."""
    return not re.search(r"\w{3}", before)


_HANGING = re.compile(r"(?:,|(?<!\w)(?:кв|квартира|д|дом|ул|корп|корпус|стр|г|пр-т|пер)\.?)\s*$", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(?:кв|квартира|д|дом|корп|корпус|ул|улица)(?:\.|\s)\s*№?\s*\w", re.IGNORECASE)
_REST = 60  # characters of a second line of an address


def _address_of_label(text: str, start: int) -> str:
    """What stands behind an address's label, with the line below it where the first one plainly goes on there."""
    line, _, rest = text[start:].partition("\n")
    below = rest.partition("\n")[0]
    if len(below) > _REST or not re.search(r"\d", below) or ":" in below:
        return line
    return f"{line}\n{below}" if _HANGING.search(line) or _GOES_ON.match(below) else line


@cache
def _known_streets() -> frozenset[str]:
    return frozenset(fold(word) for word in load("places")["streets"])


_CASED: Final = re.compile(r"(?<=[скнвлшр])ой$")
_STREET_ENDING: Final = re.compile(r"(?:ая|яя|ой|ей|ого|его|ова|ева|ина|ына|ский|а|я|ов|ев|ых|их|ы|и|\d)$")


def _base(text: str, chain: Chain) -> float:
    """How sure the parts are by themselves."""
    town, street, house, flat = (chain.part(kind) for kind in ("town", "street", "house", "flat"))
    if house is None:
        return 0.5
    if street is None:
        return 0.85 if town and not house.bare else 0.7
    if town or not street.bare:
        return 0.76 if town is None else 0.85 if street.bare else 0.92
    if flat and not flat.bare:
        return 0.7 if chain.parts[0].kind in ("flat", "house") else 0.68
    words = [_CASED.sub("ая", word) for word in fold(text[street.start : street.end]).split()]
    known = any(word in _known_streets() for word in words)
    like = bool(_STREET_ENDING.search(words[-1]))
    sure = 0.6 if flat else 0.52 if _alone(text, chain) else 0.42
    return sure if known or (like and (flat or not house.bare)) else 0.3


def _alone(text: str, chain: Chain) -> bool:
    """Whether the address stands on a line of its own."""
    before, behind = text[text.rfind("\n", 0, chain.start) + 1 : chain.start], text[chain.end :].partition("\n")[0]
    return not before.strip() and not behind.strip(" .,;")


_OBJECT: Final = re.compile(
    r"(?i)\b(?:дом\w*|мкд|объект\w*|помещени\w+|многоквартирн\w+ дом\w*"
    r"|счётчик\w*|прибор\w*|точк\w+ (?:учёта|поставки))"
    r",?\s+(?:расположенн\w+\s+|находящ\w+\s+)?по\s+адресу\W*$"
)
"""Words behind which an address is that of what the letter is about."""
_FIRM_ABOVE: Final = re.compile(rf"{FORM}(?!\w)|\bИНН\b|\bОГРН")
_LETTERHEAD = 200


def _confidence(text: str, start: int, base: float) -> float:
    before = text[max(start - _TAIL, 0) : start]
    if _FOREIGN.search(before):
        return 0.3
    if _LABEL.search(before[-70:]):
        about = _OBJECT.search(before)
        return 0.995 if _ANSWER_AT.search(before) else base if about else min(base + 0.06, 0.98)
    if _is_ours(before):
        return 0.2
    if start < _HEAD and re.match(r"\d{6}\b", text[start:]) and text[:start].rstrip(" \t").endswith("\n"):
        return 0.985  # of a letterhead; an address in the text may be the one that the letter asks about
    begins = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    if start < _LETTERHEAD and begins and base > _SURE and _FIRM_ABOVE.search(text[:start]):
        return 0.975
    return max(base, 0.55) if _ON.search(before) else base


_ON: Final = re.compile(r"(?<![\w-])на\s$")
"""«на Магистральной 22к1»."""


def _is_ours(before: str) -> bool:
    """Whether an address stands behind the name of the company, and nobody who writes is named between."""
    ours = _OURS.search(before)
    column = ours and re.search(r"[ \t]{4,}[^ \n]*$", ours.group())  # another column of the header begins
    return bool(ours and not column and not _SENDER_BETWEEN.search(before[ours.start() :]))


_SURE: Final = 0.8


_FLAT_BEFORE = re.compile(
    r"(?i:кв|квартира|квартире|квартиры|кв-ра|кв-ре|кв-ры|комн|комната|оф|офис|пом|помещение)[.,]?\s*№?\s*(?P<flat>\d{1,4}[а-я]?)"
    r"(?![а-яё\d])[\s,]*(?:(?i:по\s+адресу|в\s+доме\s+по\s+адресу|адрес)\s*:?\s*)?$"
)


def _with_flat_before(text: str, found: Found) -> Found:
    """The address with the flat that was named before it: «кв. 88 по адресу Уфа, Российская, 43/5»."""
    flat = _FLAT_BEFORE.search(text[max((found.start or 0) - _TAIL, 0) : found.start])
    key = address_key(found.value)
    if flat is None or key is None or key.flat:
        return found
    return replace(found, value=f"{found.value}, кв. {flat['flat']}")


_SLASH = re.compile(r"\s*дробь\s*", re.IGNORECASE)
_HOUSE_LETTER = re.compile(r"(?<=\d)(\s?)[«\"]([А-Яа-я])[»\"]")
_CLOSE_POINT = re.compile(r"(?<=[а-яё])\.(?=[\w«])", re.IGNORECASE)
_LOUD_LABEL = re.compile(r"(?<![\w-])(?:КВ|УЛ|КОРП|Д|Г|ПР|ПЕР)(?=\.)")
_CLOSE_COMMA = re.compile(r",(?=\S)")
_LOOSE_FLAT = re.compile(r"(?<=\d)\s+(\d{1,3})$")


def _plain(written: str) -> str:
    """The address on one line, «дробь» as a stroke, the flat behind a bare house marked as one."""
    line = _HOUSE_LETTER.sub(r"\2", _SLASH.sub("/", " ".join(written.split())))
    line = line if line.isupper() else _LOUD_LABEL.sub(lambda match: match.group().lower(), line)
    line = _CLOSE_COMMA.sub(", ", _CLOSE_POINT.sub(". ", line))
    return _LOOSE_FLAT.sub(r", кв. \1", line).rstrip(".,")
