"""The envelope of a letter: the bar code of the post, and the date in the middle of a round stamp.

Words around a rim are drawn in a circle and no engine reads them; the date across the middle is a line like any other
once its stamp is found and turned upright. What is read is a proposal: a person says which day stands there.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from intake.engine import EngineError
from intake.files import IMAGES, FileType, sniff
from intake.limits import ReadSettings
from intake.ocr import engine
from intake.picture import upright_page
from intake.raster import to_grey
from intake.refusal import RefusedError

Spectrum = np.ndarray[tuple[int, int], np.dtype[np.complex128]]
Share = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Box = tuple[float, float, float, float]  # left, top, width, height as shares of the upright page

_LONG_SIDE: Final = 3508  # pixels of the page that is looked at
_ROUGH: Final = 433  # pixels of the long side in which stamps are sought
_RADII: Final = (0.036, 0.072)  # of a stamp, as shares of the long side: 8 to 16 mm on a DL envelope, 10 to 21 on A4
_RING: Final = 0.4  # share of a circle that must be inked
_GAP: Final = 4  # pixels between a rim and the empty circle beside it
_BLACK: Final = 80  # grey levels below the paper that are full ink
_STAMPS: Final = 3
_TURNS: Final = (0, -10, 10, -20, 20, -5, 5, -15, 15)  # far apart first: nothing read near any of them is no stamp
_AGREE: Final = 2  # tries that read the same date
_PATIENCE: Final = 7  # tries after which a circle without any date is given up
_HEIGHT: Final = 640  # pixels of a stamp when it is read
_MIDDLE: Final = (0.22, 0.3, 0.78, 0.72)
_DATE: Final = re.compile(r"(?<!\d)(\d{1,2})[., ]{1,2}(\d{1,2})[., ]{1,2}((?:20)?\d{2})(?!\d)")
_PACKED: Final = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class StampedDate:
    """A date on a stamp, how many tries read it so, and where the stamp stands."""

    day: dt.date
    times: int
    box: Box


def read_bar_codes(data: bytes, number: int, turned: int) -> tuple[str, ...]:
    """Read the bar codes that the post uses, off a page (run it in a worker). See `read_stamps`."""
    import zxingcpp

    page = np.ascontiguousarray(_page(data, number, turned))
    formats = zxingcpp.barcode_formats_from_str("ITF|Code128")
    codes = zxingcpp.read_barcodes(page, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return tuple(dict.fromkeys(code.text.strip() for code in codes))


def read_stamps(data: bytes, number: int, turned: int, settings: ReadSettings) -> list[StampedDate]:
    """Read the dates in the middle of round stamps, the surest first (run it in a worker).

    Args:
        data: The file.
        number: Page, from 1.
        turned: Degrees clockwise that bring the page upright.
        settings: Bounds and languages.

    Raises:
        RefusedError: No such page.
    """
    page = _page(data, number, turned)
    dates: list[StampedDate] = []
    for box in find_stamps(page):
        dates += _dates(page, box, settings)
        if any(one.times >= _AGREE for one in dates):
            break
    return sorted(dates, key=lambda one: -one.times)


def _page(data: bytes, number: int, turned: int) -> Image.Image:
    kind = sniff(data)
    if kind is not FileType.PDF and kind not in IMAGES:
        raise RefusedError("unsupported", "у этого файла нет изображения")
    return to_grey(upright_page(data, number, turned, _LONG_SIDE))


def find_stamps(page: Image.Image) -> list[Box]:
    """Find round stamps: circles of a stamp's size that are inked most of the way round, the plainest first."""
    scale = _ROUGH / max(page.size)
    small = page.resize((max(1, round(page.width * scale)), max(1, round(page.height * scale))), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32)
    ink = np.clip((np.median(grey) - grey) / _BLACK, 0.0, 1.0)
    height, width = ink.shape
    spectrum = np.fft.rfft2(ink)
    found: list[tuple[float, int, int, int]] = []
    for radius in range(round(_RADII[0] * _ROUGH), round(_RADII[1] * _ROUGH) + 1):
        if 2 * radius >= min(height, width):
            continue
        score = _ringed(spectrum, (height, width), radius)
        for _ in range(_STAMPS):
            row, column = divmod(int(score.argmax()), width)
            if score[row, column] < _RING:
                break
            found.append((float(score[row, column]), row, column, radius))
            score[max(0, row - radius) : row + radius, max(0, column - radius) : column + radius] = 0
    kept: list[tuple[float, int, int, int]] = []
    # A stamp has two rims: the outer one is taken, for what stands inside is read by its size.
    for one in sorted(found, key=lambda each: (-round(each[0], 1), -each[3])):
        if all(abs(one[1] - other[1]) + abs(one[2] - other[2]) > other[3] for other in kept):
            kept.append(one)
    return [_box(row, column, radius, width, height) for _, row, column, radius in kept[:_STAMPS]]


