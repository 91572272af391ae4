"""`otvet due`: both terms with their explanation, no database near; or those of all open appeals counted anew."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from otvet.cli.base import FINDINGS, FINE, CliError, Command, Shell, emit, say

if TYPE_CHECKING:
    from rules.wire import Due

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
KINDS: Final = ("question", "request", "complaint", "proposal", "gratitude", "none")
YEARS: Final = range(2000, 2101)


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
@click.option("--received", type=IsoDate(moment=True), metavar="ДАТА", help="Когда получено.")
@click.option("--segment", type=click.Choice(["B2C", "B2B", "B2B2C"]), help="Категория клиента.")
@click.option("--registered", type=IsoDate(), metavar="ДАТА", help="Когда зарегистрировано.")
@click.option("--vip", is_flag=True, help="Клиент отмечен как VIP.")
@click.option("--topic", "topics", multiple=True, metavar="КОД", help="Код тематики ЕКТО; можно несколько раз.")
@click.option("--kind", type=click.Choice(KINDS), help="Вид обращения.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Как поступило.")
@click.option("--rule", metavar="КОД", help="Правило, выбранное сотрудником.")
@click.option("--event-date", type=IsoDate(), metavar="ДАТА", help="Дата события, от которого правило считает срок.")
@click.option("--postmark", type=IsoDate(), metavar="ДАТА", help="Дата на почтовом штемпеле.")
@click.option("--letter-date", type=IsoDate(), metavar="ДАТА", help="Дата, которую поставил сам клиент.")
@click.option("--stated-date", type=IsoDate(), metavar="ДАТА", help="Последний день, названный в самом документе.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.option(
    "--recompute", is_flag=True, help="Показать, у каких открытых обращений срок изменится по новым правилам."
)
@click.option("--apply", is_flag=True, help="С --recompute: пересчитать и записать в историю.")
@click.option("--reason", default="", metavar="ТЕКСТ", help="С --apply: причина пересчёта.")
@click.pass_obj
def due(
    shell: Shell, /, *, as_json: bool, recompute: bool, apply: bool, reason: str, topics: Sequence[str], **given: Any
) -> None:
    """Рассчитать срок ответа с объяснением или пересчитать сроки открытых обращений."""
    if recompute:
        if topics or any(given.values()):
            raise CliError("--recompute пересчитывает открытые обращения: уберите остальные параметры.")
        sys.exit(_recompute(shell, reason.strip(), apply=apply, as_json=as_json))
    if apply or reason:
        raise CliError("--apply и --reason действуют только вместе с --recompute.")
    if given["received"] is None or given["segment"] is None:
        raise CliError("Укажите --received (когда получено) и --segment (категория клиента).")
    found = _computed(shell, topics, given)
    if as_json:
        emit(found.model_dump(mode="json"))
        return
    for title, one in (("Предельный срок", found.hard), ("Внутренний срок", found.target)):
        say(f"{title}: {one.date:%d.%m.%Y} ({one.rule}, {one.basis})")
        for line in one.explanation:
            say(f"  {line}")


def _computed(shell: Shell, topics: Sequence[str], given: Mapping[str, Any]) -> Due:
    from rules.book import load
    from rules.terms import DueFacts
    from rules.terms import due as compute
    from rules.wire import Channel, Kind, Segment

    book = load(shell.settings.rules_dir)
    unknown = [code for code in topics if code not in book.ekto.by_code]
    if unknown:
        raise CliError(f"Нет темы {', '.join(unknown)} в ЕКТО. Возьмите код из rules/ekto.yaml.")
    for day in given.values():
        if isinstance(day, dt.date) and day.year not in YEARS:
            raise CliError(f"Проверьте год: {day.year}. Сроки считаются для {YEARS[0]}–{YEARS[-1]} годов.")
    received = _moment(given["received"], book.calendars.timezone)
    if given["registered"] and given["registered"] < received.astimezone(ZoneInfo(book.calendars.timezone)).date():
        raise CliError("Дата регистрации раньше даты получения. Проверьте обе.")
    return compute(
        book,
        DueFacts(
            received=received,
            segment=Segment(given["segment"]),
            registered=given["registered"],
            is_vip=given["vip"],
            kind=Kind(given["kind"]) if given["kind"] else None,
            kind_sure=True,
            topics=topics,
            channel=Channel(given["channel"]) if given["channel"] else None,
            rule=given["rule"],
            event_date=given["event_date"],
            postmark_date=given["postmark"],
            letter_date=given["letter_date"],
            letter_date_sure=True,
            stated_date=given["stated_date"],
        ),
    )


def _recompute(shell: Shell, reason: str, *, apply: bool, as_json: bool) -> int:
    """Recompute the open appeals; the exit code is FINDINGS when a dry run found something to change."""
    from registry.actor import system
    from steps import due as step

    with shell.house() as house:
        found = step.recompute_open(system("cli"), house, reason or "Пересчёт по действующим правилам", apply=apply)
    for one in found.changed:
        if as_json:
            names = ("hard", "target", "rule", "provisional")
            emit({"number": one.number, **{name: list(getattr(one, name)) for name in names}, "applied": apply})
        else:
            say(f"{one.number}: {_moved('предельный', one.hard)}, {_moved('внутренний', one.target)} ({one.rule[1]})")
    if not as_json:
        done = "пересчитано" if apply else "изменится (для записи добавьте --apply)"
        say(f"Просмотрено по прежней редакции правил: {found.looked}; {done}: {len(found.changed)}.")
    return FINDINGS if found.changed and not apply else FINE


def _moved(title: str, pair: tuple[dt.date, dt.date]) -> str:
    before, after = pair
    return f"{title} {before:%d.%m.%Y} → {after:%d.%m.%Y}" if before != after else f"{title} {after:%d.%m.%Y}"


def _moment(received: dt.date, zone: str) -> dt.datetime:
    """A bare date is a working hour of that day; a moment without a zone is Ufa's."""
    if not isinstance(received, dt.datetime):
        received = dt.datetime.combine(received, dt.time(12))
    return received if received.tzinfo else received.replace(tzinfo=ZoneInfo(zone))
