"""`otvet rules`: check rule files, show what is in force, and preview what a change would do to open appeals."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from otvet.cli.base import FINDINGS, CliError, Command, Group, Shell, emit, say

if TYPE_CHECKING:
    from rules.diff import Change
    from steps.rules import Effect, Preview

FIELDS: Final = {
    "due_hard": "предельный срок",
    "due_target": "внутренний срок",
    "queue": "очередь",
    "reply_owner": "владелец ответа",
    "restricted": "закрытый доступ",
    "parts": "части ответа от других очередей",
    "overdue": "станут просроченными",
}
SHOWN: Final = 60  # changes of values printed in words; --json gives them all


@click.group(cls=Group)
def rules() -> None:
    """Правила как данные: проверка, редакции, последствия изменений."""


@rules.command("check", cls=Command)
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[ПАПКА]")
@click.pass_obj
def check(shell: Shell, folder: Path | None) -> None:
    """Проверить файлы правил и все их будущие редакции."""
    from registry import clock
    from rules.editions import load_editions

    editions = load_editions(folder or shell.settings.rules_dir)
    today = clock.today()
    say(f"Правила в порядке, редакция {editions.on(today).version}.")
    for day in editions.after(today):
        say(f"С {day:%d.%m.%Y} вступит в силу редакция {editions.on(day).version}.")
    for warning in editions.warnings(today):
        say(f"Обратите внимание: {warning}")


@rules.command("show", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на файл.")
@click.pass_obj
def show(shell: Shell, *, as_json: bool) -> None:
    """Показать, какие правила действуют: номер редакции, приказ, дата."""
    from registry import clock
    from rules.book import FILES
    from rules.editions import load_editions

    book = load_editions(shell.settings.rules_dir).on(clock.today())
    if not as_json:
        say(f"Редакция {book.version}")
    for name in FILES:
        part = getattr(book, name)
        if as_json:
            emit({"file": f"{name}.yaml", "version": part.version, "order_no": part.order_no,
                  "valid_from": part.valid_from, "book": book.version})  # fmt: skip
            continue
        order = f"приказ № {part.order_no}" if part.order_no else "проект, приказом не утверждён"
        say(f"{name}.yaml: № {part.version}, действует с {part.valid_from:%d.%m.%Y}, {order}")


@rules.command("diff", cls=Command)
@click.argument("proposed", type=click.Path(exists=True, path_type=Path), metavar="ПАПКА|ФАЙЛ")
@click.option("--limit", type=click.IntRange(0, 10_000), default=50, help="Сколько обращений перечислить.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON одним объектом.")
@click.pass_obj
def diff(shell: Shell, proposed: Path, *, limit: int, as_json: bool) -> None:
    """Показать, что изменится в правилах и в открытых обращениях. Ничего не меняет.

    ПАПКА — полный набор новых правил; ФАЙЛ — новая редакция одного файла с тем же именем (deadlines.yaml или
    deadlines@2027-01-01.yaml).
    """
    from registry.actor import system
    from rules.book import load
    from rules.diff import compare
    from steps import rules as step

    with shell.house() as house, _folder(proposed, shell.settings.rules_dir) as folder:
        other = load(folder, _day_of(proposed))
        changes = compare(house.book, other)
        found = step.preview(system("rules"), house, other, limit=limit)
    if as_json:
        emit({"before": house.book.version, "after": other.version, "changes": [_change(one) for one in changes],
              "looked": found.looked, "counts": found.counts,
              "appeals": [_as_json(one) for one in found.effects]})  # fmt: skip
    else:
        _say(changes, found)
    sys.exit(FINDINGS if found.counts else 0)


@rules.command("editions", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на редакцию.")
@click.pass_obj
def editions(shell: Shell, *, as_json: bool) -> None:
    """Показать редакции правил, по которым работал реестр."""
    from registry import clock
    from registry.actor import system
    from steps import rules as step

    with shell.house() as house:
        for one in step.seen(system("rules"), house):
            if as_json:
                emit({"version": one.version, "seen_at": one.seen_at, "files": one.orders})
            else:
                say(f"{one.version}: впервые применена {one.seen_at.astimezone(clock.LOCAL):%d.%m.%Y %H:%M}")


@rules.command("export", cls=Command)
@click.argument("version", metavar="РЕДАКЦИЯ")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, metavar="ПАПКА", help="Куда положить файлы.")
@click.pass_obj
def export(shell: Shell, version: str, out: Path) -> None:
    """Достать файлы прежней редакции правил из реестра."""
    from registry.actor import system
    from steps import rules as step

    if out.exists() and any(out.iterdir()):
        raise CliError(f"Папка {out} не пуста. Укажите новую или пустую.")
    with shell.house() as house:
        files = step.files_of(system("rules"), house, version)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    say(f"Файлов: {len(files)}, папка {out}")


def _change(change: Change) -> dict[str, Any]:
    """Return a change as JSON wants it."""
    return {"file": change.file, "place": change.place, "before": change.before, "after": change.after}


@contextmanager
def _folder(proposed: Path, present: Path | None) -> Iterator[Path]:
    """A folder of rules: the one given, or the present one with one file put in the place of its namesake."""
    if proposed.is_dir():
        yield proposed
        return
    from rules.book import FILES, HERE

    stem = proposed.name.removesuffix(".yaml").partition("@")[0]
    if stem not in FILES:
        raise CliError(f"Файла правил {proposed.name} не бывает. Возможные имена: {', '.join(FILES)}.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (present or HERE).glob("*.*"):
            if path.suffix in {".yaml", ".jsonl"}:
                shutil.copy(path, folder / path.name)
        shutil.copy(proposed, folder / proposed.name)
        yield folder


def _day_of(proposed: Path) -> dt.date | None:
    """The day by which the proposal is looked at: the one in its name; None: the present day."""
    with suppress(ValueError):
        return dt.date.fromisoformat(proposed.name.removesuffix(".yaml").partition("@")[2])
    return None


def _say(changes: list[Change], found: Preview) -> None:
    say(f"Изменений в файлах правил: {len(changes)}")
    for change in changes[:SHOWN]:
        say(f"  {change}")
    if len(changes) > SHOWN:
        say(f"  … и ещё {len(changes) - SHOWN}; все — с ключом --json")
    say(f"Открытых обращений просмотрено: {found.looked}")
    if not found.counts:
        say("Ни одно открытое обращение не изменится.")
        return
    for name, count in found.counts.items():
        say(f"  {FIELDS[name]}: {count}")
    for effect in found.effects:
        say(f"{effect.number}: {'; '.join(_words(effect, name) for name in effect.changed)}")
    if found.touched > len(found.effects):
        say(f"… и ещё {found.touched - len(found.effects)}; больше — с ключом --limit")


def _words(effect: Effect, name: str) -> str:
    before, after = getattr(effect, name)
    return f"{FIELDS[name]} {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, tuple):
        return ", ".join(value) or "нет"
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)


def _as_json(effect: Effect) -> dict[str, Any]:
    changed = {name: dict(zip(("before", "after"), getattr(effect, name), strict=True)) for name in effect.changed}
    return {"number": effect.number, "overdue": effect.overdue, **changed}
