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
_CODE: Final = re.compile(r"([А-ЯЁ][а-яё]+)(?:ого|ому|ым|ом|ий|ый)\s+кодекс", re.IGNORECASE)


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
    codes = [stem for stem in _CODE.findall(text) if not any(_names(norm, stem) for norm in norms)]
    return list(dict.fromkeys([*missing, *(f"{stem}… кодекс" for stem in codes)]))


def _names(norm: Norm, stem: str) -> bool:
    act = norm.act.casefold()
    return "кодекс" in act and stem.casefold() in act.split("кодекс")[0]
