"""One contract for both IMAP libraries: the mailbox as a source of letters, against a real Dovecot."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest
from dovecot import PASSWORD, Dovecot

from intake.foldernames import encode_folder
from intake.imap import ImapMailbox, ImapSettings
from intake.imapguard import GuardedImap, quoted
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


@pytest.fixture(params=["imaplib2", "imapclient"], autouse=True)
def library(request: pytest.FixtureRequest) -> str:
    """The library that every mailbox of the test speaks through."""
    _LIBRARY[0] = request.param
    return str(request.param)


_LIBRARY = [""]


def settings(server: Dovecot, user: str, **changes: object) -> ImapSettings:
    return server.settings(user, **{"library": _LIBRARY[0]} | changes)


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
                library=_LIBRARY[0],
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


@pytest.mark.full
@pytest.mark.fault
def test_a_server_that_falls_silent_in_a_command_is_given_up_in_time(user: str) -> None:
    server = Dovecot.create()
    try:
        server.start()
        server.deliver(user, letter(1))
        with ImapMailbox(settings(server, user, timeout=2, command_seconds=3)) as mailbox:
            assert len(list(mailbox.waiting())) == 1
            server.suspend()
            began = time.monotonic()
            with pytest.raises(SourceUnavailableError):
                list(mailbox.waiting())
            assert time.monotonic() - began < 9
            server.suspend(back=True)
            assert len(list(mailbox.waiting())) == 1, "the next look is a new connection"
    finally:
        server.suspend(back=True)
        server.remove()


@pytest.mark.fault
def test_server_killed_midway_then_back(user: str) -> None:
    server = Dovecot.create()
    try:
        server.start()
        for number in range(3):
            server.deliver(user, letter(number))
        mailbox = ImapMailbox(settings(server, user, timeout=3))
        first, *_ = mailbox.waiting()
        server.kill()
        with pytest.raises(SourceUnavailableError, match=r"Письма остались в ящике|не принимает соединения"):
            list(mailbox.waiting())
        with pytest.raises(SourceUnavailableError):
            mailbox.done(first)
        server.start()
        mailbox.done(first)
        assert len(list(mailbox.waiting())) == 2
        mailbox.close()
    finally:
        server.remove()


def test_no_threads_and_sockets_are_left(dovecot: Dovecot, user: str, library: str) -> None:
    dovecot.deliver(user, letter(1))
    gc.collect()
    before, sockets = threading.active_count(), len(psutil.Process().net_connections("tcp"))
    for _ in range(3):
        with ImapMailbox(settings(dovecot, user)) as mailbox:
            list(mailbox.waiting())
            assert threading.active_count() == before + (3 if library == "imaplib2" else 0)
    for _ in range(2):  # forgotten ones are closed when they are collected
        forgotten = ImapMailbox(settings(dovecot, user))
        list(forgotten.waiting())
        del forgotten
        gc.collect()
    with pytest.raises(SourceUnavailableError):
        list(ImapMailbox(settings(dovecot, user, ca_file=None)).waiting())
    gc.collect()
    assert threading.active_count() == before
    assert len(psutil.Process().net_connections("tcp")) <= sockets


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


def test_many_are_done_in_one_go(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    for number in range(45):
        dovecot.deliver(user, letter(number))
    found = list(mailbox.waiting())
    assert [f"Message-ID: <{number}@".encode() in one.data for number, one in enumerate(found)] == [True] * 45
    mailbox.done(*found[:44])
    assert [one.external_id for one in mailbox.waiting()] == [found[44].external_id]
    assert in_folder(dovecot, user, "Обработано") == 44


def test_a_letter_that_a_person_moved_is_left_alone(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    for number in range(3):
        dovecot.deliver(user, letter(number))
    found = list(mailbox.waiting())
    dovecot.doveadm("mailbox", "create", "-u", user, "Личное")
    dovecot.doveadm("move", "-u", user, "Личное", "mailbox", "INBOX", "uid", "2")
    mailbox.done(*found)
    assert in_folder(dovecot, user, "Обработано") == 2
    assert in_folder(dovecot, user, "Личное") == 1
    assert mailbox.counted() == (0, 0)


def test_a_mailbox_rebuilt_under_the_same_validity_gives_no_letter_away(user: str) -> None:
    server = Dovecot.create()
    try:
        server.start()
        for number in range(2):
            server.deliver(user, letter(number))
        with ImapMailbox(settings(server, user, timeout=3)) as mailbox:
            first, second = mailbox.waiting()
            mailbox.done(first)
            server.rebuild(user, int(first.external_id.split("/")[1]))
            mailbox.done(first)  # its UID is the second letter's by now
            assert in_folder(server, user, "INBOX") == 1
            (again,) = mailbox.waiting()
            assert (again.external_id, again.canonical) == (first.external_id, second.canonical)
    finally:
        server.remove()


def test_what_people_put_among_the_done_is_counted(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    assert mailbox.counted() == (0, 0)
    for number in range(3):
        dovecot.deliver(user, letter(number))
    mailbox.done(next(mailbox.waiting()))
    dovecot.doveadm("move", "-u", user, "Обработано", "mailbox", "INBOX", "uid", "2")
    assert mailbox.counted() == (1, 1)


def test_a_count_before_anything_was_done_does_not_break_a_fetch_midway(
    dovecot: Dovecot, user: str, mailbox: ImapMailbox
) -> None:
    """The folder of what is done is not there yet: looking for it closes the one that letters are fetched from."""
    large = "строка письма\r\n" * 200_000  # so large that each letter is fetched by itself
    for number in (1, 2):
        dovecot.deliver(user, letter(number, large))
    waiting = mailbox.waiting()
    first = next(waiting)
    assert mailbox.counted() == (2, 0)
    second = next(waiting)
    mailbox.done(first, second)
    assert (in_folder(dovecot, user, "INBOX"), next(waiting, None)) == (0, None)


def test_a_letter_is_found_by_its_message_id(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(user, letter(5))
    assert mailbox.find("5@example.org")
    assert not mailbox.find("6@example.org")
    with pytest.raises(SourceUnavailableError):
        mailbox.find("5@example.org\r\nX1 DELETE INBOX")
    assert mailbox.find("5@example.org")


def test_idle_wakes_at_a_new_letter_and_ends_by_itself(dovecot: Dovecot, user: str, mailbox: ImapMailbox) -> None:
    assert not mailbox.wait(0.3)
    later = threading.Timer(0.3, dovecot.deliver, (user, letter(1)))
    later.start()
    began = time.monotonic()
    assert mailbox.wait(10)
    assert time.monotonic() - began < 5
    later.join()
    assert len(list(mailbox.waiting())) == 1


def test_a_server_that_dies_in_idle_neither_hangs_nor_spins(user: str) -> None:
    server = Dovecot.create()
    try:
        server.start()
        with ImapMailbox(settings(server, user, timeout=3)) as mailbox:
            list(mailbox.waiting())
            threading.Timer(0.3, server.kill).start()
            began, spent = time.monotonic(), time.process_time()
            with pytest.raises(SourceUnavailableError):
                mailbox.wait(8)
            assert time.monotonic() - began < 6
            assert time.process_time() - spent < 2
    finally:
        server.remove()


def test_log_in_by_token(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, letter(1))
    with ImapMailbox(settings(dovecot, user, auth="xoauth2", password=dovecot.token(user))) as mailbox:
        assert len(list(mailbox.waiting())) == 1
    with pytest.raises(SourceUnavailableError, match="не принял имя или пароль"):
        list(ImapMailbox(settings(dovecot, user, auth="xoauth2", password=dovecot.token(user, valid=-60))).waiting())
