"""Postal forms that are tables: the list of items, the inventory of an envelope; as PDF and as a workbook.

How they look is data (rules/postforms.yaml); what stands in them is data of the case and is escaped.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, get_args

from outbox import printed, typography
from outbox.postitem import PostItem, PostSender, require_addresses, split_address
from outbox.printed import safe
from outbox.qr import qr_png
from outbox.sanitise import one_line
from rules.postforms import MARGIN, Column, Line, Sheet, Value

if TYPE_CHECKING:
    import datetime as dt

_MM: Final = 72 / 25.4
_CODE_MM: Final = 22.0
_RISKY: Final = ("=", "+", "-", "@")

Row = Mapping[str, str]
Words = Mapping[str, str]


def list_pdf(sheet: Sheet, items: list[PostItem], sender: PostSender, day: dt.date, *, number: str, mark: str) -> bytes:
    """Make the list that is handed over with the items and comes back stamped.

    Args:
        sheet: Its layout.
        items: In the order of handing over.
        sender: The company.
        day: Day of the list.
        number: Number of the list.
        mark: Text of the code by which its scan is found again.

    Raises:
        PostListError: No items, one without an address, or no Cyrillic font on this machine.
    """
    require_addresses(items)
    return _pdf(sheet, _list_rows(items), _list_words(items, sender, day, number), mark)


def list_xlsx(sheet: Sheet, items: list[PostItem], sender: PostSender, day: dt.date, *, number: str) -> bytes:
    """Make the same list as a workbook; text is never a formula. Raises PostListError."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    require_addresses(items)
    words = _list_words(items, sender, day, number)
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Список"
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for line in sheet.before:
        page.append([_cell(line.text.format(**words))])
        page.cell(page.max_row, 1).font = Font(bold=line.bold, size=line.size)
    page.append([column.title for column in sheet.columns])
    thin = Side(style="thin")
    edge, wrap = Border(thin, thin, thin, thin), Alignment(wrap_text=True, vertical="top")
    head = page.max_row
    page.print_title_rows = f"{head}:{head}"
    for row in _list_rows(items):
        page.append([_cell(row[column.value]) for column in sheet.columns])
    for line_ in page.iter_rows(min_row=head, max_row=page.max_row, max_col=len(sheet.columns)):
        for cell in line_:
            cell.border, cell.alignment = edge, wrap
            cell.number_format = "@"
            if cell.row == head:
                cell.font = Font(bold=True)
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width / 2
    for line in sheet.after:
        page.append([_cell(line.text.format(**words))])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def inventory_pdf(sheet: Sheet, item: PostItem, sender: PostSender, day: dt.date) -> bytes:
    """Make the inventory of an envelope (опись вложения), in the copies of its layout. Raises PostListError."""
    require_addresses([item])
    rows, total = [], len(item.contents)
    for place, one in enumerate(item.contents, start=1):
        sheets = f", на {one.sheets} л." if one.sheets else ""
        # The value is declared for the letter as a whole: it stands beside its first thing.
        value = str(item.value) if place == 1 and item.value else "—"
        rows.append({**_EMPTY, "position": str(place), "what": f"{one.what}{sheets}", "quantity": "1", "value": value})
    words = {**item_words(item, sender), "date": typography.day(day), "count": str(total), "total": str(item.value)}
    single = _pdf(sheet, rows, words, item.mark, copies=1)
    return _two_up(single, sheet.copies) if sheet.two_up else _repeated(single, sheet.copies)


def item_words(item: PostItem, sender: PostSender) -> dict[str, str]:
    """What the layouts may say of one item and of who sends it."""
    address, index = split_address(item.address)
    own, own_index = split_address(sender.address)
    return {
        "list": "",
        "date": "",
        "count": "1",
        "total": str(item.value),
        "kind": item.kind.lower(),
        "sender": one_line(sender.name),
        "sender_address": own,
        "sender_index": own_index,
        "addressee": one_line(item.addressee),
        "address": address,
        "index": index,
        "destination": ", ".join(filter(None, (index, address))),
        "number": one_line(item.number),
        "tracking": item.tracking,
        "value": str(item.value) if item.value else "—",
        "page": "",
    }


_EMPTY: Final[dict[str, str]] = dict.fromkeys(get_args(Value), "")


def _list_rows(items: Sequence[PostItem]) -> list[Row]:
    return [
        {
            **_EMPTY,
            "position": str(place),
            "number": one_line(item.number),
            "addressee": one_line(item.addressee),
            "address": one_line(item.address),
            "tracking": item.tracking,
            "kind": item.kind,
            "grams": str(item.grams) if item.grams else "",
            "value": str(item.value) if item.value else "—",
        }
        for place, item in enumerate(items, start=1)
    ]


