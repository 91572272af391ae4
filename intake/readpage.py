"""What a worker does: count the pages of a file, read one page, put the archive copy together. All take paths."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from intake import pdf
from intake.archive import Layer, assemble, picture_page
from intake.attempts import PageRun, read_raster
from intake.engine import EngineError
from intake.files import FileType
from intake.geometry import operands, shown_to_user
from intake.invisible import drawing
from intake.limits import ReadSettings
from intake.ocr import engine
from intake.page import Findings, PageResult, PageWords, failed_page, unsure_numbers, verdict
from intake.photo import find_sheet, flattened, is_uneven, squared
from intake.raster import Raster, check_pixels, ink_share, normalise, open_frame, prepare, resolution
from intake.refusal import RefusedError
from intake.textlayer import PICTURE_SHARE, LayerVerdict, judge_layer
from intake.tiff import tiff_chain
from rules.wire import PageReading

_DECODER_ERRORS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    struct.error,
    ZeroDivisionError,
    OverflowError,
)
_PHOTO_TYPES: Final = frozenset({FileType.JPEG, FileType.HEIC, FileType.WEBP, FileType.PNG})
_PHOTO_QUALITY: Final = 85
TURNED: Final = "страница повёрнута сотрудником"
SQUARED: Final = "фотография листа: лист найден и выровнен, исходный снимок сохранён"
_TRUNCATED: Final = "файл оборван: часть страниц не читается, отсканируйте документ ещё раз"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The number of pages, and Russian warnings about the file as a whole."""

    pages: int
    warnings: tuple[str, ...] = ()


def inspect(path: Path, kind: FileType, settings: ReadSettings) -> Inspection:
    """Open a PDF or a picture and count its pages without decoding them.

    Raises:
        RefusedError: It cannot be opened, or is over a bound.
    """
    if kind is FileType.PDF:
        return Inspection(pdf.pages_of(path, settings))
    prepare(kind)
    chain = tiff_chain(path) if kind is FileType.TIFF else None
    if chain is not None and not chain.pages:
        raise RefusedError("truncated", "TIFF оборван или повреждён: отсканируйте документ ещё раз")
    try:
        with Image.open(path) as image:
            check_pixels(image.width, image.height, settings)
    except UnidentifiedImageError:
        raise RefusedError(
            "damaged", "изображение повреждено и не открывается: отсканируйте документ ещё раз"
        ) from None
    except _DECODER_ERRORS:
        raise RefusedError("truncated", "изображение оборвано или повреждено: отсканируйте документ ещё раз") from None
    pages = chain.pages if chain is not None else 1
    if pages > settings.max_pages:
        raise pdf.too_many_pages(pages, settings)
    return Inspection(pages, (_TRUNCATED,) if chain is not None and chain.broken else ())


def read_page(
    path: Path, kind: FileType, index: int, settings: ReadSettings, folder: Path, turn: int | None = None
) -> PageResult:
    """Read one page; whatever is wrong with it becomes a page for a person, with the reason.

    Args:
        path: The file.
        kind: PDF or a picture type.
        index: Page, from 0.
        settings: Bounds and languages.
        folder: Where invisible text and the pages of pictures are left for the archive copy.
        turn: Degrees clockwise that set it upright, where a person has said so; such a page is always recognised anew.
    """
    number = index + 1
    try:
        if kind is FileType.PDF:
            return _pdf_page(path, index, settings, folder, turn)
        prepare(kind)
        return _picture(path, kind, index, settings, folder, turn)
    except EngineError as error:
        return failed_page(number, str(error))
    except RefusedError as refusal:
        return failed_page(number, refusal.reason)
    except pdf.PdfiumError:
        return failed_page(number, "страница PDF повреждена: отсканируйте её ещё раз")
    except _DECODER_ERRORS:
        return failed_page(number, "изображение страницы оборвано или повреждено: отсканируйте её ещё раз")


