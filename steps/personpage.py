"""What is held on one person as a page that he can read and print; every word of it is data and is escaped."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from registry import clock, export, lifecycle
from registry.grounds import GROUNDS
from registry.parties import DETAILS, ROLES
from steps import report
from steps.house import House
from steps.titles import SENDER_FIELDS
from steps.views.reply import KINDS

Facts = Mapping[str, Any]
Line = tuple[dt.datetime, str]
"""A line of a history: local time and words."""

WAYS: Final = {"post": "почтой", "email": "по электронной почте", "hand": "вручением"}
KEYS: Final = {"account": "Лицевой счёт", "contract": "Договор", "phone": "Телефон", "email": "Эл. почта"}
_STYLE: Final = (
    "body{font:15px/1.45 'PT Sans',Arial,sans-serif;max-width:48em;margin:2em auto;padding:0 1em;color:#1b2430}"
    "h1{font-size:1.5em}h2{font-size:1.2em;border-bottom:1px solid #9aa5b1;margin-top:2em}"
    "h3{font-size:1em;margin:1.2em 0 .3em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25em .6em .25em 0}"
    "th{font-weight:normal;color:#55606e;width:32%}.words{white-space:pre-wrap;border-left:3px solid #cfd6de;"
    "padding-left:.8em}ul{margin:.2em 0;padding-left:1.2em}@media print{h2{break-after:avoid}body{margin:0}}"
)


def page(house: House, facts: Facts, histories: Mapping[str, Sequence[Line]], paths: Iterable[str]) -> str:
    """Return the page.

    Args:
        house: For the company and titles of topics, queues and channels.
        facts: As ``registry.export.gather`` gives them, as plain JSON.
        histories: Number of an appeal → its history in words.
        paths: Files that stand beside the page in the archive.
    """
    company, files = house.book.company, list(paths)
    whose = "".join(_client(house, one) for one in facts["clients"])
    letters = "".join(_appeal(house, one, histories[one["reg_number"]], files) for one in facts["appeals"])
    returned = _list([_returned(one) for one in facts["returned_post"]])
    returned = _part("Почта для других, которая называет Вас и возвращена", returned)
    intro = (
        f"<h1>Сведения о персональных данных, которые обрабатываются</h1>"
        f"<p>{_text(company.full_name)}, {_text(company.postal_address)}.<br>Составлено {clock.today():%d.%m.%Y} по "
        f"запросу субъекта персональных данных (152-ФЗ, ст. 14). Обращений: {len(facts['appeals'])}.</p>"
        f"<p>Ваши письма и наши ответы лежат рядом, в папке «обращения»; всё вместе в машиночитаемом виде — "
        f"в файле «сведения.json».</p>"
    )
    head = '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Сведения о субъекте</title>'
    return f"{head}<style>{_STYLE}</style>{intro}{whose}{letters}{returned}</html>"


def _returned(one: Facts) -> str:
    sides = f"кому: {one['addressee']}" + (f", от кого: {one['sender']}" if one["sender"] else "")
    number = f", № {one['tracking']}" if one["tracking"] else ""
    gone = f", возвращена {_day(one['returned_on'])}" if one["returned_on"] else ", ещё не возвращена"
    return f"{_day(one['came_on'])}, {sides}{number}{gone}"


def _client(house: House, one: Facts) -> str:
    extra, book = one["extra"], house.book.clients
    known: dict[str, list[str]] = {title: [] for title in KEYS.values()}
    for key in one["keys"]:
        if key["kind"] in KEYS:
            known[KEYS[key["kind"]]].append(key["value"])
    given = (extra.get("consents") or {}).items()
    consents = [f"{book.consents.get(code, code)}, с {_day(day)}" for code, day in given]
    rows = {
        "Имя": one["name"],
        "Код в системе расчётов": one["external_id"],
        "Сегмент": one["segment"],
        **known,
        "ИНН": one["inn"],
        "Адрес": one["confirmed_address"],
        "Особый порядок обслуживания": "да" if one["is_vip"] else None,
        "Согласия": consents,
        "Письма больше 5 МБ": _consent(extra.get("large_mail_on")),
        "Вложения без архива": extra.get("unzipped_reason"),
        "Сведения обновлены": _moment(one["updated_at"]),
        "Обезличено": _moment(one["erased_at"]),
    }
    contacts = [
        f"{_moment(each['at'])}, {book.contact_channels.get(each['channel'], each['channel'])}: {each['title']}"
        for each in one["contacts"]
    ]
    return f"<h2>Карточка клиента</h2>{_table(rows)}{_part('Контакты', _list(contacts))}"


def _appeal(house: House, one: Facts, history: Sequence[Line], files: Sequence[str]) -> str:
    ground = GROUNDS.get(one["close_ground"] or "")
    rows = {
        "Поступило": _moment(one["received_at"]),
        "Зарегистрировано": _moment(one["registered_at"]),
        "Канал": report.CHANNELS.get(one["channel"], one["channel"]),
        "Тема письма": one["subject"],
        "Тема обращения": report.topic_name(house, one["topic_code"]),
        "Отдел": report.queue_title(house, one["queue"]),
        "Состояние": lifecycle.TITLES[one["state"]],
        "Срок ответа": _day(one["due_hard"]),
        "Ответ отправлен": _moment(one["replied_at"]),
        "Закрыто": _moment(one["closed_at"]),
        "Основание закрытия": ground.title if ground else None,
        "Хранится по": _day(one["keep_until"]),
        "Содержание уничтожено": _moment(one["erased_at"]),
    }
    number = one["reg_number"]
    mine = [path for path in files if path.startswith(f"{export.folder_of(number)}/")]
    said = [each["quote"] for each in one["questions"] if each["quote"] and len(one["questions"]) > 1]
    return (
        f"<h2>Обращение {_text(number)}</h2>{_table(rows)}"
        + "".join(_party(each) for each in one["parties"])
        + _part("Текст письма", f'<div class="words">{_text(one["text"])}</div>' if one["text"] else "")
        + _part("Вопросы письма", _list(said))
        + "".join(_reply(each) for each in one["replies"] if each["sent"])
        + _part("Файлы в архиве", _list(mine))
        + _part("Что происходило с обращением", _history(history))
    )


def _party(one: Facts) -> str:
    titles = DETAILS.get(one["role"], {})
    rows = {title: one.get(name) for name, title in SENDER_FIELDS.items() if name != "gender"}
    rows |= {titles[name]: value for name, value in one["details"].items() if name in titles}
    return _part(ROLES.get(one["role"], "Участник"), _table(rows))


def _reply(one: Facts) -> str:
    words = "\n\n".join((one["text"] or {}).get("body") or [])
    title = KINDS.get(one["kind"], "Ответ") + (f" {one['number']}" if one["number"] else "")
    return _part(
        title + (f" от {_day(one['date'])}" if one["date"] else ""),
        (f'<div class="words">{_text(words)}</div>' if words else "")
        + _table({"Отправлен": [_way(way) for way in one["sent"]]}),
    )


def _way(way: Facts) -> str:
    where = f"{WAYS.get(way['channel'], way['channel'])}: {way['address']}"
    return f"{where}, {_moment(way['at'])}" if way["at"] else f"{where}, ещё не ушло"


def _history(lines: Sequence[Line]) -> str:
    rows = (f"<tr><th>{at:%d.%m.%Y %H:%M}</th><td>{_text(words)}</td></tr>" for at, words in lines)
    return f"<table>{''.join(rows)}</table>"


def _table(rows: Mapping[str, Any]) -> str:
    """Rows that have something to say; of several values each stands on a line of its own."""
    told = {title: value if isinstance(value, list) else [value] for title, value in rows.items() if value}
    body = "".join(
        f"<tr><th>{_text(title)}</th><td>{'<br>'.join(_text(one) for one in values)}</td></tr>"
        for title, values in told.items()
    )
    return f"<table>{body}</table>" if body else ""


def _list(values: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{_text(one)}</li>" for one in values) + "</ul>" if values else ""


def _part(title: str, body: str) -> str:
    return f"<h3>{_text(title)}</h3>{body}" if body else ""


def _text(value: object) -> str:
    return html.escape(str(value))


def _moment(value: str | None) -> str | None:
    return f"{dt.datetime.fromisoformat(value).astimezone(clock.LOCAL):%d.%m.%Y %H:%M}" if value else None


def _day(value: str | None) -> str | None:
    return f"{dt.date.fromisoformat(value):%d.%m.%Y}" if value else None


def _consent(value: str | None) -> str | None:
    return f"согласие с {_day(value)}" if value else None