def _list_words(items: Sequence[PostItem], sender: PostSender, day: dt.date, number: str) -> dict[str, str]:
    kinds = ", ".join(dict.fromkeys(item.kind.lower() for item in items))
    total = str(sum(item.value for item in items))
    words = item_words(items[0], sender)
    words.update(list=number, date=typography.day(day), count=str(len(items)), total=total, kind=kinds)
    return words


def _pdf(sheet: Sheet, rows: Sequence[Row], words: Words, mark: str, *, copies: int | None = None) -> bytes:
    from reportlab.platypus import KeepTogether, SimpleDocTemplate

    printed.fonts()
    size = paper(sheet)
    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=size,
        leftMargin=MARGIN * _MM,
        rightMargin=MARGIN * _MM,
        topMargin=MARGIN * _MM,
        bottomMargin=(6 + (_CODE_MM if sheet.qr else MARGIN - 3)) * _MM,
        title=one_line(sheet.title.format(**words)),
        author=words["sender"],
    )
    last = KeepTogether(_lines(sheet.after, words))  # signatures never stand alone on a sheet
    story = [*_lines(sheet.before, words), printed.gap(2), _table(sheet.columns, rows), last]
    drawn = _corner(mark if sheet.qr else "")
    document.build(story, onFirstPage=drawn, onLaterPages=drawn)
    return output.getvalue() if copies == 1 else _repeated(output.getvalue(), sheet.copies)


def paper(sheet: Sheet) -> tuple[float, float]:
    """Size of a sheet in points."""
    from reportlab.lib import pagesizes

    size: tuple[float, float] = {"A4": pagesizes.A4, "A5": pagesizes.A5}[sheet.paper]
    return (size[1], size[0]) if sheet.landscape else size


def _lines(lines: Sequence[Line], words: Words) -> list[Any]:
    from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    sides = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
    story: list[Any] = []
    for line in lines:
        base = printed.style(line.size, bold=line.bold)
        look = ParagraphStyle("line", parent=base, alignment=sides[line.align], spaceBefore=0)
        # The blanks to write on are kept: only the data is folded to one line.
        text = safe(line.text.format(**words)) if "___" not in line.text else _kept(line.text, words)
        story += [printed.gap(line.gap), Paragraph(text, look)] if line.gap else [Paragraph(text, look)]
    return story


def _kept(text: str, words: Words) -> str:
    return safe(text.format(**words)).replace("   ", "&nbsp;&nbsp;&nbsp;")


def _table(columns: Sequence[Column], rows: Sequence[Row]) -> Any:
    return printed.table(
        [(column.title, column.width) for column in columns],
        [[row[column.value] for column in columns] for row in rows],
        8,
    )


def _corner(mark: str) -> Callable[[Any, Any], None]:
    """Draw the code in the lower right corner of every sheet, with the sheet's number beside it."""
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(io.BytesIO(qr_png(mark))) if mark else None

    def draw(canvas: Any, document: Any) -> None:
        width = document.pagesize[0]
        canvas.setFont(printed.style(8).fontName, 8)
        canvas.drawString(MARGIN * _MM, 8 * _MM, f"Лист {canvas.getPageNumber()}")
        if picture is not None:
            left = width - (MARGIN + _CODE_MM) * _MM
            canvas.drawImage(picture, left, 4 * _MM, _CODE_MM * _MM, _CODE_MM * _MM)

    return draw


def _repeated(pdf: bytes, copies: int) -> bytes:
    import pikepdf

    if copies == 1:
        return pdf
    with pikepdf.open(io.BytesIO(pdf)) as one, pikepdf.open(io.BytesIO(pdf)) as whole:
        for _ in range(copies - 1):
            whole.pages.extend(one.pages)
        return _saved(whole)


def _two_up(pdf: bytes, copies: int) -> bytes:
    """Put every sheet twice beside itself on one of twice the width, to be cut; ``copies`` is even."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as one, pikepdf.new() as whole:
        for _ in range(copies // 2):
            for page in one.pages:
                width, height = float(page.mediabox[2]), float(page.mediabox[3])
                both = whole.add_blank_page(page_size=(2 * width, height))
                for half in range(2):
                    both.add_overlay(page, pikepdf.Rectangle(half * width, 0, (half + 1) * width, height))
        return _saved(whole)


def joined(files: Sequence[bytes]) -> bytes:
    """Put several PDFs behind each other, to print at once."""
    import pikepdf

    with pikepdf.new() as whole:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as one:
                whole.pages.extend(one.pages)
        return _saved(whole)


def _saved(document: Any) -> bytes:
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _cell(text: str) -> str:
    plain = one_line(text, limit=1000)
    return f"'{plain}" if plain.startswith(_RISKY) else plain
