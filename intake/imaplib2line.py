"""The line to a mailbox over imaplib2, guarded (``intake.imapguard``)."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection
from typing import Any, Final

from structlog import get_logger

from intake.foldernames import encode_folder
from intake.imapguard import GuardedImap, ImapError, ImapReadOnly, quoted
from intake.imapline import REGISTERED, Fact, NoError, OneConnection, ReadOnlyFolderError, numbers, refused_login
from intake.imapsettings import ImapSettings
from intake.mailheaders import parse_date
from intake.port import SourceMisconfiguredError

_log = get_logger(__name__)

_AT_ONCE: Final = 500
_FACTS = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")
_UID = re.compile(rb"\bUID (\d+)")
_QUOTED_BODY = re.compile(rb'BODY\[\](?:<\d+>)? (?:"((?:[^"\\]|\\.)*)"|NIL)')


class Imaplib2Line(OneConnection[GuardedImap]):
    """See ``intake.imapline.Line``."""

    errors: tuple[type[Exception], ...] = (ImapError, NoError, ReadOnlyFolderError, OSError, ValueError)

    def select(self, folder: str, *, anew: bool = False) -> int:
        """Select a folder and give its UIDVALIDITY."""
        if self._imap is not None and self._imap.is_broken:
            self.drop()
        known = self._validity(folder, anew=anew)
        if known is not None:
            return known
        imap = self._opened()
        try:
            _expect_ok(imap.select(quoted(encode_folder(folder))), f"папка «{folder}» не найдена или закрыта")
        except ImapReadOnly as error:
            raise ReadOnlyFolderError from error
        _, data = imap.response("UIDVALIDITY")
        validity = int(data[-1]) if data and data[-1] else 0
        self._selected = (folder, validity)
        return validity

    def facts(self) -> list[Fact]:
        """Every letter that is not deleted, by UID."""
        imap, uids = self._opened(), self._search("UNDELETED")
        facts: list[Fact] = []
        for start in range(0, len(uids), _AT_ONCE):
            wanted = set(uids[start : start + _AT_ONCE])
            for line in _expect_ok(imap.uid("FETCH", numbers(wanted), "(UID RFC822.SIZE INTERNALDATE)")):
                fact = _parsed_facts(line)
                if fact.uid in wanted:
                    facts.append(fact)
        return sorted(facts, key=lambda fact: fact.uid)

    def bodies(self, uids: Collection[int]) -> dict[int, bytes]:
        """Bytes of letters."""
        return self._fetched(uids, "BODY.PEEK[]")

    def piece(self, uid: int, start: int, length: int) -> bytes | None:
        """A piece of a letter."""
        return self._fetched([uid], f"BODY.PEEK[]<{start}.{length}>").get(uid)

    def mark(self, uids: Collection[int]) -> None:
        """Give letters the keyword."""
        kind, _ = self._opened().uid("STORE", numbers(uids), "+FLAGS.SILENT", f"({REGISTERED})")
        if kind != "OK":
            _log.warning("imap_keyword_refused", source=self._settings.name)

    def move(self, uids: Collection[int], folder: str) -> None:
        """Move letters."""
        target = quoted(encode_folder(folder))
        imap = self._opened()
        command = "MOVE" if "MOVE" in imap.capabilities else "COPY"
        kind, _ = imap.uid(command, numbers(uids), target)
        if kind != "OK":
            imap.create(target)  # NO when it exists: then the next line tells
            imap.subscribe(target)
            _expect_ok(imap.uid(command, numbers(uids), target), f"нельзя переложить письмо в папку «{folder}»")
        if command == "COPY":
            _expect_ok(imap.uid("STORE", numbers(uids), "+FLAGS.SILENT", "(\\Deleted)"))
            if "UIDPLUS" in imap.capabilities:  # a plain EXPUNGE would take others' deleted letters along
                _expect_ok(imap.uid("EXPUNGE", numbers(uids)))

    def without_keyword(self) -> list[int]:
        """UIDs without the keyword."""
        return self._search("UNDELETED", "UNKEYWORD", REGISTERED)

    def find(self, message_id: str) -> list[int]:
        """UIDs with this Message-ID."""
        return self._search("HEADER", "Message-ID", quoted(message_id))

    def can_wait(self) -> bool:
        """Whether the server has IDLE."""
        return "IDLE" in self._opened().capabilities

    def wait(self, seconds: float) -> bool:
        """Wait in IDLE; the library ends it at the first word of the server."""
        imap = self._opened()
        if not self.can_wait():
            return False
        imap.recent()  # forgets what the server said before
        kind, _ = imap.idle(timeout=math.ceil(seconds))  # a fraction would be taken for the default of 29 minutes
        _, told = imap.recent()
        return kind == "OK" and bool(told) and told[0] is not None

    def _search(self, *what: str) -> list[int]:
        found = _expect_ok(self._opened().uid("SEARCH", *what))
        return sorted({int(one) for line in found if line for one in line.split()})

    def _fetched(self, uids: Collection[int], what: str) -> dict[int, bytes]:
        """Literals of a FETCH by the UID that the server names before or behind them."""
        wanted, found = set(uids), {}
        lines = _expect_ok(self._opened().uid("FETCH", numbers(uids), f"(UID {what})"))
        for number, line in enumerate(lines):
            head = line[0] if isinstance(line, tuple) else line
            after = lines[number + 1] if number + 1 < len(lines) else b""
            named = _UID.search(head or b"") or (_UID.search(after) if isinstance(after, bytes) else None)
            if named is None or int(named[1]) not in wanted:
                continue
            if isinstance(line, tuple):
                found[int(named[1])] = bytes(line[1])
            elif short := _QUOTED_BODY.search(line):
                found[int(named[1])] = re.sub(rb"\\(.)", rb"\1", short[1] or b"")
        return found

    def _connected(self) -> GuardedImap:
        return _connected(self._settings)

    def _close(self, imap: GuardedImap, *, gently: bool) -> None:
        imap.close_connection(gently=gently)


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
        if settings.auth == "xoauth2":
            imap.log_in_by_token(settings.user, secret)
        else:
            imap.log_in(settings.user, secret)
    except ImapError as error:
        if imap.is_broken:
            raise
        raise SourceMisconfiguredError(refused_login(settings)) from error


def _expect_ok(answer: tuple[str, list[Any]], otherwise: str = "") -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise NoError(otherwise)
    return data or []


def _parsed_facts(line: bytes | tuple[bytes, bytes] | None) -> Fact:
    uid = size = 0
    arrived = None
    for one, two, three in _FACTS.findall(line if isinstance(line, bytes) else b""):
        uid, size = int(one or uid), int(two or size)
        arrived = parse_date(three.strip().replace(b"-", b" ", 2)) if three else arrived
    return Fact(uid, size, arrived or dt.datetime.now(tz=dt.UTC))
