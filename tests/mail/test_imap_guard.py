"""The guards over imaplib2: what hangs, injects or leaks in the library as it comes, against a real Dovecot."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from dovecot import PASSWORD, Dovecot

from intake.imapguard import GuardedImap, ImapError, UnsafeArgumentError, quoted

pytestmark = pytest.mark.mail


@pytest.fixture
def guarded(dovecot: Dovecot, user: str) -> Iterator[GuardedImap]:
    one = GuardedImap("127.0.0.1", dovecot.imap_port, context=None, timeout=3, command_seconds=5)
    one.log_in(user, PASSWORD)
    yield one
    one.close_connection()


def test_line_break_in_an_argument_is_refused_and_nothing_hangs(guarded: GuardedImap) -> None:
    with pytest.raises(UnsafeArgumentError):
        guarded.create("Evil\r\nX1 CREATE Injected")
    assert guarded.create(quoted("plain space"))[0] == "OK"
    names = b" ".join(line for line in guarded.list()[1] if line)
    assert b"plain space" in names
    assert b"Injected" not in names
    assert b"Evil" not in names


def test_wrong_state_is_refused_and_nothing_hangs(guarded: GuardedImap) -> None:
    with pytest.raises(ImapError, match="illegal"):
        guarded.uid("SEARCH", "ALL")
    assert guarded.select("INBOX")[0] == "OK"
    with pytest.raises(ImapError):
        guarded.enable("CONDSTORE")
    assert guarded.select("INBOX")[0] == "OK"


def test_non_ascii_argument_does_not_hang(guarded: GuardedImap) -> None:
    assert guarded.select(quoted("Входящие"))[0] == "NO"
    assert guarded.select("INBOX")[0] == "OK"


def test_closing_does_not_wait_for_a_lock_left_taken(dovecot: Dovecot, user: str) -> None:
    one = GuardedImap("127.0.0.1", dovecot.imap_port, context=None, timeout=3, command_seconds=5)
    one.log_in(user, PASSWORD)
    one._simple_command("SELECT", "INBOX")  # leaves the library's lock taken
    began = time.monotonic()
    one.close_connection()
    assert time.monotonic() - began < 3
