"""Envelopes as they come from a scanner: printed labels, an address, a stamp of the post, a bar code."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from otvet.demo.ink import font, font_path

SIZE = (2598, 1299)  # a DL envelope, 220 × 110 mm at 300 dpi
BLACK = (40, 40, 44)
LINES = {
    "От кого": "Петров Андрей Павлович",
    "Откуда": "г. Уфа, ул. Пушкина, д. 7, кв. 1",
    "Кому": "ООО «ЕИРЦ РБ»",
    "Куда": "г. Уфа, ул. Кирова, д. 47",
}


def envelope(
    posted: dt.date | None = None, *, tracking: str | None = None, mark: str = "", seed: int = 1, turned: float = 11
) -> Image.Image:
    """Draw an envelope.

    Args:
        posted: Day on the stamp of the post.
        tracking: Number under its bar code.
        mark: Words across the middle, such as «ЛИЧНО».
        seed: Of the noise.
        turned: Degrees by which the stamp is askew.
    """
    page = Image.new("RGB", SIZE, (248, 247, 242))
    draw = ImageDraw.Draw(page)
    for number, (label, value) in enumerate(LINES.items()):
        x, y = (90, 90) if number < 2 else (1330, 700)
        y += 110 * (number % 2)
        draw.text((x, y), label, font=font("sans", 30), fill=BLACK)
        draw.text((x + 170, y - 8), value, font=font("serif", 44), fill=BLACK)
        draw.line((x + 160, y + 48, x + 1100, y + 48), fill=BLACK, width=2)
    draw.text((90, 330), "Индекс места отправления", font=font("sans", 26), fill=BLACK)
    draw.text((480, 320), "450000", font=font("serif", 44), fill=BLACK)
    draw.text((1330, 960), "Индекс места назначения", font=font("sans", 26), fill=BLACK)
    draw.text((1730, 950), "450077", font=font("serif", 44), fill=BLACK)
    if mark:
        draw.text((1300, 480), mark, font=font("sans-bold", 72), fill=BLACK)
    if tracking:
        code = zxingcpp.create_barcode(tracking, zxingcpp.BarcodeFormat.ITF)
        bars = Image.fromarray(np.array(code.to_image(scale=4, add_quiet_zones=True))).resize((900, 150))
        page.paste(bars, (90, 900))
        draw.text((250, 1060), tracking, font=font("sans", 40), fill=BLACK)
    if posted:
        _stamp(page, 2250, 260, posted, turned)
    rng = np.random.default_rng(seed)
    noisy = np.asarray(page, dtype=np.int16) + rng.normal(0, 5, (SIZE[1], SIZE[0], 1)).astype(np.int16)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def _stamp(page: Image.Image, x: int, y: int, posted: dt.date, turned: float) -> None:
    """A calendar stamp: the town and the office around, the date in the middle."""
    radius = 150
    layer = Image.new("L", (radius * 2 + 20, radius * 2 + 20), 0)
    draw, middle = ImageDraw.Draw(layer), radius + 10
    for inset, width in ((10, 6), (84, 4)):
        draw.ellipse((inset, inset, 2 * middle - inset, 2 * middle - inset), outline=225, width=width)
    rim = "УФА 450000 * ПОЧТА РОССИИ * "
    face = ImageFont.truetype(str(font_path("sans-bold")), 34)
    for number, letter in enumerate(rim):
        angle = 2 * math.pi * number / len(rim) - math.pi / 2
        glyph = Image.new("L", (70, 70), 0)
        ImageDraw.Draw(glyph).text((35, 35), letter, font=face, fill=225, anchor="mm")
        at = (round(middle + 117 * math.cos(angle) - 35), round(middle + 117 * math.sin(angle) - 35))
        made = glyph.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        layer.paste(225, at, made)
    draw.text((middle, middle - 6), f"{posted:%d.%m.%y}", font=font("sans-bold", 34), fill=225, anchor="mm")
    draw.text((middle, middle + 36), "14", font=font("sans-bold", 26), fill=225, anchor="mm")
    pressed = layer.rotate(turned, Image.Resampling.BICUBIC)
    fade = np.asarray(pressed, dtype=np.float32) * np.linspace(0.75, 1.0, pressed.width)[None, :]
    page.paste(BLACK, (x - middle, y - middle), Image.fromarray(fade.astype(np.uint8)))
