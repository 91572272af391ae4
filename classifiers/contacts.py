"""Telephones and e-mail addresses of the sender."""

from __future__ import annotations

import re
from functools import cache

from classifiers.found import Found, found_at
from classifiers.wordlists import load

_PHONE = re.compile(
    r"(?<![\d/№-])(?=[+(\d])(?P<prefix>\+\s?7|8|7)?[ \t\-–(]{0,3}(?P<code>\d{3,5})(?:[ \t\-–)]{0,3}|\)[ \t]*\n[ \t]*)"
    r"(?P<rest>\d(?:[ \t\-–]{0,2}\d){4,6})(?![\d/]|[.,]\d|-\d)"
)
_DOTTED = re.compile(r"(?<![\d.])(?:\+?7|8)\.\d{3}\.\d{3}\.\d\d\.?\d\d(?![\d.]\d)")
_SPACED = re.compile(r"(?<![\d.,-])(?<!\d )(?:\+\s?)?[78](?:[ -]\d){10}(?![ -]?\d)")
"""Every digit apart: «8 9 1 7 4 4 4 0 1 2 2»."""
_LABEL = re.compile(
    r"(?:тел\w*|моб\w*|сот\w*|факс\w*|звон\w+|номер мой|мой номер|связ\w+|whatsapp|ватсап"
    r"|вотсап)\W{0,6}(?:\w+\W{1,3}){0,2}$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?:ИНН|КПП|ОГРН\w*|лс|л/с|(?<![а-яё])сч[её]т\w*|сч\.|БИК|№|ваш\w* (?:тел\w*|номер\w*)|горяч\w+ лини\w+"
    r"|по (?:вашему )?номеру|на номер|с номера|звонят с)\W{0,4}$",
    re.IGNORECASE,
)
_REACH_ME = re.compile(
    r"(?:смс|sms|код|сообщени\w+|телеграм\w*|ватсап\w*|вотсап\w*|whatsapp|вайбер\w*|связ\w+|отве\w+|позвон\w+|пишите|напишите|перезвон\w+)"
    r"[^.!?\n]{0,25}\s(?:по номеру|на номер)\W{0,4}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,60}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,12}", re.ASCII)
_MAIL_LIKE = re.compile(r"[A-Za-zАВЕКМНОРСТХавекмнорстухё\d._+-]{1,60}@[A-Za-zАВЕКМНОРСТХавекмнорстух\d.,-]{3,60}")
_CYRILLIC_TO_LATIN = str.maketrans("АВЕКМНОРСТХавекмнорстух", "ABEKMHOPCTXabekmnopctyx")
_NUMBER, _WITH_PREFIX = 10, 11
_OURS = re.compile(r"eirc|еирц", re.IGNORECASE)


def normal_phone(written: str) -> str | None:
    """``+7XXXXXXXXXX``, or None when the digits are no Russian number of a person (8-800 is a hot line)."""
    digits = re.sub(r"\D", "", written)
    if len(digits) == _WITH_PREFIX and digits[0] in "78":
        digits = digits[1:]
    if len(digits) != _NUMBER or digits[0] not in "3489" or digits.startswith("800"):
        return None
    return f"+7{digits}"


def find_phones(text: str) -> list[Found]:
    """The sender's telephones in order, without repeats; ten bare digits need a label, an area code a prefix."""
    found: dict[str, Found] = {}
    for match in _SPACED.finditer(text):
        if phone := normal_phone(match.group()):
            found[phone] = found_at(text, phone, 0.9, match.start(), match.end())
    for match in _PHONE.finditer(_DOTTED.sub(lambda dotted: dotted.group().replace(".", "-"), text)):
        phone = normal_phone(match.group())
        before = text[max(match.start() - 30, 0) : match.start()]
        if phone is None or (_FOREIGN.search(before) and not _REACH_ME.search(before)):
            continue
        labelled = bool(_LABEL.search(before))
        shaped = bool(re.search(r"[\s()\-–]", match.group().strip())) and phone[2] in "93"
        if not (labelled or match["prefix"] or shaped):
            continue
        if match["prefix"] in ("7", "8") and not labelled and phone[2] not in "93":
            continue
        confidence = 0.97 if labelled else 0.9 if match["prefix"] else 0.7
        found.setdefault(phone, found_at(text, phone, confidence, match.start(), match.end()))
    for match in _local().finditer(text):
        digits = re.sub(r"\D", "", match["number"])
        phone = f"+7{load('places')['local_numbers']['code']}{digits}"
        found.setdefault(phone, found_at(text, phone, 0.8, match.start("number"), match.end("number")))
    return sorted(found.values(), key=lambda one: one.start or 0)


