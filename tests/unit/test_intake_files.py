"""Types by content, conflicts of names, refusals."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from support_intake import picture, text_pdf, tiff, typed_page

from intake.files import FileType, admit, name_conflict, sniff
from intake.limits import ReadSettings
from intake.refusal import RefusedError


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def _docx() -> bytes:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Прошу сделать перерасчёт")
    document.save(buffer)
    return buffer.getvalue()


SMALL = typed_page(dpi=50)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (text_pdf("Письмо"), FileType.PDF),
        (b"\xef\xbb\xbf\n" + text_pdf("Письмо"), FileType.PDF),
        (picture(SMALL, "PNG"), FileType.PNG),
        (picture(SMALL, "JPEG"), FileType.JPEG),
        (picture(SMALL, "WEBP"), FileType.WEBP),
        (picture(SMALL, "BMP"), FileType.OTHER_IMAGE),
        (picture(SMALL, "GIF"), FileType.OTHER_IMAGE),
        (tiff(SMALL), FileType.TIFF),
        (_docx(), FileType.DOCX),
        (_zip(mimetype=b"application/vnd.oasis.opendocument.text"), FileType.ODT),
        (_zip(**{"[Content_Types].xml": b"<x/>", "xl__workbook.xml": b"<x/>"}), FileType.XLSX),
        (_zip(**{"письмо.txt": b"x"}), FileType.ZIP),
        (b"PK\x03\x04 broken", FileType.ZIP),
        (b"Rar!\x1a\x07\x01\x00", FileType.RAR),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", FileType.SEVEN_ZIP),
        (b"MZ\x90\x00\x03\x00\x00\x00", FileType.EXECUTABLE),
        (b"\x7fELF\x02\x01\x01\x00", FileType.EXECUTABLE),
        (b"#!/bin/sh\nrm -rf /\n", FileType.EXECUTABLE),
        (rb"{\rtf1\ansi Text}", FileType.RTF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), FileType.DOC),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), FileType.ENCRYPTED_OFFICE),
        (b"<!DOCTYPE html><html><body>x</body></html>", FileType.HTML),
        (b"  <HTML><p>x", FileType.HTML),
        ("From: a@b.ru\r\nSubject: x\r\n\r\nтекст".encode(), FileType.MAIL),
        ("Прошу перерасчёт".encode(), FileType.TXT),
        ("Прошу сделать перерасчёт платы".encode("cp1251"), FileType.TXT),
        ("Прошу сделать перерасчёт платы".encode("koi8-r"), FileType.TXT),
        ("Прошу".encode("utf-16"), FileType.TXT),
        (("Прошу перерасчёт. " * 400).encode(), FileType.TXT),
        ("Тема: вопрос\nсрок: завтра".encode(), FileType.TXT),
        (b"\x00\x01\x02\x03" * 50, FileType.UNKNOWN),
        (bytes(range(256)) * 4, FileType.UNKNOWN),
    ],
)
def test_type_is_told_by_content(data: bytes, kind: FileType) -> None:
    assert sniff(data) is kind


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "скан.pdf", "empty"),
        (b"MZ\x90\x00\x03\x00", "скан.pdf", "unsupported"),
        (b"\x00\x01\x02\x03" * 50, "скан.pdf", "wrong_content"),
        (b"\x00\x01\x02\x03" * 50, "скан.xyz", "unsupported"),
        (_zip(**{"a.txt": b"x"}), "a.zip", "unsupported"),
        (b"x" * 2000, "a.txt", "too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        ("From: a@b.ru\nSubject: x\n\nтекст".encode(), "a.eml", "unsupported"),
    ],
)
def test_refusals_have_code_and_russian_reason(data: bytes, name: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        admit(data, name, ReadSettings(max_bytes=1000))
    assert refused.value.code == code
    assert any("а" <= char <= "я" for char in str(refused.value))


def test_extension_that_lies_is_named() -> None:
    assert name_conflict("скан.PDF", FileType.HTML) is not None
    assert name_conflict("скан.pdf", FileType.PDF) is None
    assert name_conflict("скан", FileType.PDF) is None
    assert name_conflict("письмо.doc", FileType.RTF) is None
