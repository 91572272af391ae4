"""Addresses that managers keep: runs by tag, without a date range, and the reports."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

REPORTS: Final = {
    "overdue": "Просроченные ответы (таблица)",
    "due-soon": "Скоро срок (таблица)",
    "queues": "Работа по очередям",
    "month": "Итоги месяца",
}


def bookmarks(ui_url: str) -> list[tuple[str, str]]:
    """Return title and address of each page that a manager starts from."""
    runs = [("Просроченные обращения", _by_tag(ui_url, "просрочено")), ("Скоро срок", _by_tag(ui_url, "срок-3-дня"))]
    return [*runs, *((title, f"{ui_url}/artifacts/key/{key}") for key, title in REPORTS.items())]


def _by_tag(ui_url: str, tag: str) -> str:
    return f"{ui_url}/runs?tags={quote(tag)}"
