"""Mail: letters a second from mailbox to registered beside the raw floor, and the memory that a large letter costs.

``PYTHONPATH=tests:tests/mail .venv/bin/python tests/bench/bench_mail.py [LETTERS]``
"""

from __future__ import annotations

import hashlib
import imaplib
import os
import ssl
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import psutil
import support_house as support
from dovecot import PASSWORD, Dovecot, running

from intake.imap import ImapMailbox
from steps import work

LETTERS = 300
SIZE = 17_600  # bytes of a letter, as the notes measured
LARGE = 50_000_000


def mailbox(server: Dovecot, user: str, library: str = "imapclient") -> ImapMailbox:
    return ImapMailbox(server.settings(user, name="imap:bench", library=library, timeout=30))


def floor(server: Dovecot, user: str, folder: Path) -> float:
    """One FETCH of all letters over TLS and a flush of each to disk: what cannot be beaten by anything durable."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    began = time.perf_counter()
    with imaplib.IMAP4_SSL("localhost", server.imaps_port, ssl_context=context) as imap:
        imap.login(user, PASSWORD)
        imap.select("INBOX")
        _, data = imap.fetch("1:*", "(BODY.PEEK[])")
    for number, part in enumerate(one for one in data if isinstance(one, tuple)):
        with (folder / str(number)).open("wb") as file:
            file.write(part[1])
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - began


def throughput(server: Dovecot, count: int) -> None:
    pad = "Прошу разобраться с начислением за отопление. " * (SIZE // 80)
    for number in range(count):
        server.deliver("many", support.message(number, text=f"метка {number}\n{pad}"))
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        (home / "floor").mkdir()
        bare = floor(server, "many", home / "floor")
        house = support.build(home, f"sqlite:///{home / 'otvet.db'}", people=False, trained=False)
        house.sources = [mailbox(server, "many")]
        spent, worked = {}, {}
        for step in ("receive", "triage", "register"):
            began, busy = time.perf_counter(), time.process_time()
            assert work.run(support.SYSTEM, house, step).done == count
            spent[step], worked[step] = time.perf_counter() - began, time.process_time() - busy
        house.close()
    print(f"{count} letters of {SIZE} bytes; load {os.getloadavg()[0]:.1f}")
    print(f"raw floor (one FETCH over TLS, a flush each): {count / bare:.0f}/s")
    for step, seconds in spent.items():
        print(f"{step}: {count / seconds:.0f}/s, {1_000 * worked[step] / count:.1f} ms of processor time a letter")
    print(f"mailbox to registered: {count / sum(spent.values()):.0f}/s")


class Peak:
    """The most memory that the process held while the block ran, above what it held before."""

    def __enter__(self) -> Self:
        self.process, self.going = psutil.Process(), True
        self.before = self.most = self.process.memory_info().rss
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def _watch(self) -> None:
        while self.going:
            self.most = max(self.most, self.process.memory_info().rss)
            time.sleep(0.005)

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()

    @property
    def megabytes(self) -> float:
        return (self.most - self.before) / 1e6


def memory(server: Dovecot) -> None:
    line = hashlib.sha256(b"x").hexdigest().encode() + b"\r\n"
    letter = b"From: a@example.org\r\nSubject: large\r\n\r\n" + line * (LARGE // len(line))
    size = len(letter) / 1e6
    for library in ("imapclient", "imaplib2"):
        user = f"large{library}"
        server.deliver(user, letter)
        with tempfile.TemporaryDirectory() as place:
            home = Path(place)
            house = support.build(home, f"sqlite:///{home / 'otvet.db'}", people=False, trained=False)
            box = mailbox(server, user, library)
            list(mailbox(server, "empty", library).waiting())
            with Peak() as peak:
                house.sources = [box]
                work.run(support.SYSTEM, house, "receive")
            box.close()
            house.close()
        print(f"{library}: a letter of {size:.0f} MB taken in: peak +{peak.megabytes:.0f} MB over what was held before")


if __name__ == "__main__":
    with running() as dovecot:
        dovecot.deliver("empty", support.message(1))
        memory(dovecot)
        throughput(dovecot, int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS)
