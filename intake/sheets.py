"""What a worker sees of the sheets of a scan (our codes, blank or not, the words of its head), and cutting the scan."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from intake import pdf
from intake.codes import Mark, find_marks
from intake.files import FileType, sniff
from intake.limits import ReadSettings
from intake.ocr import engine
from intake.raster import normalise, open_frame, prepare, resolution

CODES_DPI: Final = 200.0
_QUALITY: Final = 92  # of a picture that goes into a PDF; the file as it came stays with its arrival
_HEAD: Final = 0.38  # share of a sheet's height where addressee, author and title stand
_FOOT: Final = 0.06
_HEAD_DPI: Final = 150
_MARGIN: Final = 0.03  # dark edges of the scanner's glass are no writing
_FADED: Final = 18  # grey levels below the paper that count as writing, faint pencil included
_CELL: Final = 40  # pixels of 100 dpi: a square of 10 mm, where a short word puts many strokes and dust puts none
_WRITTEN: Final = 14  # pixels of strokes in one such square from which a sheet is not blank


@dataclass(frozen=True, slots=True)
class SheetLook:
    """One sheet as seen before it is read: codes of ours, and whether nothing at all stands on it."""

    marks: tuple[Mark, ...] = ()
    blank: bool = False


def look_at_sheets(path: Path, kind: FileType, indexes: range, settings: ReadSettings) -> list[SheetLook]:
    """Look at sheets (in a worker); one that cannot be drawn has no codes and is not blank."""
    found: list[SheetLook] = []
    for index in indexes:
        try:
            image = _draw(path, kind, index, settings)
            marks = tuple(find_marks(image))
            found.append(SheetLook(marks, blank=not marks and is_blank(image)))
        except Exception:  # noqa: BLE001 - decoders of hostile files raise anything; reading will name the fault
            found.append(SheetLook())
    return found


def is_blank(image: Image.Image) -> bool:
    """Whether nothing is written on a sheet; in doubt there is.

    A back that shines through is kept, since faint pencil looks the same: a sheet too many is a nuisance, a lost one is
    a lost question.
    """
    grey = image if image.mode == "L" else image.convert("L")
    small = np.asarray(grey.reduce(2) if min(grey.size) > 600 else grey, dtype=np.int16)  # noqa: PLR2004 - pixels
    rows, columns = (max(1, int(side * _MARGIN)) for side in small.shape)
    inner = small[rows:-rows, columns:-columns]
    if not inner.size:
        return False
    dark = inner < int(np.median(inner)) - _FADED
    # A speck stands alone, a stroke has neighbours in a row or a column.
    stroke = np.zeros_like(dark)
    stroke[:, 1:-1] |= dark[:, 1:-1] & dark[:, :-2] & dark[:, 2:]
    stroke[1:-1] |= dark[1:-1] & dark[:-2] & dark[2:]
    height, width = (side // _CELL * _CELL for side in stroke.shape)
    cells = stroke[:height, :width].reshape(height // _CELL, _CELL, width // _CELL, _CELL).sum(axis=(1, 3))
    return not cells.size or int(cells.max()) < _WRITTEN


def heads(path: Path, kind: FileType, indexes: Sequence[int], settings: ReadSettings) -> list[str]:
    """Give the words of the head and the foot of sheets (in a worker), empty where none can be read."""
    found: list[str] = []
    for index in indexes:
        try:
            found.append(_words(path, kind, index, settings))
        except Exception:  # noqa: BLE001 - a proposal only: a sheet that cannot be read proposes nothing
            found.append("")
    return found


def _words(path: Path, kind: FileType, index: int, settings: ReadSettings) -> str:
    if kind is FileType.PDF:
        page = pdf.document(path)[index]
        try:
            if text := pdf.layer_text(page).strip():
                return text
        finally:
            page.close()
    image = _draw(path, kind, index, settings, _HEAD_DPI)
    strips = (
        image.crop((0, 0, image.width, round(image.height * _HEAD))),
        image.crop((0, round(image.height * (1 - _FOOT)), image.width, image.height)),
    )
    reader = engine(settings)
    return "\n".join(reader.recognise(strip, _HEAD_DPI, "block").text for strip in strips)


def _draw(path: Path, kind: FileType, index: int, settings: ReadSettings, dpi: float = CODES_DPI) -> Image.Image:
    if kind is not FileType.PDF:
        prepare(kind)
        image = open_frame(path, index, settings)
        raster = normalise(image, resolution(image), settings)
        factor = raster.dpi / dpi
        return raster.image.reduce(round(factor)) if dpi < CODES_DPI and factor >= 2 else raster.image  # noqa: PLR2004
    page = pdf.document(path)[index]
    try:
        width, height = page.get_size()
        pixels = width * height * (dpi / 72) ** 2
        image = pdf.draw(page, dpi * min(1.0, (settings.max_raster_pixels / max(1.0, pixels)) ** 0.5))
        return image if image.mode == "L" else image.convert("L")
    finally:
        page.close()


def cut_sheets(path: Path, kind: FileType, letters: Sequence[Sequence[int]], targets: Sequence[Path]) -> None:
    """Write sheets (from 0, in the order given) of each letter as a file of its own (in a worker)."""
    if kind is FileType.PDF:
        _cut_pdf(path, letters, targets)
    else:
        _cut_tiff(path, letters, targets)


def _cut_pdf(path: Path, letters: Sequence[Sequence[int]], targets: Sequence[Path]) -> None:
    import pikepdf

    with pikepdf.open(path) as source:
        for sheets, target in zip(letters, targets, strict=True):
            with pikepdf.new() as part:
                for index in sheets:
                    part.pages.append(source.pages[index])
                part.remove_unreferenced_resources()
                part.save(target)


def _cut_tiff(path: Path, letters: Sequence[Sequence[int]], targets: Sequence[Path]) -> None:
    with Image.open(path) as source:
        for sheets, target in zip(letters, targets, strict=True):
            frames = []
            for index in sheets:
                source.seek(index)
                frames.append(source.copy())
                frames[-1].info = dict(source.info)
            compression = "group4" if all(frame.mode == "1" for frame in frames) else "tiff_adobe_deflate"
            frames[0].save(
                target,
                format="TIFF",
                save_all=True,
                append_images=frames[1:],
                compression=compression,
                dpi=resolution(frames[0]),
            )


def bind_pages(files: Sequence[bytes], order: Sequence[tuple[int, int]]) -> bytes:
    """Make one PDF of pages of several files (in a worker): pages of PDFs as they are, pictures at their resolution."""
    import pikepdf

    out = io.BytesIO()
    with contextlib.ExitStack() as opened, pikepdf.new() as bound:
        sources = [opened.enter_context(pikepdf.open(io.BytesIO(_as_pdf(data)))) for data in files]
        for place, number in order:
            bound.pages.append(sources[place].pages[number])
        bound.remove_unreferenced_resources()
        bound.save(out)
    return out.getvalue()


def _as_pdf(data: bytes) -> bytes:
    kind = sniff(data)
    if kind is FileType.PDF:
        return data
    prepare(kind)
    with Image.open(io.BytesIO(data)) as image:
        frames, dpi = [], resolution(image)[0]
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frame = ImageOps.exif_transpose(image)
            frames.append(frame if frame.mode in {"1", "L", "RGB"} else frame.convert("RGB"))
    made = io.BytesIO()
    frames[0].save(made, "PDF", save_all=True, append_images=frames[1:], resolution=dpi, quality=_QUALITY)
    return made.getvalue()
