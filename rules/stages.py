"""Norms of the steps within a term: registration, acknowledgement and the rest (deadlines.yaml: stages)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rules.counting import count, show
from rules.errors import UnknownRuleError
from rules.wire import Due, DueDate

if TYPE_CHECKING:
    from rules.book import RuleBook


def stage_due(book: RuleBook, stage: str, start: dt.date, *, is_vip: bool = False) -> DueDate:
    """Last day of a step that begins on a local date.

    Inner norms are shorter for a VIP: divided by ``vip_factor``, rounded down, one day at least (standard 15.2, 15.3).
    A ceiling set by law is not divided.

    Raises:
        UnknownRuleError: No such stage.
    """
    data = book.deadlines
    norm = data.stages.get(stage)
    if norm is None:
        raise UnknownRuleError(f"Этапа «{stage}» нет. Возьмите имя из раздела stages файла rules/deadlines.yaml.")
    quantity, basis = norm.quantity, norm.basis
    lines = [f"Этап: {norm.title}. Основание: {norm.basis}."]
    if is_vip and norm.force == "target":
        quantity = max(1, int(quantity / data.vip_factor))
        basis = f"{basis}; {data.vip_factor_basis}"
        lines.append(f"Для VIP-клиента норматив делится на {data.vip_factor:g}: {quantity} ({data.vip_factor_basis}).")
    hard = norm.force == "hard"
    edge = data.counting.hard_end_on_day_off if hard else data.counting.target_end_on_day_off
    counted = count(book.calendars.for_terms, start, quantity, norm.unit, edge)
    lines.append(f"Считаем от {show(start)}; сам этот день не считается (ГК РФ, ст. 191).")
    lines += counted.lines
    lines += [f"Предварительно: {doubt}." for doubt in counted.doubts]
    lines.append(f"Итог: {show(counted.date)} включительно.")
    return DueDate(
        date=counted.date,
        rule=f"STAGE_{stage.upper()}",
        basis=basis,
        certainty=norm.certainty,
        explanation=lines,
        provisional=bool(counted.doubts),
    )


def ack_due(book: RuleBook, registered: dt.date, *, is_vip: bool = False) -> DueDate:
    """Last day of the acknowledgement with number, date and term (standard 6.3, 11.3.16.6)."""
    return stage_due(book, "acknowledgement", registered, is_vip=is_vip)


def registration_due(book: RuleBook, received: dt.date, *, is_vip: bool = False) -> Due:
    """Registration: ``target`` is the inner norm, ``hard`` the ceiling borrowed from 59-ФЗ; ``received`` is local."""
    return Due(
        hard=stage_due(book, "registration_limit", received, is_vip=is_vip),
        target=stage_due(book, "registration", received, is_vip=is_vip),
    )
