"""A CRM that answers over HTTP by the contract of docs/crm.md, for tests: the memory twin behind a real server."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from intake.crm import PAGE, Asked, CrmClient, CrmContact, CrmPage, CrmUnavailableError
from intake.crmmemory import MemoryCrm

TOKEN = "ключ-crm".encode().hex()


def client(number: int, **changes: Any) -> CrmClient:
    """An invented client; every number gives another."""
    told: dict[str, Any] = {
        "id": f"c-{number}", "name": "Ильясова Зухра Маратовна", "segment": "B2C",
        "accounts": [f"10020030{number:02}"], "phones": [{"value": f"8 917 123-45-{number:02}", "confirmed": True}],
        "emails": [{"value": f"client{number}@mail.example", "confirmed": True, "confirmed_on": "2026-03-12"}],
        "address": f"г. Уфа, ул. Ленина, д. {number}, кв. 12", "vip": False,
    }  # fmt: skip
    return CrmClient.model_validate(told | changes)


def contact(key: str, whose: str, title: str = "Звонок о показаниях") -> CrmContact:
    """An invented contact by telephone."""
    at = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
    return CrmContact(id=key, client=whose, at=at, channel="phone", title=title)


class Away(MemoryCrm):
    """A CRM that nobody can reach."""

    def changes(self, after: str | None, limit: int = PAGE) -> CrmPage:  # noqa: ARG002 - the port's signature
        raise CrmUnavailableError("CRM недоступна: проверьте сеть.")

    def find(self, asked: Asked) -> list[CrmClient]:  # noqa: ARG002 - the port's signature
        raise CrmUnavailableError("CRM недоступна: проверьте сеть.")


@dataclass
class Behaviour:
    """What the server does next instead of answering: each item once, in order.

    An item is a status, ``("retry", seconds)``, ``("body", bytes)``, ``("slow", seconds)``, ``"drop"``, ``"redirect"``
    or ``"gzip"``. ``asked`` are the requests that came, with their bodies.
    """

    next: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@contextlib.contextmanager
def serving(twin: MemoryCrm, certificate: Path | None = None) -> Iterator[tuple[str, Behaviour]]:
    """Serve a twin on loopback; the address and what to make the server do."""
    behaviour = Behaviour()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (Handler,), {"twin": twin, "behaviour": behaviour}))
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}/otvet", behaviour
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Handler(BaseHTTPRequestHandler):
    """One connection; what it serves stands in the subclass that `serving` makes."""

    twin: MemoryCrm
    behaviour: Behaviour
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["content-length"])).decode())

    def _serve(self, body: str) -> None:
        self.behaviour.asked.append((self.command, self.path, body))
        if self.behaviour.next:
            self._misbehave(self.behaviour.next.pop(0))
        elif self.headers.get("authorization") != f"Bearer {TOKEN}":
            self._answer(401, b"{}")
        else:
            self._by_contract(body)

    def _by_contract(self, body: str) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            if parts.path == "/otvet/v1/changes":
                told = self.twin.changes(asked.get("after"), int(asked["limit"]))
                changes = [_wire("client", one) for one in told.clients]
                changes += [_wire("contact", one) for one in told.contacts]
                self._json({"changes": changes, "cursor": told.cursor, "more": told.more})
            elif parts.path == "/otvet/v1/clients/search":
                found = self.twin.find(Asked.model_validate_json(body))
                self._json({"clients": [_wire("client", one) for one in found]})
            else:
                self._answer(404, b"{}")
        except CrmUnavailableError:
            self._answer(410, b"{}")

    def _misbehave(self, what: Any) -> None:
        match what:
            case int():
                self._answer(what, b'{"error": "Ivanov 1002003001"}')
            case ("retry", seconds):
                self._answer(503, b"", **{"Retry-After": str(seconds)})
            case ("body", raw):
                self._answer(200, raw)
            case ("slow", seconds):
                threading.Event().wait(seconds)
                self._answer(200, b"{}")
            case "redirect":
                self._answer(302, b"", Location="http://127.0.0.1:9/otvet/v1/changes")
            case "gzip":
                self._answer(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
            case _:
                self.close_connection = True
                self.connection.close()

    def _json(self, body: dict[str, Any]) -> None:
        self._answer(200, json.dumps(body, ensure_ascii=False).encode())

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _wire(kind: str, one: CrmClient | CrmContact) -> dict[str, Any]:
    return {"type": kind, **one.model_dump(mode="json", exclude_unset=True)}
