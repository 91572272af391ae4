"""Outcomes of complaints as heads and managers read them: by cause, with what is not settled yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import outcomes
from registry.actor import Actor
from steps import outcome
from steps.house import House


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Complaints of one cause."""

    title: str
    total: int
    substantiated: int
    out_of_court: int
    in_court: int


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Complaints registered in a span. ``unsettled``: those without an outcome yet."""

    complaints: int
    unsettled: int
    rows: list[CauseRow]
    total: CauseRow

    @property
    def substantiated_share(self) -> float | None:
        """Substantiated among the settled ones, 0..1; None when nothing is settled (standard 16.9)."""
        return self.total.substantiated / self.total.total if self.total.total else None


def page(actor: Actor, house: House, first: dt.date, last: dt.date) -> OutcomePage:
    """Return the figures of the complaints that the actor may see. Raises ForbiddenError, InputError."""
    found = outcome.figures(actor, house, first, last)
    rows = [
        CauseRow(outcomes.CAUSES[one.cause], one.total, one.substantiated, one.out_of_court, one.in_court)
        for one in found.by_cause
    ]
    total = CauseRow(
        "Всего",
        sum(row.total for row in rows),
        sum(row.substantiated for row in rows),
        sum(row.out_of_court for row in rows),
        sum(row.in_court for row in rows),
    )
    return OutcomePage(found.complaints, found.complaints - total.total, rows, total)
