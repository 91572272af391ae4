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
    kind = sniff(data)
    if kind is FileType.PDF:
        image = _pdf_page(data, number)
    elif kind in IMAGES:
        prepare(kind)
        image = _frame(data, number)
    else:
        raise RefusedError("unsupported", NO_PICTURE)
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    if turned:
        image = image.rotate(-turned, expand=True)
    output = io.BytesIO()
    image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB").save(output, "PNG", compress_level=1)
    return output.getvalue()


def _pdf_page(data: bytes, number: int) -> Image.Image:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        page = document[number - 1]
        picture: Image.Image = page.render(scale=LONG_SIDE / max(page.get_size())).to_pil()
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
