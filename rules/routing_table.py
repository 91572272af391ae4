"""Routing rules as data, and their lint: no rule may contradict another or never be reached."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from pydantic import Field

from rules.base import Code, Rule, RuleFile
from rules.roles import RoleId
from rules.wire import Kind, Segment

Address = Literal["company", "curator", "personal_manager"]


class When(Rule):
    """Conditions, all of which must hold; one that is absent does not matter. Lists mean «any of»."""

    unsure: bool | None = None
    vip: bool | None = None
    serves_segment: bool | None = None
    segment: frozenset[Segment] | None = Field(default=None, min_length=1)
    kind: frozenset[Kind] | None = Field(default=None, min_length=1)
    address: frozenset[Address] | None = Field(default=None, min_length=1)
    alarm: frozenset[str] | None = Field(default=None, min_length=1)
    topic: frozenset[str] | None = Field(default=None, min_length=1)
    queue: frozenset[str] | None = Field(default=None, min_length=1)
    topics: Literal["many"] | None = None
    all_topics: Literal["auto_reply"] | None = None
    alarms: Literal["none"] | None = None

    def covers(self, other: When) -> bool:
        """Whether whatever satisfies ``other`` satisfies this: then ``other``, standing later, is never reached."""
        for name in When.model_fields:
            mine, others = getattr(self, name), getattr(other, name)
            if mine is None:
                continue
            if others is None or (isinstance(mine, frozenset) and not others <= mine):
                return False
            if not isinstance(mine, frozenset) and mine != others:
                return False
        return True


class Restriction(Rule):
    """What a restriction adds; all that apply add up."""

    restrict: bool = False
    subtask: tuple[str, ...] = ()
    notify: tuple[RoleId, ...] = ()
    exclude: tuple[str, ...] = ()


class RestrictionRule(Rule):
    """One restriction."""

    id: Code
    when: When
    then: Restriction
    basis: str


class ChoiceRule(Rule):
    """One line of a first-match list. ``then`` is a queue, ``topic`` (its queue) or ``queue`` (its reply owner)."""

    id: Code
    when: When
    then: str
    basis: str
    auto_reply: bool = False


class RoutingTable(RuleFile):
    """The whole table: restrictions accumulate, ``queue`` and ``reply_owner`` are first match."""

    routing_threshold: float = Field(gt=0, le=1)
    alarms: dict[str, str]
    exclusions: dict[str, str]
    restrictions: tuple[RestrictionRule, ...]
    queue: tuple[ChoiceRule, ...] = Field(min_length=1)
    reply_owner: tuple[ChoiceRule, ...] = Field(min_length=1)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every rule's id, for tests and reports."""
        choices = (*self.queue, *self.reply_owner)
        return (*(rule.id for rule in self.restrictions), *(rule.id for rule in choices))


def unreachable(rules: Sequence[ChoiceRule]) -> tuple[int, int] | None:
    """Indices (dead rule, the earlier rule that hides it) of the first rule that can never be reached."""
    for later, rule in enumerate(rules):
        for earlier in range(later):
            if rules[earlier].when.covers(rule.when):
                return later, earlier
    return None
