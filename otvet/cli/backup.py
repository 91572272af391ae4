"""`otvet backup`, `otvet restore`: a copy while everything runs, and the way back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import FINDINGS, FINE, CliError, Command, NoSuchPersonError, Shell, acting, complain, emit, say

if TYPE_CHECKING:
    from registry.database import Database
    from steps.backup import Restored

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="ПАПКА")


@click.command(cls=Command)
@FOLDER
@click.option("--keep", type=click.IntRange(min=1), default=None, metavar="N", help="Оставить N новых копий.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def backup(shell: Shell, folder: Path, keep: int | None, *, as_json: bool) -> None:
    """Сделать резервную копию, не останавливая работу."""
    from registry.actor import system
    from steps import backup as steps

    with shell.house() as house:
        made = steps.make(system("backup"), house, folder, keep=keep or 0)
    facts = {"copy": str(made.path), "blobs": made.manifest.blobs, "rows": made.manifest.rows, "deleted": made.deleted}
    if as_json:
        emit(facts)
        return
    say(f"Копия готова и проверена: {made.path}")
    say(f"Обращений {made.manifest.rows['appeal']}, файлов {made.manifest.blobs}, удалено старых копий {made.deleted}")
    say("В копию не входят:")
    for line in steps.NOT_INCLUDED:
        say(f"  – {line}")


@click.command(cls=Command)
@FOLDER
@click.option("--copy", "name", metavar="ИМЯ", help="Какую копию взять; без ключа — самую новую.")
@click.option("--into", "url", metavar="АДРЕС", help="В какую базу; без ключа — в базу из настроек.")
@click.option("--aside", is_flag=True, help="Отложить прежнюю базу целиком (она не удаляется).")
@click.option("--numbers-from", "lost_url", metavar="АДРЕС", help="Прежняя база, если читается: взять номера.")
@click.option("--reserve", type=click.IntRange(min=1), metavar="N", help="Отложить по N номеров каждого журнала.")
@click.option("--nothing-lost", is_flag=True, help="После копии ничего не регистрировали и не отправляли.")
@click.option("--by", "login", metavar="ЛОГИН", help="Кто отвечает за отложенные номера.")
@click.pass_obj
def restore(  # noqa: PLR0913 - one option each
    shell: Shell,
    folder: Path,
    name: str | None,
    url: str | None,
    lost_url: str | None,
    reserve: int | None,
    login: str | None,
    *,
    aside: bool,
    nothing_lost: bool,
) -> None:
    """Восстановить из резервной копии и проверить восстановленное."""
    if sum(map(bool, (lost_url, reserve, nothing_lost))) != 1:
        raise CliError(
            "Номера, выданные после копии, нельзя выдать снова. Укажите одно: --numbers-from АДРЕС (прежняя база "
            "читается), --reserve N (сколько номеров могло быть выдано) или --nothing-lost (ничего не выдавали)."
        )
    if not nothing_lost and not login:
        raise CliError("Укажите --by ЛОГИН: кто отвечает за отложенные номера (право вести журналы).")
    from registry.actor import system
    from steps import backup as steps

    last = _last_numbers(shell, lost_url) if lost_url else {}
    db, reserved = _database(shell, url), 0
    try:
        done = steps.bring_back(system("restore"), db, folder, name=name, aside=aside)
        if login:
            reserved = _reserve(shell, db, login, last, reserve or 0)
            say(f"Отложено номеров: {reserved}")
    finally:
        db.close()
    sys.exit(_told(done, reserved))


def _told(done: Restored, reserved: int) -> int:
    from registry import restore as parts

    say(f"Восстановлено на {parts.made_at(done.manifest):%d.%m.%Y %H:%M}. Проверено записей истории: {done.events}")
    for problem in done.problems:
        complain(f"✗ {problem}")
    lost = "внесите утраченные письма под отложенными номерами, " if reserved else ""
    say(f"Дальше: {lost}повторите акты уничтожения, проведённые после копии,")
    say("и запустите `otvet reconcile`.")
    return FINDINGS if done.problems else FINE


def _reserve(shell: Shell, db: Database, login: str, last: dict[tuple[str, int], int], reserve: int) -> int:
    from otvet.wiring import build_house
    from steps import backup as steps

    address = db.url.render_as_string(hide_password=False)
    house = build_house(shell.settings.model_copy(update={"database_url": address}), pages=False)
    try:
        return steps.keep_lost_numbers(acting(house, login), house, last=last, reserve=reserve)
    except NoSuchPersonError as error:
        raise CliError(f"{error} База восстановлена, номера НЕ отложены: повторите с --aside.") from None
    finally:
        house.close()


def _last_numbers(shell: Shell, url: str) -> dict[tuple[str, int], int]:
    from registry import restore as parts

    db = _database(shell, url)
    try:
        return parts.counters(db)
    finally:
        db.close()


def _database(shell: Shell, url: str | None) -> Database:
    from registry import clock
    from registry.database import Database
    from rules.editions import load_editions

    settings = shell.settings
    settings.home.mkdir(parents=True, exist_ok=True)
    editions = load_editions(settings.rules_dir)
    return Database(url or settings.database, lambda: editions.on(clock.today()).roles, settings.home / "хранилище")
