"""`otvet user`: staff and their log-ins, for the administrator."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from otvet.cli.base import CliError, Command, Group, Shell, emit, read_bytes, say


@click.group(cls=Group)
def user() -> None:
    """Сотрудники и их вход."""


@user.command("add", cls=Command)
@click.argument("login", metavar="ИМЯ_ВХОДА")
@click.option("--name", "full_name", required=True, metavar="«ФАМИЛИЯ ИМЯ ОТЧЕСТВО»", help="Полное имя.")
@click.option("--position", required=True, metavar="ДОЛЖНОСТЬ", help="Должность.")
@click.option("--role", "roles", multiple=True, required=True, metavar="РОЛЬ", help="Роль; можно несколько раз.")
@click.option("--queue", "queues", multiple=True, metavar="ОЧЕРЕДЬ", help="Код очереди; можно несколько раз.")
@click.option("--phone", metavar="ТЕЛЕФОН", help="Телефон с кодом города.")
@click.option("--rank", type=click.IntRange(1, 9), default=9, metavar="ЧИСЛО", help="Ранг подписанта: 1 — директор.")
@click.option("--password-file", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Файл с паролем.")
@click.pass_obj
def add(  # noqa: PLR0913 - click gives each option by name
    shell: Shell,
    login: str,
    full_name: str,
    position: str,
    *,
    roles: tuple[str, ...],
    queues: tuple[str, ...],
    phone: str | None,
    rank: int,
    password_file: Path | None,
) -> None:
    """Добавить сотрудника; пароль спрашивается или читается из файла."""
    from registry import staff
    from registry.actor import system
    from registry.models import Person

    names = full_name.split()
    if len(names) < 2:  # noqa: PLR2004 - surname and first name
        raise CliError("Укажите хотя бы фамилию и имя.")
    password = _password(password_file)
    with shell.house() as house:
        _known(roles, house.book.roles.roles, "роли")
        _known(queues, house.book.queues.by_id, "очереди")
        with house.db.session() as session:
            if staff.by_login(session, login) is not None:
                raise CliError(f"Сотрудник с именем входа {login} уже есть.")
            person = Person(
                login=login,
                last_name=names[0],
                first_name=names[1],
                patronymic=" ".join(names[2:]) or None,
                position=position,
                phone=phone,
                rank=rank,
                roles=list(roles),
                queues=list(queues),
            )
            staff.save(system("user"), session, person, password)
    say(f"Сотрудник добавлен: {login}")


@user.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на сотрудника.")
@click.pass_obj
def list_(shell: Shell, *, as_json: bool) -> None:
    """Показать сотрудников."""
    from registry import staff

    with shell.house() as house, house.db.session(write=False) as session:
        for person in staff.everyone(session):
            if as_json:
                emit({"login": person.login, "name": person.full_name, "position": person.position,
                      "roles": person.roles, "queues": person.queues})  # fmt: skip
            else:
                say(f"{person.login:<16} {person.short_name:<24} {', '.join(person.roles)}")


def _password(path: Path | None) -> str:
    if path is None:
        return str(click.prompt("Пароль", hide_input=True, confirmation_prompt="Пароль ещё раз"))
    try:
        return read_bytes(path).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CliError(f"Файл с паролем {path} не в кодировке UTF-8.") from None


def _known(given: tuple[str, ...], known: Iterable[str], what: str) -> None:
    codes = list(known)
    for one in given:
        if one not in codes:
            raise CliError(f"Нет такой {what}: {one}. Возможны: {', '.join(codes)}.")
