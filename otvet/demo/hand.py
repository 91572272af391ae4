"""A page that looks written by hand, and that OCR cannot read."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

from otvet.demo.ink import font
from otvet.demo.paper import PAGE

_LINE = 96
_LEFT, _RIGHT, _TOP = 180, 1540, 260


def write(text: str, rng: np.random.Generator) -> Image.Image:
    """Write a text on squared paper in an unsteady, running hand.

    Args:
        text: Lines parted by line ends are separate paragraphs.
        rng: Source of every random choice.

    Returns:
        RGB page of A4 at 200 dpi.
    """
    ink = Image.new("L", PAGE, 0)
    y = float(_TOP)
    for line in text.strip().split("\n"):
        y = _write_line(ink, line.split(), y, rng)
    distorted = _elastic(np.asarray(ink, dtype=np.float32), rng)
    page = _squared_paper()
    page.paste((40, 50, 130), (0, 0), Image.fromarray(distorted.clip(0, 255).astype(np.uint8)))
    return page


def _write_line(ink: Image.Image, words: list[str], y: float, rng: np.random.Generator) -> float:
    x, drift = _LEFT + 90.0, float(rng.uniform(-0.03, 0.02))
    for word in words:
        drawn = _word(word, rng)
        if x + drawn.width > _RIGHT:
            x, y = _LEFT + float(rng.uniform(-15, 25)), y + _LINE
            drift = float(rng.uniform(-0.03, 0.02))
        at = (round(x), round(y + (x - _LEFT) * drift + rng.uniform(-7, 7)))
        ink.paste(255, at, drawn)
        x += drawn.width + float(rng.uniform(4, 26))
    return y + _LINE


def _word(word: str, rng: np.random.Generator) -> Image.Image:
    """One word: letters of uneven size, run into each other along a joining stroke, slanted."""
    size = int(rng.integers(46, 60))
    layer = Image.new("L", (60 + len(word) * size, 150), 0)
    draw = ImageDraw.Draw(layer)
    x, base = 40.0, 96.0
    for letter in word:
        face = font("serif-italic", max(30, size + int(rng.integers(-9, 10))))
        wobble = base + float(rng.uniform(-6, 6))
        draw.text((x, wobble), letter, font=face, fill=255, anchor="ls")
        step = face.getlength(letter) * float(rng.uniform(0.70, 0.88))
        if letter.isalpha():
            draw.line((x + 4, wobble - 3, x + step + 10, wobble - float(rng.uniform(0, 22))), fill=235, width=4)
        x += step
    slant = float(rng.uniform(0.25, 0.5))
    shape = layer.transform(layer.size, Image.Transform.AFFINE, (1, slant, -slant * base, 0, 1, 0))
    box = shape.getbbox()
    return shape if box is None else shape.crop((box[0], 0, box[2], layer.height))


def _elastic(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bend the page by smooth random fields, a coarse and a fine one; displacements in pixels."""
    shift = np.zeros((2, *ink.shape), dtype=np.float32)
    for strength, smooth in ((14.0, 60), (5.5, 9)):
        small = (ink.shape[0] // 4 + 1, ink.shape[1] // 4 + 1)
        for axis in range(2):
            field = gaussian_filter(rng.standard_normal(small, dtype=np.float32), smooth / 4)
            scaled = Image.fromarray(field * (strength / float(field.std()))).resize(ink.shape[::-1])
            shift[axis] += np.asarray(scaled)
    rows, columns = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    bent: np.ndarray = map_coordinates(ink, [rows + shift[0] * 0.6, columns + shift[1] * 0.6], order=1, mode="constant")
    return bent


def _squared_paper() -> Image.Image:
    page = Image.new("RGB", PAGE, (250, 249, 242))
    draw = ImageDraw.Draw(page)
    for x in range(60, PAGE[0], 39):
        draw.line((x, 0, x, PAGE[1]), fill=(196, 206, 226), width=2)
    for y in range(60, PAGE[1], 39):
        draw.line((0, y, PAGE[0], y), fill=(196, 206, 226), width=2)
    return page
