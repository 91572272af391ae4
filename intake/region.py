"""One region of a page read once more, enlarged and by itself: where the page as a whole was read badly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image

from intake.engine import EngineRun
from intake.files import IMAGES, FileType, sniff
from intake.ink import without_blue
from intake.limits import ReadSettings
from intake.ocr import engine
from intake.picture import upright_page
from intake.raster import to_grey
from intake.refusal import RefusedError

Box = tuple[float, float, float, float]
_LONG_SIDE: Final = 3508  # pixels: A4 at 300 dpi
_DPI: Final = 300
_EDGE: Final = 12  # white pixels around: letters that touch the edge are misread
_LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class RegionReading:
    """The words of a region in one line each, and how sure the engine is, 0..100."""

    text: str
    confidence: float


def read_region(data: bytes, number: int, turned: int, box: Box, settings: ReadSettings) -> RegionReading:
    """Read a region of an upright page (run it in a worker), with and without the ink of pens and stamps over it.

    Args:
        data: The file.
        number: Page, from 1.
        turned: Degrees clockwise that bring the page upright.
        box: Left, top, right, bottom as shares of the upright page.
        settings: Bounds and languages.

    Raises:
        RefusedError: No such page, or an empty region.
        EngineError: The engine failed.
    """
    kind = sniff(data)
    if kind is not FileType.PDF and kind not in IMAGES:
        raise RefusedError("unsupported", "у этого файла нет изображения")
    image = upright_page(data, number, turned, _LONG_SIDE)
    left, top, right, bottom = box
    area = (
        round(left * image.width),
        round(top * image.height),
        round(right * image.width),
        round(bottom * image.height),
    )
    if area[2] - area[0] < _LEAST or area[3] - area[1] < _LEAST:
        raise RefusedError("no_pages", "область слишком мала: выделите слово целиком")
    cut = image.crop(area)
    bare = without_blue(cut)
    reader = engine(settings)
    runs = [reader.recognise(_framed(one), _DPI, "block") for one in (to_grey(cut), bare) if one is not None]
    best = max(runs, key=_worth)
    return RegionReading("\n".join(line.strip() for line in best.text.splitlines() if line.strip()), best.confidence)


def _worth(run: EngineRun) -> tuple[int, float]:
    return run.confident, run.confidence


def _framed(cut: Image.Image) -> Image.Image:
    framed = Image.new("L", (cut.width + 2 * _EDGE, cut.height + 2 * _EDGE), 255)
    framed.paste(cut, (_EDGE, _EDGE))
    return framed
