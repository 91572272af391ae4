"""Both due dates of an appeal from the rules in force: pure, explained, never a date without its basis (P4)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.candidates import Candidate, Claims
from rules.counting import Counted, show
from rules.facts import DueFacts, ItemFacts
from rules.stages import ack_due, registration_due
from rules.wire import Certainty, Due, DueDate

if TYPE_CHECKING:
    from rules.book import RuleBook

__all__ = ["DueFacts", "ItemFacts", "ack_due", "due", "item_dues", "local_date", "registration_due"]


# How sure a rule is, in a lawyer's words; the levels themselves are explained in deadlines.yaml.
_CERTAINTIES = {
    Certainty.STANDARD: "прямо написано в Стандарте",
    Certainty.VERIFIED: "текст и применимость сверены с источником",
    Certainty.MEMORY: "норма указана по памяти, с источником не сверена",
    Certainty.DOUBTFUL: "применимость нормы спорна, нужен ответ юриста",
    Certainty.PROPOSAL: "внутренний норматив, в Стандарте и законе его нет",
}


def local_date(book: RuleBook, moment: dt.datetime) -> dt.date:
    """The day in Ufa on which a moment falls (23:30 in Moscow is already tomorrow)."""
    return moment.astimezone(ZoneInfo(book.calendars.timezone)).date()


def due(book: RuleBook, facts: DueFacts) -> Due:
    """``due_hard`` and ``due_target`` of an appeal, by the rules in force on the day of its receipt.

    The way of choosing is written for its owner in deadlines.yaml. Topics unknown to the book give no candidate and
    are told in the explanation: an appeal is never left without ``due_hard``.

    Raises:
        UnknownRuleError: ``facts.rule`` names no rule.
    """
    received = local_date(book, facts.received)
    claims = Claims(book.for_received(received), facts, received).collect()
    hard = min((one for one in claims.found if one.force == "hard"), key=lambda one: one.order)
    hard_date = _finish(claims, hard, hard.counted, [one for one in claims.found if one is not hard])
    return Due(hard=hard_date, target=_target(claims, hard, hard_date))


def item_dues(book: RuleBook, facts: DueFacts) -> dict[int, Due]:
    """The terms of each question by itself, by its ordinal.

    What binds the whole letter binds every question of it; of the topics only its own gives a candidate. The letter's
    ``due_hard`` is therefore never later than that of any question.

    Raises:
        UnknownRuleError: ``facts.rule`` names no rule.
    """
    beside = facts.every_topic
    return {
        item.ordinal: due(book, dataclasses.replace(facts, topics=(), doubtful_topics=(), items=(item,), beside=beside))
        for item in facts.items
    }


def _target(claims: Claims, hard: Candidate, hard_date: DueDate) -> DueDate:
    calendar = claims.book.calendars.for_terms
    limit = calendar.previous_working(hard.counted.date)
    aims = [one for one in claims.found if one.force == "target"]
    best = min(aims, key=lambda one: one.order, default=None)
    if best and best.counted.date < limit:
        return _finish(claims, best, best.counted, [one for one in claims.found if one is not best])
    lines = [f"Ни одна внутренняя цель не раньше предельного срока {show(hard.counted.date)}."]
    if limit != hard.counted.date:
        lines.append(f"Он нерабочий, поэтому внутренний срок — последний рабочий день перед ним, {show(limit)}.")
    doubts = tuple(dict.fromkeys((*hard.counted.doubts, *calendar.doubts(limit, limit))))
    if not hard_date.provisional and limit == hard.counted.date:
        doubts = ()  # the paper's own day is firm whatever the calendar
    return _finish(claims, hard, Counted(limit, tuple(lines), doubts), aims)


def _finish(claims: Claims, chosen: Candidate, counted: Counted, others: Sequence[Candidate]) -> DueDate:
    """Put the explanation together: receipt, rule, how sure it is, count, the others, doubts, result."""
    facts = claims.facts
    local = facts.received.astimezone(ZoneInfo(claims.book.calendars.timezone))
    # A paper's date has no hour: it is kept as noon (registry.clock.noon), and noon is not told as a fact.
    hour = "" if local.time() == dt.time(12) else f" в {local:%H:%M} по местному времени"
    lines = [f"Получено {show(claims.received)}{hour}."]
    if facts.registered is not None:
        lines.append(f"Зарегистрировано {show(facts.registered)}.")
    lines.append(f"Правило {chosen.rule} ({chosen.origin}): {chosen.title}. Основание: {chosen.basis}.")
    lines += counted.lines
    lines.append(f"Надёжность: {_how_sure(chosen)}.")
    lines += [f"Рассмотрено также: {other.summary}." for other in sorted(others, key=lambda one: one.order)]
    lines += claims.notes
    lines += [f"Предварительно: {doubt}." for doubt in counted.doubts]
    lines.append(f"Итог: {show(counted.date)} включительно.")
    return DueDate(
        date=counted.date,
        rule=chosen.rule,
        basis=chosen.basis,
        certainty=chosen.certainty,
        explanation=lines,
        provisional=bool(counted.doubts),
    )


def _how_sure(chosen: Candidate) -> str:
    """How sure the rule is, in a lawyer's words; the standard itself needs no order beside it."""
    if chosen.certainty is Certainty.STANDARD:
        return _CERTAINTIES[chosen.certainty]
    order = (
        f"применение утверждено приказом № {chosen.order_no}"
        if chosen.order_no
        else "применение приказом пока не утверждено"
    )
    return f"{_CERTAINTIES[chosen.certainty]}; {order}"
