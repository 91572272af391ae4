"""How the desk says dates, sizes, terms and confidence in Russian: filters of the templates."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from registry import clock
from registry.postal import HANDED_TO
from steps.titles import LANGUAGES
from steps.views.reply import KINDS

LOCAL: Final = ZoneInfo("Asia/Yekaterinburg")

SURE: Final = 0.85
LIKELY: Final = 0.6
PAGE_SURE: Final = 80.0

CERTAINTIES: Final = {
    "standard": "требование Стандарта",
    "verified": "норма проверена по источнику",
    "memory": "норма не проверена по источнику",
    "doubtful": "применимость нормы сомнительна",
    "proposal": "внутренний ориентир",
}
SEVERITIES: Final = {"error": "ошибка", "warning": "предупреждение", "hint": "подсказка"}
RISKS: Final = {
    "none": "не замечен",
    "refused": "не принято: исполняемый файл",
    "encrypted": "зашифровано: содержимое не проверено",
    "suspicious": "подозрительный файл: не открывайте без необходимости",
    "infected": "карантин: вредоносный файл",
    "unchecked": "не проверено на вредоносные программы",
}
FAULTS: Final = {
    "": "не указано",
    "company": "наша или нашего партнёра: в письме нужно извинение",
    "client": "Клиента: объясняем порядок без упрёка",
    "none": "ошибки нет",
}
WAYS: Final = {
    "ink": "Собственноручная подпись (скан)",
    "esign": "Электронная подпись",
    "approval": "Именное утверждение",
    "script": "Утверждённый скрипт",
}
SOURCES: Final = {"hand": "загружено вручную"}
PROOFS: Final = {
    "at": "когда",
    "code": "код сервера",
    "text": "ответ сервера",
    "why": "причина",
    "bounce": "возврат",
    "list": "список №",
    "handed_over": "сдано или вручено",
    "handed_to": "кому вручено",
    "delivered": "вручено почтой",
    "journal": "журнал отправленных писем",
    "rules": "правила проверки",
    "returned": "письмо вернулось",
    "decided_by": "решение принял",
}
WORTH_SHOWING: Final = 0.02  # a guess below two per cent is noise beside the search
DISPATCH_CHANNELS: Final = {"email": "эл. почта", "post": "почта", "hand": "под подпись"}


def date(value: dt.date | None) -> str:
    """«24.11.2026», a dash when unknown."""
    return f"{value:%d.%m.%Y}" if value else "—"


def moment(value: dt.datetime | None) -> str:
    """«24.11.2026 16:05» in Ufa, a dash when unknown."""
    if value is None:
        return "—"
    return f"{value.astimezone(LOCAL) if value.tzinfo else value:%d.%m.%Y %H:%M}"


def stamp(value: str) -> str:
    """An ISO moment or date of a proof as the desk says them; what is neither stays as it is."""
    try:
        return moment(dt.datetime.fromisoformat(value)) if "T" in value else date(dt.date.fromisoformat(value))
    except ValueError:
        return value


def percent(value: float) -> str:
    """0.873 → «87 %»."""
    return f"{round(value * 100)} %"


def sureness(value: float) -> str:
    """A confidence of 0..1 in words."""
    if value >= SURE:
        return "уверенно"
    return "вероятно" if value >= LIKELY else "проверьте"


def sureness_class(value: float) -> str:
    """CSS class of a confidence."""
    if value >= SURE:
        return "sure"
    return "likely" if value >= LIKELY else "doubt"


def size(value: int) -> str:
    """Bytes as «12 КБ»."""
    if value < 1024:  # noqa: PLR2004 - bytes in a kilobyte
        return f"{value} Б"
    kilobytes = value / 1024
    if kilobytes < 1024:  # noqa: PLR2004 - kilobytes in a megabyte
        return f"{kilobytes:.0f} КБ"
    return f"{kilobytes / 1024:.1f} МБ".replace(".", ",")


def plural(count: int, one: str, few: str, many: str) -> str:
    """«1 день», «3 дня», «11 дней»."""
    tens, units = abs(count) % 100, abs(count) % 10
    if units == 1 and tens != 11:  # noqa: PLR2004 - Russian grammar
        word = one
    elif 2 <= units <= 4 and not 12 <= tens <= 14:  # noqa: PLR2004 - Russian grammar
        word = few
    else:
        word = many
    return f"{count} {word}"


def days(count: int) -> str:
    """A number of days in words."""
    return plural(count, "день", "дня", "дней")


def term(days_left: int) -> str:
    """What is left of a term, in words: colour alone never tells."""
    if days_left < 0:
        return f"просрочено на {days(-days_left)}"
    if days_left == 0:
        return "срок сегодня"
    return plural(days_left, "день остался", "дня осталось", "дней осталось")


def met(state: str, days_left: int, done_on: dt.date) -> str:
    """How a term ended, in words: what is done has no days left, however long ago it was."""
    if state == "closed_without_reply":
        return f"закрыто {done_on:%d.%m.%Y}"
    if state == "merged":
        return f"объединено {done_on:%d.%m.%Y}"
    late = f" с опозданием на {days(-days_left)}" if days_left < 0 else " в срок"
    return f"отвечено {done_on:%d.%m.%Y}{late}"


def term_class(*, overdue: bool, due_soon: bool) -> str:
    """CSS class of a term."""
    return "late" if overdue else "soon" if due_soon else "calm"


FILTERS: Final = {
    "date": date,
    "moment": moment,
    "stamp": stamp,
    "dict": dict,
    "percent": percent,
    "sureness": sureness,
    "sureness_class": sureness_class,
    "size": size,
    "days": days,
    "term": term,
}
CLIENT_FIELDS: Final = {
    "name": "имя",
    "segment": "сегмент",
    "external_id": "код CRM",
    "accounts": "лицевые счета",
    "contracts": "договоры",
    "contract_curators": "кураторы договоров",
    "inn": "ИНН",
    "phones": "телефоны",
    "emails": "эл. почта",
    "confirmed_emails": "подтверждённая эл. почта",
    "confirmed_phones": "подтверждённые телефоны",
    "consents": "согласия",
    "confirmed_address": "адрес",
    "is_vip": "VIP",
    "manager_id": "персональный менеджер",
    "curator_id": "куратор",
    "large_mail_on": "согласие на письма больше 5 МБ",
    "unzipped_reason": "вложения без архива, причина",
}

GLOBALS: Final = {
    "CLIENT_FIELDS": CLIENT_FIELDS,
    "CERTAINTIES": CERTAINTIES,
    "SEVERITIES": SEVERITIES,
    "LANGUAGES": LANGUAGES,
    "RISKS": RISKS,
    "FAULTS": FAULTS,
    "WAYS": WAYS,
    "REPLY_KINDS": KINDS,
    "DISPATCH_CHANNELS": DISPATCH_CHANNELS,
    "HANDED_TO": HANDED_TO,
    "PAGE_SURE": PAGE_SURE,
    "SOURCES": SOURCES,
    "PROOFS": PROOFS,
    "WORTH_SHOWING": WORTH_SHOWING,
    "plural": plural,
    "today": clock.today,
    "met": met,
    "term_class": term_class,
}
