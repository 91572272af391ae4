"""«Отчёты»: five tables for managers, in markdown (the kind whose links work in both UIs). No personal data (P7)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import house as open_house
from flows.bookmarks import ARTIFACTS
from flows.guard import guarded
from registry import clock
from registry.actor import system
from steps import learning, report
from steps.house import House
from steps.report import ReportRow

LIMIT: Final = 500  # rows: a longer table stalls the page


@flow(name="Отчёты")
@guarded
async def publish_reports() -> State[None]:
    """Publish the tables as they are now."""
    house = open_house.get()
    texts = await asyncio.to_thread(_texts, house)
    for key, text in texts.items():
        await acreate_markdown_artifact(markdown=text, key=key, description=ARTIFACTS[key])
    return Completed(name="Готово", message=f"таблиц: {len(texts)}")


def _texts(house: House) -> dict[str, str]:
    return {
        "overdue": _appeals("Просроченные ответы", report.overdue(house, LIMIT), late=True),
        "due-soon": _appeals("Скоро срок", report.due_soon(house, LIMIT), late=False),
        "reminders": _reminders(house),
        "queues": _queues(house),
        "month": _month(house),
    }


def _appeals(title: str, rows: Sequence[ReportRow], *, late: bool) -> str:
    head = ["Номер", "Тема", "Очередь", "Клиент", "Срок", "Дней просрочки" if late else "Состояние"]
    body = [
        [
            f"[{row.number}]({row.desk_url})",
            f"{row.topic_code or ''} {row.topic_name}".strip(),
            row.queue_title,
            row.segment,
            f"{row.due_hard:%d.%m.%Y}",
            str(row.days_late) if late else row.state_title,
        ]
        for row in rows
    ]
    return _page(title, head, body, "Таких обращений нет.")


def _reminders(house: House) -> str:
    head = ["Номер", "Тема", "Очередь", "Срок", "Ступень", "Кому", "Что требуется"]
    body = [
        [
            f"[{row.appeal.number}]({row.appeal.desk_url})",
            row.appeal.topic_code or "—",
            row.appeal.queue_title,
            f"{row.appeal.due_hard:%d.%m.%Y}",
            row.rung,
            ", ".join(row.to),
            row.action,
        ]
        for row in report.reminders(house, LIMIT)
    ]
    return _page("Напоминания о сроках сегодня", head, body, "Сегодня напоминаний не было.")


def _queues(house: House) -> str:
    head = ["Очередь", "В работе", "Просрочено", "Скоро срок", "Ближайший срок"]
    body = [
        [
            f"[{report.queue_title(house, row.queue)}]({house.settings.desk_url}/?queue={row.queue})",
            str(row.waiting),
            str(row.overdue),
            str(row.due_soon),
            f"{row.oldest_due:%d.%m.%Y}" if row.oldest_due else "—",
        ]
        for row in report.queues(house)
    ]
    return _page("Работа по очередям", head, body, "Открытых обращений нет.")


def _month(house: House) -> str:
    head = ["Очередь", "Зарегистрировано", "Отвечено", "Из них с опозданием", "В работе"]
    body = [
        [row.queue_title, str(row.registered), str(row.replied), str(row.replied_late), str(row.open)]
        for row in report.month(house)
    ]
    page = _page(f"Итоги месяца {clock.today():%m.%Y}", head, body, "В этом месяце обращений не было.")
    return f"{page}\n\n{_topics(house)}"


def _topics(house: House) -> str:
    """How often people set a topic right, and how sure the machine is: codes and numbers only (P7)."""
    head = ["Месяц", "Тематика по мнению программы", "Прочитано", "Подтверждено человеком", "Изменено", "Уверенность",
            "Снижение"]  # fmt: skip
    body = [
        [
            row.month,
            row.topic,
            str(row.read),
            str(row.confirmed),
            f"{row.changed / row.read:.0%}",
            f"{row.confidence:.0%}",
            "—" if row.fall is None else f"{row.fall:.0%}",
        ]
        for row in learning.drift(system("report"), house)
    ]
    return _page("Тематики: что исправили люди", head, body, "Записей ещё нет: их делает ночное обучение.")


def _page(title: str, head: Sequence[str], body: Sequence[Sequence[str]], empty: str) -> str:
    moment = clock.now().astimezone(clock.LOCAL)
    lines = [f"# {title}", "", f"На {moment:%d.%m.%Y %H:%M} (Уфа). Всего: {len(body)}.", ""]
    if not body:
        return "\n".join([*lines, empty])
    rows = [head, ["---"] * len(head), *body]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
