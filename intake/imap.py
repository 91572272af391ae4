"""A mailbox as a source of letters, over IMAP.

Everything in the folder that is not deleted is a candidate, read or unread: a person who looks into the mailbox must
not make a letter vanish. Bodies are fetched without marking them as read. The receipt is ``folder/UIDVALIDITY/UID``;
only when the register has a letter durably it gets the keyword ``$Registered`` and is moved away, and both may be
repeated.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl
import weakref
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from structlog import get_logger

from intake.canonical import canonical_hash
from intake.foldernames import encode_folder
from intake.imapguard import GuardedImap, ImapError, ImapReadOnly, quoted
from intake.imapsettings import ImapSettings
from intake.mailheaders import parse_date, receipt_moment
from intake.port import Incoming, SourceUnavailableError
from rules.wire import Channel

__all__ = ["ImapMailbox", "ImapSettings"]

_log = get_logger(__name__)

_REGISTERED = "($Registered)"
_LARGE = 4_000_000
_PIECE = 1_000_000
_FACTS = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")
_UID = re.compile(rb"\bUID (\d+)")
_QUOTED_BODY = re.compile(rb'BODY\[\](?:<\d+>)? (?:"((?:[^"\\]|\\.)*)"|NIL)')

_Result = TypeVar("_Result")


class _NoError(Exception):
    """The server said a plain NO: the connection is sound, only this cannot be done."""


class ImapMailbox:
    """One mailbox. It keeps one connection between calls; close it, or use it as a context manager."""

    def __init__(self, settings: ImapSettings) -> None:
        self.name = settings.name
        self._settings = settings
        self._line = _Line(settings)
        self._finalizer = weakref.finalize(self, self._line.drop)

    def __enter__(self) -> Self:
        """The mailbox itself; leaving the block closes it."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Log out and let go of socket and threads. May be repeated; the next call connects anew."""
        self._line.hang_up()

    def waiting(self) -> Iterator[Incoming]:
        """Yield what waits, oldest first. Raises SourceUnavailableError."""
        settings = self._settings
        validity, facts = self._guarded(lambda: (self._line.select(settings.folder, anew=True), self._line.facts()))
        for uid, (size, arrived) in facts:
            data = self._guarded(lambda uid=uid, size=size: self._fetch(uid, size, validity))  # type: ignore[misc]
            if data is None:
                continue
            yield Incoming(
                source=self.name,
                external_id=f"{settings.folder}/{validity}/{uid}",
                data=data,
                name=f"{uid}.eml",
                form="mail",
                canonical=canonical_hash(data),
                received_at=receipt_moment(data, arrived),
                channel=Channel.EMAIL,
                channel_address=settings.channel_address,
            )

    def done(self, incoming: Incoming) -> None:
        """Mark the letter as registered and move it to the folder of what is done. Raises SourceUnavailableError."""
        self._put_away(incoming, self._settings.done_folder, registered=True)

    def refuse(self, incoming: Incoming, reason: str) -> None:  # noqa: ARG002  # a mailbox has no place for the reason
        """Move the letter to quarantine; its reason stands in the register. Raises SourceUnavailableError."""
        self._put_away(incoming, self._settings.refused_folder, registered=False)

    def _fetch(self, uid: int, size: int, validity: int) -> bytes | None:
        """Bytes of a letter; None when someone has moved it or the folder is another by now."""
        if self._line.select(self._settings.folder) != validity:
            return None
        if size <= _LARGE:
            return self._line.body(uid, "BODY.PEEK[]")
        pieces: list[bytes] = []
        while (got := sum(map(len, pieces))) < size:
            piece = self._line.body(uid, f"BODY.PEEK[]<{got}.{_PIECE}>")
            if piece is None:
                return None
            if not piece:
                break
            pieces.append(piece)
        return b"".join(pieces)

    def _put_away(self, incoming: Incoming, target: str, *, registered: bool) -> None:
        folder, validity, uid = incoming.external_id.rsplit("/", 2)

        def act() -> None:
            if self._line.select(folder) != int(validity):
                return  # other UIDs now: the letter will be met again, known by its hash, and put away then
            if registered:
                self._line.mark(uid)
            self._line.move(uid, target)

        try:
            self._guarded(act)
        except SourceUnavailableError:
            self._guarded(act)  # all of it may be repeated, and the line is often only stale

    def _guarded(self, act: Callable[[], _Result]) -> _Result:
        """Do something on the line; whatever goes wrong ends the connection and is told in Russian."""
        try:
            return act()
        except SourceUnavailableError:
            self._line.drop()
            raise
        except (ImapError, _NoError, OSError, ValueError) as error:
            self._line.drop()
            _log.warning("imap_failed", source=self.name, error=type(error).__name__)
            raise SourceUnavailableError(_explained(error, self._settings)) from None
        except BaseException:
            self._line.drop()
            raise


