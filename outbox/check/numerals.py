"""Numbers written twice, in digits and in words: «18 400 (восемнадцать тысяч четыреста) рублей»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from classifiers.lemmas import lemma
from classifiers.numerals import value
from outbox.check.text import fold

_TWICE: Final = re.compile(
    r"(?<![\d.,/№-])(?P<digits>\d{1,3}(?:\s\d{3})+|\d{1,9})(?:[.,]\d{1,2})?\s*(?:руб\w*\.?\s*)?\((?P<words>[а-яёА-ЯЁ\s-]{3,120})\)"
)
_UNITS: Final = frozenset({"рубль", "целый", "календарный", "рабочий", "день"})


def at_odds(text: str) -> Iterator[re.Match[str]]:
    """Places where the words in brackets say another number than the digits before them."""
    for match in _TWICE.finditer(text):
        said = _value(match["words"])
        if said is not None and said != int(re.sub(r"\s", "", match["digits"])):
            yield match


def _value(words: str) -> Decimal | None:
    """The number that words say in any case form; ``None`` when one of them is neither a numeral nor a unit."""
    return value(word for word in fold(words).split() if lemma(word) not in _UNITS)
