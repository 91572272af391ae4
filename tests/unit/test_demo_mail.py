"""The invented e-mails: each is the shape it claims to be, and says what its letter says."""

import datetime as dt
import email
import email.policy
import io
import zipfile
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from PIL import Image

from otvet.demo.letters import Letter, fill, load_letters
from otvet.demo.mail import MAILBOXES, build, receipt_moment

TODAY = dt.date(2026, 11, 24)
MAILS = [letter for letter in load_letters() if letter.is_mail]
BY_ID = {letter.id: letter for letter in MAILS}


def raw(letter: Letter) -> bytes:
    return build(letter, receipt_moment(letter, TODAY))


def parsed(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(raw(letter), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def only(form: str) -> Letter:
    (letter,) = [letter for letter in MAILS if letter.form == form]
    return letter


def attachment(letter: Letter) -> EmailMessage:
    (part,) = list(parsed(letter).iter_attachments())
    assert isinstance(part, EmailMessage)
    return part


@pytest.mark.parametrize("letter", MAILS, ids=lambda letter: letter.id)
def test_the_topmost_received_header_carries_the_moment_of_receipt(letter: Letter) -> None:
    topmost = str(parsed(letter).get_all("Received", [])[0])
    assert parsedate_to_datetime(topmost.rsplit(";", 1)[1].strip()) == receipt_moment(letter, TODAY)
    assert receipt_moment(letter, TODAY).date() == TODAY - dt.timedelta(days=letter.days_ago)


@pytest.mark.parametrize("letter", MAILS, ids=lambda letter: letter.id)
def test_bytes_are_repeatable_and_their_lines_end_in_crlf(letter: Letter) -> None:
    assert raw(letter) == raw(letter)
    assert b"\n" not in raw(letter).replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "letter", [mail for mail in MAILS if mail.form not in {"mail-html", "mail-bounce"}], ids=lambda letter: letter.id
)
def test_the_text_survives_its_encoding(letter: Letter) -> None:
    body = parsed(letter).get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert text.strip().startswith(fill(letter.text, letter.received(TODAY)).strip())


@pytest.mark.parametrize("letter", [mail for mail in MAILS if mail.form != "mail-bounce"], ids=lambda letter: letter.id)
def test_subject_and_mailbox_survive(letter: Letter) -> None:
    message = parsed(letter)
    assert (message["Subject"] or "") == letter.subject
    assert message["To"] == MAILBOXES[letter.channel_address]


def test_the_old_charsets_are_named_and_used() -> None:
    koi8 = parsed(only("mail-koi8"))
    assert koi8.get_content_charset() == "koi8-r"
    assert "=?koi8-r?" in raw(only("mail-koi8")).decode("ascii")
    (first, *_) = [letter for letter in MAILS if letter.form == "mail-cp1251"]
    assert parsed(first).get_content_charset() == "windows-1251"
    assert any(byte >= 0xC0 for byte in parsed(first).get_payload(decode=True))


def test_html_only_has_no_plain_part() -> None:
    message = parsed(BY_ID["M02"])
    assert message.get_content_type() == "text/html"
    assert "6 214 руб. 55 коп." in message.get_content()


def test_the_pdf_has_a_text_layer_with_the_letter() -> None:
    import pypdfium2

    letter = BY_ID["M05"]
    part = attachment(letter)
    assert part.get_filename() == "Письмо 1-05_638.pdf"
    page = pypdfium2.PdfDocument(part.get_content())[0]
    text = page.get_textpage().get_text_bounded()
    assert "0202000236" in text
    assert "переплата 22 417 руб. 90 коп." in " ".join(text.split())


def test_the_docx_opens_and_has_the_letter() -> None:
    from docx import Document

    data = attachment(only("mail-docx")).get_content()
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert "АГ-204" in text
    assert "8 340 рублей 00 копеек" in text


def test_the_photo_is_a_jpeg_of_its_own_size() -> None:
    image = Image.open(io.BytesIO(attachment(only("mail-photo")).get_content()))
    assert image.format == "JPEG"
    assert image.size == (1200, 900)


def test_the_program_hides_behind_a_double_extension_and_is_harmless() -> None:
    part = attachment(only("mail-exe"))
    assert (part.get_filename() or "").endswith(".pdf.exe")
    data = part.get_content()
    assert data.startswith(b"MZ")
    assert b"PE\x00\x00" not in data
    assert len(data) < 1000


def test_the_thread_reply_points_at_a_message_and_quotes_it() -> None:
    letter = only("mail-thread")
    message = parsed(letter)
    assert message["In-Reply-To"] == letter.extras.in_reply_to
    assert message["References"] == letter.extras.in_reply_to
    assert "\n> Уважаемый Салават Наилевич!" in message.get_content().replace("\r\n", "\n")


def test_the_answered_message_may_be_given() -> None:
    letter = BY_ID["M01"]
    data = build(letter, receipt_moment(letter, TODAY), in_reply_to="<ours@eirc-rb.example>")
    assert b"\r\nIn-Reply-To: <ours@eirc-rb.example>\r\n" in data


def test_the_automatic_reply_says_so_in_its_headers() -> None:
    message = parsed(only("mail-auto"))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Return-Path"] == "<>"


def test_the_bounce_is_a_delivery_report_of_a_message_nobody_sent() -> None:
    letter = only("mail-bounce")
    message = parsed(letter)
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    status = list(message.iter_parts())[1].get_payload()
    assert status[1]["Status"] == "5.1.1"
    assert letter.extras.message_id is not None
    assert letter.extras.message_id.encode() in raw(letter)
    assert message["Return-Path"] == "<>"


def test_the_form_of_the_site_comes_from_its_robot() -> None:
    (letter,) = [letter for letter in MAILS if letter.channel == "virtual_reception"]
    sender = parsed(letter)["From"].addresses[0].addr_spec
    assert sender not in letter.sender.emails
    assert letter.sender.emails[0] in parsed(letter).get_content()
