"""Queues of units: who prepares, who answers, how much they can do."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from rules.base import Code, Rule, RuleFile
from rules.wire import Segment


class Capacity(Rule):
    """Planning figures: people, and letters a person a working day."""

    staff: int = Field(ge=1)
    per_person_per_day: int = Field(ge=1)


class Queue(Rule):
    """A unit's queue. ``reply_owner`` is a queue or ``self``; routing may name another (standard 15.1-15.3)."""

    id: Code
    name: str
    office: Literal["front", "back"]
    segments: frozenset[Segment] = Field(min_length=1)
    responsibility: str
    reply_owner: str
    calendar: str
    capacity: Capacity
    accept_within_working_hours: int = Field(ge=1)
    escalation: str
    assignment: Literal["by_contract_curator", "by_personal_manager"] | None = None
    restricted: bool = False
    vip_only: bool = False
    irregular_hours: bool = False

    def backlog_days(self, waiting: int, present: int | None = None) -> float:
        """Working days that open work takes: by those present, or by the planned staff when nobody is known."""
        people = present or self.capacity.staff
        return waiting / (people * self.capacity.per_person_per_day)

    @property
    def owner(self) -> str:
        """Code of the queue that answers by default."""
        return self.id if self.reply_owner == "self" else self.reply_owner


class Queues(RuleFile):
    """All queues. ``overload_days``: from how many working days of open work a queue counts as overloaded."""

    overload_days: int = Field(ge=1)
    queues: tuple[Queue, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, Queue]:
        """Queues by code, in the order of the file."""
        return {queue.id: queue for queue in self.queues}
