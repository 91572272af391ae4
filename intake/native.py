"""Text that never was a page: docx, HTML and plain text, read without drawing them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, Final

from intake.charset import decode
from intake.files import FileType
from intake.htmltext import html_to_text
from intake.refusal import RefusedError

_MAX_UNPACKED: Final = 200 * 1024 * 1024
_MAX_RATIO: Final = 200
_MAX_MEMBERS: Final = 5000
_MAX_TEXT: Final = 5_000_000
_MAX_HTML: Final = 2_000_000
_BLANKS: Final = re.compile(r"\n{3,}")
_FEW_CHARACTERS: Final = 20
_MAX_ROWS: Final = 5_000
_MAX_COLUMNS: Final = 100


def read_native(path: Path, kind: FileType) -> str | None:
    """Read a file's text as it stands; None when a docx holds pictures instead of text and must be drawn.

    Raises:
        RefusedError: A docx that cannot be opened or unpacks to too much.
    """
    if kind is FileType.DOCX:
        return _docx(path)
    if kind is FileType.XLSX:
        return _xlsx(path)
    data = path.read_bytes()
    text = html_to_text(decode(data), _MAX_HTML) if kind is FileType.HTML else decode(data)
    return tidy(text)


def tidy(text: str) -> str:
    """Drop characters that databases refuse, unify line ends, and bound the length."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _BLANKS.sub("\n\n", text).strip()[:_MAX_TEXT]


def check_package(path: Path) -> bool:
    """Check a zipped document against bombs, and tell whether it holds pictures. Raises RefusedError."""
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise RefusedError("damaged", "документ повреждён и не открывается: запросите его ещё раз") from None
    unpacked, packed = sum(member.file_size for member in members), max(1, path.stat().st_size)
    if unpacked > _MAX_UNPACKED or len(members) > _MAX_MEMBERS or (unpacked / packed > _MAX_RATIO and unpacked > 1e7):  # noqa: PLR2004 - small files pack well
        raise RefusedError("too_large", "документ при распаковке слишком велик: запросите его в виде PDF")
    return any("media/" in member.filename or "Pictures/" in member.filename for member in members)


def _docx(path: Path) -> str | None:
    import docx

    has_pictures = check_package(path)
    try:
        source = docx.Document(str(path))
        blocks = [*_margins(source, "header"), *_blocks(source), *_margins(source, "footer")]
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, AttributeError, SyntaxError):
        raise RefusedError("damaged", "документ docx повреждён и не открывается: запросите его ещё раз") from None
    text = tidy("\n".join(blocks))
    return None if has_pictures and len(text) < _FEW_CHARACTERS else text


def _xlsx(path: Path) -> str:
    """Sheets as lines of cells with a tab between; formulas are not worked out, their stored values are shown."""
    import openpyxl

    check_package(path)
    lines: list[str] = []
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=_MAX_ROWS, max_col=_MAX_COLUMNS, values_only=True):
                cells = ["" if value is None else str(value) for value in row]
                lines.append("\t".join(cells).rstrip())
    except Exception:  # noqa: BLE001 - the library raises anything on damaged workbooks
        raise RefusedError("damaged", "таблица xlsx повреждена и не открывается: запросите её ещё раз") from None
    return tidy("\n".join(lines))


def _margins(source: Any, which: str) -> list[str]:
    lines: list[str] = []
    for section in source.sections:
        part = getattr(section, which)
        if not part.is_linked_to_previous:
            lines += [line for line in _blocks(part) if line.strip() and line not in lines]
    return lines


def _blocks(container: Any) -> list[str]:
    lines: list[str] = []
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [_row(row) for row in block.rows]
        else:
            lines.append(block.text)
    return lines


def _row(row: Any) -> str:
    seen: list[Any] = []
    texts: list[str] = []
    for cell in row.cells:
        if cell._tc not in seen:  # noqa: SLF001 - a merged cell comes once a column; only its element tells
            seen.append(cell._tc)  # noqa: SLF001 - same
            texts.append("\n".join(line for line in _blocks(cell) if line.strip()))
    return "\t".join(texts)
