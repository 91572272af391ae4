"""Long rows of a workbook: openpyxl makes the book, its head and styles; the rows go into its sheet as text.

openpyxl makes an object, a style and an XML element of every cell, and that was two thirds of the time of a journal of
a hundred thousand entries. Text stays inline, so nothing but the row at hand is in memory.
"""

from __future__ import annotations

import datetime as dt
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final
from xml.sax.saxutils import escape

Cell = str | dt.date | None

SHEET: Final = "xl/worksheets/sheet1.xml"
END: Final = b"</sheetData>"
EPOCH: Final = dt.date(1899, 12, 30).toordinal()  # day 0 of Excel's dates
SPOOLED: Final = 8 * 1024 * 1024  # bytes of rows that stay in memory
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such text for a formula


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of the book's cell styles: of dates, of text, and of text that a spreadsheet must not take for more."""

    date: int
    text: int
    risky: int


def write(rows: Iterable[Sequence[Cell]], first: int, styles: Styles, out: IO[bytes]) -> int:
    """Write rows of clean text and dates as SpreadsheetML and return how many; ``first`` is the number of the first."""
    from openpyxl.utils import get_column_letter

    letters: list[str] = []
    number = first - 1
    for number, row in enumerate(rows, start=first):
        letters += [get_column_letter(column) for column in range(len(letters) + 1, len(row) + 1)]
        cells = "".join(_cell(value, f"{letters[place]}{number}", styles) for place, value in enumerate(row) if value)
        out.write(f'<row r="{number}">{cells}</row>'.encode())
    return number - first + 1


def spool() -> IO[bytes]:
    """Where rows wait for their book: memory, past a bound a file."""
    return tempfile.SpooledTemporaryFile(SPOOLED)


def bind(book: Any, rows: IO[bytes], out: BinaryIO) -> None:
    """Write a book of one sheet with rows behind those that it has."""
    bare = io.BytesIO()
    book.save(bare)
    rows.seek(0)
    with zipfile.ZipFile(bare) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename != SHEET:
                target.writestr(entry, data, zipfile.ZIP_DEFLATED)
                continue
            head, tail = data.split(END)
            with target.open(SHEET, "w", force_zip64=True) as sheet:
                sheet.write(head)
                shutil.copyfileobj(rows, sheet, 1024 * 1024)
                sheet.write(END + tail)


def _cell(value: str | dt.date, place: str, styles: Styles) -> str:
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{styles.date}"><v>{value.toordinal() - EPOCH}</v></c>'
    style = styles.risky if value.startswith(RISKY) else styles.text
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
