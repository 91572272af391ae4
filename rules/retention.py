"""The file plan (номенклатура дел): which case file an appeal belongs to, and how long it is kept."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile
from rules.source import Source
from rules.topics import Ekto
from rules.wire import Certainty, Kind, Segment

Erased = Literal[
    "letter", "parties", "replies", "mail", "arrivals", "papers", "notes", "history", "client", "search", "returned",
]  # fmt: skip
Kept = Literal["number", "topic", "queue", "terms", "outcome", "chain"]
_LISTS = ("segment", "kind", "topic", "group", "ground")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides about the case file of an appeal; None is unknown."""

    segment: str
    kind: str | None = None
    topic: str | None = None
    ground: str | None = None
    restricted: bool = False


class CaseWhen(Rule):
    """Conditions of a case file: «or» within one, «and» between them; an absent one asks nothing."""

    segment: frozenset[Segment] | None = None
    kind: frozenset[Kind] | None = None
    topic: frozenset[str] | None = None
    group: frozenset[str] | None = None
    ground: frozenset[str] | None = None
    restricted: bool | None = None

    def holds(self, facts: CaseFacts) -> bool:
        """Whether an appeal meets every condition."""
        given = {
            "segment": facts.segment,
            "kind": facts.kind,
            "topic": facts.topic,
            "group": facts.topic[1:3] if facts.topic else None,
            "ground": facts.ground,
        }
        lists = all(getattr(self, name) is None or given[name] in getattr(self, name) for name in _LISTS)
        return lists and self.restricted in {None, facts.restricted}

    def covers(self, other: CaseWhen) -> bool:
        """Whether everything that meets the other conditions meets these too."""
        for name in _LISTS:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine is not None and (theirs is None or not theirs <= mine):
                return False
        return self.restricted in {None, other.restricted}


class CaseFile(Rule):
    """A case file with its term of keeping."""

    index: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")]
    title: str
    years: int = Field(ge=1, le=75)
    start: Literal["year_end", "closing"]
    when: CaseWhen
    basis: str
    certainty: Certainty


class Nomenclature(RuleFile):
    """The whole plan. ``erased`` and ``kept`` are the words of the protocols for what the program empties and keeps."""

    minimum_months: int = Field(ge=12)
    volume_sheets: int = Field(ge=1, le=1000)
    same_person_may_approve: bool
    returned_post_years: int = Field(default=1, ge=1, le=10)
    cases: tuple[CaseFile, ...] = Field(min_length=1)
    erased: dict[Erased, str]
    kept: dict[Kept, str]

    @cached_property
    def by_index(self) -> dict[str, CaseFile]:
        """Case files by index."""
        return {case.index: case for case in self.cases}

    def case_for(self, facts: CaseFacts) -> CaseFile:
        """The first case file whose conditions hold; the last one asks nothing, so there always is one."""
        return next(case for case in self.cases if case.when.holds(facts))

    def keep_until(self, case: CaseFile, closed: dt.date) -> dt.date:
        """Last day of keeping, local; the appeal may be destroyed on the day after.

        From the end of the year of closing (as offices count) or from the day of closing, and never less than the
        twelve months of the standard's 11.2.16.
        """
        if case.start == "year_end":
            until = dt.date(closed.year + case.years, 12, 31)
        else:
            until = _months_later(closed, case.years * 12)
        return max(until, _months_later(closed, self.minimum_months))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.cases[-1].when != CaseWhen():
            raise ValueError("нет дела для всего остального -> добавьте последним дело с when: {}")
        for name, given, wanted in (("erased", self.erased, get_args(Erased)), ("kept", self.kept, get_args(Kept))):
            if missing := sorted(set(wanted) - set(given)):
                raise ValueError(f"в {name} нет {', '.join(missing)} -> добавьте: это слова для протокола")
        return self


def check_cases(plan: Nomenclature, ekto: Ekto, source: Source) -> None:
    """Raise RuleError at a case file that is named twice, never reached, or names topics that do not exist."""
    groups = {group.code for group in ekto.groups}
    for number, case in enumerate(plan.cases):
        place = ("cases", number)
        for other in plan.cases[:number]:
            if other.index == case.index:
                source.fail((*place, "index"), f"дело {case.index} уже есть выше", "дайте другой индекс")
            if other.when.covers(case.when):
                problem = f"до дела {case.index} очередь не дойдёт: всё забирает {other.index} выше"
                source.fail((*place, "when"), problem, "измените условия или порядок дел")
        for name, known, what in (("topic", set(ekto.by_code), "тема"), ("group", groups, "группа")):
            for code in sorted((getattr(case.when, name) or set()) - known):
                source.fail((*place, "when", name), f"{what} «{code}» не существует", "исправьте код")


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