def _ringed(spectrum: Spectrum, shape: tuple[int, int], radius: int) -> Share:
    """For every place of a page: how much more of the circle around it is inked than of those beside it.

    Bars and lines of text ink a circle of any size alike; a rim inks its own.
    """
    rim = _inked(spectrum, shape, radius)
    beside = np.maximum(_inked(spectrum, shape, radius - _GAP), _inked(spectrum, shape, radius + _GAP))
    edge = radius + 1
    inner = np.zeros(shape, dtype=bool)
    inner[edge : shape[0] - edge, edge : shape[1] - edge] = True
    return np.where(inner, rim - beside, 0.0)


def _inked(spectrum: Spectrum, shape: tuple[int, int], radius: int) -> Share:
    """For every place of a page the share of a circle around it that is inked; 1 is a rim one pixel wide."""
    height, width = shape
    angles = np.linspace(0, 2 * np.pi, 8 * radius, endpoint=False)
    ring = np.zeros(shape)
    for spread in (-1, 0, 1):
        rows = np.round((radius + spread) * np.sin(angles)).astype(int) % height
        columns = np.round((radius + spread) * np.cos(angles)).astype(int) % width
        ring[rows, columns] = 1
    summed: Share = np.fft.irfft2(spectrum * np.conj(np.fft.rfft2(ring)), shape) / (2 * np.pi * radius)
    return summed


def _box(row: int, column: int, radius: int, width: int, height: int) -> Box:
    reach = radius + 2
    return (column - reach) / width, (row - reach) / height, 2 * reach / width, 2 * reach / height


def _dates(page: Image.Image, box: Box, settings: ReadSettings) -> list[StampedDate]:
    left, top, wide, high = box
    area = (left * page.width, top * page.height, (left + wide) * page.width, (top + high) * page.height)
    stamp = page.crop(tuple(round(one) for one in area)).resize((_HEIGHT, _HEIGHT), Image.Resampling.BICUBIC)  # type: ignore[arg-type] # four of them
    reader, votes = engine(settings), Counter[dt.date]()
    part = tuple(round(share * _HEIGHT) for share in _MIDDLE)
    for tried, turn in enumerate(_TURNS):
        if not votes and tried == _PATIENCE:
            break  # a circle of letters, not a stamp
        middle = stamp.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255).crop(part)  # type: ignore[arg-type] # four of them
        try:
            text = reader.recognise(middle, 300, "block").text
        except EngineError:
            continue
        votes.update(set(dates_in(text)))
        if votes and votes.most_common(1)[0][1] >= _AGREE:
            break
    return [StampedDate(day, times, box) for day, times in votes.most_common()]


def dates_in(text: str) -> list[dt.date]:
    """What may be dates in a text: «12.11.26», «12 11 2026», «121126»."""
    found = [match.groups() for pattern in (_DATE, _PACKED) for match in pattern.finditer(text)]
    read: list[dt.date] = []
    for day, month, year in found:
        with contextlib.suppress(ValueError):
            read.append(dt.date(int(year) % 100 + 2000, int(month), int(day)))
    return read
