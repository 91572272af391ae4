"""`otvet paper`: what a letter on paper brings besides its words."""

from __future__ import annotations

from typing import Final

import click

from otvet.cli.base import Command, Group, Shell, acting, emit, say

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
            "postmarks_read": [one.day for one in seen.postmarks],
            "enclosures": [
                {"name": one.name, "sheets": one.sheets, "original": one.original, "lacking": one.lacking}
                for one in seen.enclosures
            ],
            "enclosures_confirmed": seen.confirmed,
            "acts": [one.label for one in seen.acts],
        })  # fmt: skip
        return
    stamped = f"{seen.stamped:%d.%m.%Y}" if seen.stamped else "штамп не указан, считается день сканирования"
    say(f"Поступило (штамп): {stamped}")
    say(f"Почтовый штемпель: {seen.postmark:%d.%m.%Y}" if seen.postmark else f"Почтовый штемпель: {NONE}")
    say(f"Отсканировано: {seen.scanned:%d.%m.%Y %H:%M}")
    say(f"Зарегистрировано: {seen.registered:%d.%m.%Y %H:%M}")
    say(f"ШПИ: {seen.tracking or NONE}")
    for one in seen.enclosures:
        sheets = f", {one.sheets} л." if one.sheets else ""
        state = " — нет в письме" if one.lacking else "" if seen.confirmed else " (прочитано в письме, не сверено)"
        say(f"Приложение: {one.name}{sheets}{', подлинник' if one.original else ''}{state}")
    for act in seen.acts:
        say(f"Акт № {act.label} от {act.made_on:%d.%m.%Y} об отсутствии вложений")


@paper.command("originals", cls=Command)
@click.option("--as", "login", required=True, metavar="ИМЯ_ВХОДА", help="Имя входа того, кто смотрит: по его правам.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на документ.")
@click.pass_obj
def originals(shell: Shell, login: str, *, as_json: bool) -> None:
    """Показать подлинники, которые нужно вернуть клиентам."""
    from dataclasses import asdict

    from steps.views import papers

    with shell.house() as house:
        owed = papers.owed(acting(house, login), house)
    for one in owed:
        if as_json:
            emit(asdict(one))
        else:
            until = f"{one.due:%d.%m.%Y}" if one.due else NONE
            say(f"{one.number}: {one.name}, вернуть до {until}" + (" — ПРОСРОЧЕНО" if one.late else ""))
    if not owed and not as_json:
        say("Возвращать нечего.")