class _Line:
    """The connection: opened when needed, one folder selected at a time."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._imap: GuardedImap | None = None
        self._selected: tuple[str, int] | None = None

    def hang_up(self) -> None:
        """Log out."""
        imap, self._imap, self._selected = self._imap, None, None
        if imap is not None:
            imap.close_connection()

    def drop(self) -> None:
        """Close without a word: the line is broken."""
        imap, self._imap, self._selected = self._imap, None, None
        if imap is not None:
            imap.close_connection(gently=False)

    def select(self, folder: str, *, anew: bool = False) -> int:
        """Select a folder, unless it is selected and need not be looked at anew, and give its UIDVALIDITY."""
        if self._imap is not None and self._imap.is_broken:
            self.drop()
        if self._selected is not None and self._selected[0] == folder and not anew:
            return self._selected[1]
        imap = self._opened()
        _expect_ok(imap.select(quoted(encode_folder(folder))), f"папка «{folder}» не найдена или закрыта")
        _, data = imap.response("UIDVALIDITY")
        validity = int(data[-1]) if data and data[-1] else 0
        self._selected = (folder, validity)
        return validity

    def facts(self) -> list[tuple[int, tuple[int, dt.datetime]]]:
        """UID, size and moment of arrival of every letter that is not deleted, by UID."""
        imap = self._opened()
        found = _expect_ok(imap.uid("SEARCH", "UNDELETED"))
        uids = sorted({int(one) for line in found if line for one in line.split()})
        facts: list[tuple[int, tuple[int, dt.datetime]]] = []
        for start in range(0, len(uids), 500):
            wanted = set(uids[start : start + 500])
            numbers = ",".join(map(str, sorted(wanted)))
            for line in _expect_ok(imap.uid("FETCH", numbers, "(UID RFC822.SIZE INTERNALDATE)")):
                uid, size, arrived = _parsed_facts(line)
                if uid in wanted:
                    facts.append((uid, (size, arrived)))
        return sorted(facts)

    def body(self, uid: int, what: str) -> bytes | None:
        """Bytes of a letter or of a piece of it; None when it is gone."""
        lines = _expect_ok(self._opened().uid("FETCH", str(uid), f"(UID {what})"))
        for number, line in enumerate(lines):
            head = line[0] if isinstance(line, tuple) else line
            after = lines[number + 1] if number + 1 < len(lines) else b""
            named = _UID.search(head or b"") or (_UID.search(after) if isinstance(after, bytes) else None)
            if named is None or int(named[1]) != uid:
                continue
            if isinstance(line, tuple):
                return bytes(line[1])
            short = _QUOTED_BODY.search(line)
            if short:
                return re.sub(rb"\\(.)", rb"\1", short[1] or b"")
        return None

    def mark(self, uid: str) -> None:
        """Give the letter the keyword; a server without keywords is forgiven, as the move says it too."""
        kind, _ = self._opened().uid("STORE", uid, "+FLAGS.SILENT", _REGISTERED)
        if kind != "OK":
            _log.warning("imap_keyword_refused", source=self._settings.name)

    def move(self, uid: str, folder: str) -> None:
        """Move a letter, the folder made when it is absent."""
        target = quoted(encode_folder(folder))
        imap = self._opened()
        command = "MOVE" if "MOVE" in imap.capabilities else "COPY"
        kind, _ = imap.uid(command, uid, target)
        if kind != "OK":
            imap.create(target)  # NO when it exists: then the next line tells
            imap.subscribe(target)
            _expect_ok(imap.uid(command, uid, target), f"нельзя переложить письмо в папку «{folder}»")
        if command == "COPY":
            _expect_ok(imap.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
            if "UIDPLUS" in imap.capabilities:  # a plain EXPUNGE would take others' deleted letters along
                _expect_ok(imap.uid("EXPUNGE", uid))

    def _opened(self) -> GuardedImap:
        if self._imap is None:
            self._imap = _connected(self._settings)
        return self._imap


def _connected(settings: ImapSettings) -> GuardedImap:
    secret, context = settings.secret(), settings.context()
    imap = GuardedImap(
        settings.host,
        settings.actual_port,
        context=context if settings.tls == "tls" else None,
        timeout=settings.timeout,
        command_seconds=settings.command_seconds,
    )
    try:
        if settings.tls == "starttls" and context is not None:
            imap.start_tls(context)
        _log_in(imap, settings, secret)
    except BaseException:
        imap.close_connection(gently=False)
        raise
    return imap


def _log_in(imap: GuardedImap, settings: ImapSettings, secret: str) -> None:
    try:
        imap.log_in(settings.user, secret)
    except ImapError as error:
        if imap.is_broken:
            raise
        raise SourceUnavailableError(
            f"Почтовый сервер {settings.host} не принял имя или пароль ящика {settings.name}. Проверьте их в настройках"
        ) from error


def _expect_ok(answer: tuple[str, list[Any]], otherwise: str = "") -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise _NoError(otherwise)
    return data or []


def _parsed_facts(line: bytes | tuple[bytes, bytes] | None) -> tuple[int, int, dt.datetime]:
    uid = size = 0
    arrived = None
    for one, two, three in _FACTS.findall(line if isinstance(line, bytes) else b""):
        uid, size = int(one or uid), int(two or size)
        arrived = parse_date(three.strip().replace(b"-", b" ", 2)) if three else arrived
    return uid, size, arrived or dt.datetime.now(tz=dt.UTC)


_EXPLANATIONS: tuple[tuple[type[Exception], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        ": сертификат не подтверждён, письма не забирались. Проверьте имя сервера и файл сертификатов (ca_file)",
    ),
    (ssl.SSLError, ": не удалось установить шифрование. Проверьте порт и способ (tls или starttls)"),
    (socket.gaierror, " не найден. Проверьте имя сервера и сеть"),
    (TimeoutError, " не ответил вовремя. Проверьте сеть; письма остались в ящике, приём повторится"),
    (ConnectionRefusedError, " не принимает соединения. Проверьте порт и что сервер работает"),
    (ImapReadOnly, ": папка писем открыта только для чтения. Дайте ящику права на изменение"),
)


def _explained(error: Exception, settings: ImapSettings) -> str:
    """What went wrong and what to do, in Russian, without the library's words (they may quote the password)."""
    where = f"Почтовый сервер {settings.host}:{settings.actual_port} (ящик {settings.name})"
    if isinstance(error, _NoError) and str(error):
        return f"{where}: {error}. Проверьте папки в настройках ящика"
    words = next((words for kind, words in _EXPLANATIONS if isinstance(error, kind)), None)
    return where + (words or ": связь прервана. Письма остались в ящике, приём повторится")
