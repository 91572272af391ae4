"""Ladders of escalation: whom to remind of a term, and when."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from rules.base import Rule, RuleFile

_AT = re.compile(r"^(?P<sign>[+-]?)(?P<number>\d+)(?P<unit>%|wd|h)?$")


class Step(Rule):
    """One rung. ``at`` is a share of the elapsed term (``50%``), working days (``-5wd``), hours (``+4h``) or ``0``."""

    at: Annotated[str, Field(pattern=r"^(\d{1,3}%|[+-]\d+wd|\+\d+h|0)$")]
    to: tuple[str, ...] = Field(min_length=1)
    action: str
    origin: Literal["received", "due"] = Field(default="due", alias="from")

    @property
    def amount(self) -> int:
        """The signed number of ``at``."""
        match = _AT.match(self.at)
        assert match
        return int(match["number"]) * (-1 if match["sign"] == "-" else 1)

    @property
    def unit(self) -> Literal["share", "working_days", "hours", "due"]:
        """What ``amount`` counts; ``due`` is the day of the term itself."""
        if self.at.endswith("%"):
            return "share"
        if self.at.endswith("wd"):
            return "working_days"
        return "hours" if self.at.endswith("h") else "due"


class ShortTerms(Rule):
    """For terms up to so many working days, ``-Nwd`` rungs become these shares, in order."""

    working_days: int = Field(ge=1)
    shares: tuple[Annotated[str, Field(pattern=r"^\d{1,3}%$")], ...]


class Escalation(RuleFile):
    """All ladders and the titles of those whom they reach."""

    short_terms: ShortTerms
    ladders: dict[str, tuple[Step, ...]]
    recipients: dict[str, str]
