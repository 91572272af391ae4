"""What runs, when: the typed catalogue of service flows, registered idempotently at start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from prefect import Flow

from flows.clients import pull_clients
from flows.learn import learn_topics
from flows.mirror import mirror_appeals
from flows.read import read_letters
from flows.receive import receive_letters
from flows.reconcile import reconcile_all
from flows.reports import publish_reports
from flows.retention import delete_old_runs
from flows.send import send_replies
from flows.watch import watch_terms


@dataclass(frozen=True, slots=True)
class Plan:
    """One scheduled flow.

    Attributes:
        name: Russian name of the deployment.
        flow: What runs.
        every: Interval in production.
        demo: Interval in the demonstration, where people wait for each letter.
        parameters: Ids and switches only, never words of a letter (P7).
        cron: Hour in Ufa for what belongs into the night; the intervals then say how often that is.
        needs_crm: Stands still while the settings name no CRM.
    """

    name: str
    flow: Flow[..., Any]
    every: dt.timedelta
    demo: dt.timedelta
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cron: str | None = None
    needs_crm: bool = False

    def interval(self, *, demo: bool) -> dt.timedelta:
        """The interval that applies."""
        return self.demo if demo else self.every


def _plan(name: str, run: Flow[..., Any], every: float, demo: float, **parameters: Any) -> Plan:
    return Plan(name, run, dt.timedelta(seconds=every), dt.timedelta(seconds=demo), parameters)


RECEIVE: Final = "Приём писем"

CATALOGUE: tuple[Plan, ...] = (
    _plan(RECEIVE, receive_letters, 60, 15),
    _plan("Чтение писем", read_letters, 60, 15),
    _plan("Отправка ответов", send_replies, 60, 15),
    _plan("Контроль сроков", watch_terms, 900, 60),
    _plan("Зеркало обращений", mirror_appeals, 60, 20),
    _plan("Сверка зеркала", mirror_appeals, 3600, 300, repair=True),
    _plan("Сверка", reconcile_all, 86_400, 3600),
    _plan("Отчёты", publish_reports, 600, 60),
    _plan("Хранение запусков", delete_old_runs, 86_400, 86_400),
    Plan("Обучение тематикам", learn_topics, dt.timedelta(days=1), dt.timedelta(days=1), cron="30 2 * * *"),
    Plan("Загрузка клиентов", pull_clients, dt.timedelta(minutes=15), dt.timedelta(minutes=15), needs_crm=True),
)
