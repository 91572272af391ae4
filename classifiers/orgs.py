"""The organisation a letter comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from classifiers.found import Found, best, found_at
from classifiers.wordlists import load

FORM = (
    r"(?:ООО|СХПК|СХА|КПК|ПАО|ОАО|ЗАО|НАО|АО|ТСЖ|ТСН|ЖСК|ЖЭУ|УК|МУП|ГУП|ФГУП|ФГБУ|ФГБОУ|МБУК|МБУ|МБДОУ|МАДОУ|МДОУ|МБОУ|МАОУ|МКУ"
    r"|МКП|ГБУЗ|ГБУ|ГБОУ|ГАУЗ|ГАУ|ГКУ|АНО|НКО|КФХ|СНТ|ГСК|ПК|СПК"
    r"|(?i:Общество с ограниченной ответственностью)|(?i:(?:Публичное |Закрытое "
    r"|Открытое )?акционерное общество)|(?i:Товарищество собственников (?:жилья|недвижимости))"
    r"|(?i:(?:Гаражно|Жилищно|Садовод|Дачно|Потребительск|Строительн)[а-яё]*(?:[ -][а-яё-]+){0,2} кооператив)"
    r"|Управляющая (?:компания|организация)|[А-ЯЁ]?[а-яё-]*\s?[Кк]ооператив(?:\s+[а-яё-]{4,20}){0,3}|Администрация"
    r"|(?:[А-ЯЁ][а-яё]+(?:ое|ная|ый)\s+)?(?:[а-яё-]+(?:ое|ая|ый)\s+){0,4}(?:учреждение|предприятие|товарищество"
    r"|общество|партн[её]рство)(?:\s+[а-яё-]{4,20}){0,3}"
    r"|(?:[А-ЯЁ][а-яё]+ая\s+){0,2}(?:[А-ЯЁа-яё]+ая\s+){0,3}[Оо]рганизация|(?:[А-ЯЁ]+АЯ\s+){0,3}ОРГАНИЗАЦИЯ|[Кк]рестьянское(?:\s+\([а-я]+\))?\s+(?:\(?фермерское\)?\s+)?хозяйство|ФГАОУ|ФГБНУ|ФКУ|ФГКУ|ГАПОУ|ГБПОУ|МАУ"
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
    rf"|№\s?\d+|[А-ЯЁ][\w-]+)){{0,5}}\s*(?:{_QUOTED}|(?:{_HOUSE}\s*)?№\s?\d+(?:[ \t]*{_QUOTED})?)(?:\s+{_PLACE})?"
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
def _patterns() -> dict[str, re.Pattern[str]]:
    """What a line of a letterhead begins with (data/bodies.yaml): a body, a unit of one, the body beneath another."""
    words = load("bodies")
    return {
        name: re.compile(rf"(?:{'|'.join(words[name])})(?![а-яё])", re.IGNORECASE)
        for name in ("letterhead", "units", "beneath")
    }


_CUT = re.compile(r"[,;:(]|\s+(?:ИНН|ОГРН|тел|факс)\b|\s{3,}|$")
_GOES_ON = re.compile(
    r"(?:[а-яё]|(?:ПО|РЕСПУБЛИКИ|Республики|РОССИЙСКОЙ|Российской|ГОРОДСКОГО|МУНИЦИПАЛЬНОГО|ГОРОДА|РАЙОНА|В|И)\s"
    r"|(?:[А-ЯЁ]+(?:ОГО|ЕГО|ОЙ|ИЯ|ОВ|ИЙ)\s))"
)
_FORMS = re.compile(FORM)
_ABOUT_CHARS = 12
_MOST_LINES = 3


def _whole_name(line: str) -> int:
    """How much of a line is the name: up to a comma, a bracket, a number's label or a column."""
    cut = _CUT.search(line)
    return cut.start() if cut else len(line)


def _bodies(text: str) -> Iterator[Found]:
    """Bodies of power and institutions named without quotes at the top, each on its line and those it goes on in."""
    lines = list(_LINES.finditer(text[:_HEAD_LINES]))
    known = _patterns()
    for place, line in enumerate(lines):
        written = line["line"]
        if _TO_WHOM.match(written):
            return
        start = line.start("line")
        beneath = bool(known["beneath"].match(written))
        if not (beneath or (written[:1].isupper() and known["letterhead"].match(written))):
            continue
        if known["units"].match(written):
            continue
        end = start + _whole_name(written)
        for below in lines[place + 1 : place + _MOST_LINES]:
            gap, more = text[end : below.start("line")], below["line"]
            loud = written.isupper() and more.isupper() and not (known["letterhead"].match(more) or _FORMS.match(more))
            if gap.strip() or gap.count("\n") > 1 + loud or re.search(r"\d|@", more):
                break
            if not (loud or _GOES_ON.match(more)):
                break
            end = below.start("line") + _whole_name(more)
        value = " ".join(text[start:end].split()).rstrip(" .-–—")
        if _ABOUT_CHARS <= len(value) <= _LONGEST and not _OURS.search(value):
            yield found_at(text, value, 0.945 if beneath else 0.93, start, end)


_LINES = re.compile(r"(?m)^[ \t]*(?P<line>\S[^\n]*)$")
_TO_WHOM = re.compile(
    r"(?i)(?:(?:генеральному\s+)?директору|руководителю|начальнику|главе|в\s|(?:в\s+)?ооо\s+[«\"]еирц|кому|от\s|уважаем|копия)"
)
_HEAD_LINES, _LONGEST = 700, 180
_SHORT_NAME = re.compile(rf"(?<=\()(?P<org>{FORM}[ \t][^()\n]{{3,70}})(?=\))")
"""The short name in brackets behind the full one: «(ГБУЗ РБ Раевская ЦРБ)»."""


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
_BELIEVED, _UNIT = 0.6, 0.65
"""What a body under the name of a firm is: a unit of it."""


def find_org(text: str) -> Found | None:
    """The sending organisation: at the top, after «Мы,» or «от», before its INN, or in the signature.

    A firm that is merely written about (a citizen on the УК) is not the sender.
    """
    items = []
    for pattern in (_ORG, _TRADER, _SCHOOL):
        for match in pattern.finditer(text):
            if _OURS.search(match.group()):
                continue
            items.append(
                found_at(text, " ".join(match.group().split()), _confidence(text, match), match.start(), match.end())
            )
    first = min((item.start or 0 for item in items if item.confidence > _BELIEVED), default=len(text))
    for body in _bodies(text):
        if any(item.start == body.start and item.confidence > _BELIEVED for item in items):
            continue  # «Муниципальное учреждение Детский сад № 212» is read to its number
        above = first < (body.start or 0) and first < _HEAD
        items.append(replace(body, confidence=_UNIT) if above else body)
    for match in _SHORT_NAME.finditer(text[:_HEAD]):
        if any("»" in item.value and item.confidence > _BELIEVED for item in items) or _OURS.search(match["org"]):
            break
        items.append(found_at(text, " ".join(match["org"].split()), 0.97, *match.span("org")))
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
