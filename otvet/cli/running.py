"""`otvet run`, and the two children that it starts."""

from __future__ import annotations

import sys

import click

from otvet.cli.base import Command, Shell


@click.command(cls=Command)
@click.option("--demo", is_flag=True, help="Показать работу на выдуманной почте: письма с этого компьютера не уходят.")
@click.pass_obj
def run(shell: Shell, *, demo: bool) -> None:
    """Запустить всё на этом компьютере; остановить — Ctrl-C."""
    from otvet import supervise
    from otvet.settings import load_settings

    changes = {"demo": True} if demo else {}
    settings = load_settings(shell.config, **changes)
    sys.exit(supervise.run(settings, demo=settings.demo))


@click.command(cls=Command, hidden=True)
@click.pass_obj
def desk(shell: Shell) -> None:
    """Рабочее место (запускает `otvet run`)."""
    from otvet import supervise

    supervise.desk(shell.settings)


@click.command(cls=Command, hidden=True)
@click.pass_obj
def flows(shell: Shell) -> None:
    """Потоки (запускает `otvet run`)."""
    from otvet import supervise

    supervise.flows(shell.settings)


@click.command(cls=Command)
@click.option("--name", metavar="ИМЯ", help="Как рабочий процесс назван в Prefect; без него — имя машины и номер.")
@click.pass_obj
def worker(shell: Shell, name: str | None) -> None:
    """Читать письма рабочим процессом Prefect: по одному и больше на каждой машине; остановить — Ctrl-C."""
    from otvet import supervise

    supervise.worker(shell.settings, name)
