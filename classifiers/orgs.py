"""The organisation a letter comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from classifiers.found import Found, best, found_at
from classifiers.wordlists import load

FORM = (
    r"(?:ООО|ПАО|ОАО|ЗАО|НАО|АО|ТСЖ|ТСН|ЖСК|ЖЭУ|УК|МУП|ГУП|ФГУП|ФГБУ|ФГБОУ|МБУК|МБУ|МБДОУ|МАДОУ|МДОУ|МБОУ|МАОУ|МКУ"
    r"|МКП|ГБУЗ|ГБУ|ГБОУ|ГАУЗ|ГАУ|ГКУ|АНО|НКО|КФХ|СНТ|ГСК|ПК|СПК"
    r"|(?i:Общество с ограниченной ответственностью)|(?i:(?:Публичное |Закрытое "
    r"|Открытое )?акционерное общество)|(?i:Товарищество собственников (?:жилья|недвижимости))"
    r"|(?i:(?:Гаражно|Жилищно|Садовод|Дачно|Потребительск|Строительн)[а-яё]*(?:[ -][а-яё-]+){0,2} кооператив)"
    r"|Управляющая (?:компания|организация)|[А-ЯЁ]?[а-яё-]*\s?[Кк]ооператив(?:\s+[а-яё-]{4,20}){0,3}|Администрация"
    r"|(?:[А-ЯЁ][а-яё]+(?:ое|ная|ый)\s+)?(?:[а-яё-]+(?:ое|ая|ый)\s+){0,4}(?:учреждение|предприятие|товарищество"
    r"|общество|партн[её]рство)(?:\s+[а-яё-]{4,20}){0,3}"
    r"|(?:[А-ЯЁ][а-яё]+ая\s+){0,2}(?:[А-ЯЁа-яё]+ая\s+){0,3}[Оо]рганизация|[Кк]рестьянское(?:\s+\([а-я]+\))?\s+(?:\(?фермерское\)?\s+)?хозяйство|ФГАОУ|ФГБНУ|ФКУ|ФГКУ|ГАПОУ|ГБПОУ|МАУ"
    r"|МБУДО|МКП|ГКФХ|АУ|БУ|ТОО|ООПТ|ЖК|ДНТ|ДНП|СНП|ПГК|ГСПК|РОО|МРОО)"
)
_HOUSE = (
    r"(?:[А-ЯЁ]?[а-яё]+(?:ая|ий|ый|ой)\s+)?(?:школа|больница|поликлиника|сад|лицей|гимназия|интернат|библиотека"
    r"|станция|центр|колледж|училище)"
    r"(?:[ -][а-яё]+)?"
)
_QUOTED = (
    r"(?:[«\"„“][^«»\"„“”\n]{1,60}[«„“][^«»\"„“”\n]{1,60}[»\"”“]{1,2}"
    r"|[«\"„“](?:[^«»\"„“”\n]|[«„“][^«»\"„“”\n]{1,60}[»“”]){1,80}[»\"”“]{1,2})"
)
_PLACE = (
    r"(?:городского округа|муниципального (?:района|округа|образования)|сельского поселения)"
    r"(?:[ \t]+(?:(?:город|г\.|село|с\.|район|р-н|Республики|РБ|[А-ЯЁ][а-яё-]+)(?!\w))){1,5}"
)
_ORG = re.compile(
    rf"(?<![\w-]){FORM}(?:\s+(?:РБ|[А-ЯЁ]{{2,6}}|города|г\.|городского округа|муниципального района"
    rf"|№\s?\d+|[А-ЯЁ][\w-]+)){{0,5}}\s*(?:{_QUOTED}|(?:{_HOUSE}\s*)?№\s?\d+)(?:\s+{_PLACE})?"
)
_TRADER = re.compile(
    r"(?<![\w-])(?:ИП|К\(?Ф\)?Х|Индивидуальн\w+ предпринимател\w+)\s+(?:Глава"
    r" КФХ\s+)?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?:\s+[А-ЯЁ]\.\s?[А-ЯЁ]\."
    r"|\s+[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]+(?:[ -](?:оглы|улы|угли|кызы|кизи|гызы))?)"
)


_SCHOOL = re.compile(
    r"(?<![\w-])(?:Ф?Г[БАК]ОУ|ФГБУ|Г[БАК]ПОУ|Г[БАК]УЗ|Г[БАК]УК?|М[БАК]ОУ|М[БАК]ДОУ|М[БАК]УК?|М[БАК]УДО|ЧОУ|АНО|АНПОО|НОУ)"
    r"(?:\s+(?:ВО|СПО|ДО|РБ|ДПО))*[ \t]+(?:[А-ЯЁ]?[а-яё-]+(?:ий|ый|ой|ая|ое)[ \t]+){1,5}"
    r"(?:колледж|техникум|университет|институт|академия|лицей|гимназия|школа|училище|больница|поликлиника|диспансер"
    r"|музей|театр|библиотека|центр)"
    r"(?:\s+(?:имени|им\.)\s+[А-ЯЁ][^\n,;]{2,40})?(?![а-яё])"
)
"""An institution without quotes or a number: «ГБПОУ Уфимский торгово-экономический колледж»."""


_HEAD_LINE = re.compile(
    rf"[ \t]*(?P<org>{FORM}(?:[ \t]+(?!(?:ИНН|ОГРН|КПП|тел|от)\b)[А-ЯЁа-яё\d№.-]+){{1,10}}?)"
    r"[ \t]*(?=\n|$|,|[ \t](?:ИНН|ОГРН)\b)"
)
"""A firm without quotes on the line that begins a letter: «ФКУ ИК-3 УФСИН России по Республике Башкортостан»."""
_FROM_BELOW = re.compile(r"\n[ \t]*(?:от|ОТ|От)\s")


def _head_line(text: str) -> Found | None:
    start = len(text) - len(text.lstrip())
    match = _HEAD_LINE.match(text, start)
    if match is None or _OURS.search(match["org"]) or _FROM_BELOW.search(text[:_HEAD]):
        return None
    return found_at(text, " ".join(match["org"].split()), 0.8, *match.span("org"))


@cache
def _body() -> re.Pattern[str]:
    """A body of power (data/bodies.yaml), which bears no quotes: a line of its own at the top."""
    named = "|".join(load("bodies")["letterhead"])
    return re.compile(rf"(?m)^[ \t]*(?P<body>(?=[А-ЯЁ])(?i:{named})\s[^\n,;:]{{4,140}}?)[ \t]*$")


_LOUD_LINE = re.compile(r"[ \t]*\n(?:[ \t]*\n)?[ \t]*(?P<more>[А-ЯЁ][А-ЯЁ «»\"()-]{2,60})(?=[ \t]*(?:\n|$))")
"""A further line of a letterhead in capitals: «ПРОКУРАТУРА ГОРОДА», «ИШИМБАЯ» below it."""


def _letterheads(text: str) -> Iterator[Found]:
    """Bodies of power at the top of a letter, with the further lines of a letterhead in capitals."""
    for match in _body().finditer(text[:_HEAD]):
        end = match.end("body")
        while match["body"].isupper() and (more := _LOUD_LINE.match(text, end)) and not _OURS.search(more["more"]):
            end = more.end("more")
        start = match.start("body")
        yield found_at(text, " ".join(text[start:end].split()), 0.93, start, end)


_OURS = re.compile(r"ЕИРЦ|Единый информационно-расч[её]тный центр", re.IGNORECASE)
_ADDRESSEE = re.compile(
    r"(?:копи\w+:?|директору|руководителю|начальнику|председателю|главе|в адрес|в)\s*$", re.IGNORECASE
)
_COMPLAINED = re.compile(
    r"\b(?:наша|нашей|нашу|в|с|со|к|на|от имени|из|у|через|между|и|наш\w* УК|компани\w+|дом обслуживает|управляет)\s*$",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:\b(?:мы|я|от|заявитель|коллектив|администрация|организация|отправитель|представител\w+|директор|бухгалтер|председатель)[:,\s—-]*"
    r"|^\s*)$",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(r"^[\s,(]*(?:ИНН|ОГРН|договор|в лице|просит|сообщает|направляет|\(?далее)", re.IGNORECASE)
_HEAD, _TAIL = 400, 250
_BELIEVED = 0.6


def find_org(text: str) -> Found | None:
    """The sending organisation: at the top, after «Мы,» or «от», before its INN, or in the signature.

    A firm that is merely written about (a citizen on the УК) is not the sender.
    """
    items = list(_letterheads(text))
    for pattern in (_ORG, _TRADER, _SCHOOL):
        for match in pattern.finditer(text):
            if _OURS.search(match.group()):
                continue
            items.append(
                found_at(text, " ".join(match.group().split()), _confidence(text, match), match.start(), match.end())
            )
    found = best(items)
    return found if found and found.confidence >= _BELIEVED else _head_line(text)


def _confidence(text: str, match: re.Match[str]) -> float:
    before, after = text[max(match.start() - 40, 0) : match.start()], text[match.end() : match.end() + 40]
    line_start = text.rfind("\n", 0, match.start()) + 1
    if _ADDRESSEE.search(before) and not _FOLLOWS.match(after):
        return 0.2
    if _COMPLAINED.search(before) and not before.rstrip().endswith((" и", " с")):
        return 0.3
    if _FOLLOWS.match(after):
        return 0.95
    if _SELF.search(text[line_start : match.start()]) and match.start() < _HEAD:
        return 0.92
    complained, at_end = _COMPLAINED.search(before), match.end() > len(text.rstrip()) - _TAIL
    return 0.85 if _SELF.search(before) else 0.3 if complained else 0.7 if at_end else 0.5
