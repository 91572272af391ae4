"""Routing rules as data, and their lint: no rule may contradict another or never be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import Field

from rules.base import Code, Rule, RuleFile
from rules.roles import RoleId
from rules.wire import Kind, Segment

Address = Literal["company", "curator", "personal_manager"]


class When(Rule):
    """Conditions, all of which must hold; one that is absent does not matter. Lists mean «any of»."""

    unsure: bool | None = None
    vip: bool | None = None
    curator: bool | None = None
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


class Restriction(Rule):
    """What a restriction adds; all that apply add up.

    Attributes:
        restrict: Seen only with ``restricted.view``.
        subtask: Queues that owe a part of the answer.
        inform: Queues that must see the appeal and owe nothing.
        notify: Roles to tell the same day.
        exclude: Codes of ``exclusions``: who must not handle it.
    """

    restrict: bool = False
    subtask: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
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


class Combine(Rule):
    """How the rules of each list work together."""

    restrictions: Literal["accumulate"]
    queue: Literal["first"]
    reply_owner: Literal["first"]


class Given(Rule):
    """The situation of an example, in the words of `rules.situation.RouteFacts`.

    ``topics``: code → the machine's confidence, or ``confirmed`` by a person.
    """

    topics: dict[str, Annotated[float, Field(ge=0, le=1)] | Literal["confirmed"]] = Field(default_factory=dict)
    segment: Segment
    vip: bool = False
    curator: bool = False
    address: Address = "company"
    alarms: tuple[str, ...] = ()
    needs_person: bool = False
    kind: Kind = Kind.QUESTION


class Expected(Rule):
    """Where an example must go. What is not named of the first four must be empty; of the rest, is not looked at."""

    queue: str
    reply_owner: str
    restricted: bool = False
    subtasks: tuple[str, ...] = ()
    inform: tuple[str, ...] | None = None
    notify: tuple[RoleId, ...] | None = None
    exclude: tuple[str, ...] | None = None
    auto_reply: bool | None = None


class RouteExample(Rule):
    """A letter that the owner of the table has thought through: the table's own test."""

    name: str = Field(min_length=1)
    given: Given
    expect: Expected
    rules: tuple[str, ...] = Field(min_length=1)


class RoutingTable(RuleFile):
    """The whole table: restrictions accumulate, ``queue`` and ``reply_owner`` are first match.

    ``combine`` states that order for the reader of the file; the program knows no other.
    """

    combine: Combine
    routing_threshold: float = Field(gt=0, le=1)
    alarms: dict[str, str]
    exclusions: dict[str, str]
    restrictions: tuple[RestrictionRule, ...]
    queue: tuple[ChoiceRule, ...] = Field(min_length=1)
    reply_owner: tuple[ChoiceRule, ...] = Field(min_length=1)
    examples: tuple[RouteExample, ...] = Field(min_length=1)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every rule's id, for tests and reports."""
        choices = (*self.queue, *self.reply_owner)
        return (*(rule.id for rule in self.restrictions), *(rule.id for rule in choices))


Box = dict[str, frozenset[object]]
# conditions with one value at a time; alarm and topic may hold several at once and are compared as wholes
_DOMAINS: Box = {
    "unsure": frozenset({True, False}),
    "vip": frozenset({True, False}),
    "curator": frozenset({True, False}),
    "serves_segment": frozenset({True, False}),
    "segment": frozenset(Segment),
    "kind": frozenset(Kind),
    "address": frozenset(get_args(Address)),
    "topics": frozenset({"many", "one"}),
    "all_topics": frozenset({"auto_reply", "other"}),
    "alarms": frozenset({"none", "some"}),
}


def unreachable(rules: Sequence[ChoiceRule], queues: Iterable[str]) -> tuple[int, tuple[int, ...]] | None:
    """The first rule that can never be reached, with the earlier rules that together take everything from it.

    Exact over conditions of one value (the situations of a rule are a box, earlier boxes are cut out of it);
    an earlier rule with ``alarm`` or ``topic`` counts only where it asks no more than the later one.
    """
    domains = _DOMAINS | {"queue": frozenset(queues)}
    for later, rule in enumerate(rules):
        left = [_box(rule.when, domains)]
        takers: list[int] = []
        for earlier in range(later):
            when = rules[earlier].when
            if _asks_no_more(when.alarm, rule.when.alarm) and _asks_no_more(when.topic, rule.when.topic):
                remains = [piece for box in left for piece in _cut(box, _box(when, domains))]
                if remains != left:
                    takers.append(earlier)
                left = remains
                if not _cut(_box(rule.when, domains), _box(when, domains)):
                    return later, (earlier,)  # one rule alone takes it all: name only that
        if not left:
            return later, tuple(takers)
    return None


def _box(when: When, domains: Box) -> Box:
    box: Box = {}
    for name, domain in domains.items():
        asked = getattr(when, name)
        box[name] = domain if asked is None else asked if isinstance(asked, frozenset) else frozenset({asked})
    return box


def _cut(box: Box, other: Box) -> list[Box]:
    """What is left of a box without another: disjoint boxes."""
    if any(not box[name] & other[name] for name in box):
        return [box]
    pieces: list[Box] = []
    for name in box:
        outside = box[name] - other[name]
        if outside:
            pieces.append({**box, name: outside})
        box = {**box, name: box[name] & other[name]}
    return pieces


def _asks_no_more(earlier: frozenset[str] | None, later: frozenset[str] | None) -> bool:
    return earlier is None or (later is not None and later <= earlier)
