"""What a sentence does: speaks for the office, says what the letter is for, concludes it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.text import CACHED, dates, fold

_VERB: Final = re.compile(r"\b[а-я]{3,}(?:ем|им|емся|имся|ю|юсь|у|усь)\b")
_INFORMING: Final = frozenset(
    {
        "сообщать", "сообщить", "направлять", "направить", "прилагать", "разъяснять", "пояснять", "информировать",
        "напоминать", "напомнить", "требовать", "отмечать", "отметить", "обращать", "обратить", "уведомлять",
        "извещать", "перечислить", "начислить", "считать", "предупреждать",
    }
)  # fmt: skip
"""Verbs by which an office gives facts or makes demands: a sentence with one of them does not conclude by that."""
_TO_US: Final = re.compile(
    r"\b(?:напишите|пишите|позвоните|звоните|приходите|обращайтесь|обратитесь|сообщите|приезжайте|заходите|оставайтесь)\b"
    r"|\b(?:просим|прошу)\s+(?:\w+\s+){0,3}(?:обращаться|обратиться|звонить|позвонить|писать|написать)\b"
    r"|\b(?:просим|прошу)\s+(?:\w+\s+){0,3}(?:сообщить|сообщать) нам\b"
    r"|\bвопрос\w*\b.{0,60}\b(?:обращ\w+|обрат\w+|звон\w+|позвон\w+|телефон\w*|ответ\w+|напи\w+|пи\w+|задать|уточн\w+)\b"
    r"|\b(?:можно|вы можете|можете|вправе)\s+(?:\w+\s+){0,2}"
    r"(?:обратиться|обращаться|позвонить|написать|уточнить|узнать|задать)"
    r"|\b(?:можно|можете)\s+(?:получить|узнать|уточнить)\b.{0,40}\bтелефон"
    r"|\b(?:консультаци|разъяснени|подробност|уточнени)\w*\b.{0,60}\b(?:телефон|офис|зал|сайт|кабинет|при[её]м)"
    r"|\b(?:поможет|помогут|подскажет|подскажут|ответит|ответят|проконсультирует|проконсультируют)\b"
    r"|\b(?:в случае|при)\s+несогласи"
)
_PARTICIPLE: Final = re.compile(r"(?<!\bне )(?<!\w)[а-я]{3,}(?:[нт]|[нт][аоы])(?!\w)")
_NOT_YET: Final = re.compile(r"\b(?:будет|будут|быть|если|чтобы|планируется|должн\w+|когда|после того)\b")
_ONLY_BEGUN: Final = frozenset(
    {
        "рассмотреть", "зарегистрировать", "получить", "указать", "поручить", "назначить", "запланировать", "включить",
        "запросить", "установить", "предусмотреть", "утвердить", "определить", "подать", "принять", "проверить",
        "составить", "подписать", "обязать", "отметить", "связать", "основать", "рассчитать", "заявить", "предложить",
        "изучить", "решить",
        "сказать", "написать", "начать", "создать", "нужный", "открыть", "пустить", "отказать", "прочитать", "завысить",
    }
)  # fmt: skip
"""What an office does with a request before it does what was asked."""
_SUM: Final = re.compile(r"\d\s*(?:руб|₽|%|коп)")
_LONG: Final = 300


@lru_cache(maxsize=CACHED)
def first_person(text: str) -> tuple[str, ...]:
    """Dictionary forms of the verbs by which a text speaks of «мы» or «я», in present or future."""
    found: list[str] = []
    for match in _VERB.finditer(fold(text)):
        for parse in analyzer().parse(match.group())[:2]:
            if "VERB" in parse.tag and "1per" in parse.tag and "indc" in parse.tag:
                found.append(parse.normal_form)
                break
    return tuple(found)


@lru_cache(maxsize=CACHED)
def is_accomplished(sentence: str) -> bool:
    """Whether a sentence tells of something done: «производство окончено», «справка выдана», but not «будет выдана»."""
    if _NOT_YET.search(sentence):
        return False
    for match in _PARTICIPLE.finditer(sentence):
        parse = analyzer().parse(match.group())[0]
        if "PRTS" in parse.tag and "perf" in parse.tag and parse.normal_form not in _ONLY_BEGUN:
            return True
    return False


def concludes(text: str, phrases: re.Pattern[str]) -> bool:
    """Whether a last paragraph concludes a letter (12.5.13).

    It does by one of the known phrases, or, when it brings no date and no sum, by a call or wish, by inviting the
    client to turn to the office, or by speaking for the office without giving facts.

    Args:
        text: The paragraph.
        phrases: The known phrases, for folded text.
    """
    if phrases.search(fold(text)):
        return True
    if len(text) > _LONG or dates(text) or _SUM.search(fold(text)):
        return False
    spoken = first_person(text)
    return text.rstrip().endswith("!") or bool(_TO_US.search(fold(text))) or bool(set(spoken) - _INFORMING)
