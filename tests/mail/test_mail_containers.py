"""Files within files of a mail: archives, winmail.dat, .msg, S/MIME, and photographs of telephones."""

from __future__ import annotations

import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pillow_heif
import pytest
import support_containers as made
from PIL import Image

from intake.document import read_document
from intake.files import FileType, sniff
from intake.limits import ReadSettings
from intake.mime import Message, understand
from intake.native import read_native
from rules.wire import Triage

pytestmark = pytest.mark.mail

TEXT = "Прошу сделать перерасчёт, документы во вложении."
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 30
FILES = {"Справка.pdf": PDF, "Заявление.txt": "Прошу пересчитать".encode()}


def mail(name: str, data: bytes, kind: str = "application/octet-stream", text: str = TEXT) -> bytes:
    message = EmailMessage()
    message["From"] = "ivan@example.org"
    message["Subject"] = "Перерасчёт"
    if text:
        message.set_content(text)
    maintype, _, subtype = kind.partition("/")
    message.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()


def seen(message: Message) -> list[tuple[str, str, str]]:
    return [(one.name, one.type, one.risk) for one in message.view.attachments]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def dos_zipped(name: str, data: bytes) -> bytes:
    """A ZIP as Windows' Explorer writes it in Russian: the name in code page 866 and no flag of UTF-8."""
    twin = "x" * len(name.encode("cp866"))
    return zipped({twin: data}).replace(twin.encode(), name.encode("cp866"))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("документы.zip", zipped(FILES), "application/zip"),
        ("документы.rar", made.rar(FILES), "application/vnd.rar"),
        ("документы.7z", made.seven_zip(FILES), "application/x-7z-compressed"),
        ("без расширения", zipped(FILES), "application/zip"),
    ],
)
def test_archives_are_opened_and_their_files_follow(name: str, data: bytes, kind: str) -> None:
    message = understand(mail(name, data))
    assert seen(message) == [
        (name, kind, "none"),
        ("Справка.pdf", "application/pdf", "none"),
        ("Заявление.txt", "text/plain", "none"),
    ]
    assert [one.data for one in message.attachments[1:]] == list(FILES.values())
    assert message.attachments[0].opened
    assert message.view.text == TEXT


def test_names_of_a_dos_zip_are_cyrillic() -> None:
    assert seen(understand(mail("a.zip", dos_zipped("Квитанция.pdf", PDF))))[1][0] == "Квитанция.pdf"


def test_archives_within_archives_have_a_floor() -> None:
    data = zipped({"0.txt": b"deep"})
    for number in range(1, 5):
        data = zipped({f"{number}.zip": data})
    found = seen(understand(mail("outer.zip", data)))
    assert [risk for _, _, risk in found] == ["none", "none", "none", "suspicious"]


@pytest.mark.parametrize(
    ("name", "data", "risk"),
    [
        ("locked.rar", made.rar({}, encrypted=True), "encrypted"),
        ("broken.rar", made.rar(FILES)[:-900], "suspicious"),
        ("broken.7z", made.seven_zip(FILES)[:60], "suspicious"),
        ("bomb.7z", made.seven_zip({"zeros": bytes(40_000_000)}), "suspicious"),
        ("many.zip", zipped({f"{number}.txt": b"x" for number in range(300)}), "suspicious"),
        ("virus.rar", made.rar({"a/setup.exe": b"MZ"}), "none"),
    ],
)
def test_what_is_not_opened_says_why(name: str, data: bytes, risk: str) -> None:
    message = understand(mail(name, data))
    assert seen(message)[0][2] == risk
    assert message.view.triage is Triage.NEW_APPEAL
    if name == "virus.rar":
        assert seen(message)[1][2] == "refused"
    else:
        assert len(message.attachments) == 1
        assert any("Вложение 1" in reason for reason in message.view.reasons)


def test_winmail_dat_gives_its_files_and_its_text_when_the_mail_has_none() -> None:
    data = made.tnef({"Справка.pdf": PDF}, TEXT.replace("ё", "е").encode("cp1251"))
    beside = understand(mail("winmail.dat", data, "application/ms-tnef"))
    assert (beside.view.text, seen(beside)) == (TEXT, [("Справка.pdf", "application/pdf", "none")])
    alone = understand(mail("winmail.dat", data, "application/ms-tnef", text=""))
    assert (alone.view.text, len(alone.attachments)) == (TEXT.replace("ё", "е"), 1)


def test_a_saved_outlook_message_is_read_as_the_message_that_it_is() -> None:
    data = made.msg("О перерасчёте", "client@example.org", TEXT, FILES)
    view = understand(data).view
    assert (view.subject, view.from_email, view.text) == ("О перерасчёте", "client@example.org", TEXT)
    assert [one.name for one in view.attachments] == list(FILES)
    attached = understand(mail("письмо.msg", data, text="См. вложение"))
    assert attached.view.text == "См. вложение"
    assert [name for name, _, _ in seen(attached)] == ["письмо.msg", *FILES]
    assert understand(mail("письмо.msg", data, text="")).view.text == TEXT


@pytest.mark.parametrize("cut", [600, 1_500, 3_000])
def test_damaged_outlook_containers_stay_files(cut: int) -> None:
    whole = made.msg("О перерасчёте", "client@example.org", TEXT, FILES)
    assert understand(whole[:cut]).view.reasons
    assert seen(understand(mail("письмо.msg", whole[:cut])))[0][0] == "письмо.msg"
    assert understand(mail("winmail.dat", made.tnef(FILES)[: cut // 20], "application/ms-tnef")).view.text == TEXT


def test_opaque_smime_is_opened_and_encrypted_is_told() -> None:
    entity = mail("Справка.pdf", PDF).split(b"\n", 2)[2]
    for name, kind in (("smime.p7m", "application/pkcs7-mime"), ("smime.p7m", "application/x-pkcs7-mime")):
        head = f"From: ivan@example.org\nSubject: x\nContent-Type: {kind}; name={name}\n"
        raw = head.encode() + b"Content-Transfer-Encoding: base64\n\n"
        import base64

        found = understand(raw + base64.encodebytes(made.signed(entity)))
        assert (found.view.text, seen(found)) == (TEXT, [("Справка.pdf", "application/pdf", "none")])
        locked = understand(raw + base64.encodebytes(made.sealed(entity)))
        assert [risk for _, _, risk in seen(locked)] == ["encrypted"]


def test_a_photograph_of_a_telephone_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    picture = Image.new("RGB", (700, 500), "white")
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=50)
    data = out.getvalue()
    assert sniff(data) is FileType.HEIC
    found = seen(understand(mail("IMG_1.jpg", data, "image/jpeg")))
    assert found == [("IMG_1.jpg", "image/heic", "suspicious")]
    reading = read_document(data, "IMG_1.heic", ReadSettings(workers=1))
    assert (len(reading.pages), reading.media_type) == (1, "image/heic")


def test_a_table_is_read_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Месяц", "Начислено", None, 1250.5])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert sniff(path.read_bytes()) is FileType.XLSX
    assert read_native(path, FileType.XLSX) == "Месяц\tНачислено\t\t1250.5"


def test_a_program_that_calls_itself_a_document_is_told() -> None:
    found = seen(understand(mail("счёт.pdf", b"MZ" + struct.pack("<30I", *range(30)))))
    assert found[0][2] == "refused"
    assert seen(understand(mail("счёт.pdf", b"\xff\xd8\xff\xe0" + bytes(100))))[0] == (
        "счёт.pdf",
        "image/jpeg",
        "suspicious",
    )
