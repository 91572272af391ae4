"""Who writes: a person, an organisation, or a principal (УК, ТСЖ, РСО) of the agency contract."""

from __future__ import annotations

import math
import re

from rules.wire import Channel, Segment, Sender

_FIRM = re.compile(
    r"\b(?:ООО|АО|ПАО|ОАО|ЗАО|ИП|МУП|ГУП|ФГУП|МБУ|МБДОУ|МАДОУ|МБОУ|МАОУ|МКУ|ГБУ|ГБУЗ|ГАУ|ГКУ|АНО|НКО|КФХ|СНТ|ГСК)\b"
)
_PRINCIPAL = re.compile(
    r"\b(?:ТСЖ|ТСН|ЖСК|ЖК|УК|УО|РСО|ТСО)\b|управляющ\w+ (?:компани|организаци)\w+|ресурсоснабжающ\w+"
)
_PRINCIPAL_TOPIC = re.compile(
    r"агентск\w+ (?:договор|соглашен)\w*|агентск\w+ вознагражден|отч[её]т\w* агента|\bпринципал\w*|протокол\w* ОСС"
    r"|реестр\w* (?:лицевых счет|лицевых счёт|начислен)|перечислен\w+ средств|\bАГ-\d+",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"\b(?:просим|сообщаем|направляем|прикладываем|гарантируем|уведомляем|наш\w* организаци\w+|в адрес нашей)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:исх\.?|исходящий) ?(?:№|N|номер)|\bКПП\b|\bОГРН(?:ИП)?\b|\bр/с(?:ч|чет)?\b|\bБИК\b", re.IGNORECASE
)
_CONTRACT = re.compile(
    r"договор\w* (?:№ ?|N ?)?[А-ЯA-Z]{1,4}-?\d|(?:счет|счёт)[- ]фактур|\bУПД\b|\bакт\w* сверки", re.IGNORECASE
)
_PERSON = re.compile(
    r"\b(?:я|мне|меня|мой|моя|мою|моей|моего|муж|жена|мама|пенсионер\w*|живу|проживаю|прописан\w*)\b", re.IGNORECASE
)
_HEAD = 300
_SOLE_TRADER_INN, _FIRM_INN = 12, 10


def guess_segment(text: str, sender: Sender | None = None, channel: Channel | None = None) -> tuple[Segment, float]:
    """The segment the text points to, with confidence. A hint: the client's card decides where there is one."""
    head = text[:_HEAD]
    firm = 2.0 * bool(_FIRM.search(head)) + 1.0 * bool(_FORMAL.search(text)) + 1.5 * bool(_REFERENCE.search(text))
    firm += 1.2 * bool(_CONTRACT.search(text)) - 1.2 * bool(_PERSON.search(text))
    if sender is not None:
        firm += 2.5 * bool(sender.org_name) + 1.0 * bool(sender.inn and len(sender.inn) == _FIRM_INN)
        firm += 0.7 * bool(sender.inn and len(sender.inn) == _SOLE_TRADER_INN) + 1.0 * bool(sender.ogrn)
        firm += 0.7 * bool(sender.position)
    firm += 3.0 * (channel is Channel.EDO) - 2.0 * (channel is Channel.LKK)
    principal = 2.5 * bool(_PRINCIPAL.search(sender.org_name or "")) if sender is not None else 0.0
    principal += 3.5 * bool(_PRINCIPAL_TOPIC.search(text)) + 0.5 * bool(_PRINCIPAL.search(head))
    odds = {
        Segment.B2C: math.exp(2.0),
        Segment.B2B: math.exp(firm),
        Segment.B2B2C: math.exp(min(firm, 4.0) + principal - 2.5),
    }
    best = max(odds, key=lambda segment: odds[segment])
    return best, round(odds[best] / sum(odds.values()), 3)
