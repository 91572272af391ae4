"""`otvet search`: find appeals by words, names, numbers and filters, and build the index anew."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import click

from otvet.cli.base import FINDINGS, FINE, Command, Shell, emit, say

DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])


def _day(_context: click.Context, _parameter: click.Parameter, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def _person(people: list[tuple[int, str]], name: str) -> int:
    found = [(key, title) for key, title in people if title.casefold().startswith(name.strip().casefold())]
    if len(found) == 1:
        return found[0][0]
    known = "; ".join(title for _, title in found or people)
    raise click.UsageError(f"Исполнителя «{name}» не нашлось ровно одного. Есть: {known}.")


@click.command(cls=Command)
@click.argument("words", nargs=-1, metavar="СЛОВА…")
@click.option("--queue", metavar="КОД", help="Только эта очередь.")
@click.option("--topic", metavar="КОД", help="Только эта тема (C02.03) или группа тем (C02).")
@click.option("--state", metavar="КОД", help="Только это состояние.")
@click.option("--channel", metavar="КОД", help="Только этот канал: post, email…")
@click.option("--segment", metavar="КОД", help="Только эти клиенты: B2C, B2B, B2B2C.")
@click.option("--executor", metavar="ИМЯ", help="Только этот исполнитель: фамилия, при однофамильцах с инициалами.")
@click.option("--vip", is_flag=True, help="Только VIP.")
@click.option("--received-from", type=DAY, callback=_day, metavar="ДАТА", help="Поступило с этого дня.")
@click.option("--received-until", type=DAY, callback=_day, metavar="ДАТА", help="Поступило по этот день.")
@click.option("--due-from", type=DAY, callback=_day, metavar="ДАТА", help="Срок ответа с этого дня.")
@click.option("--due-until", type=DAY, callback=_day, metavar="ДАТА", help="Срок ответа по этот день.")
@click.option("--overdue", is_flag=True, help="Только просроченные: срок прошёл, ответа нет.")
@click.option("--open", "open_only", is_flag=True, help="Только те, что в работе.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Сколько показать.")
@click.option("--rebuild", is_flag=True, help="Построить указатель поиска заново (можно прервать и продолжить).")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на обращение.")
@click.pass_obj
def search(
    shell: Shell,
    /,
    words: tuple[str, ...],
    executor: str | None,
    limit: int,
    *,
    rebuild: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Найти обращения по словам письма, имени, номеру, счёту, телефону или адресу и по условиям."""
    from registry.actor import system
    from registry.lists import Filter
    from steps import search as steps_search
    from steps import views

    if not (words or executor or any(asked.values()) or rebuild):
        raise click.UsageError("Назовите, что искать, или условие, или добавьте --rebuild.")
    with shell.house() as house:
        if rebuild:
            done = steps_search.rebuild(system("search"), house)
            say(f"Указатель поиска построен: {done} обращений.")
            if not (words or executor or any(asked.values())):
                sys.exit(FINE)
        person = _person(views.reference(house).executors, executor) if executor else None
        wanted = Filter(text=" ".join(words) or None, executor=person, **asked)
        found = views.queue(system("search"), house, wanted, limit=limit)
    marked = sys.stdout.isatty()  # marks of a terminal are rubbish in a file
    for row in found.rows:
        if as_json:
            emit({"number": row.number, "state": row.state, "queue": row.queue, "due_hard": row.due_hard})
        else:
            say(f"{row.number}  {row.received:%d.%m.%Y}  {row.queue_title}  {row.state_title}  {row.sender}")
            if row.snippet:
                text = "".join(click.style(piece, bold=True) if hit and marked else piece for piece, hit in row.snippet)
                say("    " + " ".join(text.split()))
    if not as_json:
        say(f"Найдено: {found.total}{'+' if found.more else ''}.")
    sys.exit(FINE if found.rows else FINDINGS)
