"""Paper dispatch: the list of postal items (реестр почтовых отправлений) and address labels, as PDF."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from pydantic import Field

from outbox import printed, typography
from outbox.errors import PostListError
from outbox.printed import gap, paragraph, safe
from outbox.sanitise import one_line
from rules.wire import Wire

LABEL_MM = (105, 70)
"""A6 quarter of a common label sheet; also fits the window of a DL envelope."""

_COLUMNS = (("№", 10), ("Исх. №", 34), ("Адресат", 55), ("Адрес", 95), ("Вид отправления", 30), ("Подпись", 43))


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
    _check(items)
    printed.fonts()
    label = f"№ {safe(number)} " if number else ""
    rows = [
        (str(position), item.number, item.addressee, item.address, item.kind, "")
        for position, item in enumerate(items, start=1)
    ]
    story: list[Any] = [
        paragraph(f"Реестр почтовых отправлений {label}от {typography.day(date)}", 13, bold=True),
        gap(2),
        paragraph(f"Отправитель: {safe(sender)}"),
        gap(4),
        printed.table(_COLUMNS, rows),
        gap(6),
        paragraph(f"Всего отправлений: {len(items)}", bold=True),
        gap(8),
        paragraph(
            "Сдал: ______________________ / ______________________ &nbsp;&nbsp;&nbsp;&nbsp; "
            "Принял: ______________________ / ______________________ &nbsp;&nbsp;&nbsp;&nbsp; Дата, оттиск штемпеля"
        ),
    ]
    title = f"Реестр почтовых отправлений от {typography.day(date)}"
    return printed.pdf(story, title=title, author=sender, landscape=True)


def address_label(item: PostItem, sender: PostSender) -> bytes:
    """Make an address label of 105 by 70 mm.

    Raises:
        PostListError: The item has no address, or no Cyrillic font on this machine.
    """
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _check([item])
    printed.fonts()
    story: list[Any] = [
        paragraph(f"От кого: {safe(sender.name)}<br/>{safe(sender.address)}", 8),
        gap(5),
        paragraph(f"Кому: {safe(item.addressee)}", 11, bold=True),
        gap(2),
        paragraph(f"Куда: {safe(item.address)}", 11, bold=True),
        gap(3),
        paragraph(f"{safe(item.kind)}, исх. № {safe(item.number)}", 8),
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
