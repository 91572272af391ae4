"""What commands share: their classes, their settings, and the way words and JSON get to stdout."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from otvet.settings import Settings
    from registry.actor import Actor
    from steps.house import House

FINE: Final = 0
FINDINGS: Final = 1
BAD_INPUT: Final = 2
INCOMPLETE: Final = 3

MAX_LINE: Final = 16 * 1024 * 1024  # bytes; a longer line is no letter, and is skipped to its end


class CliError(Exception):
    """Bad input; the Russian message says what to do."""


class NoSuchPersonError(CliError):
    """No member of staff has the login that a command was given."""


class Command(click.Command):
    """A command whose usage line is Russian."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("options_metavar", "[ПАРАМЕТРЫ]")
        super().__init__(*args, **options)


class Group(click.Group):
    """A group in the order of its declaration; commands of ``lazy`` (name → module:attribute) load when asked for."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **options: Any) -> None:
        options.setdefault("options_metavar", "[ПАРАМЕТРЫ]")
        options.setdefault("subcommand_metavar", "КОМАНДА …")
        super().__init__(*args, **options)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of declaration: what is used daily stands first."""
        return [*self.commands, *self.lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module now."""
        if cmd_name in self.lazy:
            module, _, name = self.lazy[cmd_name].partition(":")
            found = getattr(importlib.import_module(module), name)
            assert isinstance(found, click.Command)
            return found
        return super().get_command(ctx, cmd_name)


@dataclass
class Shell:
    """What the root command hands down: where the settings are, loaded when a command asks."""

    config: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings, in the demonstration with its own sources. Raises SettingsError."""
        from otvet.settings import load_settings

        found = load_settings(self.config)
        if not found.demo:
            return found
        from otvet.staging import demo_settings

        return demo_settings(found)

    @contextmanager
    def house(self, *, pages: bool = False) -> Iterator[House]:
        """Open the house for one command and close it whatever happens."""
        from otvet.wiring import build_house

        house = build_house(self.settings, pages=pages)
        try:
            yield house
        finally:
            house.close()


def acting(house: House, login: str) -> Actor:
    """Return the member of staff in whose name a command acts. Raises NoSuchPersonError."""
    from registry import staff

    with house.db.session(write=False) as session:
        person = staff.by_login(session, login)
    if person is None:
        raise NoSuchPersonError(f"Работника «{login}» нет. Посмотрите список: otvet user list.")
    return staff.actor_of(person)


def emit(value: Mapping[str, Any]) -> None:
    """Write one object as one line and let it go at once: a reader at the other end of a pipe waits for it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Write a line for people."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """Write a line for people on stderr, where it does not disturb the output."""
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises CliError with the reason why not."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CliError(f"Файл «{path}» не найден. Проверьте путь.") from None
    except IsADirectoryError:
        raise CliError(f"«{path}» — папка, а нужен файл.") from None
    except PermissionError:
        raise CliError(f"Файл «{path}» нельзя прочитать: нет прав.") from None
    except (OSError, ValueError):
        raise CliError(f"Файл «{path}» не читается. Проверьте путь и диск.") from None


def try_bytes(path: Path) -> bytes | None:
    """Return a file's bytes, or complain and give None, so that the files after it get their turn."""
    try:
        return read_bytes(path)
    except CliError as error:
        complain(str(error))
        return None


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file. Raises CliError."""
    try:
        path.write_bytes(data)
    except (OSError, ValueError):
        raise CliError(f"Файл «{path}» не записан. Проверьте папку, права и место на диске.") from None


def stream(answer: Callable[[dict[str, Any]], Mapping[str, Any]]) -> int:
    """Answer every line of stdin on stdout and return the exit code: 2 when a line was bad. A bad one stops nothing."""
    code = FINE
    for raw in _lines(sys.stdin.buffer):
        row: dict[str, Any] = {}
        try:
            row = _parsed(raw)
            shown = answer(row)
        except CliError as error:
            shown = {"id": row.get("id"), "error": str(error)}
            code = BAD_INPUT
        emit(shown)
    return code


def text_of(row: Mapping[str, Any], name: str, *, required: bool = True) -> str | None:
    """Return a string of an input line; None only where it may be absent. Raises CliError."""
    value = row.get(name)
    if value is None and not required:
        return None
    if value is None:
        raise CliError(f"В строке нет поля «{name}».")
    if not isinstance(value, str):
        raise CliError(f"Поле «{name}» должно быть строкой.")
    return value


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """Give the lines that are not blank; None for one that is too long."""
    while raw := source.readline(MAX_LINE):
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            while (rest := source.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif line := raw.removeprefix(b"\xef\xbb\xbf").strip():
            yield line


def _parsed(raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        raise CliError(f"Строка длиннее {MAX_LINE // 1024 // 1024} МБ. Разбейте её.")
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise CliError("Строка записана не в UTF-8.") from None
    except (ValueError, RecursionError):
        raise CliError("Строка — не JSON.") from None
    if not isinstance(row, dict):
        raise CliError("Строка — не объект JSON.")
    return row
