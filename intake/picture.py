"""A page as a picture for people: small enough for a browser, turned the right way up."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageOps

from intake.files import IMAGES, FileType, sniff
from intake.raster import prepare
from intake.refusal import RefusedError

LONG_SIDE: Final = 1600  # pixels: readable on a screen beside the fields
MAX_PIXELS: Final = 180_000_000
_PRINTED: Final = 50  # frames of a picture that are put into one PDF to print
_A4_LONG: Final = 2338  # pixels of the long side of A4 at 200 dpi
_A4_INCHES: Final = 11.69
NO_PICTURE: Final = "Изображение этой страницы показать нельзя: откройте исходный файл."


def page_picture(data: bytes, number: int, turned: int = 0) -> bytes:
    """Return one page of a PDF or a picture file as PNG. Run it in a worker: pdfium is not thread-safe.

    Args:
        data: The file.
        number: Page, from 1.
        turned: Degrees clockwise that bring the page upright.

    Raises:
        RefusedError: The file has no such page or no pictures at all.
    """
    image = upright_page(data, number, turned, LONG_SIDE)
    output = io.BytesIO()
    image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB").save(output, "PNG", compress_level=1)
    return output.getvalue()


def upright_page(data: bytes, number: int, turned: int, long_side: int) -> Image.Image:
    """Return one page turned upright, its long side at most so many pixels. See `page_picture`."""
    kind = sniff(data)
    if kind is FileType.PDF:
        image = _pdf_page(data, number, long_side)
    elif kind in IMAGES:
        prepare(kind)
        image = _frame(data, number)
    else:
        raise RefusedError("unsupported", NO_PICTURE)
    image.thumbnail((long_side, long_side))
    return image.rotate(-turned, expand=True) if turned else image


def whole_pdf(data: bytes) -> bytes | None:
    """Return a file's pages as PDF to print: itself, or the frames of a picture (run it in a worker); None otherwise.

    Raises:
        RefusedError: The picture is damaged or too large.
    """
    kind = sniff(data)
    if kind is FileType.PDF:
        return data
    if kind not in IMAGES:
        return None
    prepare(kind)
    with Image.open(io.BytesIO(data)) as image:
        count = min(getattr(image, "n_frames", 1), _PRINTED)
    frames = [_printable(_frame(data, number)) for number in range(1, count + 1)]
    output = io.BytesIO()
    frames[0].save(output, "PDF", save_all=True, append_images=frames[1:], resolution=_A4_LONG / _A4_INCHES)
    return output.getvalue()


def _printable(image: Image.Image) -> Image.Image:
    """A frame as large as A4 at 200 dpi."""
    made = image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB")
    scale = _A4_LONG / max(made.size)
    return made.resize((max(1, round(made.width * scale)), max(1, round(made.height * scale))))


def _pdf_page(data: bytes, number: int, long_side: int) -> Image.Image:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        page = document[number - 1]
        picture: Image.Image = page.render(scale=long_side / max(page.get_size())).to_pil()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise RefusedError("damaged", NO_PICTURE) from error
    document.close()
    return picture


def _frame(data: bytes, number: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise RefusedError("too_many_pixels", NO_PICTURE)
            image.seek(number - 1)
            return ImageOps.exif_transpose(image)
    except (OSError, EOFError, TypeError, Image.DecompressionBombError) as error:
        raise RefusedError("damaged", NO_PICTURE) from error
