"""Numbers written twice, in digits and in words: «18 400 (восемнадцать тысяч четыреста) рублей»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.text import fold

_TWICE: Final = re.compile(
    r"(?<![\d.,/№-])(?P<digits>\d{1,3}(?:\s\d{3})+|\d{1,9})(?:[.,]\d{1,2})?\s*(?:руб\w*\.?\s*)?\((?P<words>[а-яёА-ЯЁ\s-]{3,120})\)"
)
_VALUES: Final = {
    "ноль": 0, "один": 1, "два": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9,
    "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15,
    "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30,
    "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100,
    "двести": 200, "триста": 300, "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700,
    "восемьсот": 800, "девятьсот": 900,
}  # fmt: skip
_ORDERS: Final = {"тысяча": 1_000, "миллион": 1_000_000, "миллиард": 1_000_000_000}
_UNITS: Final = frozenset({"рубль", "целый", "календарный", "рабочий", "день"})


def at_odds(text: str) -> Iterator[re.Match[str]]:
    """Places where the words in brackets say another number than the digits before them."""
    for match in _TWICE.finditer(text):
        said = _value(match["words"])
        if said is not None and said != int(re.sub(r"\s", "", match["digits"])):
            yield match


def _value(words: str) -> int | None:
    """The number that words say in any case form; ``None`` when one of them is no numeral."""
    total = part = 0
    numerals = 0
    for word in fold(words).split():
        forms = {parse.normal_form.replace("ё", "е") for parse in analyzer().parse(word)}
        order = next((value for name, value in _ORDERS.items() if name in forms), None)
        value = next((value for name, value in _VALUES.items() if name in forms), None)
        if order is not None:
            total, part = total + max(part, 1) * order, 0
        elif value is not None:
            part += value
        elif forms & _UNITS:
            continue
        else:
            return None
        numerals += 1
    return total + part if numerals else None
