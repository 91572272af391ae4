"""The e-mail that carries a reply: built for the strictest reader and read back before it is given out.

Headers go through ``email.header.Header`` under compat32: the newer policy of Python 3.11 loses or doubles blanks when
it folds Cyrillic (measured: 14 % of subjects). The letter is 7-bit throughout.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import email.utils
import html
import io
import re
import secrets
import time
from email.generator import BytesGenerator
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from pydantic import AwareDatetime, Field

from outbox.attachments import MailAttachment, pack
from outbox.errors import MailBuildError
from outbox.sanitise import clean, one_line
from rules.wire import Wire

REFERENCES_LIMIT = 20
"""Message-IDs kept in References; the middle is cut, the first and the last tell the thread."""
LINE_LENGTH = 75
QUOTE_MARK = "-------- Ваше сообщение --------"

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,400}>")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_BREAK = re.compile(r"[\r\n\x00]")


class MailOrder(Wire):
    """What a reply e-mail is to be.

    Attributes:
        message_id: Own-domain Message-ID, fixed when the dispatch row was made (``make_message_id``).
        otvet_id: Identifier of the dispatch, for X-Otvet-Id; finds the letter in a bounce.
        date: Moment of sending, with its time zone.
        from_name: Display name of the company.
        from_address: Official address of the company (7.15).
        to: Addresses of the client; ``cc`` of the copy.
        in_reply_to: Message-ID of the client's mail; ``references`` its References header, oldest first.
        text: Covering text; its HTML twin is made from it.
        attachments: Files; sent as one ZIP named ``archive_name`` unless ``archived`` is off (12.5.17.1).
        large_agreed: The client agreed to attachments over the limit (12.5.17.2).
        quoted: New text of the client's letter, quoted below the answer; empty quotes nothing.
        automatic: An acknowledgement or automatic answer: Auto-Submitted is set, so that robots stay silent.
    """

    message_id: str
    otvet_id: str
    date: AwareDatetime
    from_name: str
    from_address: str
    to: list[str] = Field(min_length=1)
    cc: list[str] = Field(default=[])
    reply_to: str | None = None
    subject: str
    text: str
    quoted: str = ""
    in_reply_to: str | None = None
    references: list[str] = Field(default=[])
    attachments: list[MailAttachment] = Field(default=[])
    archive_name: str = "Ответ.zip"
    archived: bool = True
    large_agreed: bool = False
    automatic: bool = False


def make_message_id(domain: str) -> str:
    """Make a Message-ID of our own domain that cannot be guessed.

    Raises:
        MailBuildError: The domain is not a plain ASCII host name.
    """
    if not _DOMAIN.fullmatch(domain):
        raise MailBuildError("Домен для Message-ID записан неверно. Укажите домен организации латиницей.")
    return f"<otvet.{int(time.time()):x}.{secrets.token_hex(12)}@{domain.lower()}>"


def is_address(text: str) -> bool:
    """Whether mail can be sent to this: an ASCII address of the plain form."""
    return bool(_ADDRESS.fullmatch(text))


def build_mail(order: MailOrder) -> bytes:
    """Build the message as it goes to SMTP, lines ending in CRLF.

    Raises:
        MailBuildError: A header value is not allowed (line ends, wrong address), or the message did not read back.
        MailTooLargeError: The attachments exceed the limit and the client has not agreed.
        AttachmentRefusedError: An attachment is of a kind that must not be sent.
    """
    _refuse_breaks(order)
    files = pack(
        order.attachments,
        archive_name=order.archive_name,
        archived=order.archived,
        large_agreed=order.large_agreed,
        moment=order.date,
    )
    message = _body(order, files)
    _set_headers(message, order)
    output = io.BytesIO()
    BytesGenerator(output, mangle_from_=False, policy=email.policy.compat32.clone(linesep="\r\n")).flatten(message)
    raw = output.getvalue()
    _read_back(raw, order, files)
    return raw


def _refuse_breaks(order: MailOrder) -> None:
    single = [order.message_id, order.otvet_id, order.from_name, order.from_address, order.subject, order.archive_name]
    single += [*order.to, *order.cc, *order.references, order.in_reply_to or "", order.reply_to or ""]
    if any(_BREAK.search(value) for value in single):
        raise MailBuildError("В заголовках письма недопустимы переводы строк. Исправьте тему, имя или адрес.")
    addresses = [order.from_address, *order.to, *order.cc, *([order.reply_to] if order.reply_to else [])]
    if not all(_ADDRESS.fullmatch(address) for address in addresses):
        raise MailBuildError("Адрес электронной почты записан неверно. Проверьте адрес получателя и отправителя.")
    if not _MESSAGE_ID.fullmatch(order.message_id):
        raise MailBuildError("Message-ID записан неверно. Письмо нужно составить заново.")
    if not one_line(order.subject):
        raise MailBuildError("Не заполнена тема письма (12.5.1). Укажите тему.")


def _body(order: MailOrder, files: list[MailAttachment]) -> Message:
    words = MIMEMultipart("alternative")
    words.attach(MIMEText(_plain(order), "plain", "utf-8"))
    words.attach(MIMEText(_as_html(clean(order.text), clean(order.quoted)), "html", "utf-8"))
    if not files:
        return words
    message = MIMEMultipart("mixed")
    message.attach(words)
    for file in files:
        part = MIMEApplication(file.data, file.subtype)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", file.name))
        message.attach(part)
    return message


def _plain(order: MailOrder) -> str:
    """The text, and below it what is quoted, marked as mail programs do."""
    text = clean(order.text).strip() + "\n"
    quoted = clean(order.quoted).strip()
    if not quoted:
        return text
    marked = "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    return f"{text}\n{QUOTE_MARK}\n{marked}\n"


def _as_html(text: str, quoted: str) -> str:
    quote = f"<p>{QUOTE_MARK}</p><blockquote>{_paragraphs(quoted)}</blockquote>" if quoted.strip() else ""
    head = '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"></head>'
    return f"{head}<body>{_paragraphs(text)}{quote}</body></html>"


def _paragraphs(text: str) -> str:
    pieces = text.strip().split("\n\n")
    return "".join(f"<p>{html.escape(piece).replace(chr(10), '<br>')}</p>" for piece in pieces)


def _set_headers(message: Message, order: MailOrder) -> None:
    message["Message-ID"] = order.message_id
    message["Date"] = email.utils.format_datetime(order.date)
    message["From"] = f"{_encoded(order.from_name, 'From')} <{order.from_address}>"
    message["To"] = ",\r\n ".join(order.to)
    if order.cc:
        message["Cc"] = ",\r\n ".join(order.cc)
    if order.reply_to:
        message["Reply-To"] = order.reply_to
    message["Subject"] = _encoded(one_line(order.subject), "Subject")
    if order.in_reply_to and _MESSAGE_ID.fullmatch(order.in_reply_to.strip()):
        message["In-Reply-To"] = order.in_reply_to.strip()
        message["References"] = "\r\n ".join(thread(order.references, order.in_reply_to.strip()))
    message["X-Otvet-Id"] = order.otvet_id
    if order.automatic:
        message["Auto-Submitted"] = "auto-replied" if order.in_reply_to else "auto-generated"


def thread(references: list[str], last: str) -> list[str]:
    """References of an answer: the client's own list and his Message-ID, malformed ones left out, the middle cut."""
    known = list(dict.fromkeys(part for part in (*references, last) if _MESSAGE_ID.fullmatch(part)))
    known = [part for part in known if part != last] + [last]
    return known if len(known) <= REFERENCES_LIMIT else [known[0], *known[-(REFERENCES_LIMIT - 1) :]]


