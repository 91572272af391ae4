"""Numbers in words, in any case: «двадцати одного», «полторы тысячи», «двухсот сорока»."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.text import fold

_SMALL: Final = (
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
    "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать",
    "девятнадцать",
)  # fmt: skip
_TENS: Final = (
    "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
)  # fmt: skip
_HUNDREDS: Final = (
    "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_ORDERS: Final = {"тысяча": 1_000, "миллион": 1_000_000, "миллиард": 1_000_000_000}
_RANK: Final = {"NUMR": 0, "ADJF": 1, "NOUN": 2}
"""«сто» is a number before it is a station of technical service, «сорок» before it is magpies."""


@cache
def parts() -> dict[str, Decimal]:
    """Every form of the numerals below a thousand, ё as е, and what it says."""
    values = {word: Decimal(value) for value, word in enumerate(_SMALL)}
    values |= {word: Decimal(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
    values |= {word: Decimal(value) for value, word in zip(range(100, 1000, 100), _HUNDREDS, strict=True)}
    values["полтора"] = Decimal("1.5")
    return _forms(values)


@cache
def orders() -> dict[str, Decimal]:
    """Every form of «тысяча», «миллион», «миллиард»."""
    return _forms({word: Decimal(value) for word, value in _ORDERS.items()})


def value(words: Iterable[str]) -> Decimal | None:
    """The number that words say, in order; None when there is none among them, or one of them is no numeral.

    An order by itself is one: «тысяча двести».
    """
    total = part = Decimal(0)
    said = False
    for word in map(fold, words):
        if (order := orders().get(word)) is not None:
            total, part = total + (part or 1) * order, Decimal(0)
        elif (small := parts().get(word)) is not None:
            part += small
        else:
            return None
        said = True
    return total + part if said else None


def _forms(values: dict[str, Decimal]) -> dict[str, Decimal]:
    found = dict[str, Decimal]()
    for word, value in values.items():
        parses = analyzer().parse(word)
        best = min(parses, key=lambda one: _RANK.get(one.tag.POS, len(_RANK)))
        found |= {fold(form.word): value for form in best.lexeme}
    return found
