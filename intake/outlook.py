"""Outlook's own containers, a saved message (.msg) and winmail.dat (TNEF), told anew as ordinary mail.

What comes out is an RFC 5322 message with the same text and files, so that all else reads one form alone. Text of a
.msg without Unicode is eight-bit of an unnamed code page and is told by its letters.
"""

from __future__ import annotations

import contextlib
import email.generator
import email.policy
import io
from collections.abc import Callable, Iterable
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any, Final

from intake.charset import decode
from intake.mailheaders import parse_headers, split_header

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF: Final = b"\x78\x9f\x3e\x22"
_PROPERTIES: Final = "__properties_version1.0".encode("utf-16-le")
_KEPT: Final = ("from", "to", "cc", "reply-to", "date", "message-id", "in-reply-to", "references", "subject",
                "auto-submitted", "return-path", "received", "sender")  # fmt: skip
_TEXT, _ANSI, _BINARY = "001F", "001E", "0102"
_MOST_FILES: Final = 500
_MOST_DEPTH: Final = 10


class OutlookError(Exception):
    """The container is damaged; the message is for developers."""


def is_msg(data: bytes) -> bool:
    """Whether bytes are a saved Outlook message: an OLE file with the properties of one."""
    return data.startswith(OLE) and _PROPERTIES in data


def from_msg(data: bytes) -> bytes:
    """A saved message as mail. Raises OutlookError."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as source:
            return _flat(_Msg(source, []).message(0))
    except OutlookError:
        raise
    except Exception as error:  # the library raises anything on damaged files
        raise OutlookError(type(error).__name__) from error


def from_tnef(data: bytes) -> bytes:
    """Text and files of a winmail.dat as mail without a header of its own. Raises OutlookError."""
    import tnefparse

    try:
        source = tnefparse.TNEF(data, do_checksum=False)
        text = _tnef_text(source)
        files = [(_tnef_name(one), bytes(one.data)) for one in source.attachments[:_MOST_FILES] if one.data]
    except Exception as error:
        raise OutlookError(type(error).__name__) from error
    return _flat(_built([], text, None, files))


def _tnef_text(source: Any) -> str:
    plain = source.body
    if plain:
        return plain if isinstance(plain, str) else decode(plain)
    with contextlib.suppress(Exception):  # a damaged body never costs the files
        if source.rtfbody:
            return _rtf(source.rtfbody)
    return ""


def _tnef_name(attachment: Any) -> str:
    """The long name of the MAPI properties, else the raw one: the library's own name fails on Cyrillic code pages."""
    for attribute in attachment.mapi_attrs:
        if attribute.name in {0x3707, 0x3704}:
            value = attribute.data
            value = value[0] if isinstance(value, list) and value else value
            return (value if isinstance(value, str) else decode(value)).rstrip("\0")
    raw = getattr(attachment, "_name", None) or b""
    return (raw if isinstance(raw, str) else decode(bytes(raw))).rstrip("\0")


def _rtf(data: bytes) -> str:
    from striprtf import striprtf

    convert: Any = striprtf.rtf_to_text
    return str(convert(data.decode("latin-1"), errors="ignore")).strip()


class _Msg:
    """One message of the file: the outermost, or one that lies in an attachment's storage."""

    def __init__(self, source: Any, place: list[str]) -> None:
        self._source = source
        self._place = place

    def message(self, depth: int) -> Message:
        head = self._text("007D")
        fields = _header_fields(head) if head.strip() else self._made_fields()
        return _built(fields, self._body(), self._html(), self._files(depth))

    def _made_fields(self) -> list[tuple[str, str]]:
        address = self._text("5D01") or self._text("0C1F") or self._text("0065")
        sender = f'"{self._text("0C1A")}" <{address}>' if "@" in address else self._text("0C1A")
        message_id, answers = self._text("1035"), self._text("1042")
        fields = [("From", sender), ("To", self._text("0E04")), ("Subject", self._text("0037"))]
        return [one for one in (*fields, ("Message-ID", message_id), ("In-Reply-To", answers)) if one[1]]

    def _body(self) -> str:
        text = self._text("1000")
        if text.strip() or self._html():
            return text
        packed = self._bytes("1009", _BINARY)
        if packed is None:
            return ""
        import compressed_rtf

        with contextlib.suppress(Exception):  # a damaged body never costs the files
            return _rtf(compressed_rtf.decompress(packed))
        return ""

    def _html(self) -> str | None:
        raw = self._bytes("1013", _BINARY)
        return decode(raw) if raw else self._text("1013") or None

    def _files(self, depth: int) -> list[tuple[str, bytes]]:
        found = []
        for storage in self._attachments()[:_MOST_FILES]:
            inside = _Msg(self._source, [*self._place, storage])
            name = inside._text("3707") or inside._text("3704") or inside._text("3001")
            data = inside._bytes("3701", _BINARY)
            nested = [*self._place, storage, "__substg1.0_3701000D"]
            if data is not None:
                found.append((name, data))
            elif self._source.exists("/".join(nested)) and depth < _MOST_DEPTH:
                found.append((f"{name or 'письмо'}.eml", _flat(_Msg(self._source, nested).message(depth + 1))))
        return found

    def _attachments(self) -> list[str]:
        at = len(self._place)
        names = {
            entry[at]
            for entry in self._source.listdir(streams=True, storages=True)
            if len(entry) > at and entry[:at] == self._place and entry[at].startswith("__attach_version1.0_")
        }
        return sorted(names)

    def _text(self, code: str) -> str:
        wide = self._bytes(code, _TEXT)
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._bytes(code, _ANSI)
        return decode(narrow).rstrip("\0") if narrow is not None else ""

    def _bytes(self, code: str, kind: str) -> bytes | None:
        path = "/".join([*self._place, f"__substg1.0_{code}{kind}"])
        if not self._source.exists(path):
            return None
        with self._source.openstream(path) as stream:
            return bytes(stream.read())


def _header_fields(text: str) -> list[tuple[str, str]]:
    """The fields of the message's own header that say who, when and about what; how it was packed is no longer true."""
    block, _ = split_header(text.encode())
    headers, _ = parse_headers(block)
    return [(name, body.decode("utf-8", "replace")) for name, body in headers.fields if name in _KEPT]


def _built(
    fields: Iterable[tuple[str, str]], text: str, html: str | None, files: Iterable[tuple[str, bytes]]
) -> Message:
    words = MIMEMultipart("alternative") if html else MIMEMultipart("mixed")
    words.attach(MIMEText(text, "plain", "utf-8"))
    if html:
        words.attach(MIMEText(html, "html", "utf-8"))
    message = MIMEMultipart("mixed")
    message.attach(words)
    for name, data in files:
        part = MIMEApplication(data)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", _plain(name) or "file.bin"))
        message.attach(part)
    for name, body in fields:
        plain = _plain(body)
        message[name.title()] = plain if plain.isascii() else Header(plain, "utf-8").encode()
    return message


def _plain(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _flat(message: Message) -> bytes:
    out = io.BytesIO()
    email.generator.BytesGenerator(out, mangle_from_=False, policy=email.policy.compat32).flatten(message)
    return out.getvalue()


OPENERS: Final[tuple[tuple[Callable[[bytes], bool], Callable[[bytes], bytes], str], ...]] = (
    (is_msg, from_msg, "application/vnd.ms-outlook"),
    (lambda data: data.startswith(TNEF), from_tnef, "application/ms-tnef"),
)
"""Which bytes are opened how, and the media type that such a part has."""
