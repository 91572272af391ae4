"""Ladders of escalation: whom to remind of a term, and when."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile
from rules.calendar import WorkCalendar

EXECUTOR: Final = "executor"  # not a role: whoever has taken the appeal
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


class Recipient(Rule):
    """Whom a rung reaches: his title, and the role of roles.yaml that hears of it (or ``executor``)."""

    title: str
    role: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder with its local moment."""

    at: str
    moment: dt.datetime
    to: tuple[str, ...]
    action: str


class Escalation(RuleFile):
    """All ladders and those whom they reach."""

    short_terms: ShortTerms
    ladders: dict[str, tuple[Step, ...]]
    recipients: dict[str, Recipient]

    @model_validator(mode="after")
    def _told_once(self) -> Self:
        for name, steps in self.ladders.items():
            marks = [step.at for step in steps]
            if twice := next((at for at in marks if marks.count(at) > 1), None):
                raise ValueError(f"лестница {name}: ступень «{twice}» дважды -> соедините: перечислите всех в to")
        return self

    def rungs(
        self, ladder: str, received: dt.datetime, due: dt.date, days: WorkCalendar, office: WorkCalendar
    ) -> list[Rung]:
        """Return the rungs of a ladder for one term, the earliest first.

        Those counted in days come at the beginning of a day on which people work, or from the receipt at its hour; none
        comes before the receipt.

        Args:
            ladder: Name of the ladder.
            received: Local moment of receipt.
            due: The hard term.
            days: Calendar by which terms are counted.
            office: Calendar of the queue, whose hours are counted.
        """
        steps = self._fitted(ladder, received.date(), due, days)
        rungs = [
            Rung(step.at, max(received, _moment(step, at, received, due, days, office)), step.to, step.action)
            for step, at in steps
        ]
        return sorted(rungs, key=lambda rung: rung.moment)

    def _fitted(self, ladder: str, first: dt.date, due: dt.date, days: WorkCalendar) -> list[tuple[Step, Step]]:
        """The steps as they are named, and as they count: shares stand for days where the term is short."""
        steps = self.ladders[ladder]
        if days.working_days(first, due) > self.short_terms.working_days:
            return [(step, step) for step in steps]
        shares = iter(self.short_terms.shares)
        fitted = []
        for step in steps:
            share = next(shares, None) if step.unit == "working_days" and step.amount < 0 else None
            fitted.append((step, step.model_copy(update={"at": share}) if share else step))
        return fitted


def _moment(
    named: Step, step: Step, received: dt.datetime, due: dt.date, days: WorkCalendar, office: WorkCalendar
) -> dt.datetime:
    if step.unit == "hours":
        start = received if named.origin == "received" else _morning(due, received)
        return office.add_working_hours(start, step.amount)
    first = received.date()
    if step.unit == "share":
        passed = first + dt.timedelta(days=math.ceil((due - first).days * step.amount / 100))
        return _morning(min(days.next_working(passed), days.previous_working(due)), received)
    if step.unit == "due":
        return _morning(days.previous_working(due), received)
    if step.origin == "received":  # whole days pass: what came at 16:00 is a day old at 16:00
        return dt.datetime.combine(days.add_working_days(first, step.amount), received.timetz())
    if step.amount >= 0:
        return _morning(days.add_working_days(due, step.amount), received)
    return _morning(days.subtract_working_days(due, -step.amount), received)


def _morning(day: dt.date, like: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), like.tzinfo)
