"""Enclosures as sheets of paper: pictures become PDF, and letter and enclosures one set to print (12.5.16).

The first sheet of an enclosure is drawn a little smaller, and «Приложение № 1 к письму от … № …» stands in the strip
that comes free above it: no sheet is added, so «на 2 л.» stays true, and nothing of the document is covered.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from outbox import printed, typography
from outbox.errors import EnclosureError
from rules.wire import LetterContent

if TYPE_CHECKING:
    import pikepdf

MAX_SHEETS = 200
"""Sheets of one enclosure."""
_A4 = (595.276, 841.89)
"""Points."""
_MM = 72 / 25.4
_STRIP = 16 * _MM
_MARGIN = 15 * _MM
_TOLERANCE = 3 * _MM
_SCRIPTS = ("/OpenAction", "/AA")


def sheets(pdf: bytes) -> int:
    """Return the number of sheets of a PDF, printed on one side.

    Raises:
        EnclosureError: It cannot be opened, is protected, runs scripts, is empty or longer than `MAX_SHEETS`.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            count = len(document.pages)
            scripted = any(_is_script(document.Root.get(name)) for name in _SCRIPTS)
            names = document.Root.get("/Names")
            scripted = scripted or (isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names)
    except pikepdf.PasswordError as error:
        raise EnclosureError("Файл приложения защищён паролем. Сохраните его без пароля и приложите снова.") from error
    except pikepdf.PdfError as error:
        raise EnclosureError("Файл приложения не открывается. Сохраните его заново и приложите снова.") from error
    if scripted:
        raise EnclosureError("В файле приложения есть сценарии. Напечатайте его в новый PDF и приложите снова.")
    if not 0 < count <= MAX_SHEETS:
        raise EnclosureError(f"В приложении должно быть от 1 до {MAX_SHEETS} листов. Разделите файл.")
    return count


def pictures_pdf(data: bytes) -> bytes:
    """Put each picture of a file on a sheet of A4, upright as the camera meant it.

    Raises:
        EnclosureError: The picture cannot be read.
    """
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    output = io.BytesIO()
    canvas = Canvas(output, pagesize=_A4, invariant=1)
    try:
        with Image.open(io.BytesIO(data)) as image:
            for frame in ImageSequence.Iterator(image):
                upright = ImageOps.exif_transpose(frame.convert("RGB") if frame.mode != "L" else frame)
                upright.thumbnail((2480, 3508))  # A4 at 300 dpi: more is not seen on paper and does not fit a mail
                size = _A4 if upright.height >= upright.width else (_A4[1], _A4[0])
                canvas.setPageSize(size)
                box = (size[0] - 2 * _MARGIN, size[1] - 2 * _MARGIN)
                packed = io.BytesIO()
                upright.save(packed, "JPEG", quality=85)
                canvas.drawImage(
                    ImageReader(packed), _MARGIN, _MARGIN, *box, preserveAspectRatio=True, anchor="n", mask=None
                )
                canvas.showPage()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise EnclosureError("Изображение не открывается. Сохраните его как JPEG или PDF и приложите снова.") from error
    canvas.save()
    return output.getvalue()


def label(content: LetterContent, number: int) -> str:
    """Return the heading of an enclosure: its number, and the letter's date and number once it has them."""
    text = f"Приложение № {number}"
    if content.date and content.number:
        text += f" к письму от {typography.day(content.date)} № {content.number}"
    return text


def print_set(letter: bytes, enclosures: Sequence[tuple[str, bytes]]) -> bytes:
    """Put the enclosures behind the letter, each from a new sheet, all on A4.

    Args:
        letter: The letter as PDF.
        enclosures: Heading and PDF of each, in order.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(letter)) as whole:
        for heading, pdf in enclosures:
            with pikepdf.open(io.BytesIO(pdf)) as document:
                for place, page in enumerate(document.pages):
                    _add(whole, page, heading if place == 0 else None)
        output = io.BytesIO()
        whole.save(output)
    return output.getvalue()


def _add(whole: pikepdf.Pdf, page: pikepdf.Page, heading: str | None) -> None:
    import pikepdf

    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    width, height = right - left, top - bottom
    if int(page.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    size = _A4 if height >= width else (_A4[1], _A4[0])
    if heading is None and abs(width - size[0]) < _TOLERANCE and abs(height - size[1]) < _TOLERANCE:
        whole.pages.append(page)
        return
    sheet = whole.add_blank_page(page_size=size)
    room = size[1] - _STRIP if heading else size[1]
    sheet.add_overlay(page, pikepdf.Rectangle(0, 0, size[0], room))
    if heading:
        with pikepdf.open(io.BytesIO(_strip(heading, size))) as strip:
            sheet.add_overlay(strip.pages[0], pikepdf.Rectangle(0, 0, *size))


def _strip(heading: str, size: tuple[float, float]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    printed.fonts()
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=size, invariant=1)
    canvas.setFont(printed.style(11).fontName, 11)
    canvas.drawRightString(size[0] - _MARGIN, size[1] - 11 * _MM, heading)
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def _is_script(action: object) -> bool:
    import pikepdf

    if isinstance(action, pikepdf.Dictionary):
        return "/S" not in action or action["/S"] in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")
    return False
