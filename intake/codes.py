"""QR marks of our own: separator sheets, registration labels, marks of outgoing letters; reading and making them.

Every mark begins with ``OTVET:`` so that no stranger's code is taken for ours:

- ``OTVET:SEP`` with optional ``;journal=…;date=YYYY-MM-DD;kind=…`` separates letters of a batch;
- ``OTVET:REG;ВХ-2026-000123`` is the label with a letter's number;
- ``OTVET:OUT;ИСХ-2026-000045`` finds the signed copy of an outgoing letter again;
- ``OTVET:LIST;12`` and ``OTVET:NOTE;345`` find the stamped list of the post office and the notice of delivery again.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from PIL import Image

PREFIX: Final = "OTVET:"
MarkKind = Literal["separator", "registered", "outgoing", "post_list", "notice"]

_KINDS: Final[dict[str, MarkKind]] = {
    "SEP": "separator",
    "REG": "registered",
    "OUT": "outgoing",
    "LIST": "post_list",
    "NOTE": "notice",
}
_MAX_LENGTH: Final = 200
_FONTS: Final = (
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/paratype/PTS55F.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


class SheetError(Exception):
    """A sheet cannot be made; the message is Russian."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of ours as read.

    Attributes:
        kind: What the mark is.
        number: Registration or outgoing number, number of a list, key of a sending; None on a separator.
        journal: Journal named on a separator.
        date: Date of the arrival stamp named on a separator.
        appeal_kind: Class of document named on a separator.
    """

    kind: MarkKind
    number: str | None = None
    journal: str | None = None
    date: dt.date | None = None
    appeal_kind: str | None = None


def parse_mark(text: str) -> Mark | None:
    """Understand the text of a code; None when it is not ours or makes no sense."""
    text = text.strip()
    if not text.startswith(PREFIX) or len(text) > _MAX_LENGTH:
        return None
    head, *rest = (field.strip() for field in text.removeprefix(PREFIX).split(";"))
    kind = _KINDS.get(head)
    if kind is None:
        return None
    if kind != "separator":
        return Mark(kind, number=rest[0]) if rest and rest[0] else None
    named = dict(field.split("=", 1) for field in rest if "=" in field)
    return Mark(
        kind,
        journal=named.get("journal") or None,
        date=_date(named.get("date", "")),
        appeal_kind=named.get("kind") or None,
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def find_marks(image: Image.Image) -> list[Mark]:
    """Read our marks from a page, in any direction, each once. A grey raster of 150 dpi and more serves best."""
    import zxingcpp

    grey = np.ascontiguousarray(image if image.mode == "L" else image.convert("L"))
    formats = zxingcpp.barcode_formats_from_str("QRCode")
    codes = zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    marks = (parse_mark(code.text) for code in codes)
    return list(dict.fromkeys(mark for mark in marks if mark is not None))


def separator_text(journal: str | None = None, date: dt.date | None = None, kind: str | None = None) -> str:
    """Give the text of a separator's code. Raises ValueError on a name that would break the text."""
    named = {"journal": journal, "date": date.isoformat() if date else None, "kind": kind}
    if any(value and (";" in value or "=" in value) for value in named.values()):
        raise ValueError("names on a separator hold neither «;» nor «=»")
    return ";".join((f"{PREFIX}SEP", *(f"{key}={value}" for key, value in named.items() if value)))


def register_text(number: str) -> str:
    """Give the text of a registration label."""
    return f"{PREFIX}REG;{number}"


def outgoing_text(number: str) -> str:
    """Give the text of the mark on an outgoing letter."""
    return f"{PREFIX}OUT;{number}"


def list_text(list_id: int) -> str:
    """Give the text of the mark on a list for the post office."""
    return f"{PREFIX}LIST;{list_id}"


def notice_text(dispatch_id: int) -> str:
    """Give the text of the mark on a notice of delivery."""
    return f"{PREFIX}NOTE;{dispatch_id}"


def qr_image(text: str, *, scale: int = 8, level: Literal["L", "M", "Q", "H"] = "M") -> Image.Image:
    """Draw a QR code with its quiet zone, ``scale`` pixels a module; level H survives stains."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return Image.fromarray(np.array(code.to_image(scale=scale, add_quiet_zones=True)))


def qr_png(text: str, *, scale: int = 8, level: Literal["L", "M", "Q", "H"] = "M") -> bytes:
    """Give a QR code as a PNG file; see `qr_image`."""
    buffer = io.BytesIO()
    qr_image(text, scale=scale, level=level).save(buffer, format="PNG")
    return buffer.getvalue()


def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    path = next((place for place in _FONTS if Path(place).is_file()), None)
    if path is None:
        raise SheetError("нет шрифта с кириллицей: установите пакет fonts-liberation")
    if "OtvetSheet" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("OtvetSheet", path))
    return "OtvetSheet"


def separator_sheet_pdf(
    *, journal: str | None = None, date: dt.date | None = None, kind: str | None = None, copies: int = 1
) -> bytes:
    """Draw A4 separator sheets to print.

    Args:
        journal: Journal that the letters behind the sheet go to.
        date: Date of their arrival stamp.
        kind: Class of document.
        copies: Number of sheets.

    Raises:
        SheetError: No font with Cyrillic is installed.
        ValueError: A name holds «;» or «=».
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    text, font = separator_text(journal, date, kind), _font()
    picture = qr_image(text, scale=12, level="H")
    lines = ["Положите этот лист перед первой страницей письма. Сам лист не хранится."]
    lines += [f"Журнал: {journal}"] if journal else []
    lines += [f"Дата поступления: {date:%d.%m.%Y}"] if date else []
    lines += [f"Вид документа: {kind}"] if kind else []
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for _ in range(copies):
        _draw_sheet(canvas, picture, font, lines, mm)
    canvas.save()
    return buffer.getvalue()


def _draw_sheet(canvas: Any, picture: Image.Image, font: str, lines: list[str], mm: float) -> None:
    from reportlab.lib.utils import ImageReader

    side = 120 * mm
    canvas.setFont(font, 28)
    canvas.drawCentredString(105 * mm, 260 * mm, "РАЗДЕЛИТЕЛЬНЫЙ ЛИСТ")
    canvas.drawImage(ImageReader(picture), 105 * mm - side / 2, 115 * mm, side, side)
    canvas.setFont(font, 14)
    for row, line in enumerate(lines):
        canvas.drawCentredString(105 * mm, (100 - 9 * row) * mm, line)
    canvas.showPage()
