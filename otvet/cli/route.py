"""`otvet route`: why an appeal lies where it lies, and the routing table's own tests."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from otvet.cli.base import Command, Group, Shell, emit, say

PARTS = {"restrictions": "Ограничения", "queue": "Очередь", "reply_owner": "Владелец ответа"}


@click.group(cls=Group)
def route() -> None:
    """Маршруты обращений: объяснить и проверить."""


@route.command("explain", cls=Command)
@click.argument("number", metavar="НОМЕР")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def explain(shell: Shell, number: str, *, as_json: bool) -> None:
    """Объяснить, почему обращение в этой очереди: какие правила сработали, какие нет и почему."""
    from registry.actor import system
    from steps.views import duty

    with shell.house() as house:
        found = duty.why(system("route"), house, number)
    if as_json:
        emit(dataclasses.asdict(found))
        return
    say(f"{found.number}: очередь «{found.queue}», отвечает «{found.reply_owner}»")
    sure = "подтверждена человеком" if found.confirmed else f"уверенность {round(found.confidence * 100)} %"
    say(f"Тема: {found.topic or 'не определена'}" + (f", {sure}" if found.topic else ""))
    say(f"Признаки: {', '.join(found.flags)}")
    if (found.now_queue, found.now_owner) != (found.queue, found.reply_owner):
        say(f"По правилам сейчас: очередь «{found.now_queue}», отвечает «{found.now_owner}»")
    part = ""
    for verdict in found.verdicts:
        if verdict.part != part:
            part = verdict.part
            say(f"{PARTS[part]}:")
        mark, tail = ("+", verdict.basis) if verdict.acted else ("-", verdict.why_not)
        say(f"  {mark} {verdict.rule}: {tail}")
    say(f"Версия правил сейчас: {found.rules_now}")
    for move in found.moves:
        how = "вручную" if move.by_hand else "по правилам"
        acted = f" ({', '.join(move.acted)})" if move.acted else ""
        say(f"{move.at:%d.%m.%Y %H:%M} {move.who}, {how}: «{move.queue}», отвечает «{move.reply_owner}», "
            f"правила {move.rules}{acted}")  # fmt: skip


@route.command("check", cls=Command)
@click.option("--rules", "folder", type=click.Path(path_type=Path), metavar="ПАПКА", help="Папка правил для проверки.")
@click.pass_obj
def check(shell: Shell, folder: Path | None) -> None:
    """Проверить таблицу маршрутов её собственными примерами."""
    from rules.book import load

    table = load(folder or shell.settings.rules_dir).routing
    say(f"Таблица маршрутов верна: правил {len(table.ids)}, примеров {len(table.examples)}, каждый ушёл куда нужно.")
