"""`otvet post`: lists for the post office, postal numbers, scans that came back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from otvet.cli.base import FINDINGS, FINE, CliError, Command, Group, Shell, acting, emit, read_bytes, say
from otvet.cli.terms import IsoDate


def _as_whom(command: Any) -> Any:
    text = "Имя входа того, кто это делает: его права проверяются, его имя остаётся в истории."
    return click.option("--as", "login", required=True, metavar="ИМЯ_ВХОДА", help=text)(command)


@click.group("post", cls=Group)
def post() -> None:
    """Отправка почтой: списки, бланки, ШПИ, сканы."""


@post.command("show", cls=Command)
@_as_whom
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на список.")
@click.pass_obj
def show(shell: Shell, login: str, *, as_json: bool) -> None:
    """Показать, что ждёт почты, и списки."""
    from steps import views

    with shell.house() as house:
        found = views.post(acting(house, login), house)
    for one in found.lists:
        if as_json:
            emit(asdict(one))
            continue
        state = f"сдан {one.handed_over:%d.%m.%Y}" if one.handed_over else "ждёт подтверждения"
        state = "расформирован" if one.cancelled else state
        say(f"Список № {one.id} от {one.made_at:%d.%m.%Y}: {one.kind_title}, писем {one.count}, {state}")
    if not as_json:
        bare = sum(row.no_address for row in found.waiting)
        say(f"Ждут списка: {len(found.waiting)}" + (f", без адреса: {bare}" if bare else ""))


@post.command("list", cls=Command)
@click.option("--kind", metavar="ВИД", help="Код вида отправления из rules/post.yaml; без него — все виды.")
@_as_whom
@click.pass_obj
def make(shell: Shell, login: str, kind: str | None) -> None:
    """Составить списки на сдачу, для каждого вида отправления свой."""
    from steps import post as steps

    with shell.house() as house:
        made = steps.make_lists(acting(house, login), house, kind)
    say(f"Составлены списки: {', '.join(map(str, made))}")


@post.command("print", cls=Command)
@click.argument("list_id", type=int, metavar="СПИСОК")
@click.argument("folder", type=click.Path(path_type=Path), metavar="ПАПКА")
@_as_whom
@click.pass_obj
def print_(shell: Shell, list_id: int, folder: Path, login: str) -> None:
    """Записать в папку список (PDF и xlsx), конверты, ярлыки, описи ф. 107 и уведомления ф. 119."""
    from steps import views
    from steps.views.postpapers import ListFile

    names: tuple[ListFile, ...] = ("pdf", "xlsx", "envelopes", "labels", "f107", "f119")
    with shell.house() as house:
        actor = acting(house, login)
        page = views.post_list(actor, house, list_id)
        wanted = [name for name in names if name not in {"f107", "f119"} or name in page.forms]
        files = [views.post_list_file(actor, house, list_id, name) for name in wanted]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in files:
            (folder / one.name).write_bytes(one.data)
            say(str(folder / one.name))
    except OSError:
        raise CliError(f"В папку «{folder}» не записать. Проверьте её и права.") from None


@post.command("confirm", cls=Command)
@click.argument("list_id", type=int, metavar="СПИСОК")
@click.option("--day", "handed_over", type=IsoDate(), required=True, metavar="ДАТА", help="День сдачи по штемпелю.")
@click.option("--accepted", type=int, required=True, metavar="СКОЛЬКО", help="Сколько писем почта приняла по списку.")
@_as_whom
@click.pass_obj
def confirm(shell: Shell, /, list_id: int, login: str, **given: Any) -> None:
    """Подтвердить сдачу списка; непринятые письма отмечают на рабочем месте."""
    from steps import post as steps

    with shell.house() as house:
        sent = steps.confirm_list(acting(house, login), house, list_id, **given)
    say(f"Список № {list_id}: отправлено писем {sent}" if sent else f"Список № {list_id} уже подтверждён.")


@post.command("tracking", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ.csv|ФАЙЛ.xlsx")
@_as_whom
@click.pass_obj
def tracking(shell: Shell, file: Path, login: str) -> None:
    """Записать ШПИ из таблицы с графами «Исх. №» и «ШПИ»."""
    from steps import post as steps

    data = read_bytes(file)
    with shell.house() as house:
        made = steps.import_tracking(acting(house, login), house, data)
    say(f"Записано ШПИ: {made.kept}")
    for line in made.wrong:
        say(line)
    sys.exit(FINDINGS if made.wrong else FINE)


@post.command("scan", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="ФАЙЛ…")
@_as_whom
@click.pass_obj
def scan(shell: Shell, files: tuple[Path, ...], login: str) -> None:
    """Принять сканы списков со штемпелем и уведомлений: они находятся по коду."""
    from steps import postscan

    strange = 0
    with shell.house() as house:
        actor = acting(house, login)
        for one in files:
            kept = postscan.take(actor, house, read_bytes(one), one.name)
            for key in kept.lists:
                say(f"{one}: список № {key}")
            for number in kept.notices:
                say(f"{one}: уведомление к исх. № {number}")
            for line in kept.strange:
                say(f"{one}: не принято — {line}")
            strange += len(kept.strange)
    sys.exit(FINDINGS if strange else FINE)
