"""The line to a mailbox over imapclient: verified TLS, time limits, literals and folder names are its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Collection
from typing import Any, Final

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError
from structlog import get_logger

from intake.imapline import REGISTERED, Fact, NoError, OneConnection, ReadOnlyFolderError, numbers, refused_login
from intake.imapsettings import ImapSettings
from intake.port import SourceMisconfiguredError

_log = get_logger(__name__)

_AT_ONCE: Final = 500
_FORBIDDEN: Final = frozenset("\r\n\x00")


class ImapClientLine(OneConnection[IMAPClient]):
    """See ``intake.imapline.Line``."""

    errors: tuple[type[Exception], ...] = (IMAPClientError, NoError, ReadOnlyFolderError, OSError, ValueError)

    def select(self, folder: str, *, anew: bool = False) -> int:
        """Select a folder and give its UIDVALIDITY."""
        known = self._validity(folder, anew=anew)
        if known is not None:
            return known
        imap = self._opened()
        try:
            facts = imap.select_folder(_safe(folder))
        except IMAPClientError as error:
            if isinstance(error, imap.AbortError):
                raise
            raise NoError(f"папка «{folder}» не найдена или закрыта") from error
        if b"READ-ONLY" in facts:
            raise ReadOnlyFolderError
        validity = int(facts.get(b"UIDVALIDITY", 0))
        self._selected = (folder, validity)
        return validity

    def facts(self) -> list[Fact]:
        """Every letter that is not deleted, by UID."""
        imap = self._opened()
        uids = sorted(imap.search(["UNDELETED"]))
        facts: list[Fact] = []
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            for uid, told in imap.fetch(some, ["RFC822.SIZE", "INTERNALDATE"]).items():
                arrived = told.get(b"INTERNALDATE") or dt.datetime.now()  # noqa: DTZ005  # the library's are local too
                facts.append(Fact(uid, int(told.get(b"RFC822.SIZE", 0)), arrived.astimezone(dt.UTC)))
        return sorted(facts, key=lambda fact: fact.uid)

    def bodies(self, uids: Collection[int]) -> dict[int, bytes]:
        """Bytes of letters."""
        told = self._opened().fetch(sorted(uids), ["BODY.PEEK[]"])
        return {uid: bytes(one[b"BODY[]"] or b"") for uid, one in told.items() if b"BODY[]" in one and uid in uids}

    def piece(self, uid: int, start: int, length: int) -> bytes | None:
        """A piece of a letter."""
        told = self._opened().fetch([uid], [f"BODY.PEEK[]<{start}.{length}>"]).get(uid, {})
        return next((bytes(value or b"") for name, value in told.items() if name.startswith(b"BODY[]")), None)

    def mark(self, uids: Collection[int]) -> None:
        """Give letters the keyword."""
        try:
            self._opened().add_flags(sorted(uids), [REGISTERED], silent=True)
        except IMAPClientError as error:
            if isinstance(error, IMAPClient.AbortError):
                raise
            _log.warning("imap_keyword_refused", source=self._settings.name)

    def move(self, uids: Collection[int], folder: str) -> None:
        """Move letters."""
        try:
            self._move(uids, folder)
        except IMAPClientError as error:
            if isinstance(error, IMAPClient.AbortError):
                raise
            imap = self._opened()
            with contextlib.suppress(IMAPClientError):  # NO when it exists: then the next line tells
                imap.create_folder(_safe(folder))
                imap.subscribe_folder(_safe(folder))
            try:
                self._move(uids, folder)
            except IMAPClientError as again:
                raise NoError(f"нельзя переложить письмо в папку «{folder}»") from again

    def _move(self, uids: Collection[int], folder: str) -> None:
        imap = self._opened()
        if imap.has_capability("MOVE"):
            imap.move(sorted(uids), _safe(folder))
            return
        imap.copy(sorted(uids), _safe(folder))
        imap.delete_messages(sorted(uids), silent=True)
        if imap.has_capability("UIDPLUS"):  # a plain EXPUNGE would take others' deleted letters along
            imap.uid_expunge(numbers(uids))

    def without_keyword(self) -> list[int]:
        """UIDs without the keyword."""
        return sorted(self._opened().search(["UNDELETED", "UNKEYWORD", REGISTERED]))

    def find(self, message_id: str) -> list[int]:
        """UIDs with this Message-ID."""
        return sorted(self._opened().search(["HEADER", "Message-ID", _safe(message_id)]))

    def can_wait(self) -> bool:
        """Whether the server has IDLE."""
        return bool(self._opened().has_capability("IDLE"))

    def wait(self, seconds: float) -> bool:
        """Wait in IDLE. An answer that is empty and early is a dead server: DONE finds that out."""
        imap = self._opened()
        if not self.can_wait():
            return False
        imap.idle()
        deadline = time.monotonic() + seconds
        told: list[Any] = []
        while not told and (left := deadline - time.monotonic()) > 0:
            began = time.monotonic()
            told = [one for one in imap.idle_check(timeout=left) if one[0] != b"OK"]
            if not told and time.monotonic() - began < min(left, 1):
                break
        _, more = imap.idle_done()
        return bool(told or more)

    def _connected(self) -> IMAPClient:
        return _connected(self._settings)

    def _close(self, imap: IMAPClient, *, gently: bool) -> None:
        if gently:
            with contextlib.suppress(*self.errors):
                imap.logout()
                return
        _close(imap)


def _connected(settings: ImapSettings) -> IMAPClient:
    secret, context = settings.secret(), settings.context()
    imap = IMAPClient(
        settings.host,
        settings.actual_port,
        ssl=settings.tls == "tls",
        ssl_context=context,
        timeout=SocketTimeout(connect=settings.timeout, read=settings.timeout),
    )
    try:
        if settings.tls == "starttls":
            imap.starttls(context)
        _log_in(imap, settings, secret)
    except BaseException:
        _close(imap)
        raise
    return imap


def _log_in(imap: IMAPClient, settings: ImapSettings, secret: str) -> None:
    try:
        if settings.auth == "xoauth2":
            imap.oauth2_login(settings.user, secret)
        elif imap.has_capability("AUTH=PLAIN"):
            imap.plain_login(settings.user, secret)  # UTF-8, while LOGIN takes ASCII alone
        else:
            imap.login(settings.user, secret)
    except LoginError as error:
        raise SourceMisconfiguredError(refused_login(settings)) from error


def _safe(text: str) -> str:
    if _FORBIDDEN.intersection(text):
        raise ValueError("line break or zero byte in an argument of an IMAP command")
    return text


def _close(imap: IMAPClient) -> None:
    with contextlib.suppress(OSError, ValueError, IMAPClientError, AttributeError):
        imap.shutdown()