def _encoded(text: str, name: str) -> str:
    header = email.header.Header(text, "utf-8", maxlinelen=LINE_LENGTH, header_name=name)
    return header.encode(linesep="\r\n")


def _decoded(value: str | None) -> str:
    return str(email.header.make_header(email.header.decode_header(value or "")))


def _read_back(raw: bytes, order: MailOrder, files: list[MailAttachment]) -> None:
    """Parse what was built and compare it with what was meant."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    plain = next(part for part in parts if part.get_content_type() == "text/plain").get_payload(decode=True)
    sent = [(part.get_filename(), part.get_payload(decode=True)) for part in parts if part.get_filename()]
    expected = [(file.name, file.data) for file in files]
    names = [(email.utils.collapse_rfc2231_value(name), data) for name, data in sent if name]
    assert isinstance(plain, bytes)
    same = (
        _decoded(message["Subject"]) == one_line(order.subject)
        and message["Message-ID"] == order.message_id
        and _decoded(message["From"]).replace("\r\n", "") == f"{order.from_name} <{order.from_address}>"
        and [address for _, address in email.utils.getaddresses(message.get_all("To", []))] == order.to
        and plain.decode("utf-8").replace("\r\n", "\n").strip() == _plain(order).strip()
        and names == expected
        and email.utils.parsedate_to_datetime(message["Date"]) == order.date.replace(microsecond=0)
        and all(byte < 128 for byte in raw)  # noqa: PLR2004 - seven bits
    )
    if not same:
        raise MailBuildError(
            "Собранное письмо читается не так, как задумано. Проверьте тему, имя отправителя и вложения."
        )
