"""The IMAP source against a real Dovecot."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from dovecot import PASSWORD, Dovecot

from intake.foldernames import encode_folder
from intake.imap import ImapMailbox, ImapSettings
from intake.imapguard import GuardedImap, ImapError, UnsafeArgumentError, quoted
from intake.port import SourceUnavailableError

pytestmark = pytest.mark.mail


def letter(number: int, text: str = "Прошу пересчитать плату") -> bytes:
    message = EmailMessage()
    message["From"] = "Иван Иванов <ivan@example.org>"
    message["To"] = "office@example.org"
    message["Subject"] = f"Письмо {number}"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content(text)
    return message.as_bytes()


def settings(server: Dovecot, user: str, **changes: object) -> ImapSettings:
    given: dict[str, object] = {
        "name": "imap:test",
        "host": "localhost",
        "port": server.imaps_port,
        "user": user,
        "password": PASSWORD,
        "ca_file": server.ca_file,
        "timeout": 5,
    }
    return ImapSettings.model_validate(given | changes)


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> Iterator[ImapMailbox]:
    with ImapMailbox(settings(dovecot, user)) as one:
        yield one


def in_folder(server: Dovecot, user: str, folder: str) -> int:
    maildir = server.inboxes_of(user)
    root = maildir / f".{encode_folder(folder)}" if folder != "INBOX" else maildir
    return sum(len(list((root / part).iterdir())) for part in ("new", "cur") if (root / part).is_dir())


def test_letters_come_oldest_first_and_stay_unread(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    for number in range(3):
        dovecot.deliver(user, letter(number))
    found = list(mailbox.waiting())
    assert [f"<{number}@example.org>".encode() in one.data for number, one in enumerate(found)] == [True] * 3
    assert [one.external_id.rpartition("/")[2] for one in found] == ["1", "2", "3"]
    assert all(one.received_at.tzinfo and one.source == "imap:test" and one.form == "mail" for one in found)
    assert not any("S" in path.name.partition(":2,")[2] for path in dovecot.inboxes_of(user).glob("cur/*"))


def test_done_marks_moves_and_may_be_repeated(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(user, letter(1))
    dovecot.deliver(user, letter(2))
    first, second = mailbox.waiting()
    mailbox.done(first)
    mailbox.done(first)
    assert [one.external_id for one in mailbox.waiting()] == [second.external_id]
    assert (in_folder(dovecot, user, "Обработано"), in_folder(dovecot, user, "INBOX")) == (1, 1)
    keywords = (dovecot.inboxes_of(user) / f".{encode_folder('Обработано')}" / "dovecot-keywords").read_text()
    assert "$Registered" in keywords


def test_refused_goes_to_quarantine(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(user, letter(1))
    (one,) = mailbox.waiting()
    mailbox.refuse(one, "вирус")
    mailbox.refuse(one, "вирус")
    assert not list(mailbox.waiting())
    assert in_folder(dovecot, user, "Карантин") == 1


def test_letter_read_by_a_person_is_still_taken(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(user, letter(1))
    assert len(list(mailbox.waiting())) == 1
    (path,) = [*dovecot.inboxes_of(user).glob("new/*"), *dovecot.inboxes_of(user).glob("cur/*")]
    path.rename(dovecot.inboxes_of(user) / "cur" / f"{path.name.partition(':2,')[0]}:2,S")
    assert len(list(mailbox.waiting())) == 1


def test_uidvalidity_change_gives_the_same_canonical_hash(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(user, letter(1))
    (before,) = mailbox.waiting()
    dovecot.change_uidvalidity(user, 1_700_000_123)
    mailbox.done(before)  # another numbering now: must touch nothing
    (after,) = mailbox.waiting()
    assert after.external_id == "INBOX/1700000123/1"
    assert after.external_id != before.external_id
    assert after.canonical == before.canonical
    mailbox.done(after)
    assert not list(mailbox.waiting())


def test_cyrillic_folder_as_inbox(dovecot: Dovecot, user: str) -> None:
    folder = "Входящие/Кураторы & «VIP»"
    plain = GuardedImap("127.0.0.1", dovecot.imap_port, context=None, timeout=5, command_seconds=10)
    plain.log_in(user, PASSWORD)
    target = quoted(encode_folder(folder))
    assert plain.create(target)[0] == "OK"
    assert plain.append(target, None, None, letter(7))[0] == "OK"
    plain.close_connection()
    with ImapMailbox(settings(dovecot, user, folder=folder)) as mailbox:
        (one,) = mailbox.waiting()
        assert one.external_id.startswith(f"{folder}/")
        mailbox.done(one)
        assert not list(mailbox.waiting())


def test_absent_folder_is_told_in_russian(dovecot: Dovecot, user: str) -> None:
    mailbox = ImapMailbox(settings(dovecot, user, folder="Нет такой"))
    with pytest.raises(SourceUnavailableError, match="папка «Нет такой» не найдена"):
        list(mailbox.waiting())


def test_large_letter_comes_in_pieces_unharmed(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    body = "".join(f"строка {number} и ещё немного текста для объёма\n" for number in range(100_000))
    dovecot.deliver(user, letter(1, body))
    (one,) = mailbox.waiting()
    assert len(one.data) > 5_000_000
    on_disk = next(iter(dovecot.inboxes_of(user).glob("[nc][eu][wr]/*"))).read_bytes()
    assert one.data.replace(b"\r\n", b"\n") == on_disk.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("tls", ["starttls", "plain"])
def test_other_ways_of_connecting(dovecot: Dovecot, user: str, tls: str) -> None:
    dovecot.deliver(user, letter(1))
    with ImapMailbox(settings(dovecot, user, tls=tls, port=dovecot.imap_port)) as mailbox:
        assert len(list(mailbox.waiting())) == 1


def test_certificate_for_another_name_is_refused(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    other = Dovecot.create()
    try:
        other.certificate(other.base / "tls", "DNS:mail.example.org")
        other.start()
        for tls, port in (("tls", other.imaps_port), ("starttls", other.imap_port)):
            mailbox = ImapMailbox(settings(other, user, tls=tls, port=port))
            with pytest.raises(SourceUnavailableError, match=r"сертификат не подтверждён|шифрование|связь прервана"):
                list(mailbox.waiting())
    finally:
        other.remove()


def test_unknown_issuer_is_refused(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(SourceUnavailableError, match="сертификат не подтверждён"):
        list(ImapMailbox(settings(dovecot, user, ca_file=None)).waiting())


def test_wrong_password_is_told_without_showing_it(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(SourceUnavailableError, match="не принял имя или пароль") as caught:
        list(ImapMailbox(settings(dovecot, user, password="неверный-пароль")).waiting())
    assert "неверный-пароль" not in str(caught.value)


@pytest.mark.parametrize("tls", ["tls", "starttls", "plain"])
def test_silent_server_times_out(user: str, tls: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mailbox = ImapMailbox(
            ImapSettings(
                host="localhost",
                port=silent.getsockname()[1],
                tls=tls,
                user=user,
                password="x",
                timeout=1,
            )
        )
        began = time.monotonic()
        with pytest.raises(SourceUnavailableError):
            list(mailbox.waiting())
        assert time.monotonic() - began < 6


@pytest.mark.fault
def test_server_killed_midway_then_back(user: str) -> None:
    server = Dovecot.create()
    try:
        server.start()
        for number in range(3):
            server.deliver(user, letter(number))
        mailbox = ImapMailbox(settings(server, user, timeout=3))
        coming = mailbox.waiting()
        first = next(coming)
        server.kill()
        with pytest.raises(SourceUnavailableError, match=r"Письма остались в ящике|не принимает соединения"):
            next(coming)
        with pytest.raises(SourceUnavailableError):
            mailbox.done(first)
        server.start()
        mailbox.done(first)
        assert len(list(mailbox.waiting())) == 2
        mailbox.close()
    finally:
        server.remove()


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


def test_no_threads_are_left(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, letter(1))
    before = threading.active_count()
    for _ in range(3):
        with ImapMailbox(settings(dovecot, user)) as mailbox:
            list(mailbox.waiting())
            assert threading.active_count() == before + 3
    for _ in range(2):  # forgotten ones are closed when they are collected
        forgotten = ImapMailbox(settings(dovecot, user))
        list(forgotten.waiting())
        del forgotten
        gc.collect()
    with pytest.raises(SourceUnavailableError):
        list(ImapMailbox(settings(dovecot, user, ca_file=None)).waiting())
    assert threading.active_count() == before


def test_plain_only_on_loopback_and_one_password(dovecot: Dovecot) -> None:
    for changes in ({"tls": "plain", "host": "mail.example.org"}, {"password_env": "X"}, {"folder": "a\r\nb"}):
        with pytest.raises(ValueError):
            settings(dovecot, "box", **changes)


def test_password_from_environment_and_file(
    dovecot: Dovecot, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    for changes in ({"password_env": "OTVET_TEST_SECRET"}, {"password_file": secret}):
        source = ImapMailbox(settings(dovecot, user, password=None, **changes))
        monkeypatch.setenv("OTVET_TEST_SECRET", PASSWORD)
        assert list(source.waiting()) == []
        source.close()
    absent = ImapMailbox(settings(dovecot, user, password=None, password_env="OTVET_ABSENT"))
    with pytest.raises(SourceUnavailableError, match="OTVET_ABSENT"):
        list(absent.waiting())
