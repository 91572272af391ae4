"""Mailboxes are watched: who polls is called at once when a letter comes, and nothing hangs on being called."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from dovecot import Dovecot
from support_house import message

from intake import imapwatch
from intake.imap import ImapMailbox
from intake.imapwatch import MailWatchers

pytestmark = pytest.mark.mail

BOTH = pytest.mark.parametrize("library", ["imapclient", pytest.param("imaplib2", marks=pytest.mark.full)])
AT_ONCE = 5.0  # seconds, where every core is busy; on a calm machine 0.6: Dovecot itself tells after half a second


@contextmanager
def watched(mailbox: ImapMailbox) -> Iterator[queue.SimpleQueue[float]]:
    """A watcher of a mailbox; the queue gets the moment of each call."""
    calls: queue.SimpleQueue[float] = queue.SimpleQueue()
    before = threading.active_count()
    watchers = MailWatchers([mailbox], lambda: calls.put(time.monotonic()))
    watchers.start()
    try:
        yield calls
    finally:
        began = time.monotonic()
        watchers.stop()
        assert time.monotonic() - began < 2, "stopping waits for no server"
        mailbox.close()
        assert threading.active_count() == before, "no thread is left, of ours or of the library"


def box(server: Dovecot, user: str, **changes: object) -> ImapMailbox:
    return ImapMailbox(server.settings(user, **changes))


@BOTH
def test_a_letter_is_told_of_at_once_and_one_taken_away_is_not(dovecot: Dovecot, user: str, library: str) -> None:
    mailbox = box(dovecot, user, library=library)
    with watched(mailbox) as calls:
        time.sleep(0.5)
        for number in (1, 2):  # the second after the first was taken away
            came = time.monotonic()
            dovecot.deliver(user, message(number))
            assert calls.get(timeout=15) - came < AT_ONCE
            mailbox.done(*mailbox.waiting())
            time.sleep(0.6)
            while not calls.empty():  # told once more while it was being taken: no harm
                calls.get()


@pytest.mark.full
def test_letters_that_came_before_are_told_of(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, message(1))
    with watched(box(dovecot, user)) as calls:
        calls.get(timeout=5)
        with pytest.raises(queue.Empty):
            calls.get(timeout=1)


@BOTH
def test_a_server_without_idle_is_left_to_whoever_polls(user: str, library: str) -> None:
    server = Dovecot.create("imap_capability = IMAP4rev1 LITERAL+ UIDPLUS MOVE\n")
    try:
        server.start()
        mailbox = box(server, user, library=library)
        assert not mailbox.can_wait()
        assert not mailbox.wait(5)
        mailbox.close()
        with watched(mailbox) as calls:
            server.deliver(user, message(1))
            with pytest.raises(queue.Empty):
                calls.get(timeout=1)
        with mailbox:
            assert len(list(mailbox.waiting())) == 1
    finally:
        server.remove()


def test_settings_may_forbid_it(dovecot: Dovecot, user: str) -> None:
    assert not box(dovecot, user, idle=False).can_wait()


@pytest.mark.full
def test_a_watcher_comes_back_after_the_server(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imapwatch, "FIRST_PAUSE", 0.2)
    server = Dovecot.create()
    try:
        server.start()
        with watched(box(server, user, timeout=3)) as calls:
            time.sleep(0.5)
            server.kill()
            spent = psutil.Process().cpu_times().user
            time.sleep(1)
            assert psutil.Process().cpu_times().user - spent < 0.5, "it does not spin while the server is away"
            server.start()
            server.deliver(user, message(1))
            calls.get(timeout=8)
    finally:
        server.remove()
