"""Ink of pens and stamps: taken off a colour scan before the text is read, so that it hides no line.

Only blue and violet go. A red stamp is the registration of another office, with a number and a date that are wanted.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageChops

_FRINGE: Final = 14  # by how much blue may exceed red at the edge of a black letter, in levels of a JPEG
_PUSH: Final = 4
_SEEN: Final = 34
_MIN_SHARE: Final = 0.0003
_SCALE: Final = 4
_GREY: Final = 6


def is_coloured(image: Image.Image) -> bool:
    """Whether a picture has any colour worth keeping."""
    if image.mode != "RGB":
        return False
    small = image.reduce(_SCALE) if min(image.size) > 4 * _SCALE else image
    red, green, blue = small.split()
    apart = (ImageChops.difference(red, blue), ImageChops.difference(red, green))
    return any(float(np.asarray(one).mean()) > _GREY or _share(one, _SEEN) > _MIN_SHARE for one in apart)


def without_blue(image: Image.Image) -> Image.Image | None:
    """Give the page in grey without its blue and violet ink; None when there is next to none of it.

    Black letters stay under a stamp: they are dark in every channel, while blue ink is bright in the blue one.
    """
    if image.mode != "RGB":
        return None
    small = image.reduce(_SCALE) if min(image.size) > 4 * _SCALE else image
    if _share(_excess(small), _SEEN - _FRINGE) < _MIN_SHARE:
        return None
    blue = image.getchannel("B")
    pushed = _excess(image).point([min(255, value * _PUSH) for value in range(256)])
    return ImageChops.add(blue, pushed)


def _excess(image: Image.Image) -> Image.Image:
    return ImageChops.subtract(image.getchannel("B"), image.getchannel("R"), 1.0, -_FRINGE)


def _share(levels: Image.Image, above: int) -> float:
    counts = np.asarray(levels.histogram()[:256])
    return float(counts[above:].sum() / counts.sum())
