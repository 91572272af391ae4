"""A sheet photographed with a telephone: found on the desk, set square, its shadow taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from intake.raster import otsu

Point = tuple[float, float]

_LONG_SIDE: Final = 600
_MIN_SHARE: Final = 0.25  # of the picture that the sheet covers
_FULL_SHARE: Final = 0.985  # a picture that is all sheet was scanned, or cut already
_MIN_CONTRAST: Final = 45
_FILL: Final = 0.92  # of the found corners' quadrangle that is paper: less is no sheet
_A4: Final = 297 / 210
_A4_TOLERANCE: Final = 0.30
_TILE: Final = 48
_UNEVEN: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Corners of a sheet in pixels, clockwise from the upper left as shown."""

    corners: tuple[Point, Point, Point, Point]


def find_sheet(image: Image.Image) -> Found | None:
    """Find a bright sheet on a darker ground; None when the picture is the sheet, or nothing like one is on it."""
    factor = max(1, round(max(image.size) / _LONG_SIDE))
    grey = image.convert("L").reduce(factor).filter(ImageFilter.MedianFilter(5))
    values = np.asarray(grey)
    level = otsu(grey)
    # A shadow across the sheet may be darker than half of it: then the level between the shadow and the desk is wanted.
    darker = otsu(grey.point([min(value, level) for value in range(256)]))
    for threshold in (darker, level):
        corners = _sheet_over(values, threshold)
        if corners is not None:
            return Found(tuple((x * factor, y * factor) for x, y in corners))  # type: ignore[arg-type] # four of them
    return None


def _sheet_over(values: NDArray[np.uint8], threshold: int) -> list[Point] | None:
    """Corners of the biggest thing brighter than a level, when it is shaped as a sheet and lies on darker ground."""
    labels, count = scipy.ndimage.label(scipy.ndimage.binary_opening(values > threshold, iterations=2))
    if not count:
        return None
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    sheet = scipy.ndimage.binary_fill_holes(labels == int(areas.argmax()))
    if not _MIN_SHARE < sheet.mean() < _FULL_SHARE:
        return None
    if float(np.median(values[sheet])) - float(np.median(values[~sheet])) < _MIN_CONTRAST:
        return None
    corners = _corners(sheet)
    return corners if sheet.sum() > _FILL * _area(corners) > _FILL * _MIN_SHARE * values.size else None


def _corners(sheet: NDArray[np.bool_]) -> list[Point]:
    """Points of the sheet farthest out along the diagonals."""
    inner = scipy.ndimage.binary_erosion(sheet, iterations=2)
    ys, xs = np.nonzero(inner)
    both = [(xs + ys).argmin(), (xs - ys).argmax(), (xs + ys).argmax(), (xs - ys).argmin()]
    return [(float(xs[place]), float(ys[place])) for place in both]


def _area(corners: list[Point]) -> float:
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def squared(image: Image.Image, found: Found) -> Image.Image:
    """Set a sheet square at the size it was photographed; one near the shape of A4 becomes exactly so."""
    upper_left, upper_right, lower_right, lower_left = found.corners
    wide = (_length(upper_left, upper_right) + _length(lower_left, lower_right)) / 2
    high = (_length(upper_left, lower_left) + _length(upper_right, lower_right)) / 2
    if abs(high / wide / _A4 - 1) < _A4_TOLERANCE:
        wide, high = (wide, wide * _A4) if high < wide * _A4 else (high / _A4, high)
    elif abs(wide / high / _A4 - 1) < _A4_TOLERANCE:
        wide, high = (high * _A4, high) if wide < high * _A4 else (wide, wide / _A4)
    size = round(wide), round(high)
    back = _projection(((0, 0), (size[0], 0), size, (0, size[1])), found.corners)
    return image.transform(size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)


def _length(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _projection(here: tuple[Point, ...], there: tuple[Point, ...]) -> tuple[float, ...]:
    """Coefficients of the projective map that takes four points to four others."""
    rows, right = [], []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows, dtype=float), np.array(right, dtype=float)))


def _ground(image: Image.Image) -> Image.Image:
    """The paper under the print: the bright of every tile, smoothed."""
    small = image.reduce(max(1, min(image.size) // 400))
    tile = max(3, (min(small.size) // _TILE) | 1)
    return small.filter(ImageFilter.MaxFilter(tile)).filter(ImageFilter.GaussianBlur(tile))


def is_uneven(image: Image.Image) -> bool:
    """Whether the light on a grey page differs so much that one threshold cannot part ink from paper."""
    levels = np.asarray(_ground(image))
    low, high = np.percentile(levels, (4, 96))
    return bool(high - low > _UNEVEN)


def flattened(image: Image.Image) -> Image.Image:
    """Take shadow and stains off a grey page: every part is measured by the paper around it."""
    ground = np.asarray(_ground(image).resize(image.size, Image.Resampling.BILINEAR), dtype=np.float32)
    level = np.asarray(image, dtype=np.float32) * (245.0 / np.maximum(ground, 40.0))
    return Image.fromarray(np.minimum(level, 255.0).astype(np.uint8))
