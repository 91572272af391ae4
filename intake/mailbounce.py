"""Reports that a letter was not delivered: RFC 3464 and the wild ones.

Order of trust: a delivery-status part wherever it lies, a report's type, X-Failed-Recipients, then an empty envelope
sender or a mailer daemon together with the words of a failure. A daemon's name alone proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.charset import decode
from intake.mailheaders import Headers, parse_addresses, parse_headers
from intake.mailparts import Part
from rules.mailrules import Bounces, folded
from rules.wire import BounceView

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
OWN_ID = re.compile(r"otvet\.[0-9a-f]+\.[0-9a-f]+@[\w.-]+", re.IGNORECASE)  # as outbox.mailout makes them
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d[ \-]")
_EMAIL = re.compile(r"[\w.+=%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_ID_LINE = re.compile(rb"^[ \t>]{0,8}message-id:\s*<([^<>\s]{1,300})>", re.IGNORECASE | re.MULTILINE)
_MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recognised delivery report and why it was taken for one."""

    view: BounceView
    reason: str


def find_bounce(root: Part, subject: str, text: str, signs: Bounces) -> Bounce | None:
    """The facts of a delivery report, or None when the mail is none. ``signs``: words and names of daemons."""
    status_part = next((part for part in root.walk() if part.media_type == "message/delivery-status"), None)
    headers = root.headers
    if status_part is not None and _belongs(root, status_part):
        return Bounce(_from_status(root, status_part), "Отчёт о недоставке (delivery-status)")
    if root.parameters.get("report-type", "").lower() == "delivery-status":
        return Bounce(_from_words(root, text, signs), "Отчёт о недоставке (multipart/report)")
    if headers.has("x-failed-recipients"):
        return Bounce(_from_words(root, text, signs), "Отчёт о недоставке (X-Failed-Recipients)")
    by_daemon = any(signs.daemon.match(one.email) or signs.daemon.match(one.name) for one in headers.addresses("from"))
    if (by_daemon or is_from_nobody(headers)) and _says_so(root, folded(subject), folded(text[:_MOST_TEXT]), signs):
        return Bounce(_from_words(root, text, signs), "Отчёт о недоставке по отправителю и словам")
    return None


def is_from_nobody(headers: Headers) -> bool:
    """Whether the envelope had an empty sender, as reports and robots have."""
    return headers.has("return-path") and headers.raw("return-path").strip() in {b"<>", b""}


def _says_so(root: Part, subject: str, text: str, signs: Bounces) -> bool:
    """A subject of failure, or words of it with what failed: an address that is not the writer's, or a code."""
    if signs.subject.search(subject):
        return True
    if not signs.said.search(text):
        return False
    return bool(_others(root, text)) or bool(_ENHANCED.search(text)) or bool(_REPLY_CODE.search(text))


def _belongs(root: Part, status_part: Part) -> bool:
    """A report that a client forwards as an attached message is his letter, not a report to us."""
    inside = [part for child in root.children for part in child.walk() if child.media_type == "message/rfc822"]
    return not any(part is status_part for part in inside) and root.media_type.startswith(("multipart/", "message/"))


def _from_status(root: Part, status_part: Part) -> BounceView:
    report = status_part.data().replace(b"\r\n", b"\n").strip()
    blocks = [parse_headers(block)[0] for block in re.split(rb"\n[ \t\r]*\n", report)]
    failed = [block for block in blocks if block.has("final-recipient") or block.has("original-recipient")]
    block = next((one for one in failed if one.word("action") in {"failed", ""}), failed[0] if failed else Headers())
    words = block.text("status").split()
    status = words[0] if words and _ENHANCED.fullmatch(words[0]) else None
    if status is None or status.endswith(".0.0"):
        said = _ENHANCED.search(block.text("diagnostic-code"))
        status = said[1] if said else status
    action = block.word("action")
    permanent = action != "delayed" and not (status or "5").startswith("4")
    recipient = _recipient(block.raw("original-recipient")) or _recipient(block.raw("final-recipient"))
    return BounceView(
        recipient=recipient or _failed_recipient(root),
        status=status,
        permanent=permanent,
        message_id=_original_id(root),
    )


def _recipient(raw: bytes) -> str | None:
    return next((one.email for one in parse_addresses(raw.rpartition(b";")[2]) if one.email), None)


def _failed_recipient(root: Part) -> str | None:
    return next((one.email for one in root.headers.addresses("x-failed-recipients") if one.email), None)


def _others(root: Part, words: str) -> list[str]:
    """Addresses in a text that are not those of its header, nor the Message-ID of a letter of ours."""
    words = OWN_ID.sub(" ", words)
    own = {one.email.lower() for name in ("from", "to") for one in root.headers.addresses(name)}
    return [found for found in _EMAIL.findall(words) if found.lower() not in own]


def _from_words(root: Part, text: str, signs: Bounces) -> BounceView:
    words = text[:_MOST_TEXT]
    enhanced = _ENHANCED.search(words)
    code = _REPLY_CODE.search(words)
    status = enhanced[1] if enhanced else None
    first = (status or (code[1] if code else "5"))[0]
    permanent = first == "5" and not (status is None and code is None and signs.late.search(folded(words)))
    return BounceView(
        recipient=_failed_recipient(root) or next(iter(_others(root, words)), None),
        status=status,
        permanent=permanent,
        message_id=_original_id(root),
    )


def _original_id(root: Part) -> str | None:
    """Message-ID of the letter of ours that came back, from its returned header wherever it was put."""
    for part in root.walk():
        if part is root:
            continue
        if part.children and part.media_type == "message/rfc822":
            return next(iter(part.children[0].headers.ids("message-id")), None) or _id_in_text(root)
        if part.media_type in {"text/rfc822-headers", "message/rfc822-headers"}:
            return next(iter(parse_headers(part.data())[0].ids("message-id")), None) or _id_in_text(root)
    named = next(iter(root.headers.ids("in-reply-to")), None)
    return _id_in_text(root) or named or _own_id(root)


def _own_id(root: Part) -> str | None:
    """A Message-ID that only we make, wherever the words of the report have it."""
    found = next((match for body in _bodies(root) if (match := OWN_ID.search(decode(body)))), None)
    return found[0] if found else None


def _id_in_text(root: Part) -> str | None:
    for body in _bodies(root):
        match = _ID_LINE.search(body)
        if match:
            return decode(match[1])
    return None


def _bodies(root: Part) -> Iterator[bytes]:
    for part in root.walk():
        if part.media_type.startswith(("text/", "message/")) and not part.children:
            yield part.data()[:_MOST_TEXT]
