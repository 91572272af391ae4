"""`otvet client`: the local table of clients."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import FINDINGS, INCOMPLETE, Command, Group, Shell, complain, emit, read_bytes, say

if TYPE_CHECKING:
    from steps.clients import Loaded
    from steps.crm import Pulled

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
    Куратор, Согласие на письма больше 5 МБ (дата), Вложения без архива (причина), Согласия («personal_data 12.03.2026»,
    виды — в rules/clients.yaml). Обязательны Клиент и один из столбцов
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


@client.command("pull", cls=Command)
@click.option("--dry-run/--apply", "dry", default=True, help="Только показать изменения (по умолчанию) или внести их.")
@click.option("--again", is_flag=True, help="С самого начала, а не с места прошлой загрузки.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на непринятое изменение, затем итог.")
@click.pass_context
def pull(context: click.Context, *, dry: bool, again: bool, as_json: bool) -> None:
    """Загрузить из CRM, что изменилось с прошлого раза: клиентов, согласия, контакты по другим каналам.

    CRM задаётся разделом [crm] настроек; что она должна отвечать — в docs/crm.md. Загруженная часть и отметка о ней
    записываются вместе, поэтому прерванную загрузку просто запускают снова. Код 3: CRM не ответила до конца.
    """
    from registry.actor import system
    from steps import crm

    shell: Shell = context.obj
    with shell.house() as house:
        found = crm.pull(system("client"), house, apply=not dry, again=again)
    _tell_pulled(found, as_json=as_json)
    if found.error:
        complain(found.error)
        context.exit(INCOMPLETE)
    if found.counts["refused"] or found.contacts["refused"]:
        context.exit(FINDINGS)


@client.command("lookup", cls=Command)
@click.option("--account", help="Лицевой счёт.")
@click.option("--contract", help="Номер договора.")
@click.option("--inn", help="ИНН.")
@click.option("--phone", help="Телефон.")
@click.option("--name", help="Имя; нужно вместе с --address.")
@click.option("--address", help="Адрес помещения.")
@click.pass_obj
def lookup(shell: Shell, /, **asked: str | None) -> None:
    """Спросить CRM о клиенте и взять его карточку в реестр."""
    from intake.crm import Asked
    from registry.actor import system
    from steps import crm

    with shell.house() as house:
        named = crm.look_up(system("client"), house, Asked.model_validate(asked))
    say(f"CRM назвала клиентов: {named}. Карточки — в реестре: otvet client find." if named else "CRM такого не знает.")


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


def _tell_pulled(found: Pulled, *, as_json: bool) -> None:
    if as_json:
        for one in found.refused:
            emit({"key": one.key, "reason": one.reason})
        told = {"applied": found.applied, **found.counts, "contacts": found.contacts, "pages": found.pages}
        emit({**told, "recomputed": found.recomputed, "complete": found.error is None})
        return
    for one in found.refused:
        say(f"{one.key}: {one.reason}")
    if found.passed_over:
        say(f"Согласия, которых нет в rules/clients.yaml, пропущены: {', '.join(sorted(found.passed_over))}")
    for title, counts in (("Клиенты", found.counts), ("Контакты", found.contacts)):
        say(f"{title}: {', '.join(f'{word} {counts[name]}' for name, word in TITLES.items())}.")
    for sample in found.samples:
        say(f"  {sample.name}: {', '.join(sorted(sample.after)) if sample.before else 'новый'}")
    if found.applied:
        say(f"Изменения внесены; пересчитано открытых обращений: {found.recomputed}.")
    else:
        say("Это проверка, ничего не записано. Чтобы загрузить, добавьте --apply.")


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