def _pdf_page(path: Path, index: int, settings: ReadSettings, folder: Path, turn: int | None) -> PageResult:
    page = pdf.document(path)[index]
    try:
        pictures = pdf.pictures(page)
        layer = pdf.layer_text(page)
        judged = judge_layer(layer, pictures.share)
        if judged.trusted and turn is None:
            return _layer_page(path, index, layer, judged, pictures.share)
        raster = pdf.rasterise(page, pictures, settings)
        box, turned = pdf.crop_box(page), page.get_rotation()
    finally:
        page.close()
    result, found = _recognised(raster, index, settings, turn)
    to_user = shown_to_user(raster.image.width, raster.image.height, box, turned) @ found.to_shown
    reading = result.reading
    if turn is not None:
        reading.reasons.append(TURNED)
    elif judged.characters:
        reading.reasons.append(f"распознано заново: {judged.reason}")
    if judged.over_picture and layer.strip() not in reading.text:
        reading.text = f"{reading.text}\n\n{layer.strip()}".strip()
    return replace(result, layer=_layer(found, index, folder), matrix=operands(to_user))


def _layer_page(path: Path, index: int, quick: str, judged: LayerVerdict, picture_share: float) -> PageResult:
    reasons: list[str] = []
    try:
        text, words = pdf.plumbed(path, index)
    except Exception:  # noqa: BLE001 - pdfminer raises anything on files that pdfium repairs; its text will do
        text, words = quick, PageWords(0, 0)
        reasons.append("координаты слов не получены: PDF повреждён, текст прочитан")
    if not judge_layer(text, 0).trusted:
        text = quick
    confidence = judged.known_share * 100 if picture_share > PICTURE_SHARE else 100.0
    reading = PageReading(
        number=index + 1, text=text.strip(), confidence=round(confidence, 1), source="text-layer", reasons=reasons
    )
    return PageResult(reading=reading, words=words)


def _picture(
    path: Path, kind: FileType, index: int, settings: ReadSettings, folder: Path, turn: int | None
) -> PageResult:
    image = open_frame(path, index, settings)
    base = folder / f"base-{index + 1:05}.pdf"
    sheet = find_sheet(image) if image.mode == "RGB" and kind in _PHOTO_TYPES else None
    if sheet is None:
        dpi = resolution(image)
        with Image.open(path) as first:
            as_it_is = kind is FileType.JPEG and first.size == image.size and not _is_turned(first)
        picture_page(image, path.read_bytes() if as_it_is else None, dpi, base)
    else:
        # The copy shows the sheet set square; the photograph itself is kept beside it as it came.
        image = squared(image, sheet)
        image.info.pop("dpi", None)
        dpi = resolution(image)
        picture_page(image, _as_jpeg(image), dpi, base)
    try:
        raster = normalise(image, dpi, settings)
        if is_uneven(raster.text):
            even = None if raster.bare is None else flattened(raster.bare)
            raster = replace(raster, image=flattened(raster.image), bare=even)
        result, found = _recognised(raster, index, settings, turn)
    except EngineError as error:
        failed = failed_page(index + 1, str(error))
        return PageResult(failed.reading, failed.words, base=str(base))
    box = (0.0, 0.0, image.width * 72 / dpi[0], image.height * 72 / dpi[1])
    to_user = shown_to_user(raster.image.width, raster.image.height, box, 0) @ found.to_shown
    if sheet is not None:
        result.reading.reasons.append(SQUARED)
    return replace(result, layer=_layer(found, index, folder), matrix=operands(to_user), base=str(base))


def _as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_PHOTO_QUALITY)
    return buffer.getvalue()


def _is_turned(image: Image.Image) -> bool:
    return bool(image.getexif().get(ExifTags.Base.Orientation, 1) != 1)


def _recognised(raster: Raster, index: int, settings: ReadSettings, turn: int | None) -> tuple[PageResult, PageRun]:
    used = engine(settings)
    found = read_raster(raster, used, settings.recognition, turn)
    run = found.run
    bands = settings.recognition.page
    unsure = unsure_numbers(run.words, bands)
    known = Findings(run.confidence, len(run.words), ink_share(raster.image), found.unread, unsure)
    said = verdict(known, bands)
    reading = PageReading(
        number=index + 1,
        text=run.text,
        confidence=round(run.confidence, 1),
        rotated=found.turned,
        source="ocr",
        needs_person=said.needs_person,
        reasons=said.reasons,
    )
    return PageResult(reading, found.words, engine=used.version(), is_short=said.is_short), found


def _layer(found: PageRun, index: int, folder: Path) -> str:
    file = folder / f"layer-{index + 1:05}.txt"
    file.write_bytes(drawing(found.run.words))
    return str(file)


def build_archive(base: Path | Sequence[Path], layers: Sequence[Layer], target: Path) -> None:
    """Write the searchable copy; see `intake.archive.assemble`."""
    assemble(base, layers, target)
