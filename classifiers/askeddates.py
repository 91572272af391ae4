"""Days by which the client himself wants something: information for whoever answers, never a term (standard 9.2.1)."""

from __future__ import annotations

import re
from typing import Final

from classifiers.numbers import find_dates, mend_dates
from rules.wire import AskedDate

_BY: Final = re.compile(r"(?i)\b(?:в\s+срок\s+до|не\s+позднее|не\s+позже|крайний\s+срок|срок\w*|до|к|ко)\s*[:—–-]?\s*$")
_ASKS: Final = re.compile(
    r"(?i)\b(?:прошу|просим|просьба|жду|жд[её]м|требу\w+|нужн\w+|необходим\w*|надо|хочу|ответ\w*|ответить|успе\w+|срочно|сделк\w+|пришлите"
    r"|вышлите|направьте|пересчитайте|исправьте|верните|срок\w*(?:\s+\w+)?\s*[:—–]|решите|сделайте|дайте|сообщите|рассмотр\w+|уладить|устраните)\b"
)
_SPAN: Final = re.compile(
    r"(?i)\b(?:(?:в\s+течение|за|не\s+позднее(?:\s+чем)?\s+(?:через|в\s+течение)|через)\s+|срок\w*(?:\s+\w+)?\s*[:—–-]\s*)"
    r"(?:\d{1,3}|одного|двух|тр[её]х|четыр[её]х|пят[иь]|сем[иь]|десят[иь]|"
    r"четырнадцати|пятнадцати|тридцати)(?:-?\w{1,3})?\s*(?:\([^)]{1,20}\)\s*)?(?:рабочих\s+|календарных\s+)?(?:дн\w+|сут\w+|недел\w+|месяц\w*|час\w*)"
    r"|\bдо\s+(?:понедельника|вторника|среды|четверга|пятницы|субботы|воскресенья|конца\s+(?:недели|месяца|года|дня)|завтра|нового\s+года)"
    r"|\b(?:на|к)\s+(?:этой|следующей)\s+неделе"
    r"|\b(?:до|к|не\s+позднее|не\s+позже)\s+\d{1,2}(?:-?го)?\s+(?:января|февраля|марта|апреля|мая|июня|июля|августа"
    r"|сентября|октября|ноября|декабря)\b"
)
_PAST: Final = re.compile(
    r"(?i)\b(?:срок\w*\s+(?:давности|хранения|поверки)|действ\w+|оплатил\w*|передал\w*|прожива\w+|отсутствовал\w*"
    r"|период\w*|пени)\b"
)
_SENTENCE: Final = re.compile(r"[^.!?\n]*(?:\.(?=\d|\s?[а-яё])[^.!?\n]*)*[.!?\n]?")
MAX_ASKED: Final = 5


def asked_dates(text: str) -> list[AskedDate]:
    """The days and spans that a letter asks for, with the sentences; a span has no date of its own."""
    found: list[AskedDate] = []
    mended = mend_dates(text)
    for sentence in _SENTENCE.finditer(mended):
        whole = sentence.group()
        if not _ASKS.search(whole) or _PAST.search(whole):
            continue
        quote = " ".join(whole.split())[:200]
        days = [date for date, start, _ in find_dates(whole) if _BY.search(whole[max(start - 30, 0) : start])]
        found += [AskedDate(date=date, quote=quote) for date in days]
        if not days and _SPAN.search(whole):
            found.append(AskedDate(quote=quote))
    return found[:MAX_ASKED]
