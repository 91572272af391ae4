"""What `otvet read` tells of a letter in words for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from classifiers.accessibility import TITLES as ACCESS
from registry.parties import DETAILS, ROLES
from rules.book import RuleBook
from rules.wire import Figures
from steps.report import CHANNELS
from steps.titles import GENDERS, KINDS, LANGUAGES, SENDER_FIELDS
from steps.views.figures import figures

NAME = ("last_name", "first_name", "patronymic")
Facts = Mapping[str, Any]


def told(found: Facts, book: RuleBook) -> Iterator[str]:
    """The lines of a letter that was looked at: its text, what it is, who writes, what is asked, where it goes.

    Args:
        found: As ``otvet.preview.shown`` returns it.
        book: The rules in force, for names of topics, queues and alarms.
    """
    yield found["text"].strip()
    yield ""
    yield from _letter(found, book)
    yield from _part("Отправитель", _sender(found["sender"]) or ["не определён"])
    for party in found["parties"]:
        yield from _party(party)
    yield from _part("Вопросы", (f"{_topic(one['topics'], book)}: «{one['text']}»" for one in found["items"]))
    numbers = figures(Figures(**{name: found[name] for name in Figures.model_fields}))
    yield from _part("Показания, суммы, периоды", (f"{one.title}: {one.value}" for one in numbers))
    yield from _part("Признаки", _marks(found, book))
    yield f"Очередь: {book.queues.by_id[found['queue']].name}"
    yield f"Отвечает: {book.queues.by_id[found['reply_owner']].name}"
    yield f"Срок: {_day(found['due']['hard']['date'])}, внутренний {_day(found['due']['target']['date'])}"
    yield from _part("Проверить человеку" if found["needs_person"] else "Почему так", found["reasons"])


def _letter(found: Facts, book: RuleBook) -> Iterator[str]:
    paper = found["document_class"]
    yield f"Документ: {book.papers.classes[paper['code']].title if paper else 'не определён'}"
    yield f"Тематика: {_topic(found['topics'], book)}"
    yield f"Вид: {KINDS[found['kind']]}; сегмент {found['segment']}; язык {LANGUAGES[found['language']]}"
    yield f"Канал: {CHANNELS[found['channel']]}; ответ: {CHANNELS[found['reply_channel']]}"


def _topic(topics: list[Facts], book: RuleBook) -> str:
    if not topics:
        return "не определена"
    best = topics[0]
    known = book.ekto.by_code.get(best["code"])
    return f"{best['code']} {known.name if known else ''} ({best['confidence']:.0%})".replace("%", "\u00a0%")


def _sender(fields: Facts) -> list[str]:
    """The fields that were read, one a line."""
    return [f"{title}: {_value(fields[name])}" for name, title in SENDER_FIELDS.items() if fields.get(name)]


def _party(party: Facts) -> Iterator[str]:
    """A party on a line of its own, with what else the letter tells of it below."""
    fields = dict(party["fields"])
    name = " ".join(fields.pop(part) for part in NAME if fields.get(part))
    yield f"{ROLES[party['role']]}: {name or fields.pop('org_name') or 'имя не прочитано'}"
    yield from (f"  – {line}" for line in (*_sender({**fields, "gender": None}), *_details(party)))


def _details(party: Facts) -> list[str]:
    titles = DETAILS.get(party["role"], {})
    return [f"{titles[name]}: {_value(value)}" for name, value in party["details"].items() if value and name in titles]


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    text = str(value)
    try:
        return _day(text)
    except ValueError:
        return GENDERS.get(text, text)


def _marks(found: Facts, book: RuleBook) -> Iterator[str]:
    for alarm in found["alarms"]:
        title = book.routing.alarms.get(alarm["code"], alarm["code"])
        yield f"{title}: «{alarm['evidence']}»" if alarm["evidence"] else title
    for day in found["asked_dates"]:
        yield f"клиент просит к дате: «{day['quote']}»"
    yield from (f"{ACCESS[code]}: «{quote}»" for code, quote in found["accessibility"].items())


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading with its lines; nothing where there are none."""
    for place, line in enumerate(lines):
        if place == 0:
            yield f"{title}:"
        yield f"  – {line}"


def _day(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%d.%m.%Y}"
