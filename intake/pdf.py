"""PDF pages: opening within bounds, the text layer, the raster.

pdfium is not thread-safe: these functions are called in worker processes only.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from intake.geometry import Box
from intake.limits import ReadSettings
from intake.page import PageWords, Word
from intake.raster import Raster, normalise
from intake.refusal import RefusedError

_POINTS: Final = 72.0
_VECTOR_DPI: Final = 300.0
_MIN_DPI: Final = 150.0
_MAX_OBJECTS: Final = 400
_TAIL: Final = 2048
_LAYER_DPI: Final = 150.0


PdfiumError = pypdfium2.PdfiumError
_open: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a page: share of the page they cover, and their highest resolution (0 without pictures)."""

    share: float
    dpi: float


def pages_of(path: Path, settings: ReadSettings) -> int:
    """Count the pages of a PDF that may be read.

    Raises:
        RefusedError: Encrypted, damaged, truncated, without pages, or with too many.
    """
    try:
        count = len(document(path))
    except pypdfium2.PdfiumError as error:
        raise _refusal(path, error) from None
    if count < 1:
        raise RefusedError("no_pages", "в PDF нет ни одной страницы: запросите документ ещё раз")
    if count > settings.max_pages:
        raise too_many_pages(count, settings)
    return count


def too_many_pages(count: int, settings: ReadSettings) -> RefusedError:
    """Make the refusal of a document of ``count`` pages."""
    return RefusedError(
        "too_many_pages", f"в документе {count} страниц при пределе {settings.max_pages}: разделите его на части"
    )


def _refusal(path: Path, error: pypdfium2.PdfiumError) -> RefusedError:
    """Why a PDF does not open. pdfium's last error may be a leftover of another file, so pikepdf is asked first."""
    locked = RefusedError("encrypted", "PDF защищён паролем: запросите документ без пароля")
    try:
        with pikepdf.open(path) as pdf:
            if not len(pdf.pages):
                return RefusedError("no_pages", "в PDF нет ни одной страницы: запросите документ ещё раз")
    except pikepdf.PasswordError:
        return locked
    except Exception:  # noqa: BLE001 - it cannot open the file either: then pdfium's own word counts
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_SECURITY:
            return locked
    data = path.read_bytes()
    if b"%%EOF" not in data[-_TAIL:]:
        return RefusedError("truncated", "PDF оборван (нет конца файла): отсканируйте или запросите документ ещё раз")
    return RefusedError("damaged", "PDF повреждён и не открывается: отсканируйте или запросите документ ещё раз")


def document(path: Path) -> pypdfium2.PdfDocument:
    """Open a document, or give the one opened last: pages of one file come to a worker in a row."""
    key = str(path)
    if key not in _open:
        for other in list(_open):
            _open.pop(other).close()
        _open[key] = pypdfium2.PdfDocument(path)
    return _open[key]


def layer_text(page: pypdfium2.PdfPage) -> str:
    """Give the text layer of a page as pdfium reads it: a third of a millisecond, good for judging."""
    textpage = page.get_textpage()
    try:
        return str(textpage.get_text_range()).replace("\r\n", "\n").replace("\x00", "")
    finally:
        textpage.close()


def pictures(page: pypdfium2.PdfPage) -> Pictures:
    """Measure the pictures of a page, also those inside forms."""
    width, height = page.get_size()
    area = max(1.0, width * height)
    covered = dpi = 0.0
    for number, found in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if number >= _MAX_OBJECTS:
            break
        left, bottom, right, top = found.get_bounds()
        wide, high = abs(right - left), abs(top - bottom)
        covered += min(wide, width) * min(high, height)
        metadata = pdfium.FPDF_IMAGEOBJ_METADATA()
        if wide * high > area * 0.2 and pdfium.FPDFImageObj_GetImageMetadata(
            found.raw, page.raw, ctypes.byref(metadata)
        ):
            dpi = max(dpi, metadata.horizontal_dpi, metadata.vertical_dpi)
    return Pictures(share=min(1.0, covered / area), dpi=dpi)


def rasterise(page: pypdfium2.PdfPage, found: Pictures, settings: ReadSettings) -> Raster:
    """Draw a page at the resolution of its scan (150-300 dpi; 300 without one), within the pixel cap."""
    dpi = min(max(found.dpi or _VECTOR_DPI, _MIN_DPI), _VECTOR_DPI)
    width, height = page.get_size()
    pixels = (width / _POINTS * dpi) * (height / _POINTS * dpi)
    dpi = min(dpi, dpi * (settings.max_raster_pixels / max(1.0, pixels)) ** 0.5)
    image = draw(page, dpi, colour=found.dpi > 0)
    return (
        normalise(image, (dpi, dpi), settings) if dpi >= _MIN_DPI else Raster(image.convert("L"), max(70, round(dpi)))
    )


def draw(page: pypdfium2.PdfPage, dpi: float, *, colour: bool = False) -> Image.Image:
    """Draw a page, annotations and stamps included, as displayed; in grey unless ``colour`` is wanted."""
    bitmap = page.render(scale=dpi / _POINTS, may_draw_forms=False)
    try:
        image: Image.Image = bitmap.to_pil()
        return image.convert("RGB") if colour and image.mode != "L" else image.convert("L")
    finally:
        bitmap.close()


def crop_box(page: pypdfium2.PdfPage) -> Box:
    """Give the box that pdfium draws (left, bottom, right, top in points), before /Rotate."""
    left, bottom, right, top = page.get_cropbox()
    media = page.get_mediabox()
    left, bottom = max(left, media[0]), max(bottom, media[1])
    right, top = min(right, media[2]), min(top, media[3])
    return left, bottom, right, top


def plumbed(path: Path, index: int) -> tuple[str, PageWords]:
    """Read the text layer of one page with pdfplumber: text in lines as laid out, words with boxes.

    Boxes are in pixels of the page at 150 dpi. Raises whatever pdfminer raises on a damaged file.
    """
    import pdfplumber

    scale = _LAYER_DPI / _POINTS
    with pdfplumber.open(path, pages=[index + 1]) as pdf:
        page = pdf.pages[0]
        left, top = float(page.bbox[0]), float(page.bbox[1])
        found = page.extract_words(keep_blank_chars=False)
        text = page.extract_text()
        words = [
            Word(
                word["text"],
                (word["x0"] - left) * scale,
                (word["top"] - top) * scale,
                (word["x1"] - word["x0"]) * scale,
                (word["bottom"] - word["top"]) * scale,
                100.0,
            )
            for word in found
        ]
        return text.replace("\x00", ""), PageWords(float(page.width) * scale, float(page.height) * scale, words)
