"""Where a point of the recognised raster lies on the page: affine maps from the engine's pixels to user space.

Spaces, each with its origin: *processed* raster (deskewed, top left), *upright* raster (turned by quarters, top left),
*shown* raster (as the page or picture is displayed, top left), *user* space of the PDF page (points, bottom left).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Box = tuple[float, float, float, float]


def _matrix(a: float, c: float, e: float, b: float, d: float, f: float) -> Matrix:
    return np.array([[a, c, e], [b, d, f], [0.0, 0.0, 1.0]])


def scaled(x: float, y: float) -> Matrix:
    """Stretch a raster by these factors."""
    return _matrix(x, 0, 0, 0, y, 0)


def processed_to_upright(width: float, height: float, angle: float) -> Matrix:
    """Undo a rotation by ``angle`` degrees (counter-clockwise as seen) about the middle of a raster."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = width / 2, height / 2
    return _matrix(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)


def upright_to_shown(shown_width: float, shown_height: float, turned: int) -> Matrix:
    """Undo a clockwise turn by ``turned`` degrees (0, 90, 180, 270) of a raster of the given shown size."""
    return {
        0: _matrix(1, 0, 0, 0, 1, 0),
        90: _matrix(0, 1, 0, -1, 0, shown_height),
        180: _matrix(-1, 0, shown_width, 0, -1, shown_height),
        270: _matrix(0, -1, shown_width, 1, 0, 0),
    }[turned]


def shown_to_user(shown_width: float, shown_height: float, box: Box, page_rotate: int) -> Matrix:
    """Map the shown raster to user space of a page with this crop box (left, bottom, right, top) and /Rotate."""
    left, bottom, right, top = box
    turned = page_rotate % 360
    wide, high = (top - bottom, right - left) if turned in {90, 270} else (right - left, top - bottom)
    x, y = wide / shown_width, high / shown_height
    return {
        0: _matrix(x, 0, left, 0, -y, top),
        90: _matrix(0, y, left, x, 0, bottom),
        180: _matrix(-x, 0, right, 0, y, bottom),
        270: _matrix(0, -y, right, -x, 0, top),
    }[turned]


def operands(matrix: Matrix) -> tuple[float, float, float, float, float, float]:
    """Give the six operands of the PDF operator ``cm``."""
    return (
        float(matrix[0, 0]),
        float(matrix[1, 0]),
        float(matrix[0, 1]),
        float(matrix[1, 1]),
        float(matrix[0, 2]),
        float(matrix[1, 2]),
    )


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def mapped(self, matrix: Matrix) -> Rect:
        """Give the upright rectangle around this one after an affine map."""
        corners = np.array(
            [
                [self.x, self.x + self.w, self.x, self.x + self.w],
                [self.y, self.y, self.y + self.h, self.y + self.h],
                [1.0, 1.0, 1.0, 1.0],
            ]
        )
        xs, ys, _ = matrix @ corners
        return Rect(float(xs.min()), float(ys.min()), float(np.ptp(xs)), float(np.ptp(ys)))
