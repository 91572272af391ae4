"""Postal forms whose words have places: envelopes, address labels, the notice of delivery; as PDF.

Places and sizes are data (rules/postforms.yaml). The postcode is drawn in the strokes that sorting machines read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from outbox import printed
from outbox.postitem import PostItem, PostSender, require_addresses
from outbox.postsheet import item_words
from outbox.printed import safe
from outbox.qr import qr_png
from outbox.sanitise import one_line
from rules.postforms import Blank, Zone

_MM: Final = 72 / 25.4
_LEAST: Final = 6.0
"""Points below which words are cut rather than made smaller."""
_STEP: Final = 0.5

# Strokes of a digit of the code stamp, between nodes of a field of two by three: column, row from above.
_STROKES: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "0": ((0, 0), (1, 0), (1, 2), (0, 2), (0, 0)),
    "1": ((0, 1), (1, 0), (1, 2)),
    "2": ((0, 0), (1, 0), (1, 1), (0, 2), (1, 2)),
    "3": ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2)),
    "4": ((0, 0), (0, 1), (1, 1), (1, 0), (1, 2)),
    "5": ((1, 0), (0, 0), (0, 1), (1, 1), (1, 2), (0, 2)),
    "6": ((1, 0), (0, 1), (0, 2), (1, 2), (1, 1), (0, 1)),
    "7": ((0, 0), (1, 0), (0, 1), (0, 2)),
    "8": ((0, 1), (0, 0), (1, 0), (1, 2), (0, 2), (0, 1), (1, 1)),
    "9": ((0, 2), (1, 1), (1, 0), (0, 0), (0, 1), (1, 1)),
}
_DIGITS: Final = 6


def blank_pdf(blank: Blank, items: Sequence[PostItem], sender: PostSender) -> bytes:
    """Print a blank for every item, side after side.

    Raises:
        PostListError: No items, one without an address, or no Cyrillic font on this machine.
    """
    from reportlab.pdfgen.canvas import Canvas

    require_addresses(list(items))
    printed.fonts()
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=(blank.width * _MM, blank.height * _MM), invariant=1)
    canvas.setTitle(one_line(blank.title.format(**item_words(items[0], sender))))
    for item in items:
        words = item_words(item, sender)
        for side in blank.sides:
            for zone in side:
                _draw(canvas, blank, zone, words, item.mark)
            canvas.showPage()
    canvas.save()
    return output.getvalue()


def _draw(canvas: Any, blank: Blank, zone: Zone, words: Mapping[str, str], mark: str) -> None:
    left, low = zone.x * _MM, (blank.height - zone.y - zone.height) * _MM
    if zone.frame:
        canvas.rect(left, low, zone.width * _MM, zone.height * _MM)
    if zone.kind == "line":
        canvas.line(left, low, left + zone.width * _MM, low)
    elif zone.kind == "qr":
        if mark:
            _code(canvas, mark, left, low, min(zone.width, zone.height) * _MM)
    elif zone.kind == "index":
        _index(canvas, zone.text.format(**words), left, low, zone)
    else:
        _text(canvas, zone, zone.text.format(**words), left, low + zone.height * _MM)


def _code(canvas: Any, mark: str, left: float, low: float, side: float) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(io.BytesIO(qr_png(mark))), left, low, side, side)


def _text(canvas: Any, zone: Zone, text: str, left: float, top: float) -> None:
    """Set words into their place; what does not fit is set smaller where the layout allows it, then cut."""
    from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    sides = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
    size, width, height = zone.size, zone.width * _MM, zone.height * _MM
    while True:
        look = ParagraphStyle(
            "zone", parent=printed.style(size, bold=zone.bold), leading=size * 1.15, alignment=sides[zone.align]
        )
        paragraph = Paragraph(safe(text), look)
        _, needed = paragraph.wrap(width, 10_000)
        if needed <= height or not zone.fit or size - _STEP < _LEAST:
            break
        size -= _STEP
    if needed > height and zone.fit:  # only so many lines have room
        paragraph = (paragraph.split(width, max(height, size * 1.15)) or [paragraph])[0]
        _, needed = paragraph.wrap(width, 10_000)
    paragraph.drawOn(canvas, left, top - needed)


def _index(canvas: Any, digits: str, left: float, low: float, zone: Zone) -> None:
    """Draw six fields of the code stamp: the digits of the postcode, or empty fields to fill by hand."""
    step = zone.width * _MM / _DIGITS
    wide, high = step * 0.55, zone.height * _MM * 0.8
    known = digits if len(digits) == _DIGITS and digits.isascii() and digits.isdigit() else ""
    canvas.saveState()
    canvas.setLineCap(1)
    for place in range(_DIGITS):
        x, y = left + place * step, low + zone.height * _MM * 0.1
        if known:
            nodes = [(x + column * wide, y + high - row * high / 2) for column, row in _STROKES[known[place]]]
            path = canvas.beginPath()
            path.moveTo(*nodes[0])
            for node in nodes[1:]:
                path.lineTo(*node)
            canvas.setLineWidth(1.4)
            canvas.setDash()
            canvas.drawPath(path)
        else:
            canvas.setLineWidth(0.4)
            canvas.setDash(1, 2)
            canvas.rect(x, y, wide, high)
            canvas.line(x, y + high / 2, x + wide, y + high / 2)
    canvas.restoreState()
