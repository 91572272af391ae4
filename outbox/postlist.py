"""Paper dispatch: the list of postal items (реестр почтовых отправлений) and address labels, as PDF."""

from __future__ import annotations

import datetime as dt
import functools
import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pydantic import Field

from outbox import typography
from outbox.errors import PostListError
from outbox.sanitise import one_line
from rules.wire import Wire

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_PAIRS = (
    ("PTS55F.ttf", "PTS75F.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
)
LABEL_MM = (105, 70)
"""A6 quarter of a common label sheet; also fits the window of a DL envelope."""

_COLUMNS = (("№", 10), ("Исх. №", 34), ("Адресат", 55), ("Адрес", 95), ("Вид отправления", 30), ("Подпись", 43))
_REGULAR, _BOLD = "OtvetRegular", "OtvetBold"


class PostItem(Wire):
    """One item to be handed over to the post."""

    number: str = Field(description="outgoing number of the reply")
    addressee: str
    address: str
    kind: str = "Заказное"


class PostSender(Wire):
    """Who sends."""

    name: str
    address: str


def dispatch_list_pdf(items: list[PostItem], sender: str, date: dt.date, *, number: str | None = None) -> bytes:
    """Make the list that a clerk hands over with the items and gets back stamped.

    Args:
        items: Items in the order of handing over, at least one.
        sender: The company: name and, if wanted, address.
        date: Day of the list.
        number: Number of the list, where lists are numbered.

    Raises:
        PostListError: No items, an item without an address, or no Cyrillic font on this machine.
    """
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    _check(items)
    _fonts()
    normal, bold, title = _style(9), _style(9, bold=True), _style(13, bold=True)
    label = f"№ {_safe(number)} " if number else ""
    story: list[Any] = [
        Paragraph(f"Реестр почтовых отправлений {label}от {typography.day(date)}", title),
        Spacer(1, 2 * mm),
        Paragraph(f"Отправитель: {_safe(sender)}", normal),
        Spacer(1, 4 * mm),
        _table(items, normal, bold),
        Spacer(1, 6 * mm),
        Paragraph(f"Всего отправлений: {len(items)}", bold),
        Spacer(1, 8 * mm),
        Paragraph(
            "Сдал: ______________________ / ______________________ &nbsp;&nbsp;&nbsp;&nbsp; "
            "Принял: ______________________ / ______________________ &nbsp;&nbsp;&nbsp;&nbsp; Дата, оттиск штемпеля",
            normal,
        ),
    ]
    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=landscape(A4),
        **{f"{side}Margin": 15 * mm for side in ("left", "right", "top", "bottom")},
        title=f"Реестр почтовых отправлений от {typography.day(date)}",
        author=one_line(sender),
    )
    document.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return output.getvalue()


def address_label(item: PostItem, sender: PostSender) -> bytes:
    """Make an address label of 105 by 70 mm.

    Raises:
        PostListError: The item has no address, or no Cyrillic font on this machine.
    """
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    _check([item])
    _fonts()
    small, large = _style(8), _style(11, bold=True)
    story: list[Any] = [
        Paragraph(f"От кого: {_safe(sender.name)}<br/>{_safe(sender.address)}", small),
        Spacer(1, 5 * mm),
        Paragraph(f"Кому: {_safe(item.addressee)}", large),
        Spacer(1, 2 * mm),
        Paragraph(f"Куда: {_safe(item.address)}", large),
        Spacer(1, 3 * mm),
        Paragraph(f"{_safe(item.kind)}, исх. № {_safe(item.number)}", small),
    ]
    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=(LABEL_MM[0] * mm, LABEL_MM[1] * mm),
        **{f"{side}Margin": 5 * mm for side in ("left", "right", "top", "bottom")},
        title=f"Адресный ярлык {one_line(item.number)}",
    )
    document.build(story)
    return output.getvalue()


def _check(items: list[PostItem]) -> None:
    if not items:
        raise PostListError("В реестре нет отправлений. Выберите письма, которые отправляются почтой.")
    missing = [one_line(item.number) for item in items if not one_line(item.address) or not one_line(item.addressee)]
    if missing:
        raise PostListError(f"Нет адреса или адресата у писем: {', '.join(missing)}. Заполните почтовый адрес.")


def _table(items: list[PostItem], normal: Any, bold: Any) -> Any:
    from reportlab.lib import colors
    from reportlab.lib.units import mm
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    rows = [[Paragraph(title, bold) for title, _ in _COLUMNS]]
    for position, item in enumerate(items, start=1):
        values = (str(position), item.number, item.addressee, item.address, item.kind, "")
        rows.append([Paragraph(_safe(value), normal) for value in values])
    table = LongTable(rows, colWidths=[width * mm for _, width in _COLUMNS], repeatRows=1)
    lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    table.setStyle(TableStyle([*lines, ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
    return table


def _page_number(canvas: Any, document: Any) -> None:
    from reportlab.lib.units import mm

    canvas.setFont(_REGULAR, 8)
    canvas.drawRightString(document.pagesize[0] - 15 * mm, 8 * mm, f"Лист {canvas.getPageNumber()}")


def _style(size: float, *, bold: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"otvet-{size}-{bold}", fontName=_BOLD if bold else _REGULAR, fontSize=size, leading=size * 1.25
    )


def _safe(text: str) -> str:
    """Escape for reportlab's own markup: an address is data."""
    return escape(one_line(text, limit=1000))


@functools.cache
def _fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for regular, bold in FONT_PAIRS:
        paths = [_find(name) for name in (regular, bold)]
        if all(paths):
            for name, path in zip((_REGULAR, _BOLD), paths, strict=True):
                pdfmetrics.registerFont(TTFont(name, str(path)))
            return
    raise PostListError("Нет шрифта с кириллицей. Установите пакет fonts-liberation или fonts-paratype.")


def _find(name: str) -> Path | None:
    for folder in FONT_FOLDERS:
        found = next(Path(folder).expanduser().rglob(name), None)
        if found:
            return found
    return None
