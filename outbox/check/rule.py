"""What a rule's function gives back, and how it is found by the rule's id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from outbox.check.facts import Letter
from rules.wire import Severity


class NotCheckedError(Exception):
    """The rule cannot answer for this letter; the Russian message says why."""


@dataclass(frozen=True)
class Hit:
    """One violation: values for the message, its place, and a milder severity where the rule has one.

    Attributes:
        values: Values for the ``{names}`` of the message.
        where: Place in the letter, in Russian.
        variant: Name of the wording; ``None`` for the rule's main message.
        severity: A weight other than the rule's own; anything but an error never blocks.
        doubt: Why it may be no violation, in Russian: it is told as a hint then, with this reason.
    """

    where: str
    values: dict[str, str] = field(default_factory=dict)
    variant: str | None = None
    severity: Severity | None = None
    doubt: str = ""


Check = Callable[[Letter], Iterator[Hit]]
FUNCTIONS: Final[dict[str, Check]] = {}


def rule(rule_id: str) -> Callable[[Check], Check]:
    """Register the function of a rule."""

    def register(function: Check) -> Check:
        assert rule_id not in FUNCTIONS
        FUNCTIONS[rule_id] = function
        return function

    return register
