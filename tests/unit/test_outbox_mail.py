from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import zipfile
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.attachments import SIZE_LIMIT, MailAttachment
from outbox.errors import AttachmentRefusedError, MailBuildError, MailTooLargeError
from outbox.mailout import REFERENCES_LIMIT, MailOrder, build_mail, make_message_id, thread

PDF = MailAttachment(name="Ответ ИСХ-2026-000017.pdf", data=b"%PDF-1.4 ...")


def order(**changes: Any) -> MailOrder:
    made = MailOrder(
        message_id="<otvet.1@eirc-rb.example>",
        otvet_id="D-17",
        date=dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=5))),
        from_name="ООО «ЕИРЦ РБ»",
        from_address="office@eirc-rb.example",
        to=["client@example.org"],
        subject="О перерасчёте платы (вх. № ВХ-2026-000123)",
        text="Уважаемый Никита Ильич!\n\nОтвет <приложен> & заверен.",
        in_reply_to="<a@example.org>",
        references=["<root@example.org>"],
        attachments=[PDF],
    )
    return made.model_copy(update=changes)


def parsed(**changes: Any) -> Message:
    return email.message_from_bytes(build_mail(order(**changes)), policy=email.policy.compat32)


def test_mail_stands_in_the_thread_and_carries_the_letter_in_a_zip() -> None:
    message = parsed()
    assert message["Message-ID"] == "<otvet.1@eirc-rb.example>"
    assert message["In-Reply-To"] == "<a@example.org>"
    assert message["References"].split() == ["<root@example.org>", "<a@example.org>"]
    assert message["X-Otvet-Id"] == "D-17"
    assert message["Date"].endswith("+0500")
    assert message["Auto-Submitted"] is None
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "application/zip",
    ]
    *_, archive = message.walk()
    assert archive.get_filename() == "Ответ.zip"
    payload = archive.get_payload(decode=True)
    assert isinstance(payload, bytes)
    with zipfile.ZipFile(io.BytesIO(payload)) as files:
        assert files.namelist() == ["Ответ ИСХ-2026-000017.pdf"]
        assert files.read(PDF.name) == PDF.data
        assert files.infolist()[0].flag_bits & 0x800


def test_html_twin_escapes_what_the_text_says() -> None:
    html = next(part for part in parsed().walk() if part.get_content_type() == "text/html").get_payload(decode=True)
    assert isinstance(html, bytes)
    assert "&lt;приложен&gt; &amp; заверен" in html.decode()


def test_automatic_mail_says_so() -> None:
    assert parsed(automatic=True)["Auto-Submitted"] == "auto-replied"
    assert parsed(automatic=True, in_reply_to=None)["Auto-Submitted"] == "auto-generated"


@settings(max_examples=150)
@given(st.text(alphabet="абвгдежзиклмнопрстуфхцчшщъыьэюяё АБВGHIxyz№«»—-,.()0123456789", min_size=1, max_size=200))
def test_subjects_and_names_survive_folding(text: str) -> None:
    subject = f"О{text}"
    raw = build_mail(order(subject=subject, from_name=f"О {' '.join(text.split())}".strip(), attachments=[]))
    read = email.message_from_bytes(raw)["Subject"]
    assert str(make_header(decode_header(read))) == " ".join(subject.split())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Тема\r\nBcc: other@example.org"},
        {"from_name": "Имя\nX: y"},
        {"to": ["a@example.org\r\nBcc: b@example.org"]},
        {"to": ["не адрес"]},
        {"message_id": "нет"},
        {"in_reply_to": "<a@b>\r\nX-Evil: 1"},
        {"subject": "  "},
    ],
)
def test_header_injection_and_nonsense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(MailBuildError):
        build_mail(order(**changes))


@pytest.mark.parametrize(
    "file",
    [
        MailAttachment(name="счёт.pdf.EXE", data=b"x"),
        MailAttachment(name="счёт.pdf", data=b"MZ\x90\x00"),
        MailAttachment(name="run.cmd", data=b"echo"),
    ],
)
def test_programs_are_refused_also_inside_archives(file: MailAttachment) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(file.name, file.data)
    for attached in (file, MailAttachment(name="в архиве.zip", data=buffer.getvalue())):
        with pytest.raises(AttachmentRefusedError):
            build_mail(order(attachments=[attached]))


def test_large_attachments_wait_for_consent() -> None:
    import random

    big = MailAttachment(name="Акт.pdf", data=random.Random(1).randbytes(SIZE_LIMIT + 1))
    with pytest.raises(MailTooLargeError, match="5 МБ"):
        build_mail(order(attachments=[big]))
    assert len(build_mail(order(attachments=[big], large_agreed=True))) > SIZE_LIMIT


def test_unzipped_only_when_told(tmp_path: object) -> None:
    *_, part = parsed(archived=False).walk()
    assert part.get_filename() == PDF.name
    assert part.get_content_type() == "application/pdf"


def test_references_keep_both_ends() -> None:
    ids = [f"<{number}@x>" for number in range(60)]
    kept = thread([*ids, "broken"], "<last@x>")
    assert len(kept) == REFERENCES_LIMIT
    assert (kept[0], kept[-1]) == ("<0@x>", "<last@x>")


def test_message_ids_are_ours_and_unique() -> None:
    made = {make_message_id("EIRC-RB.example") for _ in range(100)}
    assert len(made) == 100
    assert all(item.endswith("@eirc-rb.example>") for item in made)
    with pytest.raises(MailBuildError):
        make_message_id("плохой домен")


def test_same_order_gives_the_same_archive() -> None:
    first, second = (build_mail(order()).split(b"Content-Type: application/zip")[1][:400] for _ in range(2))
    assert first == second


def test_a_quote_stands_below_the_answer_and_only_marked() -> None:
    parts = [part for part in parsed(quoted="Прошу <b>пересчитать</b>.\n\nИванова").walk() if not part.is_multipart()]
    plain, html = (part.get_payload(decode=True) for part in parts[:2])
    assert isinstance(plain, bytes)
    assert isinstance(html, bytes)
    answer, _, quote = plain.decode().partition("-------- Ваше сообщение --------\n")
    assert answer.strip().endswith("& заверен.")
    assert quote.splitlines() == ["> Прошу <b>пересчитать</b>.", ">", "> Иванова"]
    assert "<blockquote><p>Прошу &lt;b&gt;пересчитать&lt;/b&gt;.</p><p>Иванова</p></blockquote>" in html.decode()
    assert b"blockquote" not in build_mail(order())
