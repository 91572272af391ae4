"""The root command and what becomes of errors: one Russian line on stderr and an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Final

import click
import structlog

from otvet.cli import logs, russian

russian.install()

from otvet.cli.base import BAD_INPUT, INCOMPLETE, CliError, Command, Group, Shell, complain, say  # noqa: E402 - after the words

SERVERS: Final = frozenset({"run", "desk", "flows", "worker"})

PARTS: Final = frozenset({"otvet", "flows", "desk", "steps", "intake", "outbox", "registry", "classifiers", "rules"})

COMMANDS: Final = {
    "run": "otvet.cli.running:run",
    "add": "otvet.cli.working:add",
    "receive": "otvet.cli.working:receive",
    "work": "otvet.cli.working:work",
    "read": "otvet.cli.reading:read",
    "ocr": "otvet.cli.reading:ocr",
    "mail": "otvet.cli.reading:mail",
    "classify": "otvet.cli.meaning:classify",
    "fields": "otvet.cli.meaning:fields",
    "name": "otvet.cli.meaning:name",
    "evaluate": "otvet.cli.evaluate:evaluate",
    "learn": "otvet.cli.learn:learn",
    "due": "otvet.cli.terms:due",
    "route": "otvet.cli.route:route",
    "journal": "otvet.cli.journal:journal",
    "post": "otvet.cli.post:post",
    "paper": "otvet.cli.paper:paper",
    "letter": "otvet.cli.letter:letter",
    "replay": "otvet.cli.working:replay",
    "status": "otvet.cli.working:status",
    "reconcile": "otvet.cli.working:reconcile",
    "search": "otvet.cli.search:search",
    "rules": "otvet.cli.rules:rules",
    "history": "otvet.cli.history:history",
    "doctor": "otvet.cli.doctor:doctor",
    "backup": "otvet.cli.backup:backup",
    "restore": "otvet.cli.backup:restore",
    "retention": "otvet.cli.retention:retention",
    "person": "otvet.cli.retention:person",
    "client": "otvet.cli.client:client",
    "user": "otvet.cli.user:user",
    "version": "otvet.cli.main:version",
    "desk": "otvet.cli.running:desk",
    "flows": "otvet.cli.running:flows",
    "worker": "otvet.cli.running:worker",
}


@click.group(cls=Group, lazy=COMMANDS)
@click.option("--config", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Файл настроек в формате TOML.")
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Ответ: ответить на каждое обращение по существу, по форме и в срок."""
    logs.set_up(verbose=context.invoked_subcommand in SERVERS)
    context.obj = Shell(config)


@click.command("version", cls=Command)
def version() -> None:
    """Показать версию программы."""
    from importlib.metadata import version as installed

    say(installed("otvet"))


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # UTF-8 whatever the locale; a file name that is none is written as an escape, not as a failure.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_code(arguments))


def _code(arguments: list[str] | None) -> int:
    try:
        code = cli.main(arguments, prog_name="otvet", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        complain(error.ctx.get_help())
        return BAD_INPUT
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        complain("Прервано.")
        return INCOMPLETE
    except BrokenPipeError:
        # The reader of a pipe has gone (`otvet … | head`): nothing more to say, not even at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INCOMPLETE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a clerk never sees a stack trace
        return _explained(error)
    return code if isinstance(code, int) else 0


def _explained(error: Exception) -> int:
    if isinstance(error, CliError) or _has_own_words(error):
        complain(f"Ошибка: {error}")
        return INCOMPLETE if type(error).__name__ == "DatabaseUnavailableError" else BAD_INPUT
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        complain("Ошибка: кончилось место на диске. Освободите его и повторите: ничего не сделано наполовину.")
        return INCOMPLETE
    structlog.get_logger("otvet").error("command_failed", exc_info=error)
    complain(f"Внутренняя ошибка ({type(error).__name__}). Запустите `otvet doctor`; если не поможет, сообщите о ней.")
    return INCOMPLETE


def _has_own_words(error: Exception) -> bool:
    """Whether the error is one of the project's own with a Russian message: only those may be shown as they are."""
    ours = type(error).__module__.partition(".")[0] in PARTS
    return ours and any("а" <= letter <= "я" for letter in str(error).casefold())
