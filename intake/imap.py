"""A mailbox as a source of letters, over IMAP.

Everything in the folder that is not deleted is a candidate, read or unread: a person who looks into the mailbox must
not make a letter vanish. Bodies are fetched without marking them as read. The receipt is ``folder/UIDVALIDITY/UID``;
only when the register has letters durably they get the keyword ``$Registered`` and are moved away, and both may be
repeated.
"""

from __future__ import annotations

import hashlib
import io
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Final, Self, TypeVar

from structlog import get_logger

from intake.canonical import canonical_hash
from intake.imapline import Fact, Line, NoError, explained, is_settings
from intake.imapsettings import ImapSettings
from intake.mailheaders import receipt_moment
from intake.port import Incoming, SourceMisconfiguredError, SourceUnavailableError
from rules.wire import Channel

__all__ = ["ImapMailbox", "ImapSettings"]

_log = get_logger(__name__)

_LARGE: Final = 4_000_000  # bytes; larger letters come in pieces, smaller ones together up to this
_PIECE: Final = 1_000_000
_TOGETHER: Final = 50

_Result = TypeVar("_Result")


def _line(settings: ImapSettings) -> Line:
    """The line of the library that the settings name; the other one is not even loaded."""
    if settings.library == "imaplib2":
        from intake.imaplib2line import Imaplib2Line

        return Imaplib2Line(settings)
    from intake.imapclientline import ImapClientLine

    return ImapClientLine(settings)


