"""Paper for the tests of the page-reading half of intake: typed pages, PDFs with layers, files in every form."""

from __future__ import annotations

import io
from functools import lru_cache

import pikepdf
from PIL import Image, ImageDraw, ImageFont

SERIF = "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"
SANS = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"

LETTER = """Генеральному директору ООО «ЕИРЦ РБ»
от Ивановой Марии Петровны,
проживающей по адресу: г. Уфа, ул. Ленина, д. 5, кв. 12

Лицевой счёт 1234567890, телефон 8 917 123-45-67

Прошу произвести перерасчёт платы за отопление за октябрь 2026 года,
так как в квартире отсутствовало отопление с 1 по 15 октября.
Акт управляющей компании прилагаю к настоящему заявлению.
Начисление в размере 3 853,33 руб. считаю неверным
и прошу дать письменный ответ по адресу проживания.

15 ноября 2026 г.                      Иванова М.П."""

WORDS = ("Генеральному", "директору", "Лицевой", "1234567890", "перерасчёт", "отопление", "письменный", "ноября")


@lru_cache(maxsize=8)
def typed_page(text: str = LETTER, *, dpi: int = 300, points: float = 13, font: str = SERIF) -> Image.Image:
    """Draw a typed A4 page in grey."""
    page = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
    draw = ImageDraw.Draw(page)
    face = ImageFont.truetype(font, round(points * dpi / 72))
    for row, line in enumerate(text.splitlines()):
        draw.text((dpi * 0.9, dpi * (0.9 + row * points * 1.5 / 72)), line, font=face, fill=25)
    return page


def picture(image: Image.Image, form: str, **options: object) -> bytes:
    """Give an image as a file of the form ``PNG``, ``JPEG``, ``TIFF``, ``WEBP`` or ``PDF``."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def tiff(*frames: Image.Image, dpi: tuple[int, int] = (300, 300), compression: str = "group4") -> bytes:
    """Give frames as one TIFF; black and white for fax compression."""
    ready = [frame.convert("1") for frame in frames] if compression == "group4" else [frame.copy() for frame in frames]
    return picture(ready[0], "TIFF", save_all=True, append_images=ready[1:], dpi=dpi, compression=compression)


def scan_pdf(*pages: Image.Image, dpi: int = 300) -> bytes:
    """Give pages as a PDF of pictures, as a scanner makes it."""
    copies = [page.copy() for page in pages]  # Pillow leaves the options of one saving on the picture for the next
    return picture(copies[0], "PDF", save_all=True, append_images=copies[1:], resolution=dpi)


def pile(*files: bytes) -> bytes:
    """Give PDFs as one, as a scanner gives a pile of letters."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as one:
                whole.pages.extend(one.pages)
        whole.save(out)
    return out.getvalue()


def text_pdf(*pages: str, under: Image.Image | None = None, size: float = 12) -> bytes:
    """Give a born-digital PDF with an embedded font; ``under`` is drawn over the whole page first."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Paper", SERIF))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for text in pages:
        if under is not None:
            canvas.drawImage(ImageReader(under), 0, 0, *A4)
        canvas.setFont("Paper", size)
        for row, line in enumerate(text.splitlines()):
            canvas.drawString(60, 780 - row * size * 1.4, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def recall(text: str) -> float:
    """Give the share of the letter's tell-tale words found in a text."""
    return sum(word in text for word in WORDS) / len(WORDS)
