"""E-mails that carry a letter, built as different programs do, and ten ways to break each rule that looks at them."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import encoders
from email.header import Header
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any, Final
from urllib.parse import quote

from support_check import context

from rules.book import load
from rules.wire import LetterContext

COMPANY: Final = load().company.model_dump(mode="json")
DOMAIN: Final = COMPANY["email_domain"]
PETROV: Final[dict[str, Any]] = {
    "last_name": "Петров", "first_name": "Андрей", "patronymic": "Павлович", "email": "petrov@mail.example"
}  # fmt: skip
INCOMING: Final[dict[str, Any]] = {"number": "ВХ-2026-000123", "date": "2026-11-05", "reply_channel": "email"}
TEXT: Final = """Уважаемый Андрей Павлович!

Направляем ответ на Ваше обращение (вх. № ВХ-2026-000123 от 05.11.2026) — письмо во вложении.

С уважением,
ООО «ЕИРЦ РБ»
"""
VIP: Final = {**PETROV, "segment": "B2B", "is_vip": True}


def zipped(**files: bytes) -> bytes:
    """A ZIP archive; without files it holds a small PDF."""
    return _archive(zipfile.ZIP_DEFLATED, files or {"Ответ.pdf": b"%PDF-1.7"})


def stored(**files: bytes) -> bytes:
    """An archive as large as what it holds."""
    return _archive(zipfile.ZIP_STORED, files)


def _archive(method: int, files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def locked(data: bytes = b"") -> bytes:
    """A ZIP whose entries say that they are encrypted."""
    made = bytearray(data or zipped())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + place] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


def _stored(name: str, size: int) -> bytes:
    """An archive of about ``size`` bytes."""
    return stored(**{name: b"%PDF-1.7" + b"\x00" * size})


@dataclass(frozen=True)
class Words:
    """What an e-mail says and carries; how it is written down is the builder's matter."""

    to: str = "petrov@mail.example"
    sender: str = f"ЕИРЦ РБ <info@{DOMAIN}>"
    cc: str | None = None
    subject: str = "О перерасчёте платы (вх. № ВХ-2026-000123)"
    text: str = TEXT
    html: str | None = None
    files: dict[str, bytes] = field(default_factory=lambda: {"Ответ.zip": zipped()})
    raw: bytes = b""
    """Header lines put before all others as they are."""


def modern(words: Words) -> bytes:
    """As Python's own library writes it: UTF-8, quoted-printable, names by RFC 2231."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = words.sender, words.to, words.subject
    if words.cc is not None:
        message["Cc"] = words.cc
    message.set_content(words.text)
    if words.html is not None:
        message.add_alternative(words.html, subtype="html")
    for name, data in words.files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return words.raw + message.as_bytes()


def _named(header: str, value: str, charset: str) -> str:
    return f"{header}: {Header(value, charset, maxlinelen=60).encode()}\r\n"


def _address(value: str, charset: str) -> str:
    name, bracket, rest = value.partition(" <")
    return f"{Header(name, charset).encode()} <{rest}" if bracket else value


def outlook(words: Words) -> bytes:
    """As mail programs of the nineties do: windows-1251, base64, the file's name in ``name=`` as an encoded word."""
    charset = "windows-1251"
    outer = MIMEMultipart("mixed", "----=_NextPart_000")
    text = words.text.encode(charset, "replace").decode(charset)
    parts: list[Any] = [MIMEText(text, "plain", charset)]
    if words.html is not None:
        both = MIMEMultipart("alternative", "----=_NextPart_001", [*parts, MIMEText(words.html, "html", charset)])
        parts = [both]
    for part in parts:
        outer.attach(part)
    for name, data in words.files.items():
        part = MIMEBase("application", "x-zip-compressed")
        part.set_payload(data)
        encoders.encode_base64(part)
        part["Content-Type"] = f'application/x-zip-compressed; name="{Header(name, "utf-8").encode()}"'
        del part["Content-Type"]
        part.add_header("Content-Type", f'application/x-zip-compressed; name="{Header(name, "utf-8").encode()}"')
        part.add_header("Content-Disposition", "attachment")
        outer.attach(part)
    head = f"From: {_address(words.sender, charset)}\r\nTo: {words.to}\r\n"
    head += f"Cc: {words.cc}\r\n" if words.cc is not None else ""
    head += _named("Subject", words.subject, charset).replace("\n ", "\n\t")
    return words.raw + head.encode() + outer.as_bytes()


