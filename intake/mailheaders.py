"""The header of a message: raw fields, addresses, dates, message ids.

Fields stay bytes until someone asks for text, as parsed values of the standard library have already lost what a broken
header held. Everything here is linear in the length of its input: a header is an attacker's input.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from intake.charset import decode
from intake.encodedwords import decode_words
from intake.mailparams import split_outside_quotes

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*)$", re.DOTALL)
_KNOWN = re.compile(
    rb"^(from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|x-[\w-]+)\s*:", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]{1,200}@[^\s<>()\[\],;:\"@]{1,255}")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")
_COMMENT = re.compile(rb"\([^()]{0,300}\)")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_MAX_ADDRESSES = 20_000
_MAX_DATE = 200
_HEADER_SEEN = 262_144
_FIRST_SENSIBLE = dt.datetime(1995, 1, 1, tzinfo=dt.UTC)
_MAX_IDS = 200


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address field."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields of a header in order, unfolded, as bytes; names in lower case."""

    fields: tuple[tuple[str, bytes], ...] = ()
    _first: dict[str, bytes] = field(default_factory=dict)
    _addresses: dict[str, list[Address]] = field(default_factory=dict, compare=False, repr=False)  # read once

    def raw(self, name: str) -> bytes:
        """Body of the first field of that name; empty when there is none."""
        return self._first.get(name, b"")

    def has(self, name: str) -> bool:
        """Whether a field of that name is present."""
        return name in self._first

    def names(self) -> tuple[str, ...]:
        """Names of the fields that are present, in order of their first appearance."""
        return tuple(self._first)

    def text(self, name: str) -> str:
        """Decoded text of the first field of that name."""
        return " ".join(decode_words(self.raw(name)).split())

    def word(self, name: str) -> str:
        """The first token in lower case, comments and parameters dropped: for fields whose value is a keyword."""
        tokens = _COMMENT.sub(b" ", self.raw(name)[:_MAX_DATE]).decode("latin-1").lower().replace(";", " ").split()
        return tokens[0].strip("\"'") if tokens else ""

    def all_text(self, name: str) -> list[str]:
        """Decoded text of every field of that name."""
        return [" ".join(decode_words(body).split()) for key, body in self.fields if key == name]

    def addresses(self, name: str) -> list[Address]:
        """Mailboxes of every field of that name."""
        if name not in self._first:
            return []
        if name not in self._addresses:
            found = [address for key, body in self.fields if key == name for address in parse_addresses(body)]
            self._addresses[name] = found
        return list(self._addresses[name])

    def ids(self, name: str) -> list[str]:
        """Message ids without angle brackets; a bare id is taken too."""
        value = decode(self.raw(name))
        found = _MESSAGE_ID.findall(value)
        return (found or [word for word in value.split() if "@" in word])[:_MAX_IDS]

    def date(self, name: str) -> dt.datetime | None:
        """Moment in a date field, timezone-aware; None when it cannot be read."""
        return parse_date(self.raw(name))

    def received_at(self) -> dt.datetime | None:
        """Moment that the last server wrote: the topmost Received field's date; None when there is none."""
        first = self.raw("received")
        return parse_date(first.rpartition(b";")[2]) if b";" in first else None


def split_header(raw: bytes) -> tuple[bytes, int]:
    """The header block of a message and where its body begins (0 when there is no header at all)."""
    start = 0
    while raw[start : start + 1] in {b"\n", b"\r"}:
        start += 1
    if raw[start : start + 5] == b"From " and (end := raw.find(b"\n", start, start + 1000)) > 0:
        start = end + 1
    if not _FIELD.match(raw[start : start + 1000].split(b"\n", 1)[0]):
        return b"", start
    match = _BLANK_LINE.search(raw, start)
    return (raw[start : match.start()], match.end()) if match else (raw[start:], len(raw))


def parse_headers(block: bytes) -> tuple[Headers, bytes]:
    """Fields of a header block, and what follows them when the blank line before the body is missing.

    A line that is neither a field nor a continuation belongs to the field before it when known fields still follow (a
    long subject broken without an indent), else the body begins there.
    """
    lines = block.replace(b"\r\n", b"\n").split(b"\n")
    last_known = max((number for number, line in enumerate(lines) if _KNOWN.match(line)), default=-1)
    names: list[str] = []
    bodies: list[list[bytes]] = []
    rest = b""
    for number, line in enumerate(lines):
        match = _FIELD.match(line)
        if line[:1] in {b" ", b"\t"} and bodies:
            bodies[-1].append(line.rstrip(b"\r"))
        elif match:
            names.append(match[1].decode("ascii").lower())
            bodies.append([match[2].strip()])
        elif bodies and number < last_known:
            bodies[-1].append(b" " + line.strip())
        elif bodies:
            rest = b"\n".join(lines[number:])
            break
    fields = tuple((name, b"".join(pieces).strip()) for name, pieces in zip(names, bodies, strict=True))
    first: dict[str, bytes] = {}
    for name, body in fields:
        if not first.get(name):
            first[name] = body
    return Headers(fields, first), rest


def parse_addresses(raw: bytes) -> list[Address]:
    """Mailboxes of an address field; groups are opened, what holds no address keeps its name."""
    found = []
    for piece in split_outside_quotes(raw, b",;")[:_MAX_ADDRESSES]:
        address = _address(piece.strip())
        if address is not None:
            found.append(address)
    return found


def _address(piece: bytes) -> Address | None:
    if not piece:
        return None
    phrase, angle, tail = piece.rpartition(b"<")
    if angle and (match := _EMAIL.search(decode(tail))):
        return Address(_display_name(phrase), _tidy(match[0]))
    text = decode_words(piece)
    match = _EMAIL.search(text)
    if match is None:
        name = _display_name(piece)
        return Address(name, "") if name else None
    comment = re.search(r"\(([^()]{1,200})\)", text)
    rest = comment[1] if comment else text[: match.start()]
    return Address(_display_name(rest.encode()), _tidy(match[0]))


def _display_name(phrase: bytes) -> str:
    group = phrase.partition(b":")
    bare = group[2] if group[1] and b'"' not in group[0] and b"=?" not in group[0] else phrase
    bare = re.sub(rb'(?<!\\)"', b"", bare).replace(b'\\"', b'"')
    return " ".join(decode_words(bare).strip().strip("'\"<>").split())


def _tidy(email: str) -> str:
    local, _, domain = email.strip(".'").rpartition("@")
    return f"{local}@{domain.lower()}"


def parse_date(raw: bytes) -> dt.datetime | None:
    """Moment in a date as mail writes it; a date without a zone is taken as UTC. None when it cannot be read."""
    text = _COMMENT.sub(b" ", raw[:_MAX_DATE]).decode("latin-1").strip()
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
        moment.astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment


def receipt_moment(raw: bytes, fallback: dt.datetime) -> dt.datetime:
    """When a message reached our server: its topmost Received field, else ``fallback``.

    A moment later than the fallback's next day or before e-mail was common is a broken clock's and is not taken.
    """
    block, _ = split_header(raw[:_HEADER_SEEN])
    moment = parse_headers(block)[0].received_at()
    if moment is None or not _FIRST_SENSIBLE <= moment <= fallback + dt.timedelta(days=1):
        return fallback
    return moment
