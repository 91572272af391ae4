"""`otvet doctor`: is everything that Otvet needs in place, and what to do where it is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from otvet.cli.base import FINDINGS, FINE, Command, Shell, emit, say

if TYPE_CHECKING:
    from intake.crmsettings import CrmSettings
    from steps.house import House

GIBI: Final = 1024**3
LOW_DISK: Final = 2.0  # GiB
LOOK_SECONDS: Final = 10.0  # for each word of a mail server
FONTS: Final = {"Liberation Serif": "fonts-liberation", "Carlito": "fonts-crosextra-carlito"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    message: str


@click.command(cls=Command)
@click.option("--full", is_flag=True, help="Проверить историю целиком, а не новое с последнего якоря и выборку.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на проверку.")
@click.pass_obj
def doctor(shell: Shell, *, full: bool, as_json: bool) -> None:
    """Проверить, всё ли на месте, и подсказать, что сделать."""
    code = FINE
    for one in _all(shell, full=full):
        code = code if one.ok else FINDINGS
        if as_json:
            emit({"check": one.name, "ok": one.ok, "message": one.message})
        else:
            say(f"{'✓' if one.ok else '✗'} {one.name}: {one.message}")
    sys.exit(code)


def _all(shell: Shell, *, full: bool) -> Iterator[Finding]:
    yield _python()
    yield _engine(shell)
    for look in (_libreoffice, _fonts):
        yield look()
    yield _disk(shell)
    if (missing := _no_smtp(shell)) is not None:
        yield missing
    yield from _mailboxes(shell)
    if shell.settings.crm is not None:
        yield _crm(shell.settings.crm)
    yield from _inside(shell, full=full)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info[:2] == (3, 11), f"{version}, нужен 3.11")


def _engine(shell: Shell) -> Finding:
    from intake.ocr import engine_check, engine_version

    problems = engine_check(shell.settings.read)
    if problems:
        return Finding("Распознавание", ok=False, message="; ".join(problems))
    languages = shell.settings.read.languages.replace("+", ", ")
    return Finding("Распознавание", ok=True, message=f"{engine_version(shell.settings.read)}, языки {languages}")


def _libreoffice() -> Finding:
    from outbox.pdf import converter_check

    state = converter_check()
    return Finding("LibreOffice", state.ok, state.message)


def _fonts() -> Finding:
    listed = _output(["fc-list", ":", "family"])
    missing = [package for family, package in FONTS.items() if family not in listed]
    message = f"установите {' '.join(missing)}" if missing else "на месте"
    return Finding("Шрифты", not missing, message)


def _disk(shell: Shell) -> Finding:
    folder = shell.settings.home.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / GIBI
    advice = "" if free >= LOW_DISK else ": освободите место"
    return Finding("Место на диске", free >= LOW_DISK, f"свободно {free:.1f} ГБ{advice}")


def _no_smtp(shell: Shell) -> Finding | None:
    """What is wrong when no mail server is named; whether a named one lets us in is looked at with the register."""
    smtp = shell.settings.smtp
    if smtp is None:
        return Finding("Отправка почты", shell.settings.demo, "сервер не задан: опишите smtp в otvet.toml")
    return None


def _mailboxes(shell: Shell) -> Iterator[Finding]:
    """Log in to every mailbox: a password that expired is told here and not by a letter that nobody sees."""
    from intake.imap import ImapMailbox
    from intake.port import SourceUnavailableError

    journals = [shell.settings.journal.mailbox] if shell.settings.journal else []
    for box in [*shell.settings.mailboxes, *journals]:
        name = f"Ящик {box.name}"
        try:
            with ImapMailbox(box.model_copy(update={"timeout": LOOK_SECONDS})) as mailbox:
                waiting, _ = mailbox.counted()
                way = "сообщает о новых письмах сам" if mailbox.can_wait() else "опрашивается раз в минуту"
                yield Finding(name, ok=True, message=f"открыт, писем ждёт {waiting}, {way}")
        except SourceUnavailableError as error:
            yield Finding(name, ok=False, message=str(error))


def _crm(settings: CrmSettings) -> Finding:
    from intake.crm import CrmUnavailableError
    from intake.crmhttp import HttpCrm

    crm = HttpCrm(settings.model_copy(update={"attempts": 1}))
    try:
        crm.changes(None, 1)
    except CrmUnavailableError as error:
        return Finding("CRM", ok=False, message=str(error))
    finally:
        crm.close()
    return Finding("CRM", ok=True, message="отвечает по договорённости (docs/crm.md)")


def _inside(shell: Shell, *, full: bool) -> Iterator[Finding]:
    """Rules, database, histories; none of them can be seen when the one before is broken."""
    from registry import clock
    from registry.errors import RegistryError
    from rules.errors import RuleError

    try:
        with shell.house() as house:
            warnings = house.rules.warnings(clock.today())
            yield Finding("Правила", ok=True, message=f"версия {house.book.version}")
            for warning in warnings:
                yield Finding("Правила", ok=house.settings.demo, message=warning)
            yield _attempt("База данных", lambda: _count(house))
            if shell.settings.smtp is not None:
                yield _attempt("Отправка почты", lambda: _sends(house))
            yield from _history(house, everything=full)
    except (RuleError, RegistryError) as error:
        yield Finding("Правила и база", ok=False, message=str(error))


def _attempt(name: str, look: Callable[[], str]) -> Finding:
    from registry.errors import RegistryError

    try:
        return Finding(name, ok=True, message=look())
    except RegistryError as error:
        return Finding(name, ok=False, message=str(error))


def _sends(house: House) -> str:
    """Log in to the mail server; when it lets us in, what waited for that goes at once."""
    from registry.actor import system
    from registry.errors import StateError
    from steps.lines import look_at_smtp

    where = f"{house.settings.smtp.host}:{house.settings.smtp.port}"
    if (wrong := look_at_smtp(system("doctor"), house)) is not None:
        raise StateError(f"{where}: {wrong}")
    return f"{where} принимает нас"


def _count(house: House) -> str:
    from registry.actor import system
    from steps.progress import look

    return f"доступна, обращений: {look(system('doctor'), house).registered}"


def _history(house: House, *, everything: bool) -> Iterator[Finding]:
    """One finding that all is well, or one for each place where it is not."""
    from registry.actor import system
    from steps.history import verify

    found = verify(system("doctor"), house, everything=everything)
    for fault in found.faults:
        yield Finding("История обращений", ok=False, message=fault)
    if not found.faults:
        how = "проверена вся" if everything else "проверено новое с последнего якоря и выборка"
        message = f"{how}: записей {found.events}, цепочек {found.streams}, якорей {found.anchors}"
        yield Finding("История обращений", ok=True, message=message)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - fixed
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
