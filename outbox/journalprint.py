"""A journal as an office prints and keeps it: an Excel workbook, and A4 landscape sheets as PDF.

Both are written row by row: a year of a hundred thousand letters needs no more memory than a page or a chunk of pages.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from outbox import printed, sheetrows
from outbox.sanitise import one_line
from outbox.sheetrows import Cell

MARGIN_MM: Final = 10.0
SIZE: Final = 6.5  # points: fifteen columns on a sheet of 297 mm
LEADING: Final = 7.8
PADDING: Final = 2.0
MOST_LINES: Final = 9  # a cell of more lines ends in an ellipsis: the journal names a letter, it does not retell it
TEXT_LIMIT: Final = 1000
CLOSING_LINES: Final = 6
CHUNK_PAGES: Final = 500  # pages of PDF that stay in memory before they go to disk
A4_PAPER: Final = 9  # Excel's code of the paper
HEAD_ROWS: Final = 3  # title, period, titles of the columns


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and its width in millimetres on a sheet (about half as many characters in Excel)."""

    title: str
    width: float


@dataclass(frozen=True, slots=True)
class JournalSheet:
    """A journal to be written.

    ``rows`` is read once; ``made`` is local time; ``closing`` says what the journal holds: Excel shows it in the head,
    a printed journal ends with it and with places for the names of who kept and who checked it.
    """

    title: str
    period: str
    company: str
    made: dt.datetime
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    closing: str = ""


def write_xlsx(sheet: JournalSheet, out: BinaryIO) -> int:
    """Write a workbook: real dates, a head that stays in sight and on every sheet, a filter; text is never a formula.

    Returns:
        How many rows were written.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet("Журнал")
    _set_up(page, sheet)
    wrap = Alignment(vertical="top", wrap_text=True)
    title = WriteOnlyCell(page, f"{sheet.title}. {sheet.company}")
    title.font = Font(bold=True, size=14)
    page.append([title])
    page.append([f"{sheet.period}. Составлен {sheet.made:%d.%m.%Y %H:%M}. {sheet.closing}".rstrip(". ") + "."])
    head = [WriteOnlyCell(page, column.title) for column in sheet.columns]
    for one in head:
        one.font, one.alignment, one.fill = Font(bold=True), wrap, PatternFill("solid", fgColor="E8E8E8")
    page.append(head)
    with sheetrows.spool() as rows:
        texts = ([_plain(one) if isinstance(one, str) else one for one in row] for row in sheet.rows)
        count = sheetrows.write(texts, HEAD_ROWS + 1, _styles(page), rows)
        page.auto_filter.ref = f"A{HEAD_ROWS}:{get_column_letter(len(sheet.columns))}{HEAD_ROWS + count}"
        sheetrows.bind(book, rows, out)
    return count


def _styles(page: Any) -> sheetrows.Styles:
    """The styles of the rows, as the book numbers them."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    date, text, risky = (WriteOnlyCell(page) for _ in range(3))
    date.number_format, date.alignment = "DD.MM.YYYY", Alignment(vertical="top")
    text.alignment = risky.alignment = Alignment(vertical="top", wrap_text=True)
    risky.quotePrefix = True  # text it stays when somebody edits the cell
    return sheetrows.Styles(date.style_id, text.style_id, risky.style_id)


@lru_cache(4096)  # channels, queues, classes and subjects come again and again
def _plain(value: str | None) -> str:
    """One line without control characters; cut, for cleaning refuses what is too long."""
    return one_line((value or "")[:TEXT_LIMIT], limit=TEXT_LIMIT * 4)


def _set_up(page: Any, sheet: JournalSheet) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = max(9, column.width * 0.65)
    page.freeze_panes = "B4"
    page.print_title_rows = "3:3"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4_PAPER
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.oddHeader.left.text, page.oddFooter.center.text = sheet.title, "Лист &P из &N"


def write_pdf(sheet: JournalSheet, out: BinaryIO, *, row_mm: float = 0.0) -> int:
    """Write A4 landscape sheets with the journal's head and a number on each.

    Args:
        sheet: The journal.
        out: Where to.
        row_mm: Least height of a row, for blanks to be filled in by hand.

    Returns:
        How many rows were written.

    Raises:
        outbox.errors.PostListError: No Cyrillic font on this machine.
    """
    import pikepdf

    printed.fonts()
    count = 0

    def counted() -> Iterator[Sequence[Cell]]:
        nonlocal count
        for row in sheet.rows:
            count += 1
            yield row

    with tempfile.TemporaryDirectory(prefix="otvet-journal-") as folder:
        chunks = _draw(sheet, counted(), Path(folder), row_mm)
        with pikepdf.new() as whole:
            for path in chunks:
                with pikepdf.open(path) as chunk:
                    whole.pages.extend(chunk.pages)
            whole.docinfo["/Title"] = f"{sheet.title}. {sheet.period}"
            whole.save(out)
    return count


def _draw(sheet: JournalSheet, rows: Iterator[Sequence[Cell]], folder: Path, row_mm: float) -> list[Path]:
    """Draw all rows; return the files of the chunks, at least one."""
    chunks: list[Path] = []
    number, left = 0, next(rows, None)
    while left is not None or not chunks:
        path = folder / f"{len(chunks)}.pdf"
        drawing = _Drawing(sheet, path, number, row_mm)
        while left is not None and drawing.put(left):
            left = next(rows, None)
        if left is None and sheet.closing:
            drawing.close()
        number = drawing.finish()
        chunks.append(path)
    return chunks


