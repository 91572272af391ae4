"""`otvet evaluate`: how well the classifiers read letters that people have labelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from otvet.cli.base import CliError, Command, Group, emit, read_bytes, say, text_of

TITLES: Final = {
    "last_name": "фамилия",
    "first_name": "имя",
    "patronymic": "отчество",
    "gender": "пол",
    "org_name": "организация",
    "position": "должность",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "address": "адрес",
    "account_number": "лицевой счёт",
    "contract_number": "договор",
    "phones": "телефоны",
    "emails": "эл. почта",
    "client_ref_number": "исх. номер",
    "client_ref_date": "дата исх. номера",
    "letter_date": "дата письма",
}


@click.group(cls=Group, lazy={"topics": "otvet.cli.topicfigures:topics"})
def evaluate() -> None:
    """Измерить, насколько верно читаются размеченные письма."""


@evaluate.command("fields", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--errors", type=click.IntRange(min=0), default=0, metavar="ЧИСЛО", help="Показать столько ошибок.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
def fields(file: Path, *, errors: int, as_json: bool) -> None:
    """Сведения об авторе по полям: точность, полнота, F1.

    Строки файла: {id, text, sender: {…}, subject?, channel_meta?}. Чего в письме нет — null.
    """
    from classifiers import fieldscore
    from classifiers.fields import read_sender
    from classifiers.text import prepare

    pairs, missed = [], []
    for row in labelled(file, "sender"):
        try:
            labels = fieldscore.labels_of(row["sender"])
        except fieldscore.LabelError as error:
            raise CliError(f"{file}, письмо {row.get('id')}: {error}") from None
        subject = prepare(text_of(row, "subject", required=False) or "")[:500] or None
        reading = read_sender(
            prepare(text_of(row, "text") or ""), subject=subject, channel_meta=row.get("channel_meta") or {}
        )
        found = fieldscore.found_of(reading.sender)
        pairs.append((labels, found))
        missed += fieldscore.misses(str(row.get("id")), labels, found)
    scores = fieldscore.scores(pairs)
    if as_json:
        shown = [
            asdict(one) | {"precision": one.precision, "recall": one.recall, "f1": round(one.f1, 4)} for one in scores
        ]
        emit({"letters": len(pairs), "fields": shown, "errors": [asdict(one) for one in missed[:errors]]})
        return
    say(f"Писем: {len(pairs)}")
    say(f"{'поле':<18}{'точность':>9}{'полнота':>9}{'F1':>7}   95 %         верно  лишних  пропущено")
    for one in scores:
        bounds = f"{one.low:.2f}–{one.high:.2f}"
        say(
            f"{TITLES[one.field]:<18}{one.precision:>9.3f}{one.recall:>9.3f}{one.f1:>7.3f}   {bounds:<11}"
            f"{one.right:>7}{one.wrong:>8}{one.missed:>11}"
        )
    for miss in missed[:errors]:
        say(f"{miss.letter}: {TITLES[miss.field]}: ожидалось «{miss.expected or '—'}», прочитано «{miss.found or '—'}»")


@evaluate.command("alarms", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="ФАЙЛ")
@click.option("--errors", type=click.IntRange(min=0), default=0, metavar="ЧИСЛО", help="Показать столько ошибок.")
@click.option("--phrases", is_flag=True, help="Только фразы alarms.yaml, без поиска по смыслу.")
def alarms(file: Path, *, errors: int, phrases: bool) -> None:
    """Особые признаки: полнота и точность по предложениям.

    Строки файла: коды признаков через пробел (?код — может быть, «-» — никакого), табуляция, предложение.
    Предложения из rules/alarm_wordings.yaml система уже видела: на них цифры завышены.
    """
    from classifiers import alarmscore
    from rules.book import load
    from steps.sidetraining import alarms as by_meaning
    from steps.training import cache_folder

    try:
        given = list(alarmscore.sentences(read_bytes(file).decode("utf-8-sig", errors="replace").splitlines()))
    except alarmscore.SentenceError as error:
        raise CliError(f"{file}, {error}.") from None
    scores, missed = alarmscore.score(given, None, None if phrases else by_meaning(load(), cache_folder()))
    say(f"Предложений: {len(given)}, из них без признаков {sum(not one.must for one in given)}")
    say(f"{'признак':<22}{'полнота':>8}   95 %         {'точность':>8}   95 %         верно пропущено лишних")
    for one in scores:
        recall, precision = (
            "–".join(f"{x:.2f}" for x in bounds) for bounds in (one.recall_bounds, one.precision_bounds)
        )
        say(
            f"{one.code or 'все':<22}{one.recall:>8.3f}   {recall:<11}  {one.precision:>8.3f}   {precision:<11}"
            f"{one.right:>7}{one.missed:>10}{one.false:>7}"
        )
    for code, is_missed, text in missed[:errors]:
        say(f"{'пропущен' if is_missed else 'лишний'} {code}: {text}")


def labelled(file: Path, needed: str) -> Iterator[dict[str, Any]]:
    """Give the rows of a file of labelled letters, its comments («# …») left out. Raises CliError with the bad line."""
    for number, line in enumerate(read_bytes(file).decode("utf-8-sig", errors="replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise CliError(f"{file}:{number}: строка — не JSON. Исправьте её или уберите.") from None
        if not isinstance(row, dict) or not isinstance(row.get(needed), dict | list):
            raise CliError(f"{file}:{number}: нет поля «{needed}» с разметкой.")
        yield row
