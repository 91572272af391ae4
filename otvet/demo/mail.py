"""E-mail of the demonstration post: RFC 5322 bytes in the shapes real correspondents send.

Every message has a topmost Received header that carries the moment of receipt. The same letter, moment and seed give
the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from html import escape

from otvet.demo import attachments
from otvet.demo.letters import Letter, fill

YEKATERINBURG = dt.timezone(dt.timedelta(hours=5))
"""Local time of the office; fixed since 2014, so no zone database is needed to invent letters."""

MAILBOXES = {
    "company": "office@eirc-rb.example",
    "curator": "valitov@eirc-rb.example",
    "personal_manager": "fatkhutdinova@eirc-rb.example",
}
"""Addresses the demonstration's letters come to, by the kind of address that decides routing (standard 15.3)."""

FORM_ROBOT = "site-robot@eirc-rb.example"
"""Sender of what the site's form («Виртуальная приёмная») sends; the client's own address stands in the form."""

_DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def receipt_moment(letter: Letter, today: dt.date) -> dt.datetime:
    """When a letter of the demonstration was received, in the office's time."""
    return dt.datetime.combine(letter.received(today), letter.at, tzinfo=YEKATERINBURG)


def build(letter: Letter, received_at: dt.datetime, *, seed: int = 1, in_reply_to: str | None = None) -> bytes:
    """The message of ``letter`` as a mail server hands it over.

    Args:
        letter: A letter whose form begins with ``mail-``.
        received_at: Moment of receipt, timezone-aware; dates inside the text follow it.
        seed: Seed of what is drawn (the photo).
        in_reply_to: Message-ID that the message answers, instead of the letter's own invented one.

    Returns:
        The message with CRLF line ends.
    """
    text = fill(letter.text, received_at.date())
    if letter.form == "mail-bounce":
        return _bounce(letter, text, received_at)
    message = _BODIES[letter.form](letter, text, received_at.date(), seed)
    _address(message, letter, received_at)
    answered = in_reply_to or letter.extras.in_reply_to
    if answered:
        message["In-Reply-To"] = answered
        message["References"] = answered
    if letter.form == "mail-auto":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
        message["Precedence"] = "auto_reply"
    return _received(received_at, letter) + message.as_bytes(policy=compat32.clone(linesep="\r\n"))


def _charset_of(letter: Letter) -> str:
    return {"mail-koi8": "koi8-r", "mail-cp1251": "windows-1251"}.get(letter.form, "utf-8")


def _received(moment: dt.datetime, letter: Letter) -> bytes:
    null_sender = letter.form in {"mail-bounce", "mail-auto"}
    sender = "" if null_sender else _sender_address(letter)
    return (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from mail.example.ru (mail.example.ru [192.0.2.25])\r\n"
        f"\tby mx.eirc-rb.example (Postfix) with ESMTPS id OD{letter.id}\r\n"
        f"\tfor <{MAILBOXES[letter.channel_address]}>; {format_datetime(moment)}\r\n"
        f"Received: from [198.51.100.7] (unknown [198.51.100.7])\r\n"
        f"\tby mail.example.ru with ESMTPSA id C{letter.id};\r\n"
        f"\t{format_datetime(moment - dt.timedelta(seconds=9))}\r\n"
    ).encode("ascii")


def _sender_address(letter: Letter) -> str:
    return FORM_ROBOT if letter.channel == "virtual_reception" else letter.sender.emails[0]


def _address(message: Message, letter: Letter, received_at: dt.datetime) -> None:
    charset = _charset_of(letter)
    if letter.channel == "virtual_reception":
        name = "Сайт ЕИРЦ РБ"
    else:
        name = " ".join(filter(None, [letter.sender.first_name, letter.sender.last_name]))
    message["Date"] = format_datetime(received_at - dt.timedelta(seconds=14))
    message["From"] = formataddr((name, _sender_address(letter)), charset)
    message["To"] = MAILBOXES[letter.channel_address]
    if letter.subject:
        message["Subject"] = Header(letter.subject, charset, maxlinelen=75, header_name="Subject").encode()
    message["Message-ID"] = f"<{letter.id.lower()}.{received_at:%Y%m%d%H%M}@mail.example.ru>"


def _plain_part(text: str, charset: str = "utf-8") -> MIMEText:
    if charset == "utf-8":
        quoted = Charset("utf-8")
        quoted.body_encoding = QP
        return MIMEText(text, "plain", quoted)  # type: ignore[arg-type]  # typeshed knows only str, the library takes both
    return MIMEText(text, "plain", charset)


def _plain(letter: Letter, text: str, _day: dt.date, _seed: int) -> Message:
    return _plain_part(text, _charset_of(letter))