class ImapMailbox:
    """One mailbox. It keeps one connection between calls; close it, or use it as a context manager.

    Threads may share it: each command has the line for itself.
    """

    def __init__(self, settings: ImapSettings) -> None:
        self.name = settings.name
        self._settings = settings
        self._line = _line(settings)
        self._one_at_a_time = threading.RLock()  # receiving and reconciling may meet in one process
        self._fetched: dict[str, int] = {}  # receipt -> connection that it was fetched on
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
        folder = self._settings.folder
        self._fetched.clear()
        validity, facts = self._guarded(lambda: (self._line.select(folder, anew=True), self._line.facts()))
        for some in _portions(facts):
            bodies = self._guarded(lambda some=some: self._fetch(some, validity))  # type: ignore[misc]
            for fact in some:
                if fact.uid in bodies:
                    yield self._incoming(fact, bodies.pop(fact.uid), validity)

    def done(self, *letters: Incoming) -> None:
        """Mark letters as registered and move them to the folder of what is done. Raises SourceUnavailableError."""
        self._put_away(letters, self._settings.done_folder, registered=True)

    def refuse(self, incoming: Incoming, reason: str) -> None:  # noqa: ARG002  # a mailbox has no place for the reason
        """Move the letter to quarantine; its reason stands in the register. Raises SourceUnavailableError."""
        self._put_away([incoming], self._settings.refused_folder, registered=False)

    def wait(self, seconds: float) -> bool:
        """Wait until something happens in the mailbox (IDLE); False after ``seconds`` or without IDLE.

        It is a hint and no more: whoever waits looks into the whole mailbox afterwards, whatever the answer.
        Raises SourceUnavailableError.
        """
        return self._guarded(lambda: bool(self._line.select(self._settings.folder)) and self._line.wait(seconds))

    def can_wait(self) -> bool:
        """Whether the server tells of changes (IDLE); otherwise looking again and again must do. See `wait`."""
        return self._settings.idle and self._guarded(self._line.can_wait)

    def has_letters(self) -> bool:
        """Whether anything waits in the folder. Raises SourceUnavailableError."""
        folder = self._settings.folder
        return self._guarded(lambda: bool(self._line.select(folder, anew=True)) and bool(self._line.facts()))

    def another(self) -> ImapMailbox:
        """The same mailbox over a connection of its own."""
        return ImapMailbox(self._settings)

    def interrupt(self) -> None:
        """End what another thread waits for: its call raises SourceUnavailableError."""
        self._line.drop()

    def find(self, message_id: str) -> bool:
        """Whether the folder holds a letter with this Message-ID (without brackets). Raises SourceUnavailableError."""
        folder = self._settings.folder
        return self._guarded(lambda: (self._line.select(folder, anew=True), bool(self._line.find(message_id)))[1])

    def counted(self) -> tuple[int, int]:
        """Letters that wait in the folder, and those in the done folder that the register did not put there.

        A person who tidies up by hand moves letters where nobody looks again. Raises SourceUnavailableError.
        """

        def look() -> tuple[int, int]:
            self._line.select(self._settings.folder, anew=True)
            waiting = len(self._line.facts())
            try:
                self._line.select(self._settings.done_folder, anew=True)
            except NoError:  # nothing was done yet
                return waiting, 0
            return waiting, len(self._line.without_keyword())

        return self._guarded(look)

    def _incoming(self, fact: Fact, data: bytes, validity: int) -> Incoming:
        receipt = f"{self._settings.folder}/{validity}/{fact.uid}"
        self._fetched[receipt] = self._line.generation
        return Incoming(
            source=self.name,
            external_id=receipt,
            data=data,
            name=f"{fact.uid}.eml",
            form="mail",
            canonical=canonical_hash(data),
            received_at=receipt_moment(data, fact.arrived),
            channel=Channel.EMAIL,
            channel_address=self._settings.channel_address,
        )

    def _fetch(self, facts: Sequence[Fact], validity: int) -> dict[int, bytes]:
        """Bytes of letters; those that someone has moved meanwhile, or of what is another folder by now, are absent."""
        if self._line.select(self._settings.folder) != validity:
            return {}
        if len(facts) == 1 and facts[0].size > _LARGE:
            data = self._in_pieces(facts[0])
            return {} if data is None else {facts[0].uid: data}
        return self._line.bodies([fact.uid for fact in facts])

    def _in_pieces(self, fact: Fact) -> bytes | None:
        whole = io.BytesIO()  # gives its own bytes out at the end: no second copy of a large letter
        while whole.tell() < fact.size:
            piece = self._line.piece(fact.uid, whole.tell(), _PIECE)
            if piece is None:
                return None
            if not piece:
                break
            whole.write(piece)
        return whole.getvalue()

    def _put_away(self, letters: Sequence[Incoming], target: str, *, registered: bool) -> None:
        by_folder: dict[tuple[str, int], dict[int, Incoming]] = {}
        for one in letters:
            named, number, uid = one.external_id.rsplit("/", 2)
            by_folder.setdefault((named, int(number)), {})[int(uid)] = one
        for (folder, validity), wanted in by_folder.items():
            act = lambda: self._away(folder, validity, wanted, target, registered=registered)  # noqa: E731, B023  # run at once
            try:
                self._guarded(act)
            except SourceUnavailableError:
                self._guarded(act)  # all of it may be repeated, and the line is often only stale
            for one in wanted.values():
                self._fetched.pop(one.external_id, None)

    def _away(self, folder: str, validity: int, wanted: dict[int, Incoming], target: str, *, registered: bool) -> None:
        if self._line.select(folder) != validity:
            return  # other UIDs now: the letters will be met again, known by their hash, and put away then
        uids = [uid for uid, one in wanted.items() if self._is_still(uid, one)]
        if not uids:
            return
        if registered:
            self._line.mark(uids)
        self._line.move(uids, target)

    def _is_still(self, uid: int, letter: Incoming) -> bool:
        """Whether the UID still names the letter.

        It does within the connection that fetched it. Between two of them the mailbox may have been rebuilt from a copy
        under the same UIDVALIDITY, and the number may be another letter's, which must not be moved unseen.
        """
        if self._fetched.get(letter.external_id) == self._line.generation:
            return True
        now = self._line.bodies([uid]).get(uid)
        return now is not None and hashlib.sha256(now).digest() == hashlib.sha256(letter.data).digest()

    def _guarded(self, act: Callable[[], _Result]) -> _Result:
        """Do something on the line; whatever goes wrong ends the connection and is told in Russian."""
        with self._one_at_a_time:
            return self._told(act)

    def _told(self, act: Callable[[], _Result]) -> _Result:
        try:
            return act()
        except SourceUnavailableError:
            self._line.drop()
            raise
        except self._line.errors as error:
            self._line.drop()
            _log.warning("imap_failed", source=self.name, error=type(error).__name__)
            kind = SourceMisconfiguredError if is_settings(error) else SourceUnavailableError
            raise kind(explained(error, self._settings)) from None
        except BaseException:
            self._line.drop()
            raise


def _portions(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Letters to fetch in one command: large ones alone, small ones together within bounds of number and size."""
    some: list[Fact] = []
    for fact in facts:
        if some and (len(some) == _TOGETHER or sum(one.size for one in some) + fact.size > _LARGE):
            yield some
            some = []
        some.append(fact)
    if some:
        yield some
