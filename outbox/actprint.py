"""Papers of keeping, as PDF: the act of destruction, the protocol of an erasure, the list of a case file's volume."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from outbox import printed, typography
from outbox.printed import gap, paragraph, safe
from rules.wire import Wire

_CASES = (("Индекс", 20), ("Заголовок дела", 80), ("Крайние даты", 42), ("Обращений", 22), ("Листов", 18),
          ("Срок хранения и основание", 85))  # fmt: skip
_ROWS = (("№", 12), ("Регистрационный №", 48), ("Дата", 26), ("Дело, том", 30), ("Хранить по", 30), ("Итог", 121))
_VOLUME = (("№", 12), ("Регистрационный №", 50), ("Дата", 28), ("Листы", 30), ("Где документ", 60))
_LINE = "______________________"


class ActRow(Wire):
    """One appeal in an act. ``outcome`` is empty before the act was carried out."""

    number: str
    registered: dt.date
    closed: dt.date | None = None
    index: str
    title: str
    years: int
    basis: str
    keep_until: dt.date
    volume: int | None = None
    sheets: int = 0
    outcome: str = ""


class ActPaper(Wire):
    """An act with the people of it, by position and name; ``returned``: rows of the journal of returned post."""

    label: str
    date: dt.date
    company: str
    made_by: str
    approved_by: str | None = None
    approved_on: dt.date | None = None
    done_by: str | None = None
    done_on: dt.date | None = None
    rows: list[ActRow]
    returned: int = 0
    erased: list[str]
    kept: list[str]


class VolumeRow(Wire):
    """One appeal in a volume of a case file."""

    number: str
    registered: dt.date
    sheets: str
    where: str


class VolumePaper(Wire):
    """A volume of a case file."""

    company: str
    index: str
    title: str
    volume: int
    term: str
    date: dt.date
    rows: list[VolumeRow]


class ErasurePaper(Wire):
    """The protocol of an erasure at a person's demand; it names appeals by their numbers alone."""

    number: int
    date: dt.date
    company: str
    done_by: str
    basis: str
    numbers: list[str]
    counts: dict[str, int]
    erased: list[str]
    kept: list[str]


def act_pdf(act: ActPaper) -> bytes:
    """Make the act: its case files, what was emptied and what stays, and every appeal with its outcome.

    Raises:
        PostListError: No Cyrillic font on this machine.
    """
    printed.fonts()
    story: list[Any] = [
        paragraph(safe(act.company), 10),
        gap(3),
        _approval(act),
        gap(4),
        paragraph(f"АКТ № {safe(act.label)} от {typography.day(act.date)}", 13, bold=True),
        paragraph("о выделении к уничтожению обращений, не подлежащих хранению", 11, bold=True),
        gap(4),
        printed.table(_CASES, _cases(act.rows)),
        gap(3),
        paragraph(f"Итого обращений: {len(act.rows)}", bold=True),
        paragraph(f"Записей журнала возвращённой почты, в которых стираются имена и номера: {act.returned}"),
        gap(3),
        *_both(act.erased, act.kept),
        gap(5),
        paragraph(f"Акт составил: {safe(act.made_by)} {_LINE}"),
        gap(4),
        paragraph(_done(act)),
        gap(6),
        paragraph("Приложение. Обращения, включённые в акт", 11, bold=True),
        gap(2),
        printed.table(_ROWS, _rows(act.rows), 8),
    ]
    return printed.pdf(story, title=f"Акт № {act.label}", author=act.company, landscape=True)