def webmail(words: Words) -> bytes:
    """As a web mailer writes it by hand: raw 8-bit text, names percent-encoded, everything in a related part."""
    border = "==bound42=="
    lines = [f"From: {_address(words.sender, 'utf-8')}", f"To: {words.to}"]
    lines += [f"CC: {words.cc}"] if words.cc is not None else []
    encoded = base64.b64encode(words.subject.encode()).decode()
    lines += [f"Subject: =?UTF-8?B?{encoded}?="] if words.subject else ["Subject:"]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/related; boundary="{border}"', "", f"--{border}"]
    lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", words.text]
    if words.html is not None:
        lines += [f"--{border}", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit", ""]
        lines += [words.html]
    for name, data in words.files.items():
        lines += [f"--{border}", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"]
        lines += [f"Content-Disposition: attachment; filename*=UTF-8''{quote(name)}", ""]
        lines += [base64.encodebytes(data).decode()]
    return words.raw + "\r\n".join([*lines, f"--{border}--", ""]).encode()


MAIL_BUILDS: Final[dict[str, Callable[[Words], bytes]]] = {"modern": modern, "outlook": outlook, "webmail": webmail}


@dataclass(frozen=True)
class MailBreak:
    """An e-mail with one thing broken; ``may``: other rules that it violates as well."""

    rule: str
    number: int
    words: Words
    facts: dict[str, Any]
    may: frozenset[str] = frozenset()


def _inside(**files: bytes) -> Words:
    return Words(files={"Ответ.zip": zipped(**files)})


def _text(old: str, new: str) -> Words:
    return Words(text=TEXT.replace(old, new))


def _tar(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def _ways() -> dict[str, list[Words | tuple[Words, dict[str, Any]]]]:
    megabyte = 2**20
    salutation, regards = "Уважаемый Андрей Павлович!", "С уважением,\nООО «ЕИРЦ РБ»"
    html = "<p>Ответ во вложении.</p>"
    post = {"incoming": {**INCOMING, "reply_channel": "post"}}
    by_hand = {"incoming": {**INCOMING, "reply_channel": "hand_delivered"}}
    missing = "письмо во вложении"
    return {
        "EM-1": [
            Words(to="ivanov@mail.example"), Words(to=""), Words(to="petrov@mail.example, ivanov@mail.example"),
            Words(to="petrov@mail.example.com"), Words(to="petrova@mail.example"), Words(to="info@mail.example"),
            Words(to="petrov@mall.example"), Words(to="ivanov@mail.example, petrov@mail.example"),
            Words(to=f"info@{DOMAIN}"), Words(to="undisclosed-recipients:;"),
        ],
        "EM-2": [
            Words(cc=f"boss@{DOMAIN}"), Words(cc="a@mail.example"), Words(cc="a@mail.example, b@mail.example"),
            Words(cc="petrova@mail.example"), Words(cc="press@mail.example"), Words(cc="Adm <adm@mail.example>"),
            Words(cc="petrov@mail.example"), (Words(cc="c@mail.example"), {"copy_to": ""}),
            Words(cc="x@y.example"), (Words(cc="d@mail.example"), {"client": {**PETROV, "is_vip": False}}),
        ],
        "EM-3": [
            Words(subject=""), Words(subject="Re: "), Words(subject="Fwd:"), Words(subject="   "), Words(subject="RE:"),
            Words(subject="Отв: "), Words(subject="Пер:"), Words(subject="FW: "), Words(subject="re : "),
            Words(subject="Re: Re: "),
        ],
        "EM-4": [
            _inside(**{"счёт.pdf.exe": b"x"}), _inside(**{"счёт.pdf": b"MZ\x90\x00"}),
            _inside(**{"счёт\u202efdp.exx": b"data"}), _inside(**{"в.zip": zipped(**{"а.cmd": b"x"})}),
            _inside(**{"ПУСК.BAT": b"x"}), _inside(**{"акт.scr": b"x"}), _inside(**{"акт.pif ": b"x"}),
            _inside(**{"a/b/акт.com": b"x"}), _inside(скрипт=b"#!/bin/sh\n"), _inside(файл=b"\x7fELF"),
        ],
        "EM-5": [
            Words(files={"Ответ.pdf": b"%PDF-1.7"}), Words(files={"Ответ.docx": zipped()}),
            Words(files={"Ответ.zip": b"%PDF-1.7"}), Words(files={"Ответ.rtf": b"{\\rtf1 }"}),
            Words(files={"Скан.jpg": b"\xff\xd8\xff\xe0"}), Words(files={"Ответ.zip": zipped(), "Акт.pdf": b"%PDF-1.7"}),
            Words(files={"Ответ.tar": _tar("Ответ.pdf", b"%PDF-1.7")}), Words(files={"Ответ.odt": zipped()}),
            Words(files={"Ответ.pdf.gz": gzip.compress(b"%PDF-1.7")}), Words(files={"Ответ": zipped()}),
        ],
        "EM-6": [
            *(Words(files={"Ответ.zip": _stored("а.pdf", int(size * megabyte))}) for size in (3.2, 4, 4.9, 5.2, 6, 7)),
            Words(files={f"Часть {at}.zip": _stored("а.pdf", megabyte) for at in range(4)}),
            Words(files={f"Часть {at}.zip": _stored("а.pdf", 2 * megabyte) for at in range(3)}),
            (Words(files={"Ответ.zip": _stored("а.pdf", 6 * megabyte)}), {"client": {**PETROV, "agreed_large": None}}),
            (Words(files={"Ответ.zip": _stored("а.pdf", 4 * megabyte)}), {"client": {**PETROV, "agreed_large": False}}),
        ],
        "EM-7": [
            _inside(**{"Акт.docm": b"PK"}), _inside(**{"Расчёт.xlsm": b"PK"}), Words(files={"Ответ.zip": locked()}),
            _inside(**{"закрыто.zip": locked()}), Words(html=f"{html}<script>1</script>"),
            Words(html=f'{html}<a href="https://bad.example/x">здесь</a>'), Words(html=f'{html}<img src="http://a.example/1">'),
            Words(html=f'{html}<iframe src="//{DOMAIN}/a"></iframe>'), Words(html=f'{html}<form action="/x"></form>'),
            Words(html=f'{html}<a href="javascript:go()">здесь</a>'),
        ],
        "EM-8": [
            *(_text(missing, new) for new in ("ответ готов", "ответ даём ниже", "он подписан", "ответ дан", "просим прочесть",
                                              "всё готово", "ждём Вас", "спасибо", "ответ окончательный", "он положительный")),
        ],
        "EM-9": [
            *(_text(salutation, new) for new in ("Добрый день!", "Здравствуйте!", "", "Андрей Павлович!", "Приветствуем!")),
            *(_text(regards, new) for new in ("", "ЕИРЦ", "До свидания!", "Оператор 5")),
            Words(text=f"Направляем {missing}."),
        ],
        "EM-10": [
            *(Words(raw=line) for line in (
                b"X-Note: =?utf-8?q?a=0Ab?=\r\n", b"X-Note: =?utf-8?q?a=0D=0Ab?=\r\n", b"Reply-To: =?utf-8?q?=0Ax?= <a@b.example>\r\n",
                b"X-A: =?utf-8?b?YQpi?=\r\n", b"X-A: a\x07b\r\n", b"X-A: a\x0bb\r\n", b"X-A: =?utf-8?b?4oCuYWI=?=\r\n",
                b"X-A: =?utf-8?q?=00?=\r\n", b"X-A: =?koi8-r?q?=0A?=\r\n", b"Comments: =?utf-8?q?ok=0ABcc:_x@y?=\r\n",
            )),
        ],
        "CH-1": [
            (Words(), post), (Words(), by_hand), (Words(files={}, text=_text("письмо во вложении", "прочтите").text), post),
            (Words(html=html), by_hand),
            (Words(), {"incoming": {**INCOMING, "reply_channel": "post", "channel": "email"}}),
            (Words(), {"incoming": {**INCOMING, "reply_channel": "hand_delivered", "channel": "lkk"}}),
            (Words(files={"Ответ.zip": zipped(), "Акт.zip": zipped(акт=b"%PDF-1.7")}), post),
            (Words(), {**by_hand, "client": {**PETROV, "segment": "B2C", "is_vip": True}}),
            (Words(cc="accounts@mail.example"), {**post, "copy_to": "Главному бухгалтеру Ганиной Р.Т."}),
            (Words(files={"Ответ.pdf": b"%PDF-1.7"}), {**post, "client": {**PETROV, "unzipped": True}}),
        ],
        "CH-2": [
            *(Words(sender=one) for one in (
                "eirc@mail.example", "ЕИРЦ РБ <eirc.rb@mail.example>", f"info@{DOMAIN}.mail.example", f"info@x{DOMAIN}",
                f"info@sub.{DOMAIN}", "petrov@mail.example", f"info@{DOMAIN.replace('.', '-')}.example", "a@b.example",
                f"«info@{DOMAIN}» <director@mail.example>", "info@localhost",
            )),
        ],
        "CH-4": [
            (Words(), {"client": VIP}), (Words(), {"client": {**VIP, "segment": "B2B2C"}}),
            (Words(html=html), {"client": VIP}), (Words(html=html), {"client": {**VIP, "segment": "B2B2C"}}),
            (Words(), {"client": VIP, "incoming": {**INCOMING, "channel": "edo"}}), (Words(), {"client": VIP, "incoming": None}),
            (Words(files={}, text=_text("письмо во вложении", "прочтите").text), {"client": VIP}),
            (Words(cc="accounts@mail.example"), {"client": VIP, "copy_to": "Главному бухгалтеру Ганиной Р.Т."}),
            (Words(files={"Ответ.pdf": b"%PDF-1.7"}), {"client": {**VIP, "unzipped": True}}),
            (Words(files={"Ответ.zip": zipped(), "Акт.zip": zipped(акт=b"%PDF-1.7")}), {"client": {**VIP, "rank": 1}}),
        ],
        "AP-5": [
            *((Words(), {"enclosures": [title]}) for title in (
                "Акт сверки", "Расчёт платы", "Справка об оплате", "Договор энергоснабжения", "Квитанция за ноябрь",
                "Платёжное поручение", "Протокол собрания")),
            (Words(), {"enclosures": ["Акт сверки", "Расчёт платы"]}),
            (_inside(**{"Справка.pdf": b"%PDF"}), {"enclosures": ["Справка", "Расчёт платы"]}),
            (_inside(**{"Расчёт.pdf": b"%PDF"}), {"enclosures": ["Протокол собрания"]}),
        ],
        "BO-5": [
            *(_text("письмо во", f"файл {name} и письмо во") for name in (
                "Расчёт.xlsx", "Акт.pdf", "Договор.docx", "Справка.doc", "Реестр.xls", "Письмо.odt", "Заявление.rtf",
                "Документы.zip", "Счёт_11.pdf", "Скан-2.rar")),
        ],
    }  # fmt: skip


def mail_breaks() -> Iterator[MailBreak]:
    """Every way to break every rule of the mail."""
    may = {"CH-1": frozenset[str](), "AP-5": frozenset({"EM-8"})}
    for rule, ways in _ways().items():
        for number, way in enumerate(ways):
            words, facts = way if isinstance(way, tuple) else (way, {})
            yield MailBreak(rule, number, words, facts, may.get(rule, frozenset()))


def mail_case(facts: dict[str, Any]) -> LetterContext:
    """The case of the e-mail."""
    return context(**{"client": PETROV, "company": COMPANY, "incoming": INCOMING, **facts})
