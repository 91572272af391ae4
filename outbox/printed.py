"""Printed lists (реестры, акты, описи) as PDF: fonts with Cyrillic, a table over many sheets, numbered pages."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from outbox.errors import PostListError
from outbox.sanitise import one_line

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_PAIRS = (
    ("PTS55F.ttf", "PTS75F.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
)
MARGIN_MM = 15
REGULAR, BOLD = "OtvetRegular", "OtvetBold"

Columns = Sequence[tuple[str, float]]


def pdf(story: list[Any], *, title: str, author: str, landscape: bool = False) -> bytes:
    """Lay a story out on numbered A4 sheets."""
    from reportlab.lib import pagesizes
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=pagesizes.landscape(pagesizes.A4) if landscape else pagesizes.A4,
        **{f"{side}Margin": MARGIN_MM * mm for side in ("left", "right", "top", "bottom")},
        title=title,
        author=one_line(author),
    )
    document.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return output.getvalue()


def paragraph(text: str, size: float = 9, *, bold: bool = False) -> Any:
    """Return a paragraph of reportlab's own markup: pass data through `safe` first. Needs `fonts`."""
    from reportlab.platypus import Paragraph

    return Paragraph(text, style(size, bold=bold))


def gap(height_mm: float) -> Any:
    """Return white space."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer

    return Spacer(1, height_mm * mm)


def table(columns: Columns, rows: Sequence[Sequence[str]], size: float = 9) -> Any:
    """Return a ruled table whose head stands on every sheet.

    Args:
        columns: Title and width in millimetres of each.
        rows: Values as text; they are data and are escaped here.
        size: Of the letters, in points.
    """
    from reportlab.lib import colors
    from reportlab.lib.units import mm
    from reportlab.platypus import LongTable, TableStyle

    lines: list[list[Any]] = [[paragraph(safe(title), size, bold=True) for title, _ in columns]]
    lines += [[paragraph(safe(value), size) for value in row] for row in rows]
    made = LongTable(lines, colWidths=[width * mm for _, width in columns], repeatRows=1)
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    made.setStyle(TableStyle([*grid, ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
    return made


def style(size: float, *, bold: bool = False) -> Any:
    """Return a style of paragraph."""
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"otvet-{size}-{bold}", fontName=BOLD if bold else REGULAR, fontSize=size, leading=size * 1.25
    )


def safe(text: str) -> str:
    """Escape for reportlab's own markup: an address is data."""
    return escape(one_line(text, limit=1000))


@functools.cache
def fonts() -> None:
    """Register fonts with Cyrillic. Raises PostListError when this machine has none."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for regular, bold in FONT_PAIRS:
        paths = [_find(name) for name in (regular, bold)]
        if all(paths):
            for name, path in zip((REGULAR, BOLD), paths, strict=True):
                pdfmetrics.registerFont(TTFont(name, str(path)))
            return
    raise PostListError("Нет шрифта с кириллицей. Установите пакет fonts-liberation или fonts-paratype.")


def _page_number(canvas: Any, document: Any) -> None:
    from reportlab.lib.units import mm

    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(document.pagesize[0] - MARGIN_MM * mm, 8 * mm, f"Лист {canvas.getPageNumber()}")


def _find(name: str) -> Path | None:
    for folder in FONT_FOLDERS:
        found = next(Path(folder).expanduser().rglob(name), None)
        if found:
            return found
    return None
