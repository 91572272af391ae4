"""Pictures of pages: decoding with bounds, one grey raster with square pixels, skew, and gentle repairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from intake.files import FileType
from intake.ink import without_blue
from intake.limits import ReadSettings
from intake.refusal import RefusedError

A4_WIDTH_INCHES: Final = 8.27
_A4_RATIO: Final = 1.2
_MIN_DPI: Final = 140
_UPSCALED_DPI: Final = 200
_MAX_DPI: Final = 300
_PLAUSIBLE_DPI: Final = (97, 1201)
_SKEW_WIDTH: Final = 1000
_SKEW_RANGE: Final = 5.0
_SKEW_POINTS: Final = 60_000
_MIN_POINTS: Final = 200
_MIN_SKEW: Final = 0.15
_UNSQUARE: Final = 1.1
_INK_STEP: Final = 40

Image.MAX_IMAGE_PIXELS = None  # our own check reads the header first and speaks Russian


@dataclass(frozen=True, slots=True)
class Raster:
    """A grey page with square pixels.

    Attributes:
        image: Mode ``L``.
        dpi: True resolution, as far as known.
        fax: The source was black and white or had oblong pixels: median filtering suits it better than blur.
        bare: The same page without the blue ink of pens and stamps; None when there is none of it.
        photo: The page was photographed; its light is uneven.
    """

    image: Image.Image
    dpi: int
    fax: bool = False
    bare: Image.Image | None = None
    photo: bool = False

    @property
    def text(self) -> Image.Image:
        """The picture to read the text from."""
        return self.image if self.bare is None else self.bare


def check_pixels(width: int, height: int, settings: ReadSettings) -> None:
    """Refuse a picture too large to decode, by its header. Raises RefusedError."""
    if width * height > settings.max_source_pixels or width < 1 or height < 1:
        raise RefusedError(
            "too_many_pixels",
            f"изображение {width}×{height} точек больше предела {settings.max_source_pixels / 1e6:.0f} Мпикс: "
            "отсканируйте с разрешением 300 точек на дюйм",
        )


def prepare(kind: FileType) -> None:
    """Teach Pillow to open photographs of telephones (HEIC) when the first of them comes."""
    if kind is FileType.HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)


def open_frame(path: Path, index: int, settings: ReadSettings) -> Image.Image:
    """Decode one frame of a picture, turned as its EXIF says. Raises RefusedError; Pillow's errors pass through."""
    image: Image.Image = Image.open(path)
    if index:
        image.seek(index)
    check_pixels(image.width, image.height, settings)
    image.load()
    return ImageOps.exif_transpose(image)


def resolution(image: Image.Image) -> tuple[float, float]:
    """Give horizontal and vertical resolution; where the file has none that is plausible, derive it from A4's width."""
    low, high = _PLAUSIBLE_DPI
    given = image.info.get("dpi")
    try:
        x, y = (float(value) for value in given) if given else (0.0, 0.0)
    except (TypeError, ValueError, ZeroDivisionError):
        x, y = 0.0, 0.0
    if low <= x <= high and low - 1 <= y <= high:
        return x, y
    narrow = min(image.width, image.height) if max(image.size) > _A4_RATIO * min(image.size) else image.width
    guess = min(max(narrow / A4_WIDTH_INCHES, 72.0), 600.0)
    return guess, guess


def to_grey(image: Image.Image) -> Image.Image:
    """Turn any mode into eight-bit grey on white paper; sixteen bits are scaled down, not clipped."""
    if image.mode == "L":
        return image
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max() > 255 else 255.0  # noqa: PLR2004 - an eight-bit picture in a wide container
        return Image.fromarray((values.clip(0, top) * (255.0 / top)).astype(np.uint8))
    if image.mode in {"RGBA", "LA", "PA", "P", "La", "RGBa"}:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        paper.alpha_composite(layered)
        image = paper
    return image.convert("L")


def normalise(image: Image.Image, dpi: tuple[float, float], settings: ReadSettings) -> Raster:
    """Make the raster for the engine: grey, square pixels, at most 300 dpi and the pixel cap, at least 140 dpi."""
    x, y = dpi
    fax = image.mode == "1" or max(x, y) / min(x, y) > _UNSQUARE
    target = max(x, y)
    if target < _MIN_DPI:
        target = _UPSCALED_DPI
    target = min(target, _MAX_DPI)
    width, height = image.width * target / x, image.height * target / y
    shrink = min(1.0, (settings.max_raster_pixels / (width * height)) ** 0.5, 32000 / max(width, height))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    bare = without_blue(image)

    def fitted(grey: Image.Image) -> Image.Image:
        if abs(size[0] - grey.width) > 1 or abs(size[1] - grey.height) > 1:
            return grey.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
        return grey

    dpi_read = max(70, round(target * shrink))
    return Raster(fitted(to_grey(image)), dpi_read, fax=fax, bare=None if bare is None else fitted(bare))


