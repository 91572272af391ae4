"""The e-mail that carries a letter: our own passes, one with a single thing broken gives exactly that rule."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from email.message import EmailMessage
from typing import Any

import pytest
from support_check import context

from outbox.attachments import MailAttachment
from outbox.check import UnreadableLetterError, check_mail, load_rules
from outbox.mailout import MailOrder, build_mail, make_message_id
from rules.book import load
from rules.wire import LetterContext, Severity

RULES = load_rules()
COMPANY = load().company.model_dump(mode="json")
TEXT = """Уважаемый Андрей Павлович!

Направляем ответ на Ваше обращение (вх. № ВХ-2026-000123 от 05.11.2026) — письмо во вложении.

С уважением,
ООО «ЕИРЦ РБ»
"""
PETROV: dict[str, Any] = {
    "last_name": "Петров", "first_name": "Андрей", "patronymic": "Павлович", "email": "petrov@mail.example"
}  # fmt: skip
INCOMING: dict[str, Any] = {"number": "ВХ-2026-000123", "date": "2026-11-05", "reply_channel": "email"}


def case(**changes: Any) -> LetterContext:
    facts: dict[str, Any] = {"client": PETROV, "company": COMPANY, "incoming": INCOMING}
    return context(**{**facts, **changes})


def mail(files: dict[str, bytes] | None = None, **changes: Any) -> bytes:
    """An e-mail in any shape, also such as our own builder refuses."""
    message = EmailMessage()
    message["From"] = changes.get("sender", f"ЕИРЦ РБ <info@{COMPANY['email_domain']}>")
    message["To"] = changes.get("to", "petrov@mail.example")
    if "cc" in changes:
        message["Cc"] = changes["cc"]
    message["Subject"] = changes.get("subject", "О перерасчёте платы (вх. № ВХ-2026-000123)")
    message.set_content(changes.get("text", TEXT))
    if "html" in changes:
        message.add_alternative(changes["html"], subtype="html")
    for name, data in ({"Ответ.zip": zipped()} if files is None else files).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in (files or {"Ответ.pdf": b"%PDF-1.7"}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def locked() -> bytes:
    """A ZIP whose entry says that it is encrypted."""
    data = bytearray(zipped())
    for start in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[start] |= 1
    return bytes(data)


def rules(raw: bytes, facts: LetterContext | None = None) -> set[str]:
    return {finding.rule for finding in check_mail(raw, context=facts or case(), rulebook=RULES).findings}


def test_our_own_mail_gives_no_finding() -> None:
    order = MailOrder(
        message_id=make_message_id("eirc-rb.example"),
        otvet_id="1",
        date=dt.datetime(2026, 11, 16, 10, 0, tzinfo=dt.UTC),
        from_name="ООО «ЕИРЦ РБ»",
        from_address=f"info@{COMPANY['email_domain']}",
        to=["petrov@mail.example"],
        subject="О перерасчёте платы (вх. № ВХ-2026-000123)",
        text=TEXT,
        attachments=[MailAttachment(name="Ответ ИСХ-2026-000321.pdf", data=b"%PDF-1.7")],
    )
    report = check_mail(build_mail(order), context=case(), rulebook=RULES)
    assert report.findings == []
    assert report.unchecked == []


def test_the_plain_mail_of_these_tests_gives_no_finding() -> None:
    assert rules(mail()) == set()


BROKEN: list[tuple[str, str, bytes, dict[str, Any]]] = [
    ("another address", "EM-1", mail(to="ivanov@mail.example"), {}),
    ("two addresses", "EM-1", mail(to="petrov@mail.example, ivanov@mail.example"), {}),
    ("no address", "EM-1", mail(to=""), {}),
    ("extra copy", "EM-2", mail(cc="boss@mail.example"), {}),
    ("no subject", "EM-3", mail(subject=""), {}),
    ("an answer without a subject", "EM-3", mail(subject="Re: "), {}),
    ("a program in the archive", "EM-4", mail({"Ответ.zip": zipped(**{"счёт.pdf.exe": b"MZ"})}), {}),
    ("a program by content", "EM-4", mail({"Ответ.zip": zipped(**{"счёт.pdf": b"MZ\x90\x00"})}), {}),
    ("a reversed name", "EM-4", mail({"Ответ.zip": zipped(**{"счёт\u202efdp.exx": b"data"})}), {}),
    ("a program two archives deep", "EM-4", mail({"Ответ.zip": zipped(**{"в.zip": zipped(**{"а.cmd": b"x"})})}), {}),
    ("a bare file", "EM-5", mail({"Ответ.pdf": b"%PDF-1.7"}), {}),
    ("a document is no archive", "EM-5", mail({"Ответ.docx": zipped()}), {}),
    ("six megabytes", "EM-6", mail({"Ответ.zip": zipped(**{"а.pdf": b"\x00" * (6 * 2**20)})}), {}),
    ("macros", "EM-7", mail({"Ответ.zip": zipped(**{"Акт.docm": b"PK"})}), {}),
    ("a password", "EM-7", mail({"Ответ.zip": locked()}), {}),
    ("a script", "EM-7", mail(html="<p>Ответ во вложении</p><script>1</script>"), {}),
    ("a stranger's link", "EM-7", mail(html='<a href="https://bad.example/x">Ответ</a>'), {}),
    ("silent about the file", "EM-8", mail(text=TEXT.replace("во вложении", "готово")), {}),
    ("no salutation", "EM-9", mail(text=TEXT.replace("Уважаемый Андрей Павлович!", "Добрый день!")), {}),
    ("a line end in a header", "EM-10", b"X-Note: =?utf-8?q?a=0Ab?=\r\n" + mail(), {}),
    ("post was asked for", "CH-1", mail(), {"incoming": {**INCOMING, "reply_channel": "post"}}),
    ("a private mailbox", "CH-2", mail(sender="eirc@mail.example"), {}),
    ("a VIP organisation", "CH-4", mail(), {"client": {**PETROV, "segment": "B2B", "is_vip": True}}),
    ("a forgotten enclosure", "AP-5", mail(), {"enclosures": ["Акт сверки"]}),
    ("a promised file", "BO-5", mail(text=TEXT.replace("письмо", "файл Расчёт.xlsx и письмо")), {}),
]


@pytest.mark.parametrize(("rule", "raw", "facts"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_one_break_gives_one_rule(rule: str, raw: bytes, facts: dict[str, Any]) -> None:
    report = check_mail(raw, context=case(**facts), rulebook=RULES)
    assert {one.rule for one in report.findings} == {rule}, [(one.rule, one.message) for one in report.findings]
    assert all(one.message and one.suggestion and one.where for one in report.findings)


def test_every_rule_of_the_mail_is_broken_once() -> None:
    of_mail = {spec.id for spec in RULES.rules if "mail" in spec.views}
    assert of_mail == {rule for _, rule, _, _ in BROKEN}


def test_four_megabytes_are_a_warning() -> None:
    raw = mail({"Ответ.zip": b"PK\x03\x04" + b"\x00" * (4 * 2**20)})
    found = check_mail(raw, context=case(), rulebook=RULES).findings
    assert [(one.rule, one.severity) for one in found if one.rule == "EM-6"] == [("EM-6", Severity.WARNING)]


def test_what_the_client_agreed_to_is_no_break() -> None:
    large, bare = mail({"Ответ.zip": zipped(**{"а.pdf": b"\x00" * (6 * 2**20)})}), mail({"Ответ.pdf": b"%PDF-1.7"})
    agreed = case(client={**PETROV, "agreed_large": True, "unzipped": True})
    assert check_mail(large, context=agreed, rulebook=RULES).findings == []
    assert check_mail(bare, context=agreed, rulebook=RULES).findings == []


def test_without_a_case_what_needs_it_is_not_checked() -> None:
    report = check_mail(mail(), context=None, rulebook=RULES)
    assert {one.rule for one in report.unchecked} == {
        spec.id for spec in RULES.rules if {"mail", "context"} <= set(spec.views)
    }


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, "просто текст".encode(), b"PK\x03\x04"])
def test_what_is_no_mail_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableLetterError, match="электронное письмо"):
        check_mail(raw, context=None, rulebook=RULES)
