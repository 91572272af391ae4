"""The canonical hash of a mail message: the same letter keeps it on every way it may take to us.

A message that comes again (the mailbox was rebuilt, UIDVALIDITY changed, a second copy lay in another mailbox) differs
in line ends, folding and the trace that servers add on its way. Those are left out; everything else counts. The
Message-ID is no key on its own: senders omit it, repeat it and forge it.
"""

from __future__ import annotations

import hashlib
import re

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
_FOLD = re.compile(rb"\n+(?=[ \t])")


def canonical_hash(raw: bytes) -> str:
    """Digest under which a message is recognised when it comes again.

    Args:
        raw: The message as a source gave it.

    Returns:
        SHA-256 in hexadecimal over the unfolded header without trace fields and the body without trailing blanks, both
        with LF line ends.
    """
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    header, _, body = text.partition(b"\n\n")
    digest = hashlib.sha256()
    for line in _FOLD.sub(b"", header).split(b"\n"):
        if not _is_trace(line):
            digest.update(line.rstrip() + b"\n")
    digest.update(b"\n" + body.rstrip())
    return digest.hexdigest()


def _is_trace(line: bytes) -> bool:
    name = line.partition(b":")[0].strip().lower()
    return name in _TRACE or name.startswith(_TRACE_PREFIXES)
