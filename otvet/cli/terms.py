"""`otvet due`: both terms of an appeal with their explanation, with no database near."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import click

from otvet.cli.base import CliError, Command, Shell, emit, say

CHANNELS = (
    "post",
    "hand_delivered",
    "complaint_book",
    "email",
    "virtual_reception",
    "lkk",
    "messenger",
    "social",
    "gis_zhkh",
    "edo",
)


class IsoDate(click.ParamType[dt.date]):
    """A date, or a moment when ``moment`` is set; a moment without a zone is local."""

    name = "дата"

    def __init__(self, *, moment: bool = False) -> None:
        self.moment = moment

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read ISO 8601."""
        for kind in (dt.date, dt.datetime) if self.moment else (dt.date,):
            with contextlib.suppress(ValueError):
                return kind.fromisoformat(value)
        return self.fail(f"«{value}» — не дата. Запишите её так: 2026-11-24.", param, ctx)


@click.command(cls=Command)
@click.option("--received", type=IsoDate(moment=True), required=True, metavar="ДАТА", help="Когда получено.")
@click.option("--segment", type=click.Choice(["B2C", "B2B", "B2B2C"]), required=True, help="Категория клиента.")
@click.option("--registered", type=IsoDate(), metavar="ДАТА", help="Когда зарегистрировано.")
@click.option("--vip", is_flag=True, help="Клиент отмечен как VIP.")
@click.option("--topic", "topics", multiple=True, metavar="КОД", help="Код тематики ЕКТО; можно несколько раз.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Как поступило.")
@click.option("--rule", metavar="КОД", help="Правило, выбранное сотрудником.")
@click.option("--event-date", type=IsoDate(), metavar="ДАТА", help="Дата события, от которого правило считает срок.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def due(shell: Shell, /, *, as_json: bool, received: dt.date, **given: Any) -> None:
    """Рассчитать срок ответа с объяснением."""
    from rules.book import load
    from rules.terms import DueFacts
    from rules.terms import due as compute
    from rules.wire import Channel, Segment

    book = load(shell.settings.rules_dir)
    unknown = [code for code in given["topics"] if code not in book.ekto.by_code]
    if unknown:
        raise CliError(f"Нет темы {', '.join(unknown)} в ЕКТО. Возьмите код из rules/ekto.yaml.")
    channel = given["channel"]
    facts = DueFacts(
        received=_moment(received, book.calendars.timezone),
        segment=Segment(given["segment"]),
        registered=given["registered"],
        is_vip=given["vip"],
        topics=given["topics"],
        channel=Channel(channel) if channel else None,
        rule=given["rule"],
        event_date=given["event_date"],
    )
    found = compute(book, facts)
    if as_json:
        emit(found.model_dump(mode="json"))
        return
    for title, one in (("Предельный срок", found.hard), ("Внутренний срок", found.target)):
        say(f"{title}: {one.date:%d.%m.%Y} ({one.rule}, {one.basis})")
        for line in one.explanation:
            say(f"  {line}")


def _moment(received: dt.date, zone: str) -> dt.datetime:
    """A bare date is a working hour of that day; a moment without a zone is Ufa's."""
    if not isinstance(received, dt.datetime):
        received = dt.datetime.combine(received, dt.time(12))
    return received if received.tzinfo else received.replace(tzinfo=ZoneInfo(zone))
