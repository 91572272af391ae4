"""The embedded mail server of the demonstration: takes every message on loopback and keeps it in a Maildir-like folder.

``python -m outbox.sink --port 2525 --folder var/sent``; nothing ever leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
import time
from pathlib import Path
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP

SIZE_LIMIT = 50 * 1024 * 1024
_log = structlog.get_logger(__name__)


class FolderHandler:
    """Keeps each message as a flushed ``.eml`` file under ``new``, its envelope in two X- headers on top."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - name of aiosmtpd
        """Store the message, then say so."""
        name = f"{time.time_ns()}.{secrets.token_hex(4)}.eml"
        header = f"X-Envelope-From: {envelope.mail_from or '<>'}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        await asyncio.to_thread(self._store, name, header.encode() + bytes(envelope.original_content or b""))
        _log.info("sink_stored", size=len(envelope.original_content or b""), recipients=len(envelope.rcpt_tos))
        return "250 Message stored"

    def _store(self, name: str, data: bytes) -> None:
        temporary = self.folder / "tmp" / name
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / "new" / name)


async def serve(port: int, folder: Path, *, host: str = "127.0.0.1") -> None:
    """Listen until SIGINT or SIGTERM."""
    handler = FolderHandler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", ident="Otvet demo", data_size_limit=SIZE_LIMIT, loop=loop),
        host,
        port,
    )
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    _log.info("sink_listening", port=server.sockets[0].getsockname()[1])
    async with server:
        await stopped.wait()


def main() -> None:
    """Command line of the sink."""
    parser = argparse.ArgumentParser(description="Почтовый сервер демонстрации: письма складываются в папку.")
    parser.add_argument("--port", type=int, default=2525, help="порт на 127.0.0.1")
    parser.add_argument("--folder", type=Path, required=True, help="папка для писем")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.folder))


if __name__ == "__main__":
    main()