def _html(_letter: Letter, text: str, _day: dt.date, _seed: int) -> Message:
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>\n" for part in text.strip().split("\n\n"))
    return MIMEText(
        "<html><head><style>p { font-family: Arial; font-size: 14px }</style></head>\n"
        f'<body>\n{paragraphs}<div style="color:#888">--<br>Отправлено с мобильного устройства</div>\n</body></html>\n',
        "html",
        "utf-8",
    )


def _mixed(letter: Letter, text: str, *parts: Message) -> Message:
    message = MIMEMultipart("mixed", boundary=f"----=_otvet_demo_{letter.id}")
    message.attach(_plain_part(text))
    for part in parts:
        message.attach(part)
    return message


def _named(part: Message, name: str) -> Message:
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def _pdf(letter: Letter, text: str, day: dt.date, _seed: int) -> Message:
    data = attachments.letter_pdf(letter, day)
    return _mixed(letter, text, _named(MIMEApplication(data, "pdf"), letter.extras.file_name or "письмо.pdf"))


def _docx(letter: Letter, text: str, day: dt.date, _seed: int) -> Message:
    data = attachments.letter_docx(letter, day)
    return _mixed(letter, text, _named(MIMEApplication(data, _DOCX), letter.extras.file_name or "письмо.docx"))


def _photo(letter: Letter, text: str, _day: dt.date, seed: int) -> Message:
    if letter.extras.photo is None:
        raise ValueError(f"Письмо {letter.id}: нет данных для фотографии.")
    data = attachments.meter_photo(letter.extras.photo.reading, letter.extras.photo.serial, seed=seed)
    return _mixed(letter, text, _named(MIMEImage(data, "jpeg"), "IMG_20.jpg"))


def _thread(letter: Letter, text: str, day: dt.date, _seed: int) -> Message:
    quoted = "".join(f"> {line}\n" for line in (letter.extras.quoted or "").strip().splitlines())
    written = day - dt.timedelta(days=2)
    return _plain_part(f"{text}\n{written:%d.%m.%Y}, ЕИРЦ РБ <{MAILBOXES['company']}> пишет:\n{quoted}")


def _exe(letter: Letter, text: str, _day: dt.date, _seed: int) -> Message:
    # Not a program: the two letters by which programs are known, and nothing that could run.
    harmless = b"MZ" + b"\x00" * 58 + b"\x40\x00\x00\x00" + b"Otvet demonstration, this is not a program.\r\n" * 8
    return _mixed(letter, text, _named(MIMEApplication(harmless, "pdf"), letter.extras.file_name or "счёт.pdf.exe"))


def _bounce(letter: Letter, text: str, received_at: dt.datetime) -> bytes:
    """A delivery failure report (RFC 3464) about a message that nobody here ever sent."""
    boundary = f"{letter.id}.{received_at:%Y%m%d}/mail.example.ru"
    lost, recipient = letter.extras.message_id, letter.extras.recipient
    sent = format_datetime(received_at - dt.timedelta(minutes=3))
    lines = [
        f"Date: {format_datetime(received_at)}",
        "From: MAILER-DAEMON@mail.example.ru (Mail Delivery System)",
        f"Subject: {letter.subject}",
        f"To: {MAILBOXES['company']}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status;",
        f'\tboundary="{boundary}"',
        f"Message-ID: <{letter.id.lower()}.{received_at:%Y%m%d%H%M}@mail.example.ru>",
        "",
        f"--{boundary}",
        "Content-Description: Notification",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        *text.strip().splitlines(),
        "",
        f"<{recipient}>: host mx.example.ru[192.0.2.77] said: 550 5.1.1 User unknown",
        "",
        f"--{boundary}",
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example.ru",
        f"Arrival-Date: {sent}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "Remote-MTA: dns; mx.example.ru",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        f"--{boundary}",
        "Content-Description: Undelivered Message Headers",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {lost}",
        f"From: {MAILBOXES['company']}",
        f"To: {recipient}",
        f"Date: {sent}",
        "",
        f"--{boundary}--",
        "",
    ]
    return _received(received_at, letter) + "\r\n".join(lines).encode("ascii")


_BODIES: dict[str, Callable[[Letter, str, dt.date, int], Message]] = {
    "mail-plain": _plain,
    "mail-html": _html,
    "mail-koi8": _plain,
    "mail-cp1251": _plain,
    "mail-pdf": _pdf,
    "mail-docx": _docx,
    "mail-photo": _photo,
    "mail-thread": _thread,
    "mail-auto": _plain,
    "mail-empty": _plain,
    "mail-exe": _exe,
}
