"""QR marks of our own: separator sheets, registration labels, marks of outgoing letters; reading and making them.

Every mark begins with ``OTVET:`` so that no stranger's code is taken for ours:

- ``OTVET:SEP`` with optional ``;journal=…;date=YYYY-MM-DD;kind=…;sides=2`` separates letters of a batch;
- ``OTVET:REG;ВХ-2026-000123`` is the label with a letter's number;
- ``OTVET:OUT;ИСХ-2026-000045`` finds the signed copy of an outgoing letter again;
- ``OTVET:LIST;12`` and ``OTVET:NOTE;345`` find the stamped list of the post office and the notice of delivery again.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PIL import Image

PREFIX: Final = "OTVET:"
MarkKind = Literal["separator", "registered", "outgoing", "post_list", "notice"]

_KINDS: Final[dict[str, MarkKind]] = {
    "SEP": "separator",
    "REG": "registered",
    "OUT": "outgoing",
    "LIST": "post_list",
    "NOTE": "notice",
}
_MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of ours as read.

    Attributes:
        kind: What the mark is.
        number: Registration or outgoing number, number of a list, key of a sending; None on a separator.
        journal: Journal named on a separator.
        date: Date of the arrival stamp named on a separator.
        appeal_kind: Class of document named on a separator.
        sides: 2 on the separator of a pile that is scanned in two passes, fronts and then backs.
    """

    kind: MarkKind
    number: str | None = None
    journal: str | None = None
    date: dt.date | None = None
    appeal_kind: str | None = None
    sides: int = 1


def parse_mark(text: str) -> Mark | None:
    """Understand the text of a code; None when it is not ours or makes no sense."""
    text = text.strip()
    if not text.startswith(PREFIX) or len(text) > _MAX_LENGTH:
        return None
    head, *rest = (field.strip() for field in text.removeprefix(PREFIX).split(";"))
    kind = _KINDS.get(head)
    if kind is None:
        return None
    if kind != "separator":
        return Mark(kind, number=rest[0]) if rest and rest[0] else None
    named = dict(field.split("=", 1) for field in rest if "=" in field)
    return Mark(
        kind,
        journal=named.get("journal") or None,
        date=_date(named.get("date", "")),
        appeal_kind=named.get("kind") or None,
        sides=2 if named.get("sides") == "2" else 1,
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def find_marks(image: Image.Image) -> list[Mark]:
    """Read our marks from a page, in any direction, each once. A grey raster of 150 dpi and more serves best."""
    import zxingcpp

    grey = np.ascontiguousarray(image if image.mode == "L" else image.convert("L"))
    formats = zxingcpp.barcode_formats_from_str("QRCode")
    codes = zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    marks = (parse_mark(code.text) for code in codes)
    return list(dict.fromkeys(mark for mark in marks if mark is not None))


def separator_text(
    journal: str | None = None, date: dt.date | None = None, kind: str | None = None, sides: int = 1
) -> str:
    """Give the text of a separator's code. Raises ValueError on a name that would break the text."""
    named = {"journal": journal, "date": date.isoformat() if date else None, "kind": kind}
    named["sides"] = "2" if sides == 2 else None  # noqa: PLR2004 - a sheet has two sides
    if any(value and (";" in value or "=" in value) for value in named.values()):
        raise ValueError("names on a separator hold neither «;» nor «=»")
    return ";".join((f"{PREFIX}SEP", *(f"{key}={value}" for key, value in named.items() if value)))


def register_text(number: str) -> str:
    """Give the text of a registration label."""
    return f"{PREFIX}REG;{number}"


def outgoing_text(number: str) -> str:
    """Give the text of the mark on an outgoing letter."""
    return f"{PREFIX}OUT;{number}"


def list_text(list_id: int) -> str:
    """Give the text of the mark on a list for the post office."""
    return f"{PREFIX}LIST;{list_id}"


def notice_text(dispatch_id: int) -> str:
    """Give the text of the mark on a notice of delivery."""
    return f"{PREFIX}NOTE;{dispatch_id}"


def qr_image(text: str, *, scale: int = 8, level: Literal["L", "M", "Q", "H"] = "M") -> Image.Image:
    """Draw a QR code with its quiet zone, ``scale`` pixels a module; level H survives stains."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return Image.fromarray(np.array(code.to_image(scale=scale, add_quiet_zones=True)))


def qr_png(text: str, *, scale: int = 8, level: Literal["L", "M", "Q", "H"] = "M") -> bytes:
    """Give a QR code as a PNG file; see `qr_image`."""
    buffer = io.BytesIO()
    qr_image(text, scale=scale, level=level).save(buffer, format="PNG")
    return buffer.getvalue()
