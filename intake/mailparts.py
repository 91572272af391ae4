"""The tree of parts of a message (MIME), split top-down over the raw bytes.

The standard library's parser builds its tree before anyone can say no: a thousand nested messages end in
RecursionError, long headers in seconds of work. Here every bound is tested before the step that would cost.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.mailheaders import Headers, parse_headers, split_header
from intake.mailparams import parse_parameters
from intake.outlook import OLE, OPENERS, TNEF, OutlookError
from intake.smime import signed_content

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
# winmail.dat and .msg, raw and in base64: told before anything is decoded
_OUTLOOK_STARTS = (TNEF, OLE, b"eJ8+I", b"0M8R4KGx")


class MailLimitError(Exception):
    """A message is larger, deeper or has more parts than may be opened; the message is Russian and says which."""


@dataclass(frozen=True, slots=True)
class MailLimits:
    """Bounds of what is opened; a message over them is kept raw and shown to a person.

    Attributes:
        message_bytes: Size of the whole message.
        header_bytes: Size of one header, of the message or of a part.
        parts: Number of parts in the whole tree.
        depth: Nesting of multiparts and of messages in messages.
        html_bytes: Size of HTML that is laid out as text; beyond it the tags are merely stripped.
        seconds: Wall clock for the whole message, where it is understood in a process of its own.
    """

    message_bytes: int = 60_000_000
    header_bytes: int = 262_144
    parts: int = 1_000
    depth: int = 30
    html_bytes: int = 2_000_000
    seconds: float = 60.0


@dataclass(slots=True)
class Part:
    """One node of the tree: header, type and either children or a body still in its transfer encoding."""

    headers: Headers
    media_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_parameters: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    children: list[Part] = field(default_factory=list)

    @property
    def filename(self) -> str | None:
        """Name of the file as sent: ``filename`` of the disposition, else ``name`` of the type."""
        return self.disposition_parameters.get("filename") or self.parameters.get("name") or None

    @property
    def is_multipart(self) -> bool:
        """Whether the part is a container."""
        return self.media_type.startswith("multipart/") and bool(self.children)

    @property
    def content_id(self) -> str:
        """Content-ID without brackets, by which HTML names a picture."""
        return self.headers.text("content-id").strip("<> ")

    def data(self) -> bytes:
        """The body with its transfer encoding undone."""
        return undo_transfer_encoding(self.body, self.headers.word("content-transfer-encoding"))

    def walk(self) -> Iterator[Part]:
        """The part and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse_parts(raw: bytes, limits: MailLimits) -> Part:
    """Take a message apart. Raises MailLimitError, with a Russian message, before any bound is passed."""
    if len(raw) > limits.message_bytes:
        raise MailLimitError(f"письмо больше {limits.message_bytes // 1_000_000} МБ")
    return _Splitter(limits).part(raw, 0, "text/plain")


