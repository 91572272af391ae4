"""`otvet classify`, `fields`, `name`: what the classifiers say of texts, with no database near."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from otvet.cli.base import CliError, Command, Shell, emit, say, stream, text_of


@click.command(cls=Command)
@click.option("--jsonl", is_flag=True, required=True, help="Читать строки JSON со стандартного ввода.")
@click.pass_obj
def classify(shell: Shell, *, jsonl: bool) -> None:  # noqa: ARG001 - the only way there is; named for others to come
    """Определить тематики: {id, text, subject?, segment?, channel?, channel_meta?} в каждой строке."""
    from otvet.wiring import build_classifier
    from rules.wire import Segment

    classifier = build_classifier(shell.settings)

    def one(row: dict[str, Any]) -> dict[str, Any]:
        found = classifier.understand(
            text_of(row, "text") or "",
            subject=text_of(row, "subject", required=False),
            segment=_choice(Segment, row, "segment"),
            channel=_channel(row),
            channel_meta=_meta(row),
        )
        shown = found.model_dump(mode="json", include={"topics", "kind", "alarms", "needs_person", "reasons"})
        return {"id": row.get("id"), **shown}

    sys.exit(stream(one))


@click.command(cls=Command)
@click.option("--jsonl", is_flag=True, required=True, help="Читать строки JSON со стандартного ввода.")
def fields(*, jsonl: bool) -> None:  # noqa: ARG001 - the only way there is; named for others to come
    """Найти сведения об авторе: {id, text, subject?, channel?, channel_meta?} в каждой строке."""
    from classifiers.fields import read_sender
    from classifiers.text import prepare

    def one(row: dict[str, Any]) -> dict[str, Any]:
        _channel(row)
        subject = prepare(text_of(row, "subject", required=False) or "")[:500] or None
        found = read_sender(prepare(text_of(row, "text") or ""), subject=subject, channel_meta=_meta(row))
        return {"id": row.get("id"), "sender": found.sender.model_dump(mode="json")}

    sys.exit(stream(one))


@click.command(cls=Command)
@click.argument("full_name", required=False, metavar="[«Фамилия Имя Отчество»]")
@click.option("--jsonl", is_flag=True, help="Читать строки {id, name} со стандартного ввода.")
@click.option("--json", "as_json", is_flag=True, help="Вывести JSON.")
def name(full_name: str | None, *, jsonl: bool, as_json: bool) -> None:
    """Просклонять имя и подобрать обращение."""
    from classifiers.names import name_forms
    from steps.titles import GENDERS

    if jsonl:
        sys.exit(stream(lambda row: {"id": row.get("id"), **name_forms(text_of(row, "name") or "").model_dump()}))
    if not full_name or not full_name.strip():
        raise click.UsageError("Укажите имя в кавычках или --jsonl.")
    found = name_forms(full_name)
    if as_json:
        emit(found.model_dump())
        return
    rows = {
        "Фамилия": found.last_name,
        "Имя": found.first_name,
        "Отчество": found.patronymic,
        "Пол": GENDERS.get(found.gender or "", "не определён"),
        "Кого": found.genitive,
        "Кому": found.dative,
        "Кому, кратко": found.dative_short,
        "Обращение": found.salutation,
    }
    for title, value in rows.items():
        say(f"{title + ':':<15}{value or '—'}")


def _meta(row: Mapping[str, Any]) -> dict[str, Any] | None:
    meta = row.get("channel_meta")
    if meta is not None and not isinstance(meta, dict):
        raise CliError("Поле «channel_meta» должно быть объектом.")
    return meta


def _channel(row: Mapping[str, Any]) -> Any:
    from rules.wire import Channel

    return _choice(Channel, row, "channel")


def _choice(kind: Any, row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    if value is None:
        return None
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise CliError(f"Поле «{name}»: такого значения нет. Возможны: {known}.") from None
