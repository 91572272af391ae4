"""`otvet read`, `ocr`, `mail`: what the system sees in files, with nothing registered."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import BAD_INPUT, FINE, CliError, Command, Shell, complain, emit, read_bytes, say, try_bytes
from otvet.cli.terms import CHANNELS

if TYPE_CHECKING:
    from rules.wire import MailView


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--channel", type=click.Choice(CHANNELS), default="post", help="Как поступило (для писем .eml — email).")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.pass_obj
def read(shell: Shell, file: Path, channel: str, *, as_json: bool) -> None:
    """Показать, что система видит в письме; ничего не регистрируется."""
    data = read_bytes(file)
    from otvet.preview import look, shown
    from otvet.wiring import build_classifier, read_settings
    from rules.book import load
    from rules.wire import Channel

    book = load(shell.settings.rules_dir)
    seen = look(data, file.name, read_settings(shell.settings, book.recognition), Channel(channel))
    found = shown(seen, book, build_classifier(shell.settings), dt.datetime.now(dt.UTC))
    if as_json:
        emit(found)
        return
    from otvet.cli.seen import told

    for line in told(found, book):
        say(line)


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
@click.option("--pdf", "target", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Записать копию PDF с текстом.")
@click.pass_obj
def ocr(shell: Shell, file: Path, target: Path | None, *, as_json: bool) -> None:
    """Распознать скан или документ."""
    data = read_bytes(file)
    from intake.document import read_document
    from otvet.wiring import read_settings
    from rules.book import load

    book = load(shell.settings.rules_dir)
    reading = read_document(data, file.name, read_settings(shell.settings, book.recognition))
    if target is not None:
        _write_copy(target, reading.archive_pdf or (data if reading.media_type == "application/pdf" else None))
    if as_json:
        shown = {"text", "confidence", "source", "rotated", "needs_person"}
        emit({"file": str(file), "pages": [page.model_dump(mode="json", include=shown) for page in reading.pages]})
    elif target is None:
        say(reading.text.replace("\f", "\n"))
    for reason in reading.reasons:
        complain(reason)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="ФАЙЛ...")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на файл.")
@click.pass_obj
def mail(shell: Shell, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Показать, как понято электронное письмо."""
    from intake.mailapart import understand_apart
    from intake.pool import PagePool

    code = FINE
    with PagePool(shell.settings.read.model_copy(update={"workers": 1})) as pool:
        for path in files:
            if (data := try_bytes(path)) is None:
                code = BAD_INPUT
                continue
            view = understand_apart(data, pool).view.model_copy(update={"file": str(path)})
            if as_json:
                emit(view.model_dump(mode="json", by_alias=True))
            else:
                _say_mail(view)
    sys.exit(code)


def _say_mail(view: MailView) -> None:
    say(f"{view.file}: {view.triage}")
    say(f"  От: {view.from_name or ''} <{view.from_email or 'не указан'}>")
    say(f"  Тема: {view.subject or '—'}; вложений: {len(view.attachments)}")
    for reason in view.reasons:
        say(f"  – {reason}")
    say(view.text)


def _write_copy(target: Path, data: bytes | None) -> None:
    if data is None:
        raise CliError("Копию PDF с текстом сделать нельзя: в файле нет страниц для распознавания.")
    try:
        target.write_bytes(data)
    except OSError:
        raise CliError(f"Файл {target} не записывается. Проверьте путь и права.") from None
