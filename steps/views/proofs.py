"""What came of a sending, in words: answers of servers, reports of non-delivery, the post's marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

NOT_DELIVERED: Final = "пришёл отчёт о недоставке"
_CODES: Final = {  # enhanced status codes (RFC 3463), the first that begins so
    "5.1.2": "такого почтового сервера нет",
    "5.1": "такого адреса нет",
    "5.2.2": "ящик переполнен",
    "5.2.3": "письмо больше, чем принимает ящик",
    "5.2": "ящик отключён или не принимает писем",
    "5.3.4": "письмо больше, чем принимает сервер",
    "5.4": "почтовый сервер адресата не найден или не отвечает",
    "5.7": "сервер адресата отказался принять письмо",
}


def worded(proof: Mapping[str, Any]) -> dict[str, Any]:
    """A proof with what is no plain value said in words."""
    return {name: _WORDS[name](value) if name in _WORDS else value for name, value in proof.items()}


def journal(found: object) -> str:
    """Whether the journal of sent mail has the copy, which the server takes together with the letter."""
    return "копия есть, письмо принято сервером" if found else "копии нет, письмо не было принято"


def bounce(facts: Mapping[str, Any]) -> str:
    """What a report of non-delivery says."""
    status = str(facts.get("status") or "")
    reason = next((words for code, words in _CODES.items() if f"{status}.".startswith(f"{code}.")), "")
    return f"{NOT_DELIVERED}: {reason} ({status})" if reason else f"{NOT_DELIVERED} {status}".strip()


_WORDS: Final[dict[str, Callable[[Any], str]]] = {"bounce": bounce, "journal": journal, "rules": ", ".join}
