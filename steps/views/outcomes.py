"""Outcomes of complaints as heads and managers read them: by cause, outcome, topic or measure; each in a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from outbox import journalprint
from outbox.journalprint import Column, JournalSheet
from outbox.sheetrows import Cell
from registry import clock, lifecycle, outcomes, rights
from registry.actor import Actor
from registry.models import Appeal, Outcome
from registry.outcomes import Settled
from steps import outcome, report
from steps.access import noted
from steps.house import House
from steps.views.files import FileView
from steps.views.postpapers import XLSX

GROUPS: Final[dict[str, str]] = {
    "cause": "Причина",
    "verdict": "Исход",
    "topic": "Тема",
    "measure": "Мера",
}
"""What the figures may be counted by, and the title of its column."""
COLUMNS: Final = (
    Column("Номер", 22), Column("Зарегистрирована", 18), Column("Канал", 18), Column("Сегмент", 12),
    Column("Тема", 45), Column("Отдел", 35), Column("Состояние", 22), Column("Исход", 20), Column("Правомерность", 30),
    Column("Причина", 35), Column("Причина словами", 35), Column("Мера", 35), Column("Мера словами", 45),
    Column("Решено", 18),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Complaints of one cause, outcome, topic or measure. ``unsettled`` is known of topics alone."""

    title: str
    total: int
    substantiated: int
    out_of_court: int
    in_court: int
    unsettled: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Complaints registered in a span. ``by``: what the rows are; ``unsettled``: those without an outcome yet."""

    complaints: int
    unsettled: int
    by: str
    rows: list[OutcomeRow]
    total: OutcomeRow

    @property
    def substantiated_share(self) -> float | None:
        """Substantiated among the settled ones, 0..1; None when nothing is settled (standard 16.9)."""
        return self.total.substantiated / self.total.total if self.total.total else None


def page(actor: Actor, house: House, first: dt.date, last: dt.date, by: str = "cause") -> OutcomePage:
    """Return the figures of the complaints that the actor may see. Raises ForbiddenError, InputError."""
    found = outcome.figures(actor, house, first, last)
    by = by if by in GROUPS else "cause"
    groups: dict[str | None, list[Settled]] = {}
    for one in found.settled:
        groups.setdefault(_key(one, by), []).append(one)
    settled = {key: sum(one.count for one in rows) for key, rows in groups.items()}
    if by == "topic":
        groups = {key: groups.get(key, []) for key in found.by_topic}
    titles = _titles(house, by)
    places = {key: place for place, key in enumerate(titles)}
    rows = [
        _row(
            titles.get(key or "", "тема не определена"),
            groups[key],
            found.by_topic[key] - settled.get(key, 0) if by == "topic" else None,
        )
        for key in sorted(groups, key=lambda one: places.get(one or "", len(places)))
    ]
    complaints = sum(found.by_topic.values())
    total = _row("Всего", found.settled, complaints - sum(settled.values()) if by == "topic" else None)
    return OutcomePage(complaints, complaints - total.total, by, rows, total)


def workbook(actor: Actor, house: House, first: dt.date, last: dt.date) -> FileView:
    """Return every complaint that the actor may see with its outcome as a workbook; the taking out is logged.

    Raises:
        ForbiddenError: He may not see reports.
        InputError: The days are swapped.
    """
    begin, end = outcome.span(first, last)
    out = BytesIO()
    with noted(actor, house, "export", "what", "outcomes"), house.db.session(write=False) as session:
        rights.require(actor, session, "report.view")
        found = outcomes.each(actor, session, begin, end)
        sheet = JournalSheet(
            title="Исходы жалоб",
            period=f"Зарегистрированы с {first:%d.%m.%Y} по {last:%d.%m.%Y}",
            company=house.book.company.short_name,
            made=clock.now().astimezone(clock.LOCAL),
            columns=COLUMNS,
            rows=_cells(house, found),
        )
        journalprint.write_xlsx(sheet, out)
    return FileView(f"Исходы жалоб {first:%d.%m.%Y}-{last:%d.%m.%Y}.xlsx", XLSX, out.getvalue())


def _key(one: Settled, by: str) -> str | None:
    if by == "verdict":
        return f"{'yes' if one.substantiated else 'no'}:{one.lawful}"
    return {"cause": one.cause, "topic": one.topic, "measure": one.measure}[by]


def _titles(house: House, by: str) -> Mapping[str, str]:
    """Titles of the groups in the order in which they stand."""
    if by == "cause":
        return outcomes.CAUSES
    if by == "measure":
        return outcomes.MEASURES
    if by == "topic":
        return {code: f"{code} {topic.name}" for code, topic in house.book.ekto.by_code.items()}
    return {
        f"{known}:{lawful}": f"{_verdict(substantiated=known == 'yes')}. {title}"
        for known in ("yes", "no")
        for lawful, title in outcomes.LAWFUL.items()
    }


def _verdict(*, substantiated: bool) -> str:
    return "Обоснованная" if substantiated else "Необоснованная"


def _row(title: str, found: Sequence[Settled], unsettled: int | None) -> OutcomeRow:
    return OutcomeRow(
        title,
        sum(one.count for one in found),
        sum(one.count for one in found if one.substantiated),
        sum(one.count for one in found if one.lawful == "out_of_court"),
        sum(one.count for one in found if one.lawful == "in_court"),
        unsettled,
    )


def _cells(house: House, found: Iterable[tuple[Appeal, Outcome | None]]) -> Iterator[tuple[Cell, ...]]:
    for appeal, row in found:
        yield (
            appeal.reg_number,
            clock.local_date(appeal.registered_at),
            report.CHANNELS[appeal.channel],
            appeal.segment,
            f"{appeal.topic_code or ''} {report.topic_name(house, appeal.topic_code)}".strip(),
            report.queue_title(house, appeal.queue),
            lifecycle.TITLES[appeal.state],
            *(_outcome(row) if row is not None else ("не установлен", *([None] * 6))),
        )


def _outcome(row: Outcome) -> tuple[Cell, ...]:
    return (
        _verdict(substantiated=row.substantiated),
        outcomes.LAWFUL[row.lawful],
        outcomes.CAUSES[row.cause],
        row.cause_text,
        outcomes.MEASURES[row.measure_kind],
        row.measure,
        clock.local_date(row.decided_at),
    )
