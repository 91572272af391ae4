"""`otvet paper`: what a letter on paper brings besides its words."""

from __future__ import annotations

from typing import Final

import click

from otvet.cli.base import Command, Group, Shell, emit, say

NONE: Final = "—"


@click.group("paper", cls=Group)
def paper() -> None:
    """Бумажное письмо: даты, конверт, приложения, возврат подлинников."""


@paper.command("show", cls=Command)
@click.argument("number", metavar="НОМЕР")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def show(shell: Shell, number: str, *, as_json: bool) -> None:
    """Показать даты письма: штамп, почтовый штемпель, сканирование, регистрация."""
    from registry.actor import system
    from steps.views import papers

    with shell.house() as house:
        seen = papers.show(system("paper"), house, number)
    if as_json:
        emit({
            "number": number,
            "stamped": seen.stamped,
            "postmark": seen.postmark,
            "scanned": seen.scanned.isoformat(),
            "registered": seen.registered.isoformat(),
            "tracking": seen.tracking or None,
        })  # fmt: skip
        return
    stamped = f"{seen.stamped:%d.%m.%Y}" if seen.stamped else "штамп не указан, считается день сканирования"
    say(f"Поступило (штамп): {stamped}")
    say(f"Почтовый штемпель: {seen.postmark:%d.%m.%Y}" if seen.postmark else f"Почтовый штемпель: {NONE}")
    say(f"Отсканировано: {seen.scanned:%d.%m.%Y %H:%M}")
    say(f"Зарегистрировано: {seen.registered:%d.%m.%Y %H:%M}")
    say(f"ШПИ: {seen.tracking or NONE}")
