"""Attacks by attachment, each by itself: the file is marked, and the letter is registered and answered all the same."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from intake.mime import understand
from rules.wire import Triage

VBA = "_VBA_PROJECT".encode("utf-16-le")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**files: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return output.getvalue()


def office(kind: str, *, macros: bool) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", f"{kind}/{'document' if kind == 'word' else 'workbook'}.xml": b"<x/>"}
    if macros:
        parts[f"{kind}/vbaProject.bin"] = OLE + bytes(100)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


def locked() -> bytes:
    """A ZIP whose member says that it is encrypted, in both of its headers."""
    data = bytearray(zipped(**{"secret.txt": b"words"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


ATTACKS = [
    ("macros in a new document", "счёт.docx", office("word", macros=True), "suspicious"),
    ("macros in a new table", "расчёт.xlsm", office("xl", macros=True), "suspicious"),
    ("macros in an old document", "акт.doc", OLE + bytes(504) + VBA, "suspicious"),
    ("a program", "setup.exe", b"MZ" + bytes(60), "refused"),
    ("a program by its content alone", "квитанция.pdf", b"MZ\x90\x00" + bytes(60), "refused"),
    ("a program of Linux", "photo.jpg", b"\x7fELF" + bytes(60), "refused"),
    ("two extensions", "квитанция.pdf.exe", b"words", "refused"),
    ("a turned name", "счёт\u202efdp.scr", b"words", "refused"),
    ("a script", "письмо.js", b"alert(1)", "refused"),
    ("a shortcut", "договор.lnk", b"L\x00\x00\x00", "refused"),
    ("a program in an archive", "документы.zip", zipped(**{"a__setup.exe": b"MZ"}), "refused"),
    ("an archive bomb", "фото.zip", zipped(**{"zeros.bin": bytes(60_000_000)}), "suspicious"),
    ("a path out of the archive", "акт.zip", zipped(**{"..__..__etc__passwd": b"root"}), "suspicious"),
    ("an archive with a password", "паспорт.zip", locked(), "encrypted"),
    ("a broken archive", "скан.zip", zipped(**{"a.txt": b"x" * 500})[:-30], "suspicious"),
    ("what it is not", "справка.pdf", b"\x89PNG\r\n\x1a\n" + bytes(60), "suspicious"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "risk"), [one[1:] for one in ATTACKS], ids=[one[0] for one in ATTACKS])
def test_the_file_is_marked_and_the_letter_goes_on(name: str, data: bytes, risk: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "client@mail.example", "Перерасчёт"
    mail.set_content("Прошу сделать перерасчёт.")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    message = understand(mail.as_bytes())
    assert message.view.triage is Triage.NEW_APPEAL
    assert message.view.text == "Прошу сделать перерасчёт."
    assert message.attachments[0].risk == risk
    assert any("Вложение 1" in reason for reason in message.view.reasons)
    assert all("/" not in one.name and "\u202e" not in one.name for one in message.attachments)


@pytest.mark.parametrize("kind", ["word", "xl"])
def test_a_document_without_macros_is_no_attack(kind: str) -> None:
    mail = EmailMessage()
    mail["From"] = "client@mail.example"
    mail.set_content("Прошу.")
    name = "письмо.docx" if kind == "word" else "расчёт.xlsx"
    mail.add_attachment(office(kind, macros=False), maintype="application", subtype="octet-stream", filename=name)
    assert understand(mail.as_bytes()).attachments[0].risk == "none"
