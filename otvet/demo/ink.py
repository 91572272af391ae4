"""Fonts, pen strokes and rubber stamps for the demonstration's paper."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

BLUE_INK = (38, 52, 150)
VIOLET_INK = (84, 62, 160)

_FONTS = {
    "serif": ("paratype/PTF55F.ttf", "liberation/LiberationSerif-Regular.ttf"),
    "serif-bold": ("paratype/PTF75F.ttf", "liberation/LiberationSerif-Bold.ttf"),
    "serif-italic": ("paratype/PTF56F.ttf", "liberation/LiberationSerif-Italic.ttf"),
    "sans": ("paratype/PTS55F.ttf", "liberation/LiberationSans-Regular.ttf"),
    "sans-bold": ("paratype/PTS75F.ttf", "liberation/LiberationSans-Bold.ttf"),
    "mono-bold": ("paratype/PTM75F.ttf", "liberation/LiberationMono-Bold.ttf"),
}
_FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


class DemoFontError(Exception):
    """No font with Russian letters was found for the demonstration's paper."""


@cache
def font_path(face: str) -> Path:
    """File of a face (``serif``, ``serif-bold``, ``serif-italic``, ``sans``, ``sans-bold``, ``mono-bold``).

    Raises:
        DemoFontError: Neither ParaType's nor Liberation's font is installed.
    """
    for folder in _FOLDERS:
        for name in _FONTS[face]:
            if (folder / name).is_file():
                return folder / name
    raise DemoFontError("Нет шрифтов с русскими буквами: установите пакеты fonts-paratype или fonts-liberation.")


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels."""
    return ImageFont.truetype(font_path(face), size)


def scribble(page: Image.Image, x: int, y: int, width: int, rng: np.random.Generator) -> None:
    """Sign at (x, y), the left end of the base line: a few loops and a tail of a ball pen."""
    points = 90
    t = np.linspace(0, 1, points)
    swing = width * 0.16 * np.exp(-1.6 * t)
    loops = rng.uniform(5.5, 8.5)
    xs = x + width * t + swing * np.sin(2 * math.pi * loops * t)
    ys = y - width * 0.05 - swing * 1.25 * np.cos(2 * math.pi * loops * t + rng.uniform(0, 2)) - width * 0.1 * t
    path = [(float(a), float(b)) for a, b in zip(xs, ys, strict=True)]
    draw = ImageDraw.Draw(page)
    draw.line(path, fill=BLUE_INK, width=4, joint="curve")
    tail = [(path[-1][0], path[-1][1]), (x + width * 0.5, y + width * 0.1), (x + width * 1.15, y + width * 0.02)]
    draw.line(tail, fill=BLUE_INK, width=3, joint="curve")


def round_stamp(page: Image.Image, x: int, y: int, name: str, inn: str | None, *, radius: int = 150) -> None:
    """Press a round blue stamp with the organisation's name around the rim, centred at (x, y)."""
    side = radius * 2 + 10
    layer = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(layer)
    middle = side / 2
    for inset, width in ((5, 5), (14, 2), (60, 3)):
        draw.ellipse((inset, inset, side - inset, side - inset), outline=235, width=width)
    rim = f"{name.upper()} * "
    _around(layer, rim, middle, radius - 36)
    draw.text(
        (middle, middle - 14), "Канцелярия" if inn is None else "ИНН", font=font("sans", 24), fill=230, anchor="mm"
    )
    draw.text((middle, middle + 16), inn or "для документов", font=font("sans", 22), fill=230, anchor="mm")
    # A rubber stamp never presses evenly.
    pressed = layer.rotate(-14, Image.Resampling.BICUBIC)
    fade = np.asarray(pressed, dtype=np.float32) * np.linspace(0.62, 0.95, side)[None, :]
    page.paste(VIOLET_INK, (x - side // 2, y - side // 2), Image.fromarray(fade.astype(np.uint8)))


def _around(layer: Image.Image, text: str, middle: float, radius: float) -> None:
    size = max(14, min(26, int(2 * math.pi * radius / max(len(text), 1) * 1.45)))
    face = font("sans-bold", size)
    for number, letter in enumerate(text):
        angle = 2 * math.pi * number / len(text) - math.pi / 2
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size, size), letter, font=face, fill=235, anchor="mm")
        turned = glyph.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        at = (round(middle + radius * math.cos(angle) - size), round(middle + radius * math.sin(angle) - size))
        layer.paste(235, at, turned)


def date_stamp(page: Image.Image, x: int, y: int, lines: list[str]) -> None:
    """Press the office's rectangular arrival stamp, slightly askew, with its upper left corner at (x, y)."""
    layer = Image.new("L", (430, 60 + 40 * len(lines)), 0)
    draw = ImageDraw.Draw(layer)
    draw.rectangle((6, 6, 423, layer.height - 7), outline=210, width=4)
    for number, line in enumerate(lines):
        draw.text((215, 48 + 44 * number), line, font=font("sans-bold", 28), fill=215, anchor="mm")
    page.paste(VIOLET_INK, (x, y), layer.rotate(1.5, Image.Resampling.BICUBIC))
