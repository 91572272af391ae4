"""`otvet add`, `receive`, `work`, `status`, `reconcile`: the steps by hand, and how things stand."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import (
    BAD_INPUT,
    FINDINGS,
    FINE,
    INCOMPLETE,
    CliError,
    Command,
    Shell,
    emit,
    say,
    try_bytes,
)
from otvet.cli.terms import CHANNELS, IsoDate

if TYPE_CHECKING:
    from registry.reconcile import Balance

STEPS = ("receive", "triage", "register", "read", "route", "acknowledge", "send", "watch")
OUTCOMES = {"new": "принято", "known": "уже было принято", "joined": "присоединено", "refused": "отклонено"}
PAUSE = 60.0  # seconds between looks of `receive` without --once


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="ФАЙЛ...")
@click.option("--channel", type=click.Choice(CHANNELS), default="post", help="Как поступило (для писем .eml — email).")
@click.option("--date", "day", type=IsoDate(), metavar="ДАТА", help="Дата получения со штампа.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на файл.")
@click.pass_obj
def add(shell: Shell, files: tuple[Path, ...], channel: str, day: dt.date | None, *, as_json: bool) -> None:
    """Принять файлы как письма."""
    from registry.actor import system
    from rules.wire import Channel
    from steps import receive as steps_receive

    code = FINE
    with shell.house() as house:
        for path in files:
            if (data := try_bytes(path)) is None:
                code = BAD_INPUT
                continue
            done = steps_receive.add(system("add"), house, path.name, data, channel=Channel(channel), receipt_date=day)
            code = BAD_INPUT if done.outcome == "refused" else code
            if as_json:
                emit({"file": str(path), "arrival": done.arrival_id, "outcome": done.outcome, "reason": done.reason})
            else:
                say(f"{path}: {OUTCOMES[done.outcome]}" + (f". {done.reason}" if done.reason else ""))
    sys.exit(code)


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Просмотреть источники один раз и выйти.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на источник.")
@click.pass_obj
def receive(shell: Shell, *, once: bool, as_json: bool) -> None:
    """Забрать письма из всех источников."""
    from registry.actor import system
    from steps import receive as steps_receive

    if not shell.settings.has_sources:
        raise CliError("Не указан ни один источник писем: опишите его в otvet.toml.")
    with shell.house() as house:
        while True:
            pulled = steps_receive.pull_all(system("receive"), house)
            for one in pulled:
                if as_json:
                    row = {
                        name: getattr(one, name) for name in ("source", "new", "joined", "known", "refused", "error")
                    }
                    emit(row)
                else:
                    say(f"{one.source}: {one.error or f'принято {one.new}, уже было {one.known + one.joined}'}")
            if once:
                sys.exit(INCOMPLETE if any(one.error for one in pulled) else FINE)
            time.sleep(PAUSE)


@click.command(cls=Command)
@click.option("--once", "step", type=click.Choice([*STEPS, "all"]), required=True, help="Какой шаг сделать.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на шаг.")
@click.pass_obj
def work(shell: Shell, step: str, *, as_json: bool) -> None:
    """Сделать шаг без Prefect, пока есть что делать."""
    from registry.actor import system
    from steps import work as steps_work

    failed = 0
    with shell.house(pages=True) as house:
        for name in steps_work.STEPS if step == "all" else (step,):
            done = steps_work.run(system("work"), house, name)
            failed += done.failed
            if as_json:
                emit({"step": name, "done": done.done, "failed": done.failed})
            else:
                say(f"{name}: сделано {done.done}, не удалось {done.failed}")
    sys.exit(INCOMPLETE if failed else FINE)


@click.command(cls=Command)
@click.argument("arrivals", type=int, nargs=-1, metavar="[ПОСТУПЛЕНИЕ]…")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def replay(shell: Shell, arrivals: tuple[int, ...], *, as_json: bool) -> None:
    """Разобрать заново письма, которые не удалось прочитать (все или названные)."""
    from registry.actor import system
    from steps import triage

    with shell.house(pages=True) as house:
        done = triage.replay(system("replay"), house, arrivals)
    if as_json:
        emit({"tried": done.tried, "read": done.read})
    else:
        say(f"Разобрано заново {done.tried}, из них прочитано {done.read}")
    sys.exit(INCOMPLETE if done.read < done.tried else FINE)


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def status(shell: Shell, *, as_json: bool) -> None:
    """Показать, сколько писем принято и что ждёт в очередях."""
    from registry.actor import system
    from steps import progress, report

    with shell.house() as house:
        seen = progress.look(system("status"), house)
        queues = report.queues(house)
        titles = {one.queue: report.queue_title(house, one.queue) for one in queues}
    if as_json:
        rows = [
            {
                "queue": one.queue,
                "title": titles[one.queue],
                "open": one.waiting,
                "overdue": one.overdue,
                "due_soon": one.due_soon,
                "oldest_due": one.oldest_due.isoformat() if one.oldest_due else None,
            }
            for one in queues
        ]
        emit({"received": seen.received, "registered": seen.registered, "read": seen.read, "waiting": seen.waiting,
              "queues": rows})  # fmt: skip
        return
    say(f"Получено {seen.received}, зарегистрировано {seen.registered}, прочитано {seen.read}, ждёт {seen.waiting}")
    for one in queues:
        say(f"{titles[one.queue]}: открыто {one.waiting}, просрочено {one.overdue}, скоро срок {one.due_soon}")


@click.command(cls=Command)
@click.option("--day", type=IsoDate(), metavar="ДАТА", help="Только принятое в этот день.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на источник.")
@click.pass_obj
def reconcile(shell: Shell, day: dt.date | None, *, as_json: bool) -> None:
    """Сверить: каждое письмо учтено один раз, номера, файлы и отправки сходятся."""
    from dataclasses import asdict

    from registry.actor import system
    from steps import reconcile as steps

    actor = system("reconcile")
    with shell.house() as house:
        rows = steps.day(actor, house, day)
        if day is None:
            steps.look(actor, house)
        faults = [] if day else steps.whole(actor, house)
    for row in rows:
        if as_json:
            emit({"balanced": row.fits, **asdict(row)})
            continue
        say(
            f"{'✓' if row.fits else '✗'} {row.source}: получено {row.seen} = зарегистрировано {row.registered} + "
            f"присоединено {row.joined} + приложено {row.linked} + не принято {row.refused} + не обращений "
            f"{row.set_aside} + задержано {row.held} + ждёт {row.pending}"
            + (f"; ПОТЕРЯНО {row.lost}: запустите `otvet work --once triage`" if row.lost else "")
        )
    if not as_json:
        _overall(rows, whole=day is None, faults=len(faults))
    for fault in faults:
        if as_json:
            emit({"fault": fault.what, "count": fault.count, "cases": fault.cases, "mend": fault.mend})
        else:
            say(f"✗ {fault.what}: {fault.count} ({', '.join(fault.cases)}). Что сделать: {fault.mend}.")
    sys.exit(FINE if all(row.fits for row in rows) and not faults else FINDINGS)


def _overall(rows: Sequence[Balance], *, whole: bool, faults: int) -> None:
    """All sources together, and whether the register agrees with itself."""
    numbered, beside = sum(row.registered for row in rows), sum(row.joined + row.linked for row in rows)
    waiting, out = sum(row.held + row.pending for row in rows), sum(row.refused + row.set_aside for row in rows)
    say(
        f"Всего: получено {sum(row.seen for row in rows)} = зарегистрировано {numbered} + присоединено и приложено "
        f"{beside} + не принято и не обращений {out} + задержано и ждёт {waiting}"
    )
    if whole:
        said = f"расхождений: {faults}" if faults else "номера без пропусков, файлы на месте, отправки сходятся"
        say(f"{'✗' if faults else '✓'} Реестр в целом: {said}")
