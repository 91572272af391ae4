"""Bookmarks: the pages of Prefect's UI that managers want, which its menus do not lead to. Imports no Prefect."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

OVERDUE_TAG: Final = "просрочено"
SOON_TAG: Final = "срок-3-дня"
APPEAL_TAG: Final = "обращение"

ALL_TIME: Final = "type=range&startDate=2020-01-01&endDate=2099-12-31"

ARTIFACTS: Final[dict[str, str]] = {
    "overdue": "Отчёт: просроченные",
    "due-soon": "Отчёт: срок подходит",
    "reminders": "Отчёт: напоминания о сроках",
    "queues": "Отчёт: очереди",
    "month": "Отчёт: месяц",
}


def bookmarks(ui_url: str) -> list[tuple[str, str]]:
    """Return title and address of each page.

    The classic UI reads ``tag`` and falls back to the past week without dates of its own, which would hide most
    appeals: so the range is all of time.
    """
    base = ui_url.rstrip("/")
    runs = [
        (title, f"{base}/runs?tag={quote(tag)}&{ALL_TIME}")
        for title, tag in (
            ("Все обращения", APPEAL_TAG),
            ("Просроченные обращения", OVERDUE_TAG),
            ("Обращения, срок которых подходит", SOON_TAG),
        )
    ]
    return [*runs, *((title, f"{base}/artifacts/key/{key}") for key, title in ARTIFACTS.items())]
