"""Export of what is held on one person («сведения о субъекте»): one archive to read, to check, and to hand over."""

from __future__ import annotations

import html
import io
import json
import zipfile
from typing import Any, Final

from registry import clock, export
from registry.actor import Actor
from registry.export import PersonKey
from registry.types import canonical_json
from steps.access import noted
from steps.house import House

__all__ = ["PersonKey", "person"]

TITLES: Final = {
    "reg_number": "Номер", "received_at": "Получено", "registered_at": "Зарегистрировано", "channel": "Канал",
    "state": "Состояние", "subject": "Тема письма", "text": "Текст", "topic_code": "Тема",
    "replied_at": "Ответ отправлен",
    "keep_until": "Хранится по", "erased_at": "Содержание уничтожено", "parties": "Лица", "questions": "Вопросы",
    "documents": "Документы", "replies": "Ответы", "history": "История", "name": "Имя",
    "account_number": "Лицевой счёт",
    "keys": "Ключи поиска", "contacts": "Контакты", "address": "Адрес", "phones": "Телефоны", "emails": "Эл. почта",
    "last_name": "Фамилия", "first_name": "Имя", "patronymic": "Отчество", "quote": "Вопрос", "pages": "Страницы",
}  # fmt: skip
_HEAD: Final = (
    '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Сведения о субъекте</title>'
    "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}dt{font-weight:bold}dd{white-space:pre-wrap}"
    "</style>"
)


def person(actor: Actor, house: House, key: PersonKey) -> bytes:
    """Return a ZIP of everything that is held on a person; the history of each appeal notes that it was handed out.

    Raises:
        InputError: The key does not tell one person.
        NotFoundError: Nothing is held that the actor may know of.
    """
    output = io.BytesIO()
    with noted(actor, house, "export", "what", "person"), house.db.session() as session:
        found = export.find(actor, session, key)
        facts = json.loads(canonical_json(export.gather(session, found)))
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("сведения.html", _page(house.book.company.full_name, facts))
            archive.writestr("сведения.json", json.dumps(facts, ensure_ascii=False, indent=1))
            for name, data in export.files(session, found):
                archive.writestr(name, data)
        export.log(actor, session, found)
    return output.getvalue()


def _page(company: str, facts: dict[str, Any]) -> str:
    clients = "".join(f"<h2>Карточка клиента</h2>{_shown(one)}" for one in facts["clients"])
    appeals = "".join(f"<h2>Обращение {html.escape(one['reg_number'])}</h2>{_shown(one)}" for one in facts["appeals"])
    head = f"<h1>Сведения, которые хранит {html.escape(company)}</h1><p>На {clock.today():%d.%m.%Y}.</p>"
    return f"{_HEAD}{head}{clients}{appeals}</html>"


def _shown(value: Any) -> str:
    """Any value as HTML; every word of it is data and is escaped."""
    if isinstance(value, dict):
        lines = (
            f"<dt>{html.escape(TITLES.get(name) or str(name))}</dt><dd>{_shown(one)}</dd>"
            for name, one in value.items()
            if one not in (None, "", [], {})
        )
        return f"<dl>{''.join(lines)}</dl>"
    if isinstance(value, list):
        return f"<ul>{''.join(f'<li>{_shown(one)}</li>' for one in value)}</ul>"
    return html.escape(str(value))
