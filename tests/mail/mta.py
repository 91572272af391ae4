"""Two mail servers that take our letters and bring them to Dovecot: Debian's OpenSMTPD, and one that fails on purpose.

Both take a letter for all its recipients in one commit of their queue, as mail servers do, and deliver afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from dovecot import free_port
from filelock import FileLock

_OPENSMTPD = """
queue compression
smtp max-message-size 50M
listen on 127.0.0.1 port {port} hostname mx.example
table everybody {{ "@" = nobody }}
action "box" lmtp "127.0.0.1:{lmtp}" rcpt-to virtual <everybody>
match from any for any action "box"
"""
_SPOOL = Path("/var/spool/smtpd")


@contextlib.contextmanager
def opensmtpd(lmtp_port: int) -> Iterator[int]:
    """A private OpenSMTPD; its spool is fixed, so that there is one a machine. Needs root."""
    assert os.geteuid() == 0, "OpenSMTPD starts as root alone"
    folder = Path(tempfile.mkdtemp(prefix="otvet-mta-"))
    with FileLock("/tmp/otvet-opensmtpd.lock", timeout=600):
        for left in (_SPOOL / "queue").glob("*"):
            shutil.rmtree(left, ignore_errors=True)
        port = free_port()
        config = folder / "smtpd.conf"
        config.write_text(_OPENSMTPD.format(port=port, lmtp=lmtp_port))
        config.chmod(0o644)
        log = (folder / "log").open("wb")
        process = subprocess.Popen(["smtpd", "-d", "-f", str(config)], stdout=log, stderr=log)
        try:
            _wait_for(port, folder / "log")
            yield port
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
            log.close()
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def nasty(folder: Path, lmtp_port: int, seed: int = 1) -> Iterator[int]:
    """A server that puts off one letter in ten, and hangs up after DATA before or after its commit as often."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, str(folder), str(lmtp_port), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _wait_for(port: int, log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as line:
            if line.recv(100).startswith(b"220"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"OpenSMTPD did not start: {log.read_text()[-2000:]}")


class _Queue:
    """Commits a letter with its recipients to disk, answers, then delivers over LMTP until that is done."""

    def __init__(self, folder: Path, lmtp_port: int, chance: random.Random) -> None:
        self.folder, self.lmtp_port, self.chance = folder, lmtp_port, chance
        self.tasks: set[asyncio.Task[None]] = set()

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        fate = self.chance.choices(("take", "later", "lost before", "lost after"), (70, 10, 10, 10))[0]
        if fate == "later":
            return "451 4.3.0 Try again later"
        if fate == "lost before":
            server.transport.abort()
            return "451 never said"
        data, recipients = bytes(envelope.original_content or b""), list(envelope.rcpt_tos)
        self._commit(data)
        task = asyncio.create_task(self._deliver(data, recipients))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if fate == "lost after":
            server.transport.abort()
        return "250 Queued"

    def _commit(self, data: bytes) -> None:
        path = self.folder / f"{time.time_ns()}"
        with path.open("wb") as file:
            file.write(data)
            os.fsync(file.fileno())

    async def _deliver(self, data: bytes, recipients: list[str]) -> None:
        await asyncio.sleep(self.chance.uniform(0, 0.2))
        await asyncio.to_thread(self._lmtp, data, recipients)

    def _lmtp(self, data: bytes, recipients: list[str]) -> None:
        for recipient in recipients:  # the library reads one answer, and LMTP gives one for each recipient
            with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
                lmtp.sendmail("mx@mx.example", [recipient], data)


async def _serve(folder: Path, lmtp_port: int, seed: int) -> None:
    queue = _Queue(folder, lmtp_port, random.Random(seed))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(queue, hostname="mx.example", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - how the parent learns the port
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("lmtp_port", type=int)
    parser.add_argument("seed", type=int)
    given = parser.parse_args()
    asyncio.run(_serve(given.folder, given.lmtp_port, given.seed))
