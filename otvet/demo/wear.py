"""What happens to a sheet between the printer and the file: skew, turning, noise, fax, photocopy, weak toner, JPEG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from otvet.demo.letters import Wear
from otvet.demo.paper import DPI

FAX_FINE = (204, 196)


@dataclass(frozen=True, slots=True)
class Scan:
    """One scanned page.

    Attributes:
        image: Grey (``L``), colour (``RGB``) or black and white (``1``).
        dpi: Horizontal and vertical resolution.
        quality: JPEG quality it is to be stored with.
    """

    image: Image.Image
    dpi: tuple[int, int] = (DPI, DPI)
    quality: int = 60


def scan(sheet: Image.Image, wear: Sequence[Wear], rng: np.random.Generator) -> Scan:
    """Scan a sheet: grey unless ``colour``, with everything in ``wear`` done to it in a fixed order.

    Args:
        sheet: RGB page at 200 dpi.
        wear: What happens; the order given does not matter.
        rng: Source of every random choice.

    Returns:
        The page as the scanner or the fax stores it.
    """
    image = sheet if "colour" in wear else sheet.convert("L")
    if "office" in wear:
        image = _turn(image, float(rng.uniform(0.3, 1.1) * rng.choice([-1, 1])))
        image = _specks(_uneven(_noise(image, 4, rng), rng), 60, rng)
    if "skew" in wear:
        image = _turn(image, float(rng.uniform(1.6, 2.6) * rng.choice([-1, 1])))
    if "low_contrast" in wear:
        image = image.point([round(118 + value * 90 / 255) for value in range(256)])
    if "noise" in wear:
        image = _specks(_noise(image, 11, rng), 150, rng)
    if "dpi150" in wear:
        size = (image.width * 150 // DPI, image.height * 150 // DPI)
        return _rotated(Scan(image.resize(size, Image.Resampling.LANCZOS), (150, 150), 45), wear)
    if "jpeg" in wear:
        image = _jpeg(image, 28)
    if "fax" in wear:
        size = (image.width * FAX_FINE[0] // DPI, image.height * FAX_FINE[1] // DPI)
        narrow = _noise(image.convert("L").resize(size, Image.Resampling.BILINEAR), 10, rng)
        return _rotated(Scan(black_and_white(narrow, 150), FAX_FINE), wear)
    if "bilevel" in wear:
        grey = _noise(image.convert("L").filter(ImageFilter.GaussianBlur(0.7)), 14, rng)
        image = black_and_white(_specks(grey, 120, rng), 165)
    return _rotated(Scan(image), wear)


def black_and_white(image: Image.Image, threshold: int) -> Image.Image:
    """Two colours: what is brighter than ``threshold`` (0-255) becomes white."""
    return image.convert("L").point([255 * (value > threshold) for value in range(256)]).convert("1")


def _rotated(page: Scan, wear: Sequence[Wear]) -> Scan:
    if "rotate90" in wear:
        return Scan(page.image.transpose(Image.Transpose.ROTATE_90), (page.dpi[1], page.dpi[0]), page.quality)
    if "rotate180" in wear:
        return Scan(page.image.transpose(Image.Transpose.ROTATE_180), page.dpi, page.quality)
    return page


def _turn(image: Image.Image, degrees: float) -> Image.Image:
    fill = 250 if image.mode == "L" else (250, 250, 250)
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=fill)


def _noise(image: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    # A quarter of the grain, laid four times: the eye does not see it, and it is four times faster.
    height, width = pixels.shape[0] // 2 + 1, pixels.shape[1] // 2 + 1
    grain = np.tile(rng.standard_normal((height, width), dtype=np.float32) * sigma, (2, 2))
    grain = grain[: pixels.shape[0], : pixels.shape[1]]
    noisy = pixels + (grain if image.mode == "L" else grain[:, :, None])
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _uneven(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Shade one side, as a lid that does not close does."""
    pixels = np.asarray(image, dtype=np.float32)
    shade = np.linspace(1.0, float(rng.uniform(0.90, 0.96)), pixels.shape[1], dtype=np.float32)
    shaded = pixels * (shade[None, :] if image.mode == "L" else shade[None, :, None])
    return Image.fromarray(shaded.astype(np.uint8))


def _specks(image: Image.Image, count: int, rng: np.random.Generator) -> Image.Image:
    pixels = np.array(image)
    ys = rng.integers(2, pixels.shape[0] - 4, count)
    xs = rng.integers(2, pixels.shape[1] - 4, count)
    for y, x, side in zip(ys, xs, rng.integers(1, 4, count), strict=True):
        pixels[y : y + side, x : x + side] = 60
    return Image.fromarray(pixels)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert(image.mode)
