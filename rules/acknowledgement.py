"""The acknowledgement of registration: the words of a letter that leaves by itself (standard 6.3, 11.3.16.6)."""

from __future__ import annotations

import string
from typing import Final

from pydantic import ValidationInfo, field_validator

from rules.base import RuleFile

PLACES: Final = frozenset({"number", "date", "received", "due", "company", "phone"})

_NUMBER: Final = ("{number}", "номер обращения")
_DAY: Final = ("{due}", "срок ответа")
_DATE: Final = ("{date}", "день регистрации")
MUST_SAY: Final = {
    "subject": (_NUMBER,),
    "registered": (_NUMBER, _DATE),
    "term": (_DAY,),
    "term_provisional": (_DAY,),
}
"""What an acknowledgement tells: number, date and term (standard 6.3, 11.3.16.6)."""


class Acknowledgement(RuleFile):
    """Words with places for number, dates and the company; a date that is provisional has a sentence of its own."""

    subject: str
    salutation: str
    registered: str
    term: str
    term_provisional: str
    advice: str
    closing: str

    @field_validator("subject", "salutation", "registered", "term", "term_provisional", "advice", "closing")
    @classmethod
    def _known_places(cls, text: str) -> str:
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise ValueError("непарная фигурная скобка -> исправьте подстановку, например {number}") from error
        if unknown := sorted(named - PLACES):
            raise ValueError(
                f"неизвестная подстановка {{{unknown[0]}}} -> возьмите одну из: {', '.join(sorted(PLACES))}"
            )
        if not text.strip() or "\n" in text:
            raise ValueError("нужна одна непустая строка -> впишите слова в одну строку")
        return text

    @field_validator(*MUST_SAY)
    @classmethod
    def _says_what_it_must(cls, text: str, info: ValidationInfo) -> str:
        for place, what in MUST_SAY[str(info.field_name)]:
            if place not in text:
                raise ValueError(f"не назван {what} -> добавьте {place}")
        return text
