"""`otvet history`: what happened to an appeal, whether the history holds, and the day's digest for paper."""

from __future__ import annotations

import datetime as dt
import sys
import time

import click

from otvet.cli.base import FINDINGS, FINE, Command, Group, Shell, emit, say
from otvet.cli.terms import IsoDate

GROUP = 8  # characters of a digest that an eye takes in at once


class NumberOrCommand(Group):
    """A group in which a first word that is no command is a registration number: `otvet history ВХ-2026-000017`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a number for the argument of `show`."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            return super().resolve_command(ctx, ["show", *args])
        return super().resolve_command(ctx, args)


@click.group(cls=NumberOrCommand)
def history() -> None:
    """История обращения (otvet history НОМЕР) и её проверка."""


@history.command("show", cls=Command)
@click.argument("number", metavar="НОМЕР")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на запись.")
@click.pass_obj
def show(shell: Shell, number: str, *, as_json: bool) -> None:
    """Показать историю обращения: кто, когда, что сделал."""
    from registry.actor import system
    from steps import history as steps_history

    with shell.house() as house:
        lines = steps_history.lines(system("history"), house, number)
    for line in lines:
        if as_json:
            emit({"at": line.at.isoformat(), "who": line.who, "title": line.title, "details": line.details})
        else:
            say(
                f"{line.at:%d.%m.%Y %H:%M:%S}  {line.who}: {line.title}" + (f": {line.details}" if line.details else "")
            )


@history.command("verify", cls=Command)
@click.option(
    "--all", "everything", is_flag=True, help="Проверить каждую запись, а не новое с последнего якоря и выборку."
)
@click.option("--digest", metavar="ОТПЕЧАТОК", help="Отпечаток дня, сохранённый на бумаге: найти его в базе.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def verify(shell: Shell, digest: str | None, *, everything: bool, as_json: bool) -> None:
    """Проверить, что историю никто не изменил."""
    from registry.actor import system
    from registry.errors import NotFoundError
    from steps import history as steps_history

    actor = system("history")
    with shell.house() as house:
        started = time.perf_counter()
        found = steps_history.verify(actor, house, everything=everything)
        seconds = time.perf_counter() - started
        faults = list(found.faults)
        if digest:
            try:
                steps_history.expected(actor, house, digest)
            except NotFoundError as error:
                faults.append(str(error))
    if as_json:
        emit({"events": found.events, "streams": found.streams, "anchors": found.anchors,
              "seconds": round(seconds, 3), "faults": faults})  # fmt: skip
    else:
        say(f"Записей {found.events}, цепочек {found.streams}, якорей {found.anchors}, за {seconds:.1f} с")
        for line in faults:
            say(f"✗ {line}")
        say("✗ История изменена: не работайте с базой и сверьте её с копией." if faults else "✓ История не изменена")
    sys.exit(FINDINGS if faults else FINE)


@history.command("anchor", cls=Command)
@click.option("--day", type=IsoDate(), metavar="ДАТА", help="За какой день; без неё — последний.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def anchor(shell: Shell, day: dt.date | None, *, as_json: bool) -> None:
    """Показать отпечаток дня, чтобы сохранить его на бумаге или отправить."""
    from registry.actor import system
    from steps import history as steps_history

    with shell.house() as house:
        found = steps_history.anchor(system("history"), house, day)
    if as_json:
        emit({"day": found.day, "at": found.at.isoformat(), "streams": found.streams, "digest": found.digest})
        return
    say(f"Отпечаток истории за {found.day:%d.%m.%Y}, поставлен {found.at:%d.%m.%Y %H:%M}, цепочек {found.streams}:")
    say(" ".join(found.digest[start : start + GROUP] for start in range(0, len(found.digest), GROUP)))
    say('Позже проверьте его: otvet history verify --all --digest "…"')
