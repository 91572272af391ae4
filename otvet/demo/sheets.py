"""Scanned pages as files: PDF of images, TIFF, JPEG, and the separator sheets of a batch."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Literal

import pikepdf
import zxingcpp
from PIL import Image, ImageDraw

from otvet.demo.ink import font
from otvet.demo.letters import long_date
from otvet.demo.paper import PAGE
from otvet.demo.wear import Scan, black_and_white

TiffCompression = Literal["group4", "tiff_lzw"]


def separator(day: dt.date) -> Image.Image:
    """A separator sheet: a big QR ``OTVET:SEP;date=YYYY-MM-DD`` (level H) with the date of the arrival stamp."""
    page = Image.new("RGB", PAGE, (252, 252, 250))
    code = zxingcpp.create_barcode(f"OTVET:SEP;date={day.isoformat()}", zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    square = Image.fromarray(code.to_image(scale=1, add_quiet_zones=True))
    side = square.width * (1000 // square.width)
    page.paste(square.resize((side, side), Image.Resampling.NEAREST).convert("RGB"), ((PAGE[0] - side) // 2, 620))
    draw = ImageDraw.Draw(page)
    middle = PAGE[0] // 2
    draw.text((middle, 300), "ЛИСТ-РАЗДЕЛИТЕЛЬ", font=font("sans-bold", 84), fill="black", anchor="mm")
    draw.text((middle, 430), "положите перед первым листом письма", font=font("sans", 42), fill="black", anchor="mm")
    draw.text((middle, 1800), f"Получено {long_date(day)}", font=font("sans-bold", 64), fill="black", anchor="mm")
    return page


def as_pdf(pages: Sequence[Scan]) -> bytes:
    """A PDF with one image a page and no text, each page in its own size and resolution; reproducible bytes."""
    document = pikepdf.new()
    for page in pages:
        one = io.BytesIO()
        page.image.save(one, "PDF", resolution=page.dpi[0], quality=page.quality)
        with pikepdf.open(one) as source:
            document.pages.extend(source.pages)
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def as_tiff(pages: Sequence[Scan], compression: TiffCompression) -> bytes:
    """A multi-page TIFF: ``group4`` makes the pages black and white, ``tiff_lzw`` keeps sixteen greys."""
    images = [_for_tiff(page.image, compression) for page in pages]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=pages[0].dpi)
    return out.getvalue()


def _for_tiff(image: Image.Image, compression: TiffCompression) -> Image.Image:
    if compression == "group4":
        return image if image.mode == "1" else black_and_white(image, 160)
    return image.convert("L").point([min(255, round(value / 17) * 17) for value in range(256)])


def as_jpeg(page: Scan) -> bytes:
    """One page as JPEG."""
    out = io.BytesIO()
    page.image.save(out, "JPEG", quality=page.quality, dpi=page.dpi)
    return out.getvalue()