def volume_pdf(paper: VolumePaper) -> bytes:
    """Make the inner list (внутренняя опись) of a volume. Raises PostListError."""
    printed.fonts()
    rows = [
        (str(position), row.number, typography.day(row.registered), row.sheets, row.where)
        for position, row in enumerate(paper.rows, start=1)
    ]
    story: list[Any] = [
        paragraph(safe(paper.company), 10),
        gap(3),
        paragraph(f"Внутренняя опись: дело № {safe(paper.index)}, том {paper.volume}", 13, bold=True),
        paragraph(safe(paper.title), 11),
        paragraph(f"Срок хранения: {safe(paper.term)}"),
        gap(4),
        printed.table(_VOLUME, rows),
        gap(4),
        paragraph(f"Итого документов: {len(rows)}. Опись составлена {typography.day(paper.date)}"),
        gap(6),
        paragraph(f"Составил: {_LINE} / {_LINE}"),
    ]
    return printed.pdf(story, title=f"Дело {paper.index}, том {paper.volume}", author=paper.company)


def erasure_pdf(paper: ErasurePaper) -> bytes:
    """Make the protocol of an erasure. Raises PostListError."""
    printed.fonts()
    counted = ", ".join(f"{name}: {count}" for name, count in sorted(paper.counts.items()))
    story: list[Any] = [
        paragraph(safe(paper.company), 10),
        gap(3),
        paragraph(f"ПРОТОКОЛ № {paper.number} от {typography.day(paper.date)}", 13, bold=True),
        paragraph("об уничтожении персональных данных", 11, bold=True),
        gap(4),
        paragraph(f"Основание: {safe(paper.basis)}", 10),
        paragraph(f"Обращения: {safe(', '.join(paper.numbers)) or 'нет'}", 10),
        gap(3),
        *_both(paper.erased, paper.kept),
        gap(3),
        paragraph(f"Изменено записей — {safe(counted)}"),
        gap(6),
        paragraph(f"Выполнил: {safe(paper.done_by)} {_LINE}"),
    ]
    return printed.pdf(story, title=f"Протокол № {paper.number}", author=paper.company)


def _approval(act: ActPaper) -> Any:
    if act.approved_by is None or act.approved_on is None:
        return paragraph("УТВЕРЖДАЮ: ПРОЕКТ, не утверждён", 10, bold=True)
    return paragraph(f"УТВЕРЖДАЮ: {safe(act.approved_by)}, {typography.day(act.approved_on)} {_LINE}", 10, bold=True)


def _done(act: ActPaper) -> str:
    if act.done_by is None or act.done_on is None:
        return "Уничтожение не выполнено."
    erased = sum(row.outcome == "Уничтожено" for row in act.rows)
    return (
        f"Уничтожено обращений: {erased}, не уничтожено: {len(act.rows) - erased}. "
        f"Электронное содержание уничтожил: {safe(act.done_by)}, {typography.day(act.done_on)} {_LINE}"
    )


def _both(erased: Sequence[str], kept: Sequence[str]) -> list[Any]:
    return [
        paragraph(f"Уничтожается: {safe('; '.join(erased))}."),
        paragraph(f"Сохраняется: {safe('; '.join(kept))}."),
    ]


def _cases(rows: Sequence[ActRow]) -> list[tuple[str, ...]]:
    cases: defaultdict[tuple[str, str, int, str], list[ActRow]] = defaultdict(list)
    for row in rows:
        cases[row.index, row.title, row.years, row.basis].append(row)
    return [
        (
            index,
            title,
            _span([row.registered for row in found]),
            str(len(found)),
            str(sum(row.sheets for row in found) or "—"),
            f"{years} л., {basis}",
        )
        for (index, title, years, basis), found in sorted(cases.items())
    ]


def _span(days: Sequence[dt.date]) -> str:
    first, last = min(days), max(days)
    return typography.day(first) if first == last else f"{typography.day(first)} – {typography.day(last)}"


def _rows(rows: Sequence[ActRow]) -> list[tuple[str, ...]]:
    return [
        (
            str(position),
            row.number,
            typography.day(row.registered),
            row.index if row.volume is None else f"{row.index}, т. {row.volume}",
            typography.day(row.keep_until),
            row.outcome,
        )
        for position, row in enumerate(rows, start=1)
    ]
