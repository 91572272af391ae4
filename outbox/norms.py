"""Norms that the scripts cite: each written out with number and date, and when it ceases to be in force.

A script that names an act without an entry here is refused at loading, so that no citation escapes the review.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from pydantic import Field

from rules.wire import Wire

_NUMBERED: Final = re.compile(r"от\s+(\d{2}\.\d{2}\.\d{4})(?:\s+года)?\s+№\s*([\w/-]+)")
_CODE: Final = re.compile(r"(?P<names>[А-ЯЁ][а-яё-]+(?:\s+[а-яё-]+(?:ого|ому|ым|им|ом|ем|ий|ый))*)\s+[Кк]одекс\w*")
"""A code by its name: the first word with a capital letter, further ones as adjectives before «кодекс»."""
_ADJECTIVE: Final = re.compile(r"([а-яё-]+)(?:ого|его|ому|ему|ым|им|ом|ем|ий|ый|ой)\b")
_NO_NAME: Final = frozenset({"настоящ", "указанн", "данн", "названн", "т", "эт", "действующ", "упомянут"})
"""Stems of words that point to a code and do not name one."""


class Norm(Wire):
    """One norm, as a script cites it.

    Attributes:
        act: Kind and name of the act, e.g. «Жилищный кодекс Российской Федерации».
        number: Its number.
        date: Its date.
        clause: What of it is cited, e.g. «ст. 157 ч. 6»; None where the clerk names the clause in a field.
        valid_until: Last day in force; None while no end is known.
        checked_at: Day on which the owner of the script compared it with the official text; None: not yet.
    """

    act: str = Field(min_length=1)
    number: str = Field(min_length=1)
    date: dt.date
    clause: str | None = None
    valid_until: dt.date | None = None
    checked_at: dt.date | None = None

    @property
    def title(self) -> str:
        """The norm in one line."""
        clause = f", {self.clause}" if self.clause else ""
        return f"{self.act} от {self.date:%d.%m.%Y} № {self.number}{clause}"


def uncited(text: str, norms: list[Norm]) -> list[str]:
    """Return the acts that a text names by number or as a code and that no norm describes."""
    known = {(f"{norm.date:%d.%m.%Y}", norm.number.casefold()) for norm in norms}
    missing = [f"№ {number}" for date, number in _NUMBERED.findall(text) if (date, number.casefold()) not in known]
    codes = [stems for stems in _codes(text) if not any(stems in _codes(norm.act) for norm in norms)]
    return list(dict.fromkeys([*missing, *(f"{'… '.join(stems)}… кодекс" for stems in codes)]))


def _codes(text: str) -> list[tuple[str, ...]]:
    """Codes that a text names, each by the stems of its adjectives: «гражданск», «процессуальн»."""
    adjectives = (_ADJECTIVE.findall(match["names"].casefold()) for match in _CODE.finditer(text))
    named = ([stem for stem in stems if stem not in _NO_NAME] for stems in adjectives)
    return [tuple(stems) for stems in named if stems]
