"""The canonical hash of a mail message: the same letter keeps it on every way it may take to us.

A message that comes again (the mailbox was rebuilt, UIDVALIDITY changed, a second copy lay in another mailbox) differs
in line ends, folding and the trace that servers add on its way. Those are left out; everything else counts. The
Message-ID is no key on its own: senders omit it, repeat it and forge it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_TRACE = frozenset(
    {
        b"received",
        b"return-path",
        b"delivered-to",
        b"x-original-to",
        b"envelope-to",
        b"authentication-results",
        b"received-spf",
    }
)
"""Fields that servers add on the way (RFC 5321 section 4.4 and what delivery agents write)."""

_TRACE_PREFIXES = (b"x-spam-", b"arc-")
_PIECE = 1_000_000
_NO_BREAK = re.compile(rb"[^\r\n]")
_EMPTY_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n){2}")
_FOLD = re.compile(rb"\n+(?=[ \t])")


def canonical_hash(raw: bytes) -> str:
    """Digest under which a message is recognised when it comes again.

    Args:
        raw: The message as a source gave it. A large one is read in pieces: no copy of it is made.

    Returns:
        SHA-256 in hexadecimal over the unfolded header without trace fields and the body without trailing blanks, both
        with LF line ends.
    """
    header, start = _parted(raw)
    digest = hashlib.sha256()
    for line in _FOLD.sub(b"", header).split(b"\n"):
        if not _is_trace(line):
            digest.update(line.rstrip() + b"\n")
    digest.update(b"\n")
    blanks = b""
    for piece in _unbroken(raw, start):
        whole = blanks + piece
        kept = whole.rstrip()
        digest.update(kept)
        blanks = whole[len(kept) :]
    return digest.hexdigest()


def _parted(raw: bytes) -> tuple[bytes, int]:
    """The header with LF line ends, and where the body begins."""
    first = _NO_BREAK.search(raw)
    if first is None:
        return b"", len(raw)
    end = _EMPTY_LINE.search(raw, first.start())
    stop, start = (end.start(), end.end()) if end else (len(raw), len(raw))
    return raw[first.start() : stop].replace(b"\r\n", b"\n").replace(b"\r", b"\n"), start


def _unbroken(raw: bytes, start: int) -> Iterator[bytes]:
    """The rest in pieces with LF line ends; a piece never ends between the two characters of one break."""
    while start < len(raw):
        end = start + _PIECE
        if raw[end - 1 : end + 1] == b"\r\n":
            end += 1
        yield raw[start:end].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        start = end


def _is_trace(line: bytes) -> bool:
    name = line.partition(b":")[0].strip().lower()
    return name in _TRACE or name.startswith(_TRACE_PREFIXES)
