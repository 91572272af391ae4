"""`otvet client`: the local table of clients."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import FINDINGS, Command, Group, Shell, emit, read_bytes, say

if TYPE_CHECKING:
    from steps.clients import Loaded

TITLES = {"new": "новых", "changed": "изменённых", "unchanged": "без изменений", "refused": "не принято"}


@click.group(cls=Group)
def client() -> None:
    """Клиенты: загрузка из CRM и поиск."""


@client.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--dry-run/--apply", "dry", default=True, help="Только показать изменения (по умолчанию) или внести их.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на непринятую строку, затем итог.")
@click.pass_context
def import_(context: click.Context, file: Path, *, dry: bool, as_json: bool) -> None:
    """Загрузить клиентов из CSV или xlsx.

    Первая строка называет столбцы: Клиент (ФИО, Наименование), Код CRM (ID), Сегмент (B2C, B2B, B2B2C), Лицевой счёт
    (ЛС), Договор, Кураторы договоров («номер: имя входа»), ИНН, Телефон, Эл. почта, Подтверждённая эл. почта и
    Подтверждённый телефон («a@b.ru 12.03.2026»: с датой подтверждения), Адрес, VIP (да, нет), Персональный менеджер,
    Куратор, Согласие на письма больше 5 МБ (дата), Вложения без архива (причина). Обязательны Клиент и один из столбцов
    с номером. Столбец, которого нет, не меняется; пустая ячейка очищает. Несколько значений разделяют точкой с запятой.
    """
    from registry.actor import system
    from steps import clients

    shell: Shell = context.obj
    data = read_bytes(file)
    with shell.house() as house:
        found = clients.load(system("client"), house, data, apply=not dry)
    _tell(found, as_json=as_json)
    if found.counts["refused"]:
        context.exit(FINDINGS)


@client.command("find", cls=Command)
@click.argument("asked", metavar="ЗАПРОС")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на клиента.")
@click.pass_obj
def find(shell: Shell, asked: str, *, as_json: bool) -> None:
    """Найти клиента по счёту, договору, ИНН, телефону, эл. почте или началу имени."""
    from registry.actor import system
    from steps import views

    with shell.house() as house:
        for one in views.find_clients(system("client"), house, asked):
            if as_json:
                emit(asdict(one))
            else:
                number = one.account_number or one.contract_number or one.inn or ""
                say(f"{one.id:>7}  {one.name:<44} {number}{'  VIP' if one.is_vip else ''}")


def _tell(found: Loaded, *, as_json: bool) -> None:
    if as_json:
        for one in found.refused:
            emit({"line": one.line, "reason": one.reason})
        emit({"applied": found.applied, "rows": found.rows, **found.counts, "recomputed": found.recomputed})
        return
    for one in found.refused:
        say(f"строка {one.line}: {one.reason}")
    if found.ignored:
        say(f"Столбцы без смысла для реестра, пропущены: {', '.join(found.ignored)}")
    counts = ", ".join(f"{title} {found.counts[name]}" for name, title in TITLES.items())
    say(f"Строк {found.rows}: {counts}.")
    if found.applied:
        say(f"Изменения внесены; пересчитано открытых обращений: {found.recomputed}.")
    else:
        say("Это проверка, ничего не записано. Чтобы загрузить, добавьте --apply.")
