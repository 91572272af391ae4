"""Attachments of the demonstration's e-mails: a letter as PDF with text, as docx, and a meter's photograph."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from otvet.demo.ink import font, font_path
from otvet.demo.letters import Letter, fill, long_date

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def letter_head(letter: Letter, received: dt.date) -> list[str]:
    """Letterhead lines of an organisation's letter: name, requisites, own number and date."""
    sender = letter.sender
    written = received - dt.timedelta(days=letter.extras.dated)
    requisites = [f"ИНН {sender.inn}" if sender.inn else "", f"ОГРН {sender.ogrn}" if sender.ogrn else ""]
    contacts = [
        f"тел. {spoken_phone(sender.phones[0])}" if sender.phones else "",
        f"e-mail: {sender.emails[0]}" if sender.emails else "",
    ]
    lines = [
        sender.org_name or "",
        sender.address or "",
        ", ".join(filter(None, requisites)),
        ", ".join(filter(None, contacts)),
        f"Исх. № {sender.client_ref_number} от {written:%d.%m.%Y}" if sender.client_ref_number else long_date(written),
    ]
    return [line for line in lines if line]


def spoken_phone(phone: str) -> str:
    """``+73470000112`` as letters write it: «(347) 000-01-12»."""
    digits = phone.removeprefix("+7")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def _initials(letter: Letter) -> str:
    sender = letter.sender
    first, middle = (f"{part[0]}." if part else "" for part in (sender.first_name, sender.patronymic))
    return f"{first} {middle} {sender.last_name}"


def _body(letter: Letter, received: dt.date) -> list[str]:
    return fill(letter.extras.attachment or "", received).strip().split("\n\n")


def letter_pdf(letter: Letter, received: dt.date) -> bytes:
    """A born-digital PDF (text layer, embedded PT Serif or Liberation Serif) of the letter in ``extras.attachment``."""
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(TTFont("DemoSerif", str(font_path("serif"))))
    pdfmetrics.registerFont(TTFont("DemoSerifBold", str(font_path("serif-bold"))))
    text = ParagraphStyle("text", fontName="DemoSerif", fontSize=12, leading=17, firstLineIndent=28, spaceAfter=6)
    plain = ParagraphStyle("plain", parent=text, firstLineIndent=0)
    head = ParagraphStyle("head", parent=plain, alignment=TA_CENTER, spaceAfter=1)
    bold = ParagraphStyle("bold", parent=head, fontName="DemoSerifBold", fontSize=14)
    right = ParagraphStyle("right", parent=plain, alignment=TA_RIGHT)
    name, *rest = letter_head(letter, received)
    story = [Paragraph(name, bold), *(Paragraph(line, head) for line in rest[:-1]), Spacer(1, 18)]
    story += [Paragraph(rest[-1], plain), Paragraph("Генеральному директору ООО «ЕИРЦ РБ»", right), Spacer(1, 12)]
    story += [Paragraph(letter.subject, plain), Spacer(1, 12), Paragraph("Уважаемые коллеги!", head), Spacer(1, 8)]
    story += [Paragraph(part, text) for part in _body(letter, received)]
    story += [Spacer(1, 24), Paragraph(f"{letter.sender.position} {'_' * 14} {_initials(letter)}", plain)]
    out = io.BytesIO()
    margins = {"leftMargin": 70, "rightMargin": 42, "topMargin": 50, "bottomMargin": 50}
    SimpleDocTemplate(out, pagesize=A4, title=letter.subject, invariant=1, **margins).build(story)
    return out.getvalue()


def letter_docx(letter: Letter, received: dt.date) -> bytes:
    """The same letter as a docx."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    fixed = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - core properties hold naive UTC
    document.core_properties.created = document.core_properties.modified = fixed
    document.core_properties.author = letter.sender.last_name or ""
    for number, line in enumerate(letter_head(letter, received)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(line).bold = number == 0
    document.add_paragraph("Генеральному директору ООО «ЕИРЦ РБ»").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("ПРЕТЕНЗИЯ").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in _body(letter, received):
        document.add_paragraph(part).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.add_paragraph(f"{letter.sender.position}\t\t\t{_initials(letter)}")
    out = io.BytesIO()
    document.save(out)
    return _same_zip(out.getvalue())


def _same_zip(data: bytes) -> bytes:
    """Repack a ZIP so that the same content gives the same bytes at any time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


def meter_photo(reading: str, serial: str, *, seed: int = 1) -> bytes:
    """A photograph of a water meter as a phone takes it: slanted, with a shadow and sensor noise; JPEG."""
    image = Image.new("RGB", (1200, 900), (122, 126, 118))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 400, 1200, 500), fill=(160, 120, 70))
    draw.ellipse((330, 130, 870, 670), fill=(205, 205, 210), outline=(90, 90, 95), width=18)
    draw.ellipse((375, 175, 825, 625), fill=(248, 248, 244))
    digits = font("mono-bold", 64)
    for number, digit in enumerate(reading + "000"):
        left = 422 + number * 46
        whole = number < len(reading)
        draw.rectangle((left, 300, left + 40, 372), fill=(20, 20, 20) if whole else (190, 20, 20))
        draw.text((left + 20, 336), digit, font=digits, fill="white", anchor="mm")
    draw.text((815, 336), "м³", font=font("sans", 34), fill=(20, 20, 20), anchor="mm")
    draw.text((600, 430), "СГВ-15", font=font("sans-bold", 40), fill=(20, 20, 20), anchor="mm")
    draw.text((600, 490), f"№ {serial}", font=font("sans", 36), fill=(20, 20, 20), anchor="mm")
    for arrow in range(3):
        draw.ellipse((460 + arrow * 110, 530, 520 + arrow * 110, 590), outline=(150, 30, 30), width=4)
    image = image.rotate(6, Image.Resampling.BICUBIC, fillcolor=(110, 112, 106)).filter(ImageFilter.GaussianBlur(1.2))
    rng = np.random.default_rng([seed, 7])
    pixels = np.asarray(image, dtype=np.float32) * np.linspace(1.05, 0.72, 1200)[None, :, None]
    noisy = pixels + rng.normal(0, 6, pixels.shape)
    out = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=70)
    return out.getvalue()
