"""`otvet retention`, `otvet person`: terms of keeping, acts of destruction, and what is held on one person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from otvet.cli.base import Command, Group, Shell, acting, emit, say, write_bytes

if TYPE_CHECKING:
    from registry.export import PersonKey

OUT = click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="ФАЙЛ", help="Куда записать.")


@click.group(cls=Group)
def retention() -> None:
    """Сроки хранения и акты о выделении к уничтожению. Утверждают акт на рабочем месте, по имени."""


@retention.command("due")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на обращение.")
@click.pass_obj
def due(shell: Shell, *, as_json: bool) -> None:
    """Показать обращения с истёкшим сроком хранения."""
    from registry.actor import system
    from steps import retention as steps

    with shell.house() as house:
        rows = steps.expired(system("retention"), house)
    for number, keep_until, index in rows:
        if as_json:
            emit({"number": number, "keep_until": keep_until.isoformat(), "case": index})
        else:
            say(f"{number}: хранилось по {keep_until:%d.%m.%Y}, дело {index}")
    if not rows and not as_json:
        say("Нет обращений с истёкшим сроком хранения.")


@retention.command("recount")
@click.pass_obj
def recount(shell: Shell) -> None:
    """Пересчитать сроки хранения после изменения номенклатуры."""
    from registry.actor import system
    from steps import retention as steps

    with shell.house() as house:
        counted = steps.refresh(house)
        changed = steps.recount(system("retention"), house)
    say(f"Рассчитано впервые {counted}, изменено {len(changed)}")


@retention.command("make")
@click.pass_obj
def make(shell: Shell) -> None:
    """Составить проект акта."""
    from registry.actor import system
    from steps import retention as steps

    with shell.house() as house:
        key = steps.make_act(system("retention"), house)
    say(f"Составлен проект акта {key}: утвердите его на рабочем месте, страница «Дела».")


@retention.command("run")
@click.argument("act", type=int, metavar="АКТ")
@OUT
@click.pass_obj
def run(shell: Shell, act: int, out: Path) -> None:
    """Исполнить утверждённый акт и записать протокол."""
    from registry.actor import system
    from steps import retention as steps

    with shell.house() as house:
        done = steps.carry_out(system("retention"), house, act)
    write_bytes(out, done.pdf)
    say(f"Акт № {done.label}: уничтожено {done.erased}, не уничтожено {done.spared}. Протокол: {out}")


@retention.command("sweep")
@click.pass_obj
def sweep(shell: Shell) -> None:
    """Удалить файлы, на которые ничто не ссылается (после прерванного уничтожения)."""
    from steps import retention as steps

    with shell.house() as house:
        say(f"Удалено файлов: {steps.sweep(house)}")


@click.group(cls=Group)
def person() -> None:
    """Сведения об одном человеке: выдать по его запросу или уничтожить по его требованию."""


def _named(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, words in (
        ("--address", "Адрес, вместе с фамилией."),
        ("--last-name", "Фамилия, вместе с адресом."),
        ("--email", "Адрес электронной почты."),
        ("--account", "Лицевой счёт."),
    ):
        command = click.option(name, default="", metavar="ЗНАЧЕНИЕ", help=words)(command)
    return click.option("--by", "login", required=True, metavar="ЛОГИН", help="Кто отвечает за это.")(command)


@person.command("export", cls=Command)
@_named
@OUT
@click.pass_obj
def export(shell: Shell, /, out: Path, login: str, **named: str) -> None:
    """Записать всё, что хранится об одном человеке, в архив ZIP."""
    from steps import export as steps

    with shell.house() as house:
        write_bytes(out, steps.person(acting(house, login), house, _key(named)))
    say(f"Сведения записаны: {out}. Передайте их только самому человеку.")


@person.command("erase", cls=Command)
@_named
@click.option("--basis", required=True, metavar="ТЕКСТ", help="Требование (номер, дата) и норма закона.")
@OUT
@click.pass_obj
def erase(shell: Shell, /, out: Path, login: str, basis: str, **named: str) -> None:
    """Уничтожить сведения о человеке по его законному требованию и записать протокол."""
    from steps import retention as steps

    with shell.house() as house:
        done = steps.erase_person(acting(house, login), house, _key(named), basis)
    write_bytes(out, done.pdf)
    say(f"Обезличено обращений: {done.erased}. Протокол № {done.label}: {out}")


def _key(named: dict[str, str]) -> PersonKey:
    from registry.export import PersonKey

    words = {name: named.get(name, "").strip() for name in ("account", "email", "last_name", "address")}
    return PersonKey(words["account"], words["email"], words["last_name"], words["address"])