@cache
def _local() -> re.Pattern[str]:
    """A labelled number without a code: as many digits as only the numbers of one town have (data/places.yaml)."""
    pieces = r"[ -]?".join(rf"\d{{{count}}}" for count in load("places")["local_numbers"]["groups"])
    return re.compile(
        rf"(?i:(?<![а-яё])(?:т|тел|телефон|т/ф|тел/факс|факс|дом|раб)(?:\.|:|\s)[\s.:№]{{0,4}})(?P<number>{pieces})"
        r"(?![ -]?\d|[.,]\d)"
    )


def find_emails(text: str) -> list[Found]:
    """E-mail addresses in order, lower case, without repeats and without the company's own.

    Cyrillic look-alikes inside an address and a comma for a full stop are mended: an address has no other letters.
    """
    found: dict[str, Found] = {}
    mended = _MAIL_LIKE.sub(lambda match: _mail_letters(match.group()), _without_gaps(text))
    for match in _EMAIL.finditer(mended):
        address = match.group().rstrip(".").lower()
        if not _OURS.search(address):
            found.setdefault(address, found_at(text, address, 0.95, match.start(), match.start() + len(address)))
    return list(found.values())


_GAP_IN_DOMAIN = re.compile(
    r"[\w.+-]{2,60}@(?:[A-Za-z\d-]{1,30} ){1,2}[A-Za-z\d-]{0,30}[.,]? ?(?:[A-Za-z\d-]{2,30}[.,])?"
    r"(?:ru|com|org|net|su|info|example|рф)(?![\w@.-])"
)
_GAP_IN_NAME = re.compile(r"(?<=[:;]) ?[A-Za-z\d._+-]{1,20} [A-Za-z\d._+-]{1,30}@(?=\S)")


_ROUND_AT = re.compile(
    r"(?<![\w@])[\w.+-]{2,40} ?@ ?[A-Za-z\d-]{2,30}[.,](?:ru|com|org|net|su|info|рф)(?![\w@.-])", re.ASCII
)


def _without_gaps(text: str) -> str:
    """The text with spaces inside addresses put behind them; the length stays."""

    def close(match: re.Match[str]) -> str:
        whole = match.group()
        lead = len(whole) - len(whole.lstrip())
        joined = whole.replace(" ", "")
        return " " * lead + joined + " " * (len(whole) - lead - len(joined))

    # In the name the gap goes before it: what follows must touch the domain.
    def before(match: re.Match[str]) -> str:
        joined = match.group().replace(" ", "")
        return " " * (len(match.group()) - len(joined)) + joined

    return _GAP_IN_DOMAIN.sub(close, _GAP_IN_NAME.sub(before, _ROUND_AT.sub(close, text)))


_LOST_ZERO, _LOST_ONE = re.compile(r"(?<=\d)[oOоО](?=\d)"), re.compile(r"(?<=\d)[lI|](?=\d)")


def _mail_letters(token: str) -> str:
    """The same token, character for character, with Latin letters and full stops where they must be."""
    name, at, domain = token.translate(_CYRILLIC_TO_LATIN).partition("@")
    name = _LOST_ONE.sub("1", _LOST_ZERO.sub("0", name))
    return name + at + re.sub(r",(?=[A-Za-z])", ".", domain)
