"""QR mark of the outgoing number, by which a signed and scanned letter is found again."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import zxingcpp
from PIL import Image

from outbox.errors import ComposeError

TEXT_LIMIT = 200
"""Longer texts make a mark too fine for a 20 mm print and an office scanner."""


def qr_png(text: str, *, scale: int = 8, level: Literal["L", "M", "Q", "H"] = "L") -> bytes:
    """Draw the mark as PNG with its quiet zone; ``scale`` is pixels a module, level H survives stains.

    Raises:
        ComposeError: The text is empty or longer than a printable mark can hold.
    """
    if not text or len(text) > TEXT_LIMIT:
        raise ComposeError(f"QR-код письма: текст пуст или длиннее {TEXT_LIMIT} знаков. Проверьте исходящий номер.")
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    pixels = np.asarray(barcode.to_image(scale=scale, add_quiet_zones=True))
    output = io.BytesIO()
    Image.fromarray(pixels).convert("L").save(output, "PNG")
    return output.getvalue()
