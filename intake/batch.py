"""A scanned pile to letters: cut at separator sheets, sheets dropped and counted, marks of ours found."""

from __future__ import annotations

import datetime as dt
import tempfile
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from PIL import Image

from intake import pdf
from intake.codes import Mark, find_marks
from intake.document import whole
from intake.files import IMAGES, FileType, admit
from intake.limits import ReadSettings
from intake.pool import PageFailedError, PagePool
from intake.raster import normalise, open_frame, resolution
from intake.readpage import inspect
from intake.refusal import RefusedError
from intake.worker import TaskFailedError

_CODES_DPI: Final = 200.0
_CHUNK: Final = 8
_SPLIT_TYPES: Final = frozenset({FileType.PDF, FileType.TIFF})


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One letter of a batch.

    Attributes:
        number: Place in the batch, from 1.
        first_page: First page in the batch as scanned, from 1.
        last_page: Last page, inclusive; pages of a letter are contiguous.
        name: File name for the part.
        data: The part's own file; the untouched original where nothing was cut.
        marks: Labels and outgoing marks found on its pages.
        dropped: Separator sheets dropped next to this part; over a batch, pages and dropped sheets add up to the scan.
        receipt_date: Date of the arrival stamp from the separator.
        journal: Journal from the separator.
        appeal_kind: Class of document from the separator.
    """

    number: int
    first_page: int
    last_page: int
    name: str
    data: bytes
    marks: list[Mark] = field(default_factory=list)
    dropped: int = 0
    receipt_date: dt.date | None = None
    journal: str | None = None
    appeal_kind: str | None = None

    @property
    def pages(self) -> int:
        """Number of pages."""
        return self.last_page - self.first_page + 1


@dataclass(slots=True)
class _Cut:
    first: int
    separator: Mark | None
    dropped: int
    last: int = -1
    marks: list[Mark] = field(default_factory=list)


def split_batch(data: bytes, name: str, settings: ReadSettings, *, executor: PagePool | None = None) -> list[BatchPart]:
    """Cut a scan at its separator sheets; one letter when there are none.

    Args:
        data: The file as scanned.
        name: Its name; parts are named after it.
        settings: Bounds.
        executor: Pool to share; without one a pool is made for this call.

    Raises:
        RefusedError: The file cannot be opened, or holds nothing but separator sheets.
    """
    kind = admit(data, name, settings)
    if kind is not FileType.PDF and kind not in IMAGES:
        return [BatchPart(1, 1, 1, name, data)]
    with tempfile.TemporaryDirectory(prefix="otvet-batch-") as place:
        path = Path(place) / f"source.{kind.value}"
        path.write_bytes(data)
        if executor is not None:
            return _split(path, kind, name, settings, executor)
        with PagePool(settings) as pool:
            return _split(path, kind, name, settings, pool)


def _split(path: Path, kind: FileType, name: str, settings: ReadSettings, pool: PagePool) -> list[BatchPart]:
    pages = whole(pool.submit(settings.page_seconds, inspect, path, kind, settings)).pages
    cuts = plan(_marks(path, kind, pages, settings, pool))
    if not cuts:
        raise RefusedError("no_pages", "в скане только разделительные листы: отсканируйте письма вместе с ними")
    whole_file = len(cuts) == 1 and not cuts[0].dropped
    if not whole_file and kind in _SPLIT_TYPES:
        targets = [path.with_name(f"part-{number:04}.{kind.value}") for number in range(1, len(cuts) + 1)]
        ranges = [(cut.first, cut.last) for cut in cuts]
        whole(pool.submit(settings.page_seconds + pages, cut_pages, path, kind, ranges, targets))
        files = [target.read_bytes() for target in targets]
    else:
        files = [path.read_bytes()]
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return [
        BatchPart(
            number=number,
            first_page=cut.first + 1,
            last_page=cut.last + 1,
            name=name if whole_file else f"{stem}-{number:03}{suffix}",
            data=content,
            marks=cut.marks,
            dropped=cut.dropped,
            receipt_date=cut.separator.date if cut.separator else None,
            journal=cut.separator.journal if cut.separator else None,
            appeal_kind=cut.separator.appeal_kind if cut.separator else None,
        )
        for number, (cut, content) in enumerate(zip(cuts, files, strict=True), 1)
    ]


def plan(marks: list[list[Mark]]) -> list[_Cut]:
    """Lay out the letters from the marks of each page; empty when every page is a separator."""
    cuts: list[_Cut] = []
    current = _Cut(first=0, separator=None, dropped=0)
    for index, found in enumerate(marks):
        separator = next((mark for mark in found if mark.kind == "separator"), None)
        if separator is None:
            current.last = index
            current.marks += [mark for mark in found if mark not in current.marks]
            continue
        if current.last >= current.first:
            cuts.append(current)
            current = _Cut(first=index + 1, separator=separator, dropped=1)
        else:  # sheets on top of one another: the last one speaks, all are counted
            current = _Cut(first=index + 1, separator=separator, dropped=current.dropped + 1)
    if current.last >= current.first:
        cuts.append(current)
    elif cuts:
        cuts[-1].dropped += current.dropped
    return cuts


def _marks(path: Path, kind: FileType, pages: int, settings: ReadSettings, pool: PagePool) -> list[list[Mark]]:
    chunks = [range(start, min(start + _CHUNK, pages)) for start in range(0, pages, _CHUNK)]
    seconds = settings.page_seconds * 2
    futures = [pool.submit(seconds, marks_of_pages, path, kind, chunk, settings) for chunk in chunks]
    found: list[list[Mark]] = []
    for chunk, future in zip(chunks, futures, strict=True):
        marks = _marks_or_none(future)
        if marks is None:  # one page lost the worker: ask for each alone, so that the others keep their marks
            alone = [range(index, index + 1) for index in chunk]
            each = [pool.submit(seconds, marks_of_pages, path, kind, one, settings) for one in alone]
            marks = [(_marks_or_none(single) or [[]])[0] for single in each]
        found += marks
    return found


def _marks_or_none(future: Future[list[list[Mark]]]) -> list[list[Mark]] | None:
    try:
        return future.result()
    except (PageFailedError, TaskFailedError):
        return None


def marks_of_pages(path: Path, kind: FileType, indexes: range, settings: ReadSettings) -> list[list[Mark]]:
    """Read our marks from pages (in a worker); a page that cannot be drawn has none."""
    found: list[list[Mark]] = []
    for index in indexes:
        try:
            found.append(find_marks(_draw(path, kind, index, settings)))
        except Exception:  # noqa: BLE001 - decoders of hostile files raise anything; reading will name the fault
            found.append([])
    return found


def _draw(path: Path, kind: FileType, index: int, settings: ReadSettings) -> Image.Image:
    if kind is not FileType.PDF:
        image = open_frame(path, index, settings)
        return normalise(image, resolution(image), settings).image
    page = pdf.document(path)[index]
    try:
        width, height = page.get_size()
        pixels = width * height * (_CODES_DPI / 72) ** 2
        return pdf.draw(page, _CODES_DPI * min(1.0, (settings.max_raster_pixels / max(1.0, pixels)) ** 0.5))
    finally:
        page.close()


def cut_pages(path: Path, kind: FileType, ranges: list[tuple[int, int]], targets: list[Path]) -> None:
    """Write page ranges (from 0, inclusive) as files of their own (in a worker)."""
    if kind is FileType.PDF:
        _cut_pdf(path, ranges, targets)
    else:
        _cut_tiff(path, ranges, targets)


def _cut_pdf(path: Path, ranges: list[tuple[int, int]], targets: list[Path]) -> None:
    import pikepdf

    with pikepdf.open(path) as source:
        for (first, last), target in zip(ranges, targets, strict=True):
            with pikepdf.new() as part:
                part.pages.extend(source.pages[first : last + 1])
                part.remove_unreferenced_resources()
                part.save(target)


def _cut_tiff(path: Path, ranges: list[tuple[int, int]], targets: list[Path]) -> None:
    with Image.open(path) as source:
        for (first, last), target in zip(ranges, targets, strict=True):
            frames = []
            for index in range(first, last + 1):
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
