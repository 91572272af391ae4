"""How one e-mail message is understood: headers, new text, files, triage. Never raises.

A message that cannot be understood, or is over a bound, becomes UNREADABLE with a Russian reason: the raw bytes are in
the register already, and a person looks at them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from structlog import get_logger

from intake.attachments import Attachment
from intake.mailbody import MailBody, read_body
from intake.mailform import FormMail, find_form
from intake.mailheaders import Address, Headers
from intake.mailparts import MailLimitError, MailLimits, Part, parse_parts
from intake.mailtext import NewText, new_part
from intake.mailtriage import IsOurs, MailFacts, Verdict, reception_form, triage
from intake.outlook import from_msg, is_msg
from rules.mailrules import MailRules, shipped
from rules.wire import MailView, Triage

__all__ = ["MailHeaders", "MailLimits", "Message", "header_ids", "understand", "understand_files"]

_log = get_logger(__name__)

_RISKS = {
    "refused": "исполняемый файл, не принимается",
    "encrypted": "защищено паролем, прочитать нельзя",
    "suspicious": "требует осторожности: проверьте, прежде чем открывать",
}
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_MOST_IDS = 300
_NUL_SHARE = 0.01
_RESCUED_BYTES = 16_384
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\x0c\x1b")


@dataclass(frozen=True, slots=True)
class MailHeaders:
    """Header facts that later steps need.

    Attributes:
        message_id, in_reply_to, references: Ids without angle brackets.
        from_, reply_to, to, cc: Mailboxes, first to last.
        return_path: Envelope sender; empty string for the null sender, None when unknown.
        date: Moment that the sender wrote; not to be trusted.
        received_at: Moment that the last server wrote; None when there is no Received field.
        auto: Made by a program: never answered automatically.
        otvet_id: Our own mark, when the letter is ours.
        delivered_to: Addresses that it was delivered to, as servers and sender say: a mark of ours may stand in one.
    """

    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    from_: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    return_path: str | None = None
    date: dt.datetime | None = None
    received_at: dt.datetime | None = None
    auto: bool = False
    otvet_id: str | None = None
    delivered_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood.

    Attributes:
        view: What goes on the wire; ``view.text`` is the new text, ``view.attachments`` the documents.
        attachments: All files with their bytes, decoration (``inline``) included.
        html: HTML source of the body, for show after cleaning; empty when there is none.
        quoted: What was cut from the text as a quote.
        headers: Header facts for later steps.
        form: What a form of a site said, when it sent this.
        thanks: The new text says thanks and asks for nothing.
    """

    view: MailView
    attachments: list[Attachment] = field(default_factory=list)
    html: str = ""
    quoted: str = ""
    headers: MailHeaders = MailHeaders()
    form: FormMail | None = None
    thanks: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the installation knows: its own letters, its domains, its signs of mail."""

    is_ours: IsOurs
    own_domains: Collection[str]
    rules: MailRules


def _nothing_is_ours(_message_id: str) -> bool:
    return False


def understand(
    raw: bytes,
    limits: MailLimits = MailLimits(),  # noqa: B008  # frozen
    *,
    is_ours: IsOurs = _nothing_is_ours,
    own_domains: Collection[str] = (),
    rules: MailRules | None = None,
    file: str = "",
) -> Message:
    """Understand a message. Never raises.

    Args:
        raw: The message as a source gave it; a saved Outlook message (.msg) is one too.
        limits: Bounds of what is opened.
        is_ours: Tells a Message-ID of a letter that we sent; it may look into the register.
        own_domains: Domains under which our Message-IDs are made, for loops.
        rules: Signs of mail; None takes those that come with the program.
        file: Name for ``view.file``.
    """
    if not raw.strip():
        return unreadable(file, f"Пустое письмо: {len(raw)} байт")
    try:
        root = parse_parts(from_msg(raw) if is_msg(raw) else raw, limits)
        if not root.headers.fields and _is_binary(raw):
            return unreadable(file, "Это не письмо: двоичные данные без заголовка")
        return _understood(root, limits, _Known(is_ours, own_domains, rules or shipped()), file)
    except MailLimitError as error:
        return unreadable(file, f"Письмо не разобрано: {error}. Откройте исходный файл", rescued(raw, limits))
    except Exception as error:  # noqa: BLE001  # a poison letter must reach a person, whatever it broke (P2)
        _log.exception("mail_not_understood", error=type(error).__name__, exc_info=False)
        reason = f"Письмо не разобрано из-за внутренней ошибки ({type(error).__name__}). Откройте исходный файл"
        return unreadable(file, reason, rescued(raw, limits))


def header_ids(raw: bytes, limits: MailLimits = MailLimits()) -> frozenset[str]:  # noqa: B008  # frozen
    """Message ids in the header of a message: what may name a letter of ours. Never raises."""
    head = raw[: limits.header_bytes]
    cut = re.search(rb"\r?\n\r?\n", head.lstrip())
    found = re.findall(rb"<([!-;=?-~]{3,300}@[!-;=?-~]{1,255})>", head[: cut.end() + 2] if cut else head)
    return frozenset(one.decode("ascii") for one in found[:_MOST_IDS])


def understand_files(paths: Iterable[Path], limits: MailLimits = MailLimits()) -> list[MailView]:  # noqa: B008  # frozen
    """How each file is understood; a file that cannot be read is UNREADABLE with its reason."""
    views = []
    for path in paths:
        try:
            raw = path.read_bytes()
        except OSError as error:
            views.append(unreadable(str(path), f"Файл не прочитан: {_os_reason(error)}").view)
            continue
        views.append(understand(raw, limits, file=str(path)).view)
    return views


def _understood(root: Part, limits: MailLimits, known: _Known, file: str) -> Message:
    headers = root.headers
    body = read_body(root, limits)
    subject = headers.text("subject")
    parted = new_part(body.text, subject)
    form = find_form(headers, body.text, known.rules)
    if form is not None:
        parted = NewText(body.text)  # fields of a form are no quotes, whatever they look like
    verdict = triage(MailFacts(root, subject, parted.text, known.is_ours, known.own_domains, known.rules, form))
    form = form if verdict.filter == reception_form.__name__ else None
    facts = _header_facts(headers, auto=verdict.auto)
    author = _author(facts, form)
    view = MailView(
        file=file,
        triage=verdict.triage,
        subject=subject,
        from_name=(author.name or None) if author else None,
        from_email=(author.email or None) if author else None,
        text=parted.text,
        attachments=[one.view() for one in body.attachments if not one.inline],
        message_id=facts.message_id,
        in_reply_to=facts.in_reply_to,
        references=list(facts.references),
        auto=verdict.auto,
        bounce=verdict.bounce,
        date=facts.date,
        reasons=[*verdict.reasons, *_remarks(body, verdict, only_quote=parted.only_quote)],
    )
    return Message(
        view, body.attachments, body.html, parted.quoted, facts, form, known.rules.thanks.is_thanks(parted.text)
    )


def _author(facts: MailHeaders, form: FormMail | None) -> Address | None:
    """Who wrote: of a form's mail the client whom its fields name, never the site."""
    if form is not None:
        return Address(form.fields.get("name", ""), form.fields.get("email", ""))
    return next((one for one in facts.from_ if one.email), facts.from_[0] if facts.from_ else None)


