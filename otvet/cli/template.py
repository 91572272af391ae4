"""`otvet letter template`: check a letter template that was edited in a word processor, and put it in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from otvet.cli.base import FINDINGS, FINE, CliError, Group, Shell, emit, read_bytes, say

NAME = "letter.docx"


@click.group(cls=Group)
def template() -> None:
    """Проверить и заменить шаблоны писем."""


@template.command("list")
@click.pass_obj
def list_(shell: Shell) -> None:
    """Показать, какие шаблоны бывают и какие есть."""
    from registry.actor import system
    from steps import templates

    with shell.house() as house:
        for one in templates.listed(system("letter"), house):
            say(f"{one.name}: {one.title} — {one.digest if one.present else 'своего нет, используется letter.docx'}")


@template.command("check")
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--as", "name", default=NAME, show_default=True, metavar="ИМЯ", help="Каким шаблоном он станет.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def check(shell: Shell, file: Path, name: str, *, as_json: bool) -> None:
    """Проверить шаблон: нет ли в нём кода, неизвестных полей, потерянных частей и внешних ссылок."""
    from registry.actor import system
    from steps import templates

    data = read_bytes(file)
    with shell.house() as house:
        problems = templates.check(system("letter"), house, name, data)
    if as_json:
        emit({"file": str(file), "problems": problems})
    else:
        for problem in problems or ["Шаблон можно принять."]:
            say(problem)
    sys.exit(FINDINGS if problems else FINE)


@template.command("install")
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--as", "name", default=NAME, show_default=True, metavar="ИМЯ", help="Каким шаблоном он станет.")
@click.pass_obj
def install(shell: Shell, file: Path, name: str) -> None:
    """Проверить шаблон и заменить им прежний; прежний сохраняется в папке «прежние»."""
    from registry.actor import system
    from registry.errors import InputError
    from steps import templates

    data = read_bytes(file)
    with shell.house() as house:
        try:
            kept = templates.install(system("letter"), house, name, data)
        except InputError as error:
            raise CliError(str(error)) from None
    say(f"Шаблон {name} заменён." + (f" Прежний: {kept}." if kept else ""))
