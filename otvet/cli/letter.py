"""`otvet letter`: compose the reply to an appeal, check any letter, show rules of the check and scripts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otvet.cli.base import (
    BAD_INPUT,
    FINDINGS,
    FINE,
    INCOMPLETE,
    CliError,
    Group,
    Shell,
    complain,
    emit,
    read_bytes,
    say,
)
from otvet.cli.template import template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outbox.check import LetterRules
    from outbox.check.rulebook import Profile
    from rules.wire import Accepted, CheckReport, LetterContext
    from steps.lettercheck import Checked, Named


@click.group(cls=Group)
def letter() -> None:
    """Составить и проверить письмо."""


letter.add_command(template)


@letter.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="ФАЙЛ|ПАПКА...")
@click.option("--context", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Сведения о деле в JSON.")
@click.option("--mail", "mails", multiple=True, type=click.Path(path_type=Path), metavar="ФАЙЛ",
              help="Электронное письмо .eml с этим ответом: проверить и его; можно несколько раз.")  # fmt: skip
@click.option("--accept", "accepted", type=click.Path(path_type=Path), metavar="ФАЙЛ",
              help="Замечания, оставленные с причиной: список JSON из key, reason, who.")  # fmt: skip
@click.option("--annotate", "marked", type=click.Path(path_type=Path, file_okay=False), metavar="ПАПКА",
              help="Записать сюда копии писем с замечаниями в виде примечаний Word.")  # fmt: skip
@click.option("--profile", "profiles", multiple=True, type=click.Choice(["gost2025"]),
              help="Спросить и правила профиля: gost2025 — ГОСТ Р 7.0.97-2025.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", help="Вид отчёта.")
@click.option("--json", "as_json", is_flag=True, help="То же, что --format json.")
@click.option("--no-layout", is_flag=True, help="Не строить PDF: правила расположения останутся непроверенными.")
@click.pass_obj
def check(  # noqa: PLR0913, PLR0917 - click gives each option by name
    shell: Shell,
    files: tuple[Path, ...],
    context: Path | None,
    mails: tuple[Path, ...],
    accepted: Path | None,
    marked: Path | None,
    profiles: tuple[Profile, ...],
    form: str,
    *,
    as_json: bool,
    no_layout: bool,
) -> None:
    """Проверить письма по стандарту: файлы .docx, .doc, .odt, .rtf или папки с ними."""
    from importlib.metadata import version

    from outbox.check import as_sarif, as_text, let_stand, load_rules
    from steps import lettercheck

    if not files and not mails:
        raise CliError("Укажите хотя бы один файл письма или --mail.")
    form = "json" if as_json else form
    rules = load_rules(shell.settings.rules_dir).with_profiles(profiles)
    case = _context(context) if context else None
    standing = _accepted(accepted) if accepted else []
    bad = False
    reports: list[CheckReport] = []
    letters, unread = _letters(_paths(files))
    checks = lettercheck.files(letters, case, rules, shell.settings.read, layout=not no_layout)
    for checked in chain(unread, checks, (_checked_mail(path, case, rules) for path in mails)):
        for trouble in (checked.refused, checked.warning):
            if trouble:
                complain(f"{checked.name}: {trouble}")
        if checked.report is None:
            bad = True
            continue
        report = let_stand(checked.report, standing)
        reports.append(report)
        if marked is not None and checked.docx:
            _annotate(replace(checked, report=report), rules, marked)
        if form == "json":
            empty = {name for name in ("notes", "set_aside") if not getattr(report, name)}
            emit(report.model_dump(mode="json", exclude=empty))
        elif form == "text":
            say(as_text(report))
    if form == "sarif":
        emit(as_sarif(reports, rules, version("otvet")))
    sys.exit(BAD_INPUT if bad else _code(reports))


@letter.command("make")
@click.argument("number", metavar="НОМЕР")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="Куда записать .docx.")
@click.pass_obj
def make(shell: Shell, number: str, output: Path | None) -> None:
    """Составить ответ на обращение с этим номером из дела и сценария тематики."""
    from registry.actor import system
    from steps import draft, views

    actor = system("letter")
    target = output or Path(f"{number}.docx")
    with shell.house() as house:
        drafts = [one for one in views.card(actor, house, number).replies if one.state != "cancelled"]
        reply_id = drafts[-1].id if drafts else draft.begin(actor, house, number)
        data = draft.preview(actor, house, reply_id, None, "docx")
    try:
        target.write_bytes(data)
    except OSError:
        raise CliError(f"Файл {target} не записывается. Проверьте путь и права.") from None
    say(f"Письмо записано: {target}")


@letter.command("rules")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на правило.")
@click.pass_obj
def rules_(shell: Shell, *, as_json: bool) -> None:
    """Показать правила проверки писем."""
    from outbox.check import load_rules

    for rule in load_rules(shell.settings.rules_dir).rules:
        if as_json:
            emit({"rule": rule.id, "clause": rule.clause, "severity": rule.severity, "gate": rule.gate,
                  "title": rule.title, "enabled": rule.enabled, "profile": rule.profile})  # fmt: skip
        else:
            say(f"{rule.id} ({'' if rule.profile else 'п. '}{rule.clause}): {rule.title}")


@letter.command("scripts")
@click.option("--expiring", type=click.IntRange(min=0), metavar="ДНЕЙ",
              help="Только нормы, которые утратят силу за столько дней или уже утратили.")  # fmt: skip
@click.option(
    "--unchecked", is_flag=True, help="Только нормы, которые не сверены с официальным текстом или изменились."
)
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON: объект на норму.")
@click.pass_obj
def scripts_(shell: Shell, *, expiring: int | None, unchecked: bool, as_json: bool) -> None:
    """Показать нормы, на которые ссылаются скрипты: кто отвечает, сверены ли, до какого дня действуют."""
    from registry.actor import system
    from registry.clock import today
    from steps import norms

    with shell.house() as house:
        found = norms.overview(system("letter"), house)
    until = today() + dt.timedelta(days=expiring) if expiring is not None else None
    shown = [
        one
        for one in found
        if (until is None or (one.valid_until is not None and one.valid_until <= until))
        and (not unchecked or one.trouble)
    ]
    for one in shown:
        if as_json:
            emit(
                {**dataclasses.asdict(one), "valid_until": _iso(one.valid_until), "reviewed_on": _iso(one.reviewed_on)}
            )
            continue
        end = f"действует по {one.valid_until:%d.%m.%Y}" if one.valid_until else "срок не указан"
        checked = f"сверена {one.reviewed_on:%d.%m.%Y}, {one.verdict}" if one.reviewed_on else "не сверена"
        say(f"{one.title} — {end}, {checked}")
        say(f"    отвечает {', '.join(one.owners)}; скрипты {', '.join(one.codes)}")
    doubtful = sum(bool(one.trouble) for one in found)
    if not shown and not as_json:
        say("Таких норм в скриптах нет.")
    if doubtful and not as_json:
        complain(
            f"Без сверки с официальным текстом: {doubtful} из {len(found)}. Сверяет руководитель отдела, который "
            "отвечает за скрипт; записать сверку: рабочее место, раздел «Письма»."
        )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _paths(named: Sequence[Path]) -> list[Path]:
    """The files named, and the letters of folders named, in order."""
    from steps.lettercheck import SUFFIXES

    found: list[Path] = []
    for path in named:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and one.name[0] not in ".~")
            if not inside:
                raise CliError(f"В папке {path} нет писем: нужны файлы .docx, .doc, .odt или .rtf.")
            found += inside
        else:
            found.append(path)
    return found


def _letters(paths: Sequence[Path]) -> tuple[list[Named], list[Checked]]:
    """The bytes of the files, and what is to be said of those that cannot be read."""
    from steps.lettercheck import Checked, Named

    letters: list[Named] = []
    unread: list[Checked] = []
    for path in paths:
        try:
            letters.append(Named(str(path), read_bytes(path)))
        except CliError as error:
            unread.append(Checked(str(path), refused=str(error)))
    return letters, unread


def _checked_mail(path: Path, case: LetterContext | None, rules: LetterRules) -> Checked:
    """Check the e-mail that carries a letter."""
    from outbox.check import UnreadableLetterError, check_mail
    from steps.lettercheck import Checked

    try:
        report = check_mail(read_bytes(path), context=case, rulebook=rules)
    except (CliError, UnreadableLetterError) as error:
        return Checked(str(path), refused=str(error))
    return Checked(str(path), report.model_copy(update={"file": str(path)}))


def _annotate(checked: Checked, rules: LetterRules, folder: Path) -> None:
    """Write a copy of a letter with its findings as comments."""
    from outbox.check.annotate import annotate

    assert checked.report is not None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{Path(checked.name).stem} — замечания.docx"
        target.write_bytes(annotate(checked.docx, checked.report, rules))
    except OSError:
        raise CliError(f"В папку {folder} записать не удалось. Проверьте путь и права.") from None


def _accepted(path: Path) -> list[Accepted]:
    from outbox.check import read_accepted

    try:
        return read_accepted(read_bytes(path))
    except ValueError:
        raise CliError(
            f"Файл {path} записан не по форме: нужен список JSON, в каждой записи key, reason и who. "
            "Ключ замечания показывает отчёт."
        ) from None


def _context(path: Path) -> LetterContext:
    from rules.wire import LetterContext

    try:
        return LetterContext.model_validate(json.loads(read_bytes(path).decode("utf-8-sig")))
    except ValueError:
        raise CliError(f"Сведения о деле в файле {path} записаны не по форме: проверьте названия полей.") from None


def _code(reports: list[CheckReport]) -> int:
    if any(finding.severity != "hint" for report in reports for finding in report.findings):
        return FINDINGS
    return INCOMPLETE if any(report.unchecked for report in reports) else FINE
