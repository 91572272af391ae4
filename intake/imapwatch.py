"""Watching mailboxes: a thread for each waits for the server's word (IDLE) and says that there are letters to fetch.

A word of the server is a hint and no more: who is called looks into the mailbox as if nobody had called, and looks once
a minute besides. So a watcher that dies, or a server without IDLE, costs a minute and no letter.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Sequence
from typing import Final

from structlog import get_logger

from intake.imap import ImapMailbox
from intake.port import SourceUnavailableError

IDLE: Final = 540.0  # seconds: servers end an IDLE of half an hour, routers forget a silent connection earlier
SETTLE: Final = 0.2  # letters that come together are told of together
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0
JITTER: Final = 0.3

_log = get_logger(__name__)


class MailWatchers:
    """Threads that watch mailboxes, each over a connection of its own.

    Args:
        mailboxes: What to watch; those whose settings or server have no IDLE are left to whoever polls.
        call: Called from the thread of a mailbox when letters wait there.
    """

    def __init__(self, mailboxes: Sequence[ImapMailbox], call: Callable[[], None]) -> None:
        self._call = call
        self._stop = threading.Event()
        self._mailboxes = [one.another() for one in mailboxes]
        self._threads = [
            threading.Thread(target=self._watch, args=(one,), name=f"idle {one.name}", daemon=True)
            for one in self._mailboxes
        ]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """End; a thread that does not end in time dies with the process."""
        self._stop.set()
        for mailbox in self._mailboxes:
            mailbox.interrupt()
        for thread in self._threads:
            thread.join(seconds)

    def _watch(self, mailbox: ImapMailbox) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                if not mailbox.can_wait():
                    _log.info("imap_without_idle", source=mailbox.name)
                    break
                if mailbox.has_letters() and not self._stop.is_set():
                    self._call()
                if not self._stop.is_set() and mailbox.wait(IDLE):
                    self._stop.wait(SETTLE)
                pause = FIRST_PAUSE
            except SourceUnavailableError:
                self._stop.wait(pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
                pause = min(pause * 2, LONGEST_PAUSE)
        with contextlib.suppress(SourceUnavailableError):
            mailbox.close()
