"""`otvet journal`: registration journals, paper journals of an outage, cancelled numbers."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from otvet.cli.base import FINDINGS, FINE, CliError, Command, Group, Shell, acting, emit, read_bytes, say
from otvet.cli.terms import CHANNELS, IsoDate


def _as_whom(command: Any) -> Any:
    text = "Имя входа того, кто это решает: его права проверяются, его имя остаётся в журнале."
    return click.option("--as", "login", required=True, metavar="ИМЯ_ВХОДА", help=text)(command)


def _of_period(command: Any) -> Any:
    for option in (
        click.option("--to", "until", type=IsoDate(), metavar="ДАТА", help="Последний день периода."),
        click.option("--from", "since", type=IsoDate(), metavar="ДАТА", help="Первый день периода."),
        click.option("--year", type=int, metavar="ГОД", help="Год журнала; по умолчанию текущий."),
        click.option(
            "--journal", "name", default="incoming", metavar="КОД", help="Код журнала из rules/journals.yaml."
        ),
    ):
        command = option(command)
    return command


@click.group(cls=Group)
def journal() -> None:
    """Журналы регистрации."""


@journal.command("show", cls=Command)
@_of_period
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на номер.")
@click.pass_obj
def show(shell: Shell, /, *, as_json: bool, **wanted: Any) -> None:
    """Показать записи журнала и сказать, нет ли пропусков."""
    from registry import journal as kept
    from registry.actor import system
    from steps.views import journal as views

    actor = system("journal")
    with shell.house() as house:
        chosen = _extract(wanted)
        known = views.known(house, chosen.journal)
        columns = views.Scribe(house, known).columns
        if not as_json:
            say(f"{known.title}, {chosen.year} год")
            say(" | ".join(title for title, _joined in views.SCREEN[known.direction]))
        with house.db.session(write=False) as session:
            for row in views.rows(actor, house, session, chosen.journal, chosen.year, chosen.since, chosen.until):
                if as_json:
                    cells = {column.title: cell for column, cell in zip(columns, row.cells, strict=True)}
                    emit({"number": row.number, "status": row.status, "hidden": row.hidden, **cells})
                else:
                    say(" | ".join(_joined(row.cells, one) or "—" for _title, one in views.SCREEN[known.direction]))
            seen = kept.totals(actor, session, chosen.journal, chosen.year)
    if not as_json:
        say(f"Номеров {seen.last}: выдано {seen.issued}, аннулировано {seen.cancelled}, в резерве {seen.reserved}; "
            + (f"ПРОПУЩЕНЫ {', '.join(map(str, seen.missing))}" if seen.missing else "пропусков нет"))  # fmt: skip
    sys.exit(FINDINGS if seen.missing else FINE)


@journal.command("export", cls=Command)
@click.argument("path", type=click.Path(path_type=Path), metavar="ФАЙЛ.xlsx|ФАЙЛ.pdf")
@_of_period
@click.pass_obj
def export(shell: Shell, /, path: Path, **wanted: Any) -> None:
    """Записать журнал в книгу Excel или в PDF для печати."""
    from registry.actor import system
    from steps import journal as steps

    forms: dict[str, steps.Form] = {".xlsx": "xlsx", ".pdf": "pdf"}
    if path.suffix.lower() not in forms:
        raise CliError("Имя файла должно кончаться на .xlsx или .pdf.")
    with shell.house() as house, _opened(path) as out:
        count = steps.export(system("journal"), house, _extract(wanted), forms[path.suffix.lower()], out)
    say(f"{path}: записей {count}")


@journal.command("cancel", cls=Command)
@click.argument("number", metavar="НОМЕР")
@click.option("--reason", required=True, metavar="ТЕКСТ", help="Почему номер аннулируется.")
@_as_whom
@click.pass_obj
def cancel(shell: Shell, number: str, reason: str, login: str) -> None:
    """Аннулировать номер: он остаётся в журнале с причиной."""
    from steps import journal as steps

    with shell.house() as house:
        steps.annul(acting(house, login), house, number, reason)
    say(f"{number}: номер аннулирован.")


@journal.command("reserve", cls=Command)
@click.argument("count", type=int, metavar="СКОЛЬКО")
@click.option("--journal", "name", default="incoming", metavar="КОД", help="Код журнала из rules/journals.yaml.")
@click.option("--reason", required=True, metavar="ТЕКСТ", help="Зачем нужен бумажный журнал.")
@click.option("-o", "path", type=click.Path(path_type=Path), metavar="ФАЙЛ.pdf", help="Куда записать бланк для печати.")
@_as_whom
@click.pass_obj
def reserve(shell: Shell, count: int, name: str, reason: str, path: Path | None, login: str) -> None:
    """Зарезервировать номера для бумажного журнала на время отказа."""
    from registry.actor import system
    from steps import journal as steps
    from steps.views import journal as views

    with shell.house() as house:
        key = steps.reserve(acting(house, login), house, name, count, reason)
        kept = views.reservation(system("journal"), house, key)
        if path is not None:
            with _opened(path) as out:
                steps.blank(system("journal"), house, key, out)
    say(f"Резерв {key}: {kept.first} — {kept.last}" + (f". Бланк: {path}" if path else ""))


@journal.command("enter", cls=Command)
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[ФАЙЛ]")
@click.option("--number", "reserved", metavar="НОМЕР", help="Номер из резерва; без него даётся следующий.")
@click.option("--written-on", type=IsoDate(), metavar="ДАТА", help="Дата записи в бумажном журнале.")
@click.option("--received", "received_on", type=IsoDate(), metavar="ДАТА", help="Дата поступления со штампа.")
@click.option("--postmark", "postmark_date", type=IsoDate(), metavar="ДАТА", help="Дата почтового штемпеля.")
@click.option("--channel", type=click.Choice(CHANNELS), default="post", help="Как поступило.")
@click.option("--class", "named", metavar="ВИД", help="Вид документа или журнал: код или название.")
@click.option("--person", default="", metavar="ФИО", help="От кого: фамилия, имя, отчество.")
@click.option("--organisation", default="", metavar="НАЗВАНИЕ", help="От какой организации.")
@click.option("--subject", default="", metavar="ТЕМА", help="О чём документ.")
@click.option("--summary", default="", metavar="ТЕКСТ", help="Краткое содержание; обязательно, если нет файла.")
@_as_whom
@click.pass_obj
def enter(shell: Shell, /, *, file: Path | None, login: str, channel: str, **given: Any) -> None:
    """Зарегистрировать документ вручную, в том числе из бумажного журнала."""
    from rules.wire import Channel
    from steps import journal as steps

    scan = (file.name, read_bytes(file)) if file else None
    with shell.house() as house:
        paper = steps.Paper(channel=Channel(channel), file=scan, **given)
        number = steps.enter(acting(house, login), house, paper)
    say(f"Зарегистрировано: {number}")


@journal.command("close", cls=Command)
@click.argument("reservation", type=int, metavar="РЕЗЕРВ")
@click.option("--reason", required=True, metavar="ТЕКСТ", help="Почему остальные номера аннулируются.")
@_as_whom
@click.pass_obj
def close(shell: Shell, reservation: int, reason: str, login: str) -> None:
    """Закрыть резерв: неиспользованные номера аннулируются с причиной."""
    from steps import journal as steps

    with shell.house() as house:
        done = steps.close(acting(house, login), house, reservation, reason)
    say(f"Резерв {reservation} закрыт: внесено {done.used}, аннулировано {done.cancelled}.")


@journal.command("check", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на журнал и год.")
@click.pass_obj
def check(shell: Shell, *, as_json: bool) -> None:
    """Проверить, что ни в одном журнале нет пропусков."""
    from registry.actor import system
    from steps.views import journal as views

    with shell.house() as house:
        found = views.totals(system("journal"), house)
        titles = {known.id: known.title for known in house.book.journals.journals}
    for one in found:
        if as_json:
            emit(asdict(one))
        else:
            missing = f"ПРОПУЩЕНЫ {', '.join(map(str, one.missing))}" if one.missing else "пропусков нет"
            say(f"{titles.get(one.journal, one.journal)}, {one.year} год: номеров {one.last}, {missing}")
    sys.exit(FINDINGS if any(one.missing for one in found) else FINE)


def _joined(cells: Sequence[Any], joined: Sequence[tuple[int, str]]) -> str:
    """What one cell of the screen says, in a line."""
    return ", ".join(f"{word} {_said(cells[index])}".strip() for index, word in joined if cells[index])


def _extract(wanted: dict[str, Any]) -> Any:
    from registry import clock
    from steps.journal import Extract

    since, until = wanted["since"], wanted["until"]
    year = wanted["year"] or (since or until or clock.today()).year
    return Extract(wanted["name"], year, since, until)


def _opened(path: Path) -> Any:
    try:
        return path.open("wb")
    except OSError:
        raise CliError(f"Файл «{path}» не записан. Проверьте папку и права.") from None


def _said(cell: str | dt.date) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, dt.date) else cell