class _Splitter:
    def __init__(self, limits: MailLimits) -> None:
        self._limits = limits
        self._count = 0

    def part(self, raw: bytes, depth: int, default_type: str) -> Part:
        self._count += 1
        if self._count > self._limits.parts:
            raise MailLimitError(f"в письме больше {self._limits.parts} частей")
        if depth > self._limits.depth:
            raise MailLimitError(f"вложенность письма глубже {self._limits.depth}")
        if b"\n" not in raw[:100_000] and b"\r" in raw[:100_000]:
            raw = raw.replace(b"\r", b"\n")
        block, start = split_header(raw)
        if len(block) > self._limits.header_bytes:
            raise MailLimitError(f"заголовок письма больше {self._limits.header_bytes // 1024} КБ")
        headers, rest = parse_headers(block)
        body = rest + raw[start:] if rest else raw[start:]
        part = _described(headers, default_type)
        part.body = body
        self._open(part, depth)
        return part

    def _open(self, part: Part, depth: int) -> None:
        if part.media_type.startswith("multipart/"):
            default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
            boundary = part.parameters.get("boundary", "").encode("latin-1", "replace") or _guessed_boundary(part.body)
            pieces = self._pieces(part.body, boundary) if boundary else []
            part.children = [self.part(piece, depth + 1, default) for piece in pieces]
            if part.children:
                part.body = b""
            else:
                part.media_type = "text/plain"
        elif part.media_type in {"message/rfc822", "message/global", "message/news"}:
            inner = part.data()
            if inner.strip():
                part.children = [self.part(inner, depth + 1, "text/plain")]
        elif part.media_type in _SMIME:
            self._open_signed(part, depth)
        elif part.media_type.startswith(("application/", "text/plain")):
            self._open_outlook(part, depth)

    def _open_signed(self, part: Part, depth: int) -> None:
        """Put the content of an opaque S/MIME signature in the place of the part; an encrypted one stays a file."""
        inner = signed_content(part.data())
        if inner is not None:
            part.media_type, part.body = "multipart/mixed", b""
            part.children = [self.part(inner, depth + 1, "text/plain")]

    def _open_outlook(self, part: Part, depth: int) -> None:
        """Read Outlook's containers as the messages that they are; a damaged one stays a file."""
        if not part.body.lstrip()[:8].startswith(_OUTLOOK_STARTS):
            return
        data = part.data()
        for is_it, as_mail, media_type in OPENERS:
            if is_it(data):
                with contextlib.suppress(OutlookError):
                    inner = self.part(as_mail(data), depth + 1, "text/plain")
                    part.children, part.media_type = [inner], media_type

    def _pieces(self, body: bytes, boundary: bytes) -> list[bytes]:
        pattern = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        pieces: list[bytes] = []
        start = -1
        for match in pattern.finditer(body):
            if start >= 0:
                pieces.append(_without_last_break(body[start : match.start()]))
            start = -1 if match[1] else match.end()
            if len(pieces) > self._limits.parts:
                raise MailLimitError(f"в письме больше {self._limits.parts} частей")
        if start >= 0 and body[start:].strip():
            pieces.append(body[start:])
        return pieces


def _described(headers: Headers, default_type: str) -> Part:
    declared, parameters = parse_parameters(headers.raw("content-type"))
    disposition, disposition_parameters = parse_parameters(headers.raw("content-disposition"))
    media_type = declared.split()[0] if declared else default_type
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type):
        media_type = "application/octet-stream" if disposition == "attachment" else default_type
    return Part(headers, media_type, parameters, disposition, disposition_parameters)


def _guessed_boundary(body: bytes) -> bytes:
    """The boundary of a multipart that does not name it: a first line of two dashes that comes again."""
    match = re.search(rb"^--([!-~]{3,200}?)[ \t]*\r?$", body[:10_000], re.MULTILINE)
    return match[1] if match and body.count(b"--" + match[1]) > 1 else b""


def _without_last_break(piece: bytes) -> bytes:
    """The line break before a boundary belongs to the boundary (RFC 2046 section 5.1.1)."""
    piece = piece[:-1] if piece.endswith(b"\n") else piece
    return piece[:-1] if piece.endswith(b"\r") else piece


def undo_transfer_encoding(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; unknown ones leave the bytes alone. Never raises."""
    if encoding in {"base64", "base-64", "b"}:
        return _from_base64(body)
    if encoding in {"quoted-printable", "quotedprintable", "q"}:
        return binascii.a2b_qp(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _from_uuencode(body)
    return body


_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]*={0,2}")


def _from_base64(body: bytes) -> bytes:
    """Decode up to the first line that is no base64 (a list's footer, an antivirus note)."""
    compact = b"".join(body.split())
    try:
        return base64.b64decode(compact, validate=True)
    except binascii.Error:
        pass
    good = []
    for line in body.split(b"\n"):
        bare = line.strip()
        if not _BASE64_LINE.fullmatch(bare):
            break
        good.append(bare.rstrip(b"="))
        if bare.endswith(b"="):
            break
    kept = b"".join(good)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def _from_uuencode(body: bytes) -> bytes:
    out: list[bytes] = []
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line.strip() in {b"", b"`", b"end"}:
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            break
    return b"".join(out)