class _Drawing:
    """One chunk of pages. Drawn straight on the canvas: a table object of the library would hold every row."""

    def __init__(self, sheet: JournalSheet, path: Path, pages_before: int, row_mm: float) -> None:
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.lib.units import mm
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfgen.canvas import Canvas

        self._sheet = sheet
        self._width, self._height = landscape(A4)
        self._margin = MARGIN_MM * mm
        self._least = row_mm * mm
        scale = (self._width - 2 * self._margin) / sum(column.width for column in sheet.columns)
        self._widths = [column.width * scale for column in sheet.columns]
        self._fonts = {bold: printed.style(SIZE, bold=bold).fontName for bold in (False, True)}
        faces = {bold: pdfmetrics.getFont(name).face for bold, name in self._fonts.items()}
        self._chars = {bold: (face.charWidths, face.defaultWidth) for bold, face in faces.items()}
        self._canvas = Canvas(str(path), pagesize=(self._width, self._height), pageCompression=1)
        self._number, self._last = pages_before, pages_before + CHUNK_PAGES
        self._head = self._lines([column.title for column in sheet.columns], bold=True)
        self._open_page()

    def put(self, row: Sequence[Cell]) -> bool:
        """Draw a row, on a new page where this one is full; False when the chunk is full and the row was not drawn."""
        lines = self._lines([f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value or "" for value in row])
        height = max(self._least, max(map(len, lines)) * LEADING + 2 * PADDING)
        if self._y - height < self._margin + 2 * LEADING:
            if self._number == self._last:
                return False
            self._canvas.showPage()
            self._open_page()
        self._row(lines, height)
        return True

    def close(self) -> None:
        """Draw the closing line and the places to sign, on a sheet of their own where this one is full."""
        if self._y - CLOSING_LINES * LEADING < self._margin + 2 * LEADING:
            self._canvas.showPage()
            self._open_page()
        self._canvas.setFont(self._fonts[True], 8)
        self._canvas.drawString(self._margin, self._y - 2 * LEADING, one_line(self._sheet.closing))
        self._canvas.setFont(self._fonts[False], 8)
        for place, who in enumerate(("Журнал вёл", "Проверил")):
            x = self._margin + place * (self._width - 2 * self._margin) / 2
            line = f"{who}:  ____________________  /  ____________________________  /  «____» ______________ 20____ г."
            self._canvas.drawString(x, self._y - 5 * LEADING, line)

    def finish(self) -> int:
        """Write the file; return the number of its last page."""
        self._canvas.showPage()
        self._canvas.save()
        return self._number

    def _open_page(self) -> None:
        self._number += 1
        canvas, sheet = self._canvas, self._sheet
        self._y = self._height - self._margin
        canvas.setLineWidth(0.4)
        canvas.setFont(self._fonts[True], 9)
        canvas.drawString(self._margin, self._y - 9, one_line(f"{sheet.title}. {sheet.period}"))
        canvas.setFont(self._fonts[False], 7)
        canvas.drawRightString(self._width - self._margin, self._y - 9, one_line(sheet.company))
        canvas.drawString(self._margin, self._margin - 4, f"Составлен {sheet.made:%d.%m.%Y %H:%M}")
        canvas.drawRightString(self._width - self._margin, self._margin - 4, f"Лист {self._number}")
        self._y -= 14
        self._row(self._head, max(map(len, self._head)) * LEADING + 2 * PADDING, bold=True)

    def _row(self, lines: Sequence[Sequence[str]], height: float, *, bold: bool = False) -> None:
        canvas, x = self._canvas, self._margin
        text = canvas.beginText()
        text.setFont(self._fonts[bold], SIZE)
        for width, cell in zip(self._widths, lines, strict=True):
            canvas.rect(x, self._y - height, width, height)
            y = self._y - PADDING - SIZE
            for line in cell:
                text.setTextOrigin(x + PADDING, y)
                text.textOut(line)
                y -= LEADING
            x += width
        canvas.drawText(text)
        self._y -= height

    def _lines(self, values: Sequence[str], *, bold: bool = False) -> list[list[str]]:
        texts = map(_plain, values)
        return [
            self._wrap(text, width - 2 * PADDING, bold=bold) for text, width in zip(texts, self._widths, strict=True)
        ]

    def _wrap(self, text: str, width: float, *, bold: bool) -> list[str]:
        """Break a text into lines; a word longer than the line is broken anywhere, as numbers and addresses are."""
        widths, default = self._chars[bold]
        room = width * 1000 / SIZE
        lines: list[str] = []
        start, blank, used = 0, -1, 0.0
        position = 0
        while position < len(text):
            used += widths.get(ord(text[position]), default)
            if text[position] == " ":
                blank = position
            if used > room and position > start:
                end = blank if blank > start else position
                lines.append(text[start:end])
                start = end + 1 if end == blank else end
                position, blank, used = start, -1, 0.0
                if len(lines) == MOST_LINES:
                    lines[-1] = lines[-1][:-1] + "…"
                    return lines
                continue
            position += 1
        lines.append(text[start:])
        return lines
