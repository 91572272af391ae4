"""A real aiosmtpd server in a process of its own that keeps messages in a folder and fails when its script says so."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from outbox.sink import FolderHandler

BEHAVIOURS = ("take", "451", "550", "552", "drop", "silent", "mixed", "greylist")


@dataclass(frozen=True, slots=True)
class Sink:
    port: int
    folder: Path

    @property
    def stored(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / "new").glob("*.eml"))]


class ScriptedHandler(FolderHandler):
    def __init__(self, folder: Path, behaviour: str) -> None:
        super().__init__(folder)
        self.behaviour = behaviour

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.behaviour == "550" or (self.behaviour == "mixed" and address.startswith("bad")):
            return f"550 5.1.1 <{address}>: no such user"
        if self.behaviour == "greylist":
            return "451 4.7.1 Greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.behaviour == "451":
            return "451 4.3.0 Try again later"
        if self.behaviour == "552":
            return "552 5.3.4 Message too big"
        answer = await super().handle_DATA(server, session, envelope)
        if self.behaviour == "drop":
            server.transport.abort()
        if self.behaviour == "silent":
            await asyncio.sleep(3600)
        return answer


@contextlib.contextmanager
def running_sink(folder: Path, behaviour: str = "take", *options: str) -> Iterator[Sink]:
    arguments = [sys.executable, __file__, str(folder), behaviour, *options]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield Sink(port=int(process.stdout.readline()), folder=folder)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def wait_for(condition: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.05)


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    known = data.login == b"otvet" and data.password == b"secret"
    return AuthResult(success=known, handled=False)


async def _serve(folder: Path, behaviour: str, certificate: str | None, *, login: bool) -> None:
    import ssl

    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    handler = ScriptedHandler(folder, behaviour)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            hostname="localhost",
            tls_context=context,
            require_starttls=bool(context),
            authenticator=_authenticate if login else None,
            auth_required=login,
            auth_require_tls=bool(context),
            loop=loop,
        ),
        "127.0.0.1",
        0,
    )
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - how the parent learns the port
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("behaviour", choices=BEHAVIOURS)
    parser.add_argument("--certificate")
    parser.add_argument("--login", action="store_true")
    given = parser.parse_args()
    asyncio.run(_serve(given.folder, given.behaviour, given.certificate, login=given.login))