def _remarks(body: MailBody, verdict: Verdict, *, only_quote: bool) -> list[str]:
    remarks = []
    if only_quote and verdict.triage is not Triage.BOUNCE:
        remarks.append("В письме только цитата, нового текста нет")
    if body.from_nested and verdict.triage is not Triage.BOUNCE:
        remarks.append("Текст взят из вложенного письма")
    if "\ufffd" in body.text:
        remarks.append("Часть текста не удалось раскодировать")
    remarks += [
        f"Вложение {number}: {_RISKS[one.risk]}" for number, one in enumerate(body.attachments, 1) if one.risk != "none"
    ]
    return remarks


def _header_facts(headers: Headers, *, auto: bool) -> MailHeaders:
    return_path = headers.text("return-path").strip("<> ") if headers.has("return-path") else None
    return MailHeaders(
        message_id=next(iter(headers.ids("message-id")), None),
        in_reply_to=next(iter(headers.ids("in-reply-to")), None),
        references=tuple(headers.ids("references")),
        from_=tuple(headers.addresses("from") or headers.addresses("sender")),
        reply_to=tuple(headers.addresses("reply-to")),
        to=tuple(headers.addresses("to")),
        cc=tuple(headers.addresses("cc")),
        return_path=return_path,
        date=headers.date("date"),
        received_at=headers.received_at(),
        auto=auto,
        otvet_id=headers.text("x-otvet-id") or None,
        delivered_to=tuple(one.email for name in _DELIVERED for one in headers.addresses(name) if one.email),
    )


def rescued(raw: bytes, limits: MailLimits) -> tuple[str, MailHeaders] | None:
    """Subject and header facts alone, when they can be had within the bounds: who wrote and about what."""
    try:
        head = raw[: limits.header_bytes]
        cut = re.search(rb"\r?\n\r?\n", head)
        end = cut.start() if cut else head.rfind(b"\n", 0, _RESCUED_BYTES)
        headers = parse_parts(head[: max(end, 0)] + b"\n\n", MailLimits(parts=2, depth=1)).headers
        return headers.text("subject"), _header_facts(headers, auto=False)
    except Exception:  # noqa: BLE001  # the rescue of a poison letter is a courtesy, never a second failure
        return None


def unreadable(file: str, reason: str, saved: tuple[str, MailHeaders] | None = None) -> Message:
    """A message that a person has to look at, with the reason in Russian and what its header still told."""
    subject, facts = saved or ("", MailHeaders())
    author = facts.from_[0] if facts.from_ else None
    view = MailView(
        file=file,
        triage=Triage.UNREADABLE,
        subject=subject,
        from_name=(author.name or None) if author else None,
        from_email=(author.email or None) if author else None,
        message_id=facts.message_id,
        in_reply_to=facts.in_reply_to,
        references=list(facts.references),
        date=facts.date,
        reasons=[reason],
    )
    return Message(view, headers=facts)


def _is_binary(raw: bytes) -> bool:
    sample = raw[:10_000]
    controls = sum(1 for octet in sample if octet in _CONTROLS)
    return controls > len(sample) * _NUL_SHARE


def _os_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "такого файла нет"
    if isinstance(error, PermissionError):
        return "нет прав на чтение"
    return "это папка" if isinstance(error, IsADirectoryError) else "ошибка чтения"
