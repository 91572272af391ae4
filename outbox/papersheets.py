"""Papers of the records office, as PDF: separator sheets, labels and the client's stamped copy."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, Final

from outbox import printed, typography
from outbox.errors import ComposeError
from outbox.printed import gap, paragraph, safe
from outbox.qr import qr_png
from rules.wire import Wire

LABEL_COLUMNS, LABEL_ROWS = 3, 8  # a usual sheet of labels, 70 × 37 mm
MOST_COPIES: Final = 200
_LINE: Final = "______________________"
_STAMP: Final = (70.0, 30.0)  # millimetres: width and height of the stamp on a client's copy
_EDGE: Final = 8.0


class Label(Wire):
    """A registration label: the text of its code, the number, and the day of registration."""

    code: str
    number: str
    registered: dt.date


class Stamp(Wire):
    """What the stamp on a client's copy says; ``at``: local hour of receipt, None where a person gave the day alone."""

    company: str
    number: str
    received: dt.date
    at: dt.time | None = None
    sheets: int
    enclosures: int
    taken_by: str


def separator_pdf(code: str, lines: Sequence[str] = (), copies: int = 1) -> bytes:
    """Draw separator sheets: one code, and for people what it says.

    Raises:
        ComposeError: More copies than a tray holds.
        PostListError: No Cyrillic font on this machine.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise ComposeError(f"Напечатать можно от 1 до {MOST_COPIES} листов сразу.")
    printed.fonts()
    canvas, mm = _canvas("Разделительный лист")
    for _ in range(copies):
        side = 120 * mm
        _centred(canvas, "РАЗДЕЛИТЕЛЬНЫЙ ЛИСТ", 28, 260 * mm, bold=True)
        canvas.drawImage(_picture(code), 105 * mm - side / 2, 115 * mm, side, side)
        said = [*lines, "Положите этот лист перед первой страницей письма. Сам лист не хранится."]
        for row, line in enumerate(said):
            _centred(canvas, line, 14, (100 - 9 * row) * mm)
        canvas.showPage()
    return _finished(canvas)


def labels_pdf(labels: Sequence[Label], first: int = 1) -> bytes:
    """Draw registration labels, 24 on a sheet.

    Args:
        labels: The labels.
        first: Place on the sheet to begin with, from 1: a sheet begun yesterday is not wasted.

    Raises:
        ComposeError: No labels, or no such place.
        PostListError: No Cyrillic font on this machine.
    """
    places = LABEL_COLUMNS * LABEL_ROWS
    if not labels or not 1 <= first <= places:
        raise ComposeError(f"Выберите номера и место первой наклейки от 1 до {places}.")
    printed.fonts()
    canvas, mm = _canvas("Наклейки")
    for index, label in enumerate(labels, start=first - 1):
        if index % places == 0 and index >= first:
            canvas.showPage()
        row, column = divmod(index % places, LABEL_COLUMNS)
        left, top = column * 70 * mm, (297 - row * 37.125) * mm
        canvas.drawImage(_picture(label.code), left + 4 * mm, top - 32 * mm, 27 * mm, 27 * mm)
        canvas.setFont(printed.BOLD, 10)
        canvas.drawString(left + 32 * mm, top - 15 * mm, label.number)
        canvas.setFont(printed.REGULAR, 8.5)
        canvas.drawString(left + 32 * mm, top - 20 * mm, f"от {typography.day(label.registered)}")
    canvas.showPage()
    return _finished(canvas)


def client_copy(pages: bytes, stamp: Stamp) -> bytes:
    """Stamp the first page of a letter for the client who brought it by hand; the other pages go with it.

    Args:
        pages: The letter as PDF.
        stamp: What the stamp says.

    Raises:
        ComposeError: The PDF has no pages or cannot be opened.
        PostListError: No Cyrillic font on this machine.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pages)) as letter:
            page = letter.pages[0]
            with pikepdf.open(io.BytesIO(_stamp(stamp))) as over:
                _, _, width, height = (float(side) for side in over.pages[0].mediabox)
                left, bottom, right, _ = (float(side) for side in page.cropbox)
                scale = min(1.0, (right - left) / (width * 2))
                edge = _EDGE * 72 / 25.4 * scale
                box = pikepdf.Rectangle(
                    right - width * scale - edge, bottom + edge, right - edge, bottom + edge + height * scale
                )
                page.add_overlay(over.pages[0], box)
            out = io.BytesIO()
            letter.save(out)
    except (pikepdf.PdfError, IndexError) as error:
        raise ComposeError("Копию этого файла напечатать нельзя: откройте и напечатайте исходный файл.") from error
    return out.getvalue()


def receipt_pdf(stamp: Stamp) -> bytes:
    """Make the client's slip for a letter whose file has no pages to stamp. Raises PostListError."""
    printed.fonts()
    story: list[Any] = [
        paragraph(safe(stamp.company), 10),
        gap(4),
        paragraph("РАСПИСКА о приёме обращения", 14, bold=True),
        gap(3),
        *(paragraph(safe(line), 11) for line in _stamp_lines(stamp)),
        gap(8),
        paragraph(f"Принял: {safe(stamp.taken_by)} {_LINE}", 11),
    ]
    return printed.pdf(story, title=f"Расписка {stamp.number}", author=stamp.company)


def _stamp(stamp: Stamp) -> bytes:
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    printed.fonts()
    width, height = (side * mm for side in _STAMP)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setStrokeColorRGB(0.1, 0.2, 0.5)
    canvas.setFillColorRGB(0.1, 0.2, 0.5)
    canvas.rect(0.7 * mm, 0.7 * mm, width - 1.4 * mm, height - 1.4 * mm)
    lines = [stamp.company, *_stamp_lines(stamp), f"Принял: {stamp.taken_by} ____________"]
    for row, line in enumerate(lines):
        size = 10.0 if row == 1 else 7.5
        font = printed.BOLD if row == 1 else printed.REGULAR
        while canvas.stringWidth(line, font, size) > width - 5 * mm and size > 4:  # noqa: PLR2004 - still legible
            size -= 0.25
        canvas.setFont(font, size)
        canvas.drawString(2.5 * mm, height - (5.5 + 5 * row) * mm, line)
    canvas.save()
    return out.getvalue()


def _stamp_lines(stamp: Stamp) -> list[str]:
    hour = f", {stamp.at:%H:%M}" if stamp.at else ""
    return [
        f"Вх. № {stamp.number}",
        f"Дата поступления: {typography.day(stamp.received)}{hour}",
        f"Листов: {stamp.sheets}, приложений: {stamp.enclosures}",
    ]


def _canvas(title: str) -> tuple[Any, float]:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(io.BytesIO(), pagesize=A4)
    canvas.setTitle(title)
    return canvas, mm


def _finished(canvas: Any) -> bytes:
    return bytes(canvas.getpdfdata())


def _centred(canvas: Any, line: str, size: float, height: float, *, bold: bool = False) -> None:
    canvas.setFont(printed.BOLD if bold else printed.REGULAR, size)
    canvas.drawCentredString(canvas._pagesize[0] / 2, height, line)  # noqa: SLF001 - the only place it is kept


def _picture(code: str) -> Any:
    from reportlab.lib.utils import ImageReader

    return ImageReader(io.BytesIO(qr_png(code, level="H")))
