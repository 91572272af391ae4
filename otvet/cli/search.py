"""`otvet search`: find appeals by words, names and numbers, and build the index anew."""

from __future__ import annotations

import sys

import click

from otvet.cli.base import FINDINGS, FINE, Command, Shell, emit, say


@click.command(cls=Command)
@click.argument("words", nargs=-1, metavar="СЛОВА…")
@click.option("--queue", metavar="КОД", help="Только эта очередь.")
@click.option("--state", metavar="КОД", help="Только это состояние.")
@click.option("--open", "open_only", is_flag=True, help="Только те, что в работе.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Сколько показать.")
@click.option("--rebuild", is_flag=True, help="Построить указатель поиска заново (можно прервать и продолжить).")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на обращение.")
@click.pass_obj
def search(  # noqa: PLR0913 - one parameter an option
    shell: Shell,
    words: tuple[str, ...],
    queue: str | None,
    state: str | None,
    limit: int,
    *,
    open_only: bool,
    rebuild: bool,
    as_json: bool,
) -> None:
    """Найти обращения по словам письма, имени, номеру, счёту, телефону или адресу."""
    from registry.actor import system
    from registry.lists import Filter
    from steps import search as steps_search
    from steps import views

    if not words and not rebuild:
        raise click.UsageError("Назовите, что искать, или добавьте --rebuild.")
    with shell.house() as house:
        if rebuild:
            done = steps_search.rebuild(system("search"), house)
            say(f"Указатель поиска построен: {done} обращений.")
        if not words:
            sys.exit(FINE)
        wanted = Filter(text=" ".join(words), queue=queue, state=state, open_only=open_only)
        found = views.queue(system("search"), house, wanted, limit=limit)
    for row in found.rows:
        if as_json:
            emit({"number": row.number, "state": row.state, "queue": row.queue, "due_hard": row.due_hard})
        else:
            say(f"{row.number}  {row.received:%d.%m.%Y}  {row.queue_title}  {row.state_title}  {row.sender}")
    if not as_json:
        say(f"Найдено: {'более ' if found.more else ''}{found.total}.")
    sys.exit(FINE if found.rows else FINDINGS)
