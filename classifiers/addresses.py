"""The sender's address, as written: from the town (or the postcode before it) to the flat."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from classifiers.addresskeys import address_key
from classifiers.found import Found, best, found_at
from classifiers.labels import labelled_lines
from classifiers.wordlists import load

_W = r"[А-ЯЁӘӨҮҺ][А-Яа-яЁёӘәӨөҮүҺһҒғҠҡҢңҘҙҪҫ\-]{1,30}"
_INITIAL = r"(?:[А-ЯЁ]\.[ ]?){0,2}"
_BEFORE_STREET = rf"(?:(?i:им|имени)\.?\s+)?(?:\d{{1,3}}(?:[- ]?(?i:я|й|лет|летия))?\s+)?{_INITIAL}"
_STREET_NAME = rf"{_BEFORE_STREET}{_W}(?:\s+{_W}|\.{_W}){{0,2}}"
_NAME_ON_LINE = rf"{_BEFORE_STREET}{_W}(?:[ \t]+{_W}){{0,2}}"
"""The name of a street that ends an address: the line below it is something else."""
_HOUSE = (
    r"\d{1,4}(?!\d)(?:\s?[«\"]?[А-Яа-я][»\"]?(?![А-Яа-яё.]))?(?:\s?(?:/|(?i:дробь))\s?\d{1,3}(?:[а-я](?![а-яё\d]))?)?(?:,?\s*(?i:к|корп"
    r"|корпус|стр"
    r"|строение)\.?\s*\d{1,3}[а-я]?)?"
)
_HOUSE_LABEL = r"(?i:д|дом|зд|здание|вл|владение)(?:[.,]\s*|\s+|(?=\d))№?\s*"
_FLAT_LABEL = (
    r"(?i:кв|квартира|квартире|квартиры|кв-ра|кв-ре|кв-ры|комн|комната|ком|оф|офис|пом|помещение)[.,]?\s*№?\s*"
)
_FLAT_NUMBER = r"\d{1,4}[а-я]?(?![а-яё\d])"
_FLAT = rf"(?:\s?[-–]\s?\d{{1,4}}(?!\d)|,?\s*{_FLAT_LABEL}{_FLAT_NUMBER})?"
_LABEL = re.compile(
    r"(?:проживающ\w+|прожива\w+|зарегистрирован\w*|прописан\w*|жив(?:у|ем"
    r"|ём))?\s*(?:по\s+)?адрес\w*(?:\s+(?:проживания|регистрации|для ответа|заявителя|помещения"
    r"|места жительства))?\s*[:\-–]?\s*$"
    r"|проживающ\w+\s*:?\s*$|для ответа\s*:?\s*$|место жительства\s*:?\s*$|\bжив(?:у|ем|ём)(?:\s+(?:в|на|по))?\s*$",
    re.IGNORECASE,
)
_OURS = re.compile(r"ЕИРЦ[^\n]{0,40}\n?[^\n]{0,60}$")
_SENDER_BETWEEN = re.compile(
    r"\b(?:от|я|мы|мне|мо[йяею]\w*|жив[уё]\w*|заявител\w*|клиент\w*|проживающ\w*|квартир\w*|объект\w*)\b", re.IGNORECASE
)
_OTHER_FIELD = re.compile(r"[;,]?\s*\b(?:тел(?:\.|ефон\w*|:)|e-?mail|эл\. ?почта|л/с|лс|моб)(?!\w)", re.IGNORECASE)
_LEAST = 6
_NO_STREET = re.compile(r"\b(?:ИНН|КПП|ОГРН\w*|БИК|СНИЛС|ГОСТ|Тел\w*|Исх|Дата|Счет|Счёт|ХВС|ГВС|ООО|Договор)\b")
_TAIL, _HEAD = 120, 450
_SHORT_STREET = 3
"""«Новая 5, 12» may be a street; a word of three letters may be anything."""
_ANSWER_AT = re.compile(
    r"(?i)\b(?:ответ\w*|направ\w+|высла\w+|присла\w+|отправ\w+)[^.!?]{0,40}\s(?:по адресу|на адрес)\W*$"
)
_BELIEVED, _HALF_BELIEVED = 0.5, 0.4


def _alternatives(words: list[str]) -> str:
    return "|".join(sorted((word.replace("ё", "[её]").replace(" ", r"\s+") for word in words), key=len, reverse=True))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], float], ...]:
    places = load("places")
    towns = f"(?i:{_alternatives(places['towns'])})"
    settlement, street = f"(?i:{_alternatives(places['settlement'])})", f"(?i:{_alternatives(places['street'])})"
    prefix = (
        rf"(?:(?<!\d)\d{{6}},?\s*)?(?:(?:Респ\w*\.?\s+Башкортостан|Башкортостан\s+Респ\w*\.?|РБ|Россия"
        rf"|РФ),?\s*){{0,2}}(?:{_W}\s+(?:район|р-н|р-он),?\s*)?"
    )
    town = rf"(?:(?<!\w){settlement}(?:\.\s*|\s+){_W}(?:\s+{_W})?|(?<!\w){towns}(?!\w))"
    typed = (
        rf"(?:(?<!\w){street}(?:[.,]\s*|\s+){_STREET_NAME}|{_STREET_NAME}\s+{street}(?!\w)\.?"
        rf"|(?<!\w)\d{{1,3}}\s+(?:мкр|микрорайон|микр)\w*(?:-н)?\.?)"
    )
    house = rf"(?:,?\s*{_HOUSE_LABEL}|,?\s+)?{_HOUSE}{_FLAT}"
    area = rf"(?:,?\s*{_W})?"
    typed_on_line = typed.replace(_STREET_NAME, _NAME_ON_LINE)
    flat_first = (
        rf"(?:{_FLAT_LABEL}{_FLAT_NUMBER},?\s*(?:(?i:в)\s+)?)?(?i:дом|доме|дома|д)\.?\s*№?\s*{_HOUSE},?\s*"
        rf"(?:{_FLAT_LABEL}{_FLAT_NUMBER},\s*)?"
    )
    known = "|".join(word for word in places["streets"] if len(word) > _SHORT_STREET)
    no_street = _alternatives(places["not_streets"])
    on_street = rf"(?:(?<=\bна )|(?<=\bпо ))(?!(?:{no_street})\b)[а-яё-]{{3,18}}(?:ой|ого|ова|ева|ина|ей|ы|и|а|я)"
    flat_last = rf"(?:,?\s*{_FLAT_LABEL}{_FLAT_NUMBER})?"
    small = rf"(?<!\w){street}(?:[.,]\s*|\s+)(?!(?:{no_street})\b)[а-яё-]{{4,20}}(?:\s[а-яё]{{5,20}})?"
    measured = rf"(?!\s*(?:{_alternatives(places['measures'])}))"
    return (
        (re.compile(rf"{prefix}{town}{area}[,.]?\s*{typed}{house}"), 0.92),
        (
            re.compile(
                rf"{prefix}{town}{area}[,.]?\s*(?:{_STREET_NAME}|\d{{1,3}}\s+[а-я]{{3,12}})(?:,?\s*{_HOUSE_LABEL}"
                rf"|,?\s+){_HOUSE}{_FLAT}"
            ),
            0.85,
        ),
        (
            re.compile(
                rf"{typed}{house}(?:,[ \t]?\d{{1,3}}(?=[ \t]*(?:\n|$))|\s{{1,2}}\d{{1,3}}(?![\d.,/]|\s*[а-яё]{{3}}))?"
            ),
            0.75,
        ),
        (re.compile(rf"{flat_first}(?:(?:по|на)\s+)?{typed_on_line}{flat_last}(?:,?\s*{town})?"), 0.76),
        (re.compile(rf"{flat_first}(?:по|на)\s+(?:улице\s+)?{_NAME_ON_LINE}{flat_last}"), 0.7),
        (
            re.compile(
                rf"(?<!\w){_FLAT_LABEL}{_FLAT_NUMBER},\s*(?:{street}\.?\s*)?{_NAME_ON_LINE},?\s+(?:{_HOUSE_LABEL})?{_HOUSE}"
            ),
            0.7,
        ),
        (
            re.compile(
                rf"(?i:\bдом)\s+(?:(?i:номер)\s+)?(?:на|по)\s+{_NAME_ON_LINE},?\s+(?:{_HOUSE_LABEL})?{_HOUSE}{_FLAT}"
            ),
            0.66,
        ),
        (
            re.compile(
                rf"(?<!\w){towns},?\s+(?!(?:{no_street})\b)(?:[а-яё-]{{1,20}}\s+){{1,3}}{_HOUSE},?\s*{_FLAT_LABEL}{_FLAT_NUMBER}"
            ),
            0.7,
        ),
        (re.compile(rf"{on_street},?\s+(?:{_HOUSE_LABEL})?{_HOUSE},?\s*{_FLAT_LABEL}{_FLAT_NUMBER}"), 0.62),
        (
            re.compile(
                rf"(?<!\w)(?:{known}),?\s+\d{{1,3}}[а-я]?(?:/\d{{1,3}})?,\s?\d{{1,3}}(?![\d.,/-]\d|\d|\s?(?:руб|куб|квт|р\b))"
            ),
            0.58,
        ),
        (re.compile(rf"{_STREET_NAME},?\s+{_HOUSE},?\s*{_FLAT_LABEL}{_FLAT_NUMBER}"), 0.66),
        (
            re.compile(
                rf"(?<!\w){_W},?[ \t]+\d{{1,4}}[а-я]?(?:/\d{{1,3}})?\s?[-–]\s?\d{{1,4}}"
                rf"(?!\d|[-–]\d)(?:,\s*{towns}(?!\w))?"
            ),
            0.6,
        ),
        (
            re.compile(
                rf"{small},?\s+(?:{_HOUSE_LABEL})?{_HOUSE}{measured}{_FLAT}(?:\s{{1,2}}\d{{1,3}}(?![\d.,/]"
                rf"|\s*[а-яё]{{3}}))?"
            ),
            0.6,
        ),
        (re.compile(rf"(?:{_W}\s+(?:район|р-н),\s*){settlement}\.?\s*{_W}(?:\s+{_W})?"), 0.5),
    )


def _confidence(text: str, start: int, base: float) -> float:
    before = text[max(start - _TAIL, 0) : start]
    if _LABEL.search(before[-70:]):
        return 0.995 if _ANSWER_AT.search(before) else min(base + 0.06, 0.98)
    ours = _OURS.search(before)
    column = ours and re.search(r"[ \t]{4,}[^ \n]*$", ours.group())  # another column of the header begins
    if ours and not column and not _SENDER_BETWEEN.search(before[ours.start() :]):
        return 0.2
    if start < _HEAD and re.match(r"\d{6}\b", text[start:]) and text[:start].rstrip(" \t").endswith("\n"):
        return 0.985  # of a letterhead; an address in the text may be the one that the letter asks about
    return base


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


def find_address(text: str) -> Found | None:
    """The address of the sender; one after «по адресу», «для ответа» beats others, the company's own loses."""
    for line in labelled_lines(text):
        if line.field != "address":
            continue
        value = _OTHER_FIELD.split(_address_of_label(text, line.start), maxsplit=1)[0].rstrip(" .;,_–—-\n")
        if re.search(r"\d", value) and "@" not in value and len(value) >= _LEAST:
            return found_at(text, _plain(value), 0.95, line.start, line.start + len(value))
    items: list[Found] = []
    for pattern, base in _patterns():
        for match in pattern.finditer(text):
            if _NO_STREET.search(match.group()):
                continue
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            value = _plain(match.group())
            items.append(found_at(text, value, _confidence(text, start, base), start, match.end()))
        found = best(items)
        if found and found.confidence > _BELIEVED:
            return _with_flat_before(text, found)
    return best([item for item in items if item.confidence >= _HALF_BELIEVED])


_FLAT_BEFORE = re.compile(
    rf"{_FLAT_LABEL}(?P<flat>{_FLAT_NUMBER})[\s,]*(?:(?i:по\s+адресу|в\s+доме\s+по\s+адресу|адрес)\s*:?\s*)?$"
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
_LOOSE_FLAT = re.compile(r"(?<=\d)\s+(\d{1,3})$")


def _plain(written: str) -> str:
    """The address on one line, «дробь» as a stroke, the flat behind a bare house marked as one."""
    line = _HOUSE_LETTER.sub(r"\1\2", _SLASH.sub("/", " ".join(written.split())))
    return _LOOSE_FLAT.sub(r", кв. \1", line).rstrip(".,")
