"""A CRM over HTTP: the contract of docs/crm.md, read with TLS, time limits, bounded answers and patience.

Every request only asks, so every one may be repeated. What identifies clients stands in bodies, never in addresses:
addresses end up in logs. The server's words are not repeated to people either: they might quote a client.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import httpx
from pydantic import ValidationError

from intake.crm import (
    MAX_CURSOR,
    MOST_FOUND,
    PAGE,
    Asked,
    CrmClient,
    CrmContact,
    CrmPage,
    CrmRefused,
    CrmUnavailableError,
    Told,
)
from intake.crmsettings import CrmSettings

BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # worth another attempt
LONGEST_PAUSE: Final = 30.0  # seconds, whatever Retry-After asks for
_OK: Final = 200
_REFUSALS: Final = {
    401: "CRM не принимает ключ: проверьте token_file или token_env раздела [crm]",
    403: "CRM не разрешает чтение: проверьте права ключа раздела [crm]",
    404: "CRM не знает такого адреса: проверьте url раздела [crm]",
    410: "CRM не узнаёт отметку загрузки: начните сначала командой otvet client pull --again",
}
T = TypeVar("T", bound=Told)


class HttpCrm:
    """A CRM that answers by docs/crm.md."""

    def __init__(self, settings: CrmSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = settings.name
        self._settings = settings
        self._sleep = sleep
        self._client: httpx.Client | None = None

    def find(self, asked: Asked) -> list[CrmClient]:
        """Ask by POST: accounts and names are no part of an address."""
        if not asked.asks_enough:
            return []
        body = self._ask("POST", "v1/clients/search", json=asked.model_dump(exclude_none=True))
        found: list[CrmClient] = []
        for item in _list(body, "clients")[:MOST_FOUND]:
            one = _one(CrmClient, item)
            if isinstance(one, CrmRefused):
                raise CrmUnavailableError(f"CRM ответила не по договорённости ({one.reason}): передайте её владельцам.")
            found.append(one)
        return found

    def changes(self, after: str | None, limit: int = PAGE) -> CrmPage:
        """Ask for a page of changes; one that has not the form of the contract is told apart and stops no other."""
        asked = {"limit": str(limit)} | ({"after": after} if after else {})
        body = self._ask("GET", "v1/changes", params=asked)
        cursor, more = body.get("cursor"), body.get("more")
        if not isinstance(cursor, str) or not 0 < len(cursor) <= MAX_CURSOR or not isinstance(more, bool):
            raise CrmUnavailableError("CRM ответила не по договорённости (cursor, more): передайте её владельцам.")
        told = list(_changes(_list(body, "changes")))
        if len(told) > limit:
            raise CrmUnavailableError("CRM прислала больше изменений, чем просили: передайте её владельцам.")
        return CrmPage(
            cursor=cursor,
            more=more,
            clients=tuple(one for one in told if isinstance(one, CrmClient)),
            contacts=tuple(one for one in told if isinstance(one, CrmContact)),
            refused=tuple(one for one in told if isinstance(one, CrmRefused)),
        )

    def close(self) -> None:
        """Give back the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask until an answer comes or the attempts are used up."""
        pause, asked_to_wait, why = self._settings.backoff, 0.0, ""
        for attempt in range(self._settings.attempts):
            if attempt:
                spread = pause * random.uniform(0.5, 1)  # noqa: S311 - spreads callers, guards nothing
                self._sleep(max(spread, asked_to_wait))
                pause = min(pause * 2, LONGEST_PAUSE)
            try:
                status, asked_to_wait, raw = self._once(method, path, request)
            except httpx.RequestError as error:
                why = _trouble(error)
                continue
            if status == _OK:
                return _parsed(raw)
            if status not in BUSY:
                self.close()  # the token may have been changed: it is read anew
                words = _REFUSALS.get(status, "CRM ответила отказом: передайте её владельцам")
                raise CrmUnavailableError(f"{words} (код {status}).")
            why = f"CRM занята или неисправна (код {status})"
        raise CrmUnavailableError(f"{why}. Загрузка продолжится с того же места в следующий раз.")

    def _once(self, method: str, path: str, request: dict[str, Any]) -> tuple[int, float, bytes]:
        """One request: the status, the seconds that the server asks to wait, the body within its bounds."""
        bounds, until = self._settings, time.monotonic() + self._settings.answer_seconds
        raw = bytearray()
        with self._connected().stream(method, path, **request) as answer:
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise CrmUnavailableError("CRM прислала сжатый ответ, о котором не просили: передайте её владельцам.")
            for piece in answer.iter_raw(65_536):
                raw += piece
                if len(raw) > bounds.max_bytes:
                    raise CrmUnavailableError("Ответ CRM больше допустимого (max_bytes раздела [crm]).")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("answer")
            return answer.status_code, _retry_after(answer), bytes(raw)

    def _connected(self) -> httpx.Client:
        """One connection for many requests; the token is read anew when it is made."""
        if self._client is None:
            secret = self._settings.secret()
            headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "otvet"}
            self._client = httpx.Client(
                base_url=self._settings.url.rstrip("/") + "/",
                headers=headers | ({"Authorization": f"Bearer {secret}"} if secret else {}),
                verify=self._settings.context(),
                timeout=self._settings.timeout,
                follow_redirects=False,  # the token goes to the address that was set, nowhere else
                trust_env=False,  # no proxy and no password file that a variable happens to name
            )
        return self._client


def _trouble(error: httpx.RequestError) -> str:
    """What went wrong, for another attempt. A certificate that does not hold will not hold the next second."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        raise CrmUnavailableError(
            "Сертификат CRM не проверен: укажите её удостоверяющий центр в ca_file раздела [crm]."
        ) from None
    if isinstance(error, httpx.TimeoutException):
        return "CRM не ответила вовремя"
    return "CRM недоступна: проверьте сеть и url раздела [crm]"


def _retry_after(answer: httpx.Response) -> float:
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else 0.0


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise CrmUnavailableError("Ответ CRM — не объект JSON: проверьте url раздела [crm].")
    return body


def _list(body: dict[str, Any], name: str) -> list[Any]:
    found = body.get(name)
    if not isinstance(found, list):
        raise CrmUnavailableError(f"CRM ответила не по договорённости ({name}): передайте её владельцам.")
    return found


def _changes(items: list[Any]) -> Iterator[CrmClient | CrmContact | CrmRefused]:
    for item in items:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind == "client":
            yield _one(CrmClient, item)
        elif kind == "contact":
            yield _one(CrmContact, item)
        # another type is one of a later contract: nothing that we could keep


def _one(model: type[T], item: Any) -> T | CrmRefused:
    """An item by its model; what is wrong with it is told by the field's name alone, never by its value."""
    try:
        return model.model_validate(item)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        field = next((str(step) for step in place if isinstance(step, str)), "")
        key = item.get("id") if isinstance(item, dict) else None
        shown = key if isinstance(key, str) and len(key) <= 120 else "без кода"  # noqa: PLR2004 - as the models allow
        return CrmRefused(shown, f"поле {field} не по форме" if field else "запись не по форме")
