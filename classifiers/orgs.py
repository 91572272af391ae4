"""The organisation a letter comes from, and the writer's position in it."""

from __future__ import annotations

import re

from classifiers.found import Found, best, found_at

_FORM = (
    r"(?:ООО|ПАО|ОАО|ЗАО|НАО|АО|ТСЖ|ТСН|ЖСК|ЖЭУ|УК|МУП|ГУП|ФГУП|ФГБУ|ФГБОУ|МБУК|МБУ|МБДОУ|МАДОУ|МДОУ|МБОУ|МАОУ|МКУ|МКП|ГБУЗ|ГБУ|ГБОУ|ГАУЗ|ГАУ|ГКУ|АНО|НКО|КФХ|СНТ|ГСК|ПК|СПК"
    r"|Общество с ограниченной ответственностью|(?:Публичное |Закрытое "
    r"|Открытое )?[Аа]кционерное общество|Товарищество собственников (?:жилья|недвижимости)"
    r"|Управляющая (?:компания|организация)|Жилищно-строительный кооператив|Администрация)"
)
_QUOTED = r"[«\"„“](?:[^«»\"„“”\n]|[«„“][^«»\"„“”\n]{1,60}[»“”]){1,80}[»\"”“]{1,2}"
_ORG = re.compile(
    rf"(?<![\w-]){_FORM}(?:\s+(?:РБ|[А-ЯЁ]{{2,6}}|города|г\.|городского округа|муниципального района"
    rf"|№\s?\d+|[А-ЯЁ][\w-]+)){{0,5}}\s*(?:{_QUOTED}|№\s?\d+)"
)
_TRADER = re.compile(
    r"(?<![\w-])(?:ИП|Индивидуальн\w+ предпринимател\w+)\s+(?:Глава"
    r" КФХ\s+)?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?:\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.|\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+)"
)
_OURS = re.compile(r"ЕИРЦ|Единый информационно-расч[её]тный центр", re.IGNORECASE)
_ADDRESSEE = re.compile(r"(?:директору|руководителю|начальнику|председателю|главе|в адрес|в)\s*$", re.IGNORECASE)
_COMPLAINED = re.compile(
    r"\b(?:наша|нашей|нашу|в|с|со|к|на|от имени|из|у|через|между|и|наш\w* УК|компани\w+|дом обслуживает|управляет)\s*$",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:\b(?:мы|я|от|заявитель|организация|отправитель|представител\w+|директор|бухгалтер|председатель)[:,\s—-]*|^\s*)$",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(r"^[\s,(]*(?:ИНН|ОГРН|договор|в лице|просит|сообщает|направляет|\(?далее)", re.IGNORECASE)
_HEAD, _TAIL = 400, 250
_BELIEVED = 0.6


def find_org(text: str) -> Found | None:
    """The sending organisation: at the top, after «Мы,» or «от», before its INN, or in the signature.

    A firm that is merely written about (a citizen on the УК) is not the sender.
    """
    items = []
    for pattern in (_ORG, _TRADER):
        for match in pattern.finditer(text):
            if _OURS.search(match.group()):
                continue
            items.append(
                found_at(text, " ".join(match.group().split()), _confidence(text, match), match.start(), match.end())
            )
    found = best(items)
    return found if found and found.confidence >= _BELIEVED else None


def _confidence(text: str, match: re.Match[str]) -> float:
    before, after = text[max(match.start() - 40, 0) : match.start()], text[match.end() : match.end() + 40]
    line_start = text.rfind("\n", 0, match.start()) + 1
    if _ADDRESSEE.search(before) and not _FOLLOWS.match(after):
        return 0.2
    if _FOLLOWS.match(after):
        return 0.95
    if _SELF.search(text[line_start : match.start()]) and match.start() < _HEAD:
        return 0.92
    if _SELF.search(before):
        return 0.85
    if match.end() > len(text.rstrip()) - _TAIL and not _COMPLAINED.search(before):
        return 0.7
    return 0.5 if not _COMPLAINED.search(before) else 0.3


_RANK = (
    r"(?:[Гг]енеральный|[Ии]сполнительный|[Ии]сполняющий обязанности|[Гг]лавный|[Зз]аместитель|[Сс]тарший"
    r"|[Вв]едущий|[Пп]ервый|[Фф]инансовый|[Тт]ехнический|[Кк]оммерческий|[Зз]ам\.?|[Ии]\.?\s?о\.?"
    r"|[Аа]рбитражный|[Кк]онкурсный|[Вв]ременный)"
)
_POST = (
    r"(?:[Дд]иректор|[Бб]ухгалтер|[Ээ]нергетик|[Ии]нженер(?:-\w+)?|[Пп]редседатель|[Уу]правляющий|[Юю]рист|[Юю]рисконсульт|[Рр]уководитель|[Нн]ачальник|[Зз]аведующ(?:ий|ая)"
    r"|[Сс]пециалист|[Мм]енеджер|[Ээ]кономист|[Сс]екретарь|[Пп]резидент|[Гг]лава|[Пп]рокурор|[Рр]иэлтор|[Рр]иелтор|[Аа]двокат|[Дд]елопроизводитель|[Мм]еханик|[Зз]авхоз|[Дд]епутат|[Пп]омощник|[Тт]ехник)"
)
_COMPLEMENT = (
    r"(?:\s+(?:правления|отдела|управления|службы|района|города|совета|директора|администрации"
    r"|организации|хозяйства|школы|центра|по\s+[а-яё]+(?:\s+[а-яё]+)?|(?!(?:ООО|[ПОЗН]?АО|ИП|ТСЖ|ТСН|ЖСК|УК|МУП|ГУП|[МГ][БАК]\w{1,3})\s)[А-ЯЁ]{2,6}(?=\s))){0,4}"
)
_POSITION = re.compile(rf"(?<![\w-])(?:{_RANK}\s+){{0,2}}{_POST}{_COMPLEMENT}(?![\w-])")
_BEFORE_NAME = re.compile(
    r"^[\s,:–—_/-]*(?:(?:ООО|АО|ПАО|ТСЖ|ТСН|ЖСК|УК|МБОУ|МБДОУ|ГАУ|ИП|МУП)[^\n]{0,60}|[«\"][^\n]{1,50}[»\"])?[\s,:–—_/-]*$"
)


def find_position(text: str, name_start: int | None) -> Found | None:
    """The position written just before the sender's name (with at most the firm between the two)."""
    if name_start is None:
        return None
    near = list(_POSITION.finditer(text, max(name_start - 160, 0), name_start))
    for match in reversed(near):
        if _BEFORE_NAME.match(text[match.end() : name_start]):
            value = " ".join(match.group().split())
            return found_at(text, value[:1].lower() + value[1:], 0.88, match.start(), match.end())
    return None
