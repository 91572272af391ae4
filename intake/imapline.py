"""The line to a mailbox: the few things that are asked of an IMAP library, whichever it is.

Two adapters keep it, ``intake.imaplib2line`` and ``intake.imapclientline``; one contract suite holds both against a
real server (tests/mail/test_mailbox_contract.py). A line opens itself when first needed, has one folder selected at a
time, and is dropped after any trouble but a plain NO of the server.
"""

from __future__ import annotations

import abc
import datetime as dt
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from intake.imapsettings import ImapSettings

REGISTERED = "$Registered"
"""Keyword of a letter that the register has."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a mailbox says of a letter before its bytes are fetched: UID, size in bytes, moment of arrival."""

    uid: int
    size: int
    arrived: dt.datetime


class NoError(Exception):
    """The server said a plain NO: the connection is sound, only this cannot be done. Russian, or empty."""


class ReadOnlyFolderError(Exception):
    """The folder of letters may be read but not changed."""


class Line(Protocol):
    """One connection, one thread. Whatever it raises is named in ``errors``."""

    errors: tuple[type[Exception], ...]

    @property
    def generation(self) -> int:
        """Grows with every connection: within one of them a UID of a folder names one letter for good."""
        ...

    def select(self, folder: str, *, anew: bool = False) -> int:
        """Select a folder, unless it is selected and need not be looked at anew, and give its UIDVALIDITY."""
        ...

    def facts(self) -> list[Fact]:
        """Every letter that is not deleted, read or unread, by UID."""
        ...

    def bodies(self, uids: Collection[int]) -> dict[int, bytes]:
        """Bytes of letters, not marked as read; those that are gone by now are left out."""
        ...

    def piece(self, uid: int, start: int, length: int) -> bytes | None:
        """A piece of a large letter; None when it is gone."""
        ...

    def mark(self, uids: Collection[int]) -> None:
        """Give letters the keyword; a server without keywords is forgiven, as the move says it too."""
        ...

    def move(self, uids: Collection[int], folder: str) -> None:
        """Move letters, the folder made when it is absent; what is gone is left alone."""
        ...

    def without_keyword(self) -> list[int]:
        """UIDs of the selected folder that do not have the keyword: who moved them here was not the register."""
        ...

    def find(self, message_id: str) -> list[int]:
        """UIDs of letters with this Message-ID (without brackets) in the selected folder."""
        ...

    def can_wait(self) -> bool:
        """Whether the server tells of changes (IDLE)."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait in IDLE until something changes in the selected folder; False when the time is over.

        A server without IDLE answers at once with False: then the caller polls.
        """
        ...

    def hang_up(self) -> None:
        """Log out; may be repeated."""
        ...

    def drop(self) -> None:
        """Close without a word: the line is broken."""
        ...


_Imap = TypeVar("_Imap")


class OneConnection(abc.ABC, Generic[_Imap]):
    """What every line keeps of its one connection: opened when first needed, the folder selected on it, its number."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._imap: _Imap | None = None
        self._selected: tuple[str, int] | None = None
        self._generation = 0

    @property
    def generation(self) -> int:
        """Number of the connection."""
        return self._generation

    def hang_up(self) -> None:
        """Log out."""
        self._let_go(gently=True)

    def drop(self) -> None:
        """Close without a word."""
        self._let_go(gently=False)

    def _let_go(self, *, gently: bool) -> None:
        imap, self._imap, self._selected = self._imap, None, None
        if imap is not None:
            self._close(imap, gently=gently)

    def _opened(self) -> _Imap:
        if self._imap is None:
            self._imap = self._connected()
            self._generation += 1
        return self._imap

    def _validity(self, folder: str, *, anew: bool) -> int | None:
        """UIDVALIDITY of the folder where it is the selected one; else None, and none is any more.

        A server that refuses a folder has closed the one before (RFC 3501, 6.3.1).
        """
        if self._selected is not None and self._selected[0] == folder and not anew:
            return self._selected[1]
        self._selected = None
        return None

    @abc.abstractmethod
    def _connected(self) -> _Imap:
        """A new connection, logged in. Raises SourceUnavailableError when the login is refused."""

    @abc.abstractmethod
    def _close(self, imap: _Imap, *, gently: bool) -> None:
        """Close a connection, gently: with a logout. Raises nothing that names a broken line."""


def numbers(uids: Collection[int]) -> str:
    """Set of UIDs for a command."""
    return ",".join(map(str, sorted(uids)))


_EXPLANATIONS: tuple[tuple[type[Exception], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        ": сертификат не подтверждён, письма не забирались. Проверьте имя сервера и файл сертификатов (ca_file)",
    ),
    (ssl.SSLError, ": не удалось установить шифрование. Проверьте порт и способ (tls или starttls)"),
    (socket.gaierror, " не найден. Проверьте имя сервера и сеть"),
    (TimeoutError, " не ответил вовремя. Проверьте сеть; письма остались в ящике, приём повторится"),
    (ConnectionRefusedError, " не принимает соединения. Проверьте порт и что сервер работает"),
    (ReadOnlyFolderError, ": папка писем открыта только для чтения. Дайте ящику права на изменение"),
)


def explained(error: Exception, settings: ImapSettings) -> str:
    """What went wrong and what to do, in Russian, without the library's words (they may quote the password)."""
    where = f"Почтовый сервер {settings.host}:{settings.actual_port} (ящик {settings.name})"
    if isinstance(error, NoError) and str(error):
        return f"{where}: {error}. Проверьте папки в настройках ящика"
    words = next((words for kind, words in _EXPLANATIONS if isinstance(error, kind)), None)
    return where + (words or ": связь прервана. Письма остались в ящике, приём повторится")


def is_settings(error: Exception) -> bool:
    """Whether trying again will not help: certificate, encryption, absent folder, rights."""
    named = isinstance(error, NoError) and bool(str(error))
    return named or isinstance(error, (ssl.SSLCertVerificationError, ReadOnlyFolderError))


def refused_login(settings: ImapSettings) -> str:
    """What the administrator is told when the server does not take name or password."""
    return f"Почтовый сервер {settings.host} не принял имя или пароль ящика {settings.name}. Проверьте их в настройках"
