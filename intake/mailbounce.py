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
from rules.wire import BounceView

_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail\s*delivery|mdaemon|maildaemon|mail-daemon|bounces?)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|problem)|mail delivery|returned mail|returning message"
    r"|failure notice|delivery notification|non-?delivery|не\s?достав|недоставл|не удалось доставить|ошибка доставки"
    r"|возврат письма|сообщение не доставлено|warning: message .* delayed|rejected",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"could not be delivered|couldn't be delivered|wasn't delivered|unable to deliver|was not able to deliver"
    r"|delivery (?:has )?failed|undeliverable|permanent (?:fatal )?error|user unknown|no such user|mailbox (?:is )?full"
    r"|mailbox unavailable|unknown user|does not exist|over quota|recipient address rejected|this is the (?:qmail|mail)"
    r"|не (?:может|могло) быть доставлен|не удалось доставить|не было доставлено|не доставлено|недоставлен"
    r"|ящик (?:переполнен|не существует|заблокирован)|пользователь не найден|нет такого (?:пользователя|ящика)",
    re.IGNORECASE,
)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d[ \-]")
_DELAYED = re.compile(
    r"delayed|will (?:be retried|continue trying|keep trying)|задерж|попытки (?:доставки )?продолж", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+=%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_ID_LINE = re.compile(rb"^[ \t>]{0,8}message-id:\s*<([^<>\s]{1,300})>", re.IGNORECASE | re.MULTILINE)
_MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recognised delivery report and why it was taken for one."""

    view: BounceView
    reason: str


def find_bounce(root: Part, subject: str, text: str) -> Bounce | None:
    """The facts of a delivery report, or None when the mail is none."""
    status_part = next((part for part in root.walk() if part.media_type == "message/delivery-status"), None)
    headers = root.headers
    if status_part is not None and _belongs(root, status_part):
        return Bounce(_from_status(root, status_part), "Отчёт о недоставке (delivery-status)")
    if root.parameters.get("report-type", "").lower() == "delivery-status":
        return Bounce(_from_words(root, text), "Отчёт о недоставке (multipart/report)")
    if headers.has("x-failed-recipients"):
        return Bounce(_from_words(root, text), "Отчёт о недоставке (X-Failed-Recipients)")
    from_daemon = any(_DAEMON.match(one.email) or _DAEMON.match(one.name) for one in headers.addresses("from"))
    nobody = headers.has("return-path") and headers.raw("return-path").strip() in {b"<>", b""}
    if (from_daemon or nobody) and (_SUBJECT.search(subject) or _WORDS.search(text[:_MOST_TEXT])):
        return Bounce(_from_words(root, text), "Отчёт о недоставке по отправителю и словам")
    return None


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


def _from_words(root: Part, text: str) -> BounceView:
    words = text[:_MOST_TEXT]
    own = {one.email.lower() for name in ("from", "to") for one in root.headers.addresses(name)}
    named = (found for found in _EMAIL.findall(words) if found.lower() not in own)
    enhanced = _ENHANCED.search(words)
    code = _REPLY_CODE.search(words)
    status = enhanced[1] if enhanced else None
    first = (status or (code[1] if code else "5"))[0]
    permanent = first == "5" and not (status is None and code is None and _DELAYED.search(words))
    return BounceView(
        recipient=_failed_recipient(root) or next(named, None),
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
    return _id_in_text(root) or next(iter(root.headers.ids("in-reply-to")), None)


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