def otsu(image: Image.Image) -> int:
    """Give the grey level that best parts ink from paper."""
    counts = np.asarray(image.histogram()[:256], dtype=np.float64)
    weight = counts.cumsum()
    mass = (counts * np.arange(256)).cumsum()
    total, whole = weight[-1], mass[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (whole * weight / total - mass) ** 2 / (weight * (total - weight))
    return int(np.nan_to_num(between, posinf=0.0, neginf=0.0).argmax())


def ink_share(image: Image.Image) -> float:
    """Give the share of pixels clearly darker than the paper, faded ink included; a dark page is all ink."""
    small = image.reduce(2) if min(image.size) > _MIN_POINTS else image
    counts = np.asarray(small.histogram()[:256])
    paper = int(np.searchsorted(counts.cumsum(), counts.sum() / 2))
    return float(counts[: paper - _INK_STEP].sum() / counts.sum()) if paper > 2 * _INK_STEP else 1.0


def skew(image: Image.Image) -> float:
    """Estimate skew in degrees: rotating counter-clockwise by it levels the lines; 0.0 when it cannot be told."""
    factor = max(1, round(image.width / _SKEW_WIDTH))
    small = image.reduce(factor) if factor > 1 else image
    dark = np.asarray(small) < min(otsu(small), 200)
    ys, xs = np.nonzero(dark)
    if len(ys) < _MIN_POINTS or dark.mean() > 0.5:  # noqa: PLR2004 - half black is no page of text
        return 0.0
    step = max(1, len(ys) // _SKEW_POINTS)
    x, y = xs[::step].astype(np.float64), ys[::step].astype(np.float64)
    coarse = _sharpest(x, y, np.arange(-_SKEW_RANGE, _SKEW_RANGE + 0.01, 0.5))
    fine = _sharpest(x, y, coarse + np.arange(-0.5, 0.51, 0.1))
    return fine if abs(fine) >= _MIN_SKEW else 0.0


def _sharpest(x: NDArray[np.float64], y: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    """Give the angle under which the profile of dark points along the lines changes most sharply."""
    best, best_score = 0.0, -1.0
    for angle in angles:
        slope = np.tan(np.radians(angle))
        rows = (y - x * slope).round().astype(np.int64)
        profile = np.bincount(rows - rows.min())
        score = float((np.diff(profile.astype(np.float64)) ** 2).sum())
        if score > best_score:
            best, best_score = float(angle), score
    return best


def rotate(image: Image.Image, angle: float) -> Image.Image:
    """Rotate about the middle, counter-clockwise in degrees, onto white paper, keeping the size."""
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255) if angle else image


def soften(image: Image.Image) -> Image.Image:
    """Blur lightly: takes the edge off noise and off glyphs drawn too crisply for the engine."""
    return image.filter(ImageFilter.GaussianBlur(0.8))


def median(image: Image.Image) -> Image.Image:
    """Take the median of 3 x 3: salt and pepper of a fax go, strokes stay."""
    return image.filter(ImageFilter.MedianFilter(3))


def median5(image: Image.Image) -> Image.Image:
    """Take the median of 5 x 5: heavy specks go, thin strokes of small print suffer."""
    return image.filter(ImageFilter.MedianFilter(5))


def despeckle(image: Image.Image, dpi: int) -> Image.Image:
    """Whiten specks too small to be a full stop, and blur lightly; dots close to letters stay."""
    dark = np.asarray(image) < otsu(image)
    labels, count = scipy.ndimage.label(dark, structure=np.ones((3, 3), dtype=np.int8))
    if not count:
        return image
    areas = np.bincount(labels.ravel())
    small = areas < max(4, round((dpi / 72) ** 2))
    small[0] = False
    letters = scipy.ndimage.binary_dilation((~small & (areas > 0))[labels] & dark, iterations=max(2, dpi // 60))
    specks = small[labels] & ~letters
    grown = scipy.ndimage.binary_dilation(specks, iterations=1)
    cleaned = np.where(grown, np.uint8(255), np.asarray(image))
    return soften(Image.fromarray(cleaned))
