"""Outcome of a complaint, and the kind of an appeal that a person names; managers' figures by outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry import appeals, clock, outcomes, rights
from registry.actor import Actor
from registry.errors import InputError
from registry.outcomes import Settled, Verdict
from rules.wire import Kind
from steps import due
from steps.house import House


def settle(actor: Actor, house: House, number: str, verdict: Verdict) -> None:
    """Set the outcome of a complaint."""
    with house.db.session() as session:
        outcomes.settle(actor, session, appeals.by_number(actor, session, number, lock=True), verdict)


def name_kind(actor: Actor, house: House, number: str, kind: str) -> None:
    """A person names the kind; terms follow. Raises InputError when there is no such kind."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        try:
            named = Kind(kind)
        except ValueError as error:
            raise InputError("Выберите вид обращения из списка.") from error
        appeals.correct_kind(actor, session, appeal, named)
        if appeal.is_open:
            due.recompute(actor, session, house, appeal)


@dataclass(frozen=True, slots=True)
class Figures:
    """Complaints of a span: how many of each topic were registered, and those that have an outcome, counted."""

    by_topic: Mapping[str | None, int]
    settled: Sequence[Settled]


def figures(actor: Actor, house: House, first: dt.date, last: dt.date) -> Figures:
    """Complaints registered from ``first`` to ``last``, both included. Raises InputError when they are swapped."""
    begin, end = span(first, last)
    with house.db.session(write=False) as session:
        return Figures(outcomes.complaints(actor, session, begin, end), outcomes.figures(actor, session, begin, end))


def span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Local days, both included, as moments [begin, end). Raises InputError when they are swapped."""
    if last < first:
        raise InputError("Первый день периода позже последнего. Поменяйте их местами.")
    return clock.midnight(first), clock.midnight(last + dt.timedelta(days=1))
