"""Tables that people send: CSV in UTF-8 or CP1251 and xlsx, read row by row within bounds; nothing in them is run.

A formula is never evaluated, not even its stored result: what a file says today it may say otherwise tomorrow.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from intake.refusal import RefusedError

MEGABYTE: Final = 1024 * 1024
ZIP_MAGIC: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
DELIMITERS: Final = ";,\t"


@dataclass(frozen=True, slots=True)
class TableLimits:
    """Bounds of a table.

    Attributes:
        file_bytes: Of the file.
        unpacked_bytes: Of what an xlsx unpacks to.
        rows: Data rows.
        columns: Cells of one row.
        cell_chars: Characters of one cell.
    """

    file_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 1024 * MEGABYTE
    rows: int = 2_000_000
    columns: int = 100
    cell_chars: int = 2000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line in the file (the header is 1), its cells as text, and what is wrong with it in Russian."""

    line: int
    cells: list[str]
    wrong: str | None = None


def read_table(data: bytes, limits: TableLimits | None = None) -> Iterator[TableRow]:
    """Yield the rows that are not empty, the header first.

    Raises:
        RefusedError: The file is too large, is no table, or is a bomb. Raised while reading as well.
    """
    bounds = limits or TableLimits()
    if len(data) > bounds.file_bytes:
        raise RefusedError("too_large", f"Файл больше {bounds.file_bytes // MEGABYTE} МБ. Разделите его на части.")
    if data.startswith(OLD_EXCEL):
        raise RefusedError("unsupported", "Это книга старого Excel (.xls). Сохраните её как .xlsx или CSV.")
    rows = _xlsx(data, bounds) if data.startswith(ZIP_MAGIC) else _csv(data, bounds)
    count = 0
    for row in rows:
        if not any(row.cells):
            continue
        count += 1
        if count > bounds.rows + 1:
            raise RefusedError("too_large", f"Строк больше {bounds.rows}. Разделите файл на части.")
        yield row


def _csv(data: bytes, bounds: TableLimits) -> Iterator[TableRow]:
    """Decode as the rows are read: the text of the whole file never stands in memory beside its bytes."""
    text = io.TextIOWrapper(BytesIO(data), encoding=_encoding(data), newline="")
    head = text.readline()
    delimiter = max(DELIMITERS, key=head.count)
    text.seek(0)
    csv.field_size_limit(10 * MEGABYTE)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for cells in reader:
            yield _row(reader.line_num, [cell.strip() for cell in cells], bounds)
    except csv.Error as error:
        raise RefusedError("damaged", f"Строка {reader.line_num}: запись CSV нарушена (кавычки или длина).") from error


def _encoding(data: bytes) -> str:
    """The encoding in which all of the file can be read."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError("wrong_content", "Это не таблица. Нужен файл CSV или xlsx.")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            for _ in codecs.iterdecode((data[at : at + MEGABYTE] for at in range(0, len(data), MEGABYTE)), encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise RefusedError("wrong_content", "Кодировка файла не распознана. Сохраните его в UTF-8.")


def _xlsx(data: bytes, bounds: TableLimits) -> Iterator[TableRow]:
    from openpyxl import load_workbook

    _guard(data, bounds)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
    except Exception as error:  # the library answers a broken book with whatever broke
        raise RefusedError("damaged", "Книга Excel повреждена или защищена паролем.") from error
    try:
        # The sheet's own word about its size may be anything: it is not believed.
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(max_col=bounds.columns + 1), start=1):
            yield _xlsx_row(line, cells, bounds)
    except RefusedError:
        raise
    except Exception as error:
        raise RefusedError("damaged", "Книга Excel повреждена: лист не читается до конца.") from error
    finally:
        book.close()


def _guard(data: bytes, bounds: TableLimits) -> None:
    """Refuse bombs before anything is unpacked, and documents that declare entities of their own."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > bounds.unpacked_bytes or len(entries) > 10_000:  # noqa: PLR2004 - parts of a book of many sheets
                raise RefusedError("too_large", "Книга Excel распаковывается в слишком большой объём.")
            if not any(entry.filename == "xl/workbook.xml" for entry in entries):
                raise RefusedError("wrong_content", "Это не таблица. Нужен файл CSV или xlsx.")
            for entry in entries:
                with archive.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(4096).upper():
                        raise RefusedError("wrong_content", "Книга Excel содержит недопустимые объявления.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise RefusedError("damaged", "Книга Excel повреждена или защищена паролем.") from error


def _xlsx_row(line: int, cells: Any, bounds: TableLimits) -> TableRow:
    values = [getattr(cell, "value", None) for cell in cells]
    formula = next((place for place, cell in enumerate(cells, start=1) if getattr(cell, "data_type", "") == "f"), None)
    if formula is not None:
        texts = [_text(value) for value in values]
        return TableRow(line, texts[: bounds.columns], f"в столбце {formula} формула: вставьте значения вместо формул")
    while values and values[-1] is None:
        values.pop()
    return _row(line, [_text(value) for value in values], bounds)


def _text(value: Any) -> str:
    """A cell as a person reads it: whole numbers without a fraction, dates in ISO."""
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime() | dt.date():
            return value.isoformat()
        case _:
            return str(value).strip()


def _row(line: int, cells: list[str], bounds: TableLimits) -> TableRow:
    if len(cells) > bounds.columns:
        return TableRow(line, cells[: bounds.columns], f"столбцов больше {bounds.columns}")
    if any(len(cell) > bounds.cell_chars for cell in cells):
        return TableRow(
            line, [cell[: bounds.cell_chars] for cell in cells], f"ячейка длиннее {bounds.cell_chars} знаков"
        )
    return TableRow(line, cells)
