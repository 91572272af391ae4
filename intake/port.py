"""The port between the outside world and the register: what a source of letters offers.

A source gives raw bytes with a receipt and is told only after the register has them durably (P1): it is touched last,
and being told twice must do no harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from rules.wire import Channel


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing received: a mail message or a file, exactly as the source gave it.

    Attributes:
        source: Name of the source, e.g. ``scan:office`` or ``imap:company``.
        external_id: Receipt key, unique within the source: ``INBOX/1700000001/42`` for IMAP, name and digest for files.
        data: The bytes, untouched.
        name: File name as sent, for show only.
        form: ``mail`` is an RFC 5322 message, ``file`` anything else.
        canonical: Digest under which the same thing is recognised when it comes again (P1: joined, not registered
            twice): the canonical hash for mail, SHA-256 of the bytes for files.
        received_at: Moment of receipt, timezone-aware (for mail: the topmost Received header, for files: now).
        receipt_date: Date of the arrival stamp where the folder or the sheet gives it; None means ``received_at``.
        channel: Channel of the appeal.
        channel_address: Whose address it came to; decides VIP routing (standard 15.3).
    """

    source: str
    external_id: str
    data: bytes
    name: str
    form: Literal["mail", "file"]
    canonical: str
    received_at: dt.datetime
    channel: Channel
    channel_address: Literal["company", "curator", "personal_manager"] = "company"
    receipt_date: dt.date | None = None


class SourceUnavailableError(Exception):
    """A source cannot be reached now; the message is Russian, says what to do, and holds no personal data.

    ``is_settings``: trying again will not help, an administrator must mend settings or rights.
    """

    is_settings = False


class SourceMisconfiguredError(SourceUnavailableError):
    """A source does not let us in: password, certificate, rights. It will not mend itself."""

    is_settings = True


class Source(Protocol):
    """Where letters come from."""

    name: str

    def waiting(self) -> Iterator[Incoming]:
        """Yield what waits, oldest first. Raises SourceUnavailableError."""
        ...

    def done(self, *incoming: Incoming) -> None:
        """The register has them durably: mark and move them away. May be repeated."""
        ...

    def refuse(self, incoming: Incoming, reason: str) -> None:
        """The register has it durably as refused: move it to quarantine beside its reason. May be repeated."""
        ...
