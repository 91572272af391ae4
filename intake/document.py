"""Reading a document: any admitted file to pages of text, words with boxes, and a searchable archive copy."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import structlog

from intake.archive import Layer
from intake.files import IMAGES, MEDIA_TYPES, NATIVE, FileType, admit, name_conflict
from intake.limits import ReadSettings
from intake.native import check_package, read_native
from intake.office import to_pdf
from intake.page import PageResult, PageWords, failed_page
from intake.pool import PageFailedError, PagePool, PoolClosedError
from intake.readpage import Inspection, build_archive, inspect, read_page
from intake.refusal import RefusedError
from intake.worker import TaskFailedError
from rules.recognition import PageBands
from rules.wire import PageReading

log = structlog.get_logger(__name__)

T = TypeVar("T")
_MAX_PAGES_NAMED: Final = 8
_AHEAD: Final = 2  # pages of one document that wait for each worker


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """A document as read.

    Attributes:
        pages: The pages in order.
        words: For each page its words with boxes; empty for text that never was a page.
        archive_pdf: Searchable copy, or None when the file itself is searchable or never had pages.
        media_type: Type by content.
        seconds: Wall clock spent.
        engine: Engine and version, empty when no page was recognised.
        needs_person: A person must look before anything is decided from the text.
        reasons: Why, and other remarks, in Russian.
    """

    pages: list[PageReading]
    words: list[PageWords]
    archive_pdf: bytes | None
    media_type: str
    seconds: float
    engine: str = ""
    needs_person: bool = False
    reasons: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The pages' text joined by form feeds."""
        return "\f".join(page.text for page in self.pages)


def read_document(
    data: bytes, name: str, settings: ReadSettings, *, executor: PagePool | None = None,
    turns: Mapping[int, int] | None = None,
) -> DocumentReading:  # fmt: skip
    """Read a file of any admitted type.

    Everything that opens the file runs in worker processes under limits. A page that fails becomes an empty page for a
    person; the others are read.

    Args:
        data: The bytes.
        name: File name, used only to warn of a wrong extension.
        settings: Bounds, languages, models.
        executor: Pool to share between documents; without one a pool is made for this call.
        turns: Pages (from 1) whose upright a person has named, in degrees clockwise.

    Raises:
        RefusedError: The file as a whole cannot be read; its reason is Russian.
        PoolClosedError: The shared pool was closed meanwhile: the document is to be read another time.
    """
    started = time.monotonic()
    kind = admit(data, name, settings)
    with on_disk(data, kind) as path:
        if executor is not None:
            reading = _read(path, kind, settings, executor, started, turns or {})
        else:
            with PagePool(settings) as pool:
                reading = _read(path, kind, settings, pool, started, turns or {})
    return told(reading, data, name, kind)


@contextmanager
def on_disk(data: bytes, kind: FileType) -> Iterator[Path]:
    """The bytes as a file in a folder of their own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="otvet-read-") as place:
        path = Path(place) / f"source.{kind.value}"
        path.write_bytes(data)
        yield path


def told(reading: DocumentReading, data: bytes, name: str, kind: FileType) -> DocumentReading:
    """The reading with a warning of a wrong extension, written into the log."""
    conflict = name_conflict(name, kind)
    if conflict is not None:
        reading = replace(reading, needs_person=True, reasons=[*reading.reasons, conflict])
    log.info(
        "document_read",
        digest=hashlib.sha256(data).hexdigest()[:16],
        type=kind.value,
        pages=len(reading.pages),
        seconds=round(reading.seconds, 2),
        needs_person=reading.needs_person,
    )
    return reading


def _read(
    path: Path, kind: FileType, settings: ReadSettings, pool: PagePool, started: float, turns: Mapping[int, int]
) -> DocumentReading:
    if kind in NATIVE:
        text = whole(pool.submit(settings.page_seconds, read_native, path, kind))
        if text is not None:
            return _native(text, kind, started)
    converted = kind not in IMAGES and kind is not FileType.PDF
    source, page_kind = path, kind
    if converted:
        if kind is FileType.ODT:
            check_package(path)
        source, page_kind = to_pdf(path, path.parent, settings), FileType.PDF
    found = whole(pool.submit(settings.page_seconds, inspect, source, page_kind, settings))
    results = read_pages(source, page_kind, range(found.pages), settings, pool, turns)
    reading = put_together(source, page_kind, found, results, settings, pool)
    archive = source.read_bytes() if reading.archive_pdf is None and converted else reading.archive_pdf
    seconds = time.monotonic() - started
    return replace(reading, archive_pdf=archive, media_type=MEDIA_TYPES[kind], seconds=seconds)


def put_together(
    source: Path,
    kind: FileType,
    found: Inspection,
    results: Sequence[PageResult],
    settings: ReadSettings,
    pool: PagePool,
) -> DocumentReading:
    """Make the reading of a document, with its archive copy, out of what was read of each page."""
    started = time.monotonic()
    archive, remarks = _archive(source, kind, results, settings, pool)
    pages = _settled(results, settings.recognition.page)
    doubtful = any(page.needs_person for page in pages) or bool(found.warnings)
    return DocumentReading(
        pages=pages,
        words=[result.words for result in results],
        archive_pdf=archive,
        media_type=MEDIA_TYPES[kind],
        seconds=time.monotonic() - started,
        engine=next((result.engine for result in results if result.engine), ""),
        needs_person=doubtful,
        reasons=[*found.warnings, *summary(pages), *remarks],
    )


def whole(future: Future[T]) -> T:
    """Wait for a task about the file as a whole: its failure refuses the file."""
    try:
        return future.result()
    except CancelledError:
        raise PoolClosedError("the pool was closed") from None
    except PageFailedError as failure:
        raise RefusedError("damaged", f"файл не читается: {failure}") from None
    except TaskFailedError:
        raise RefusedError("damaged", "файл повреждён и не читается: отсканируйте или запросите его ещё раз") from None


def _native(text: str, kind: FileType, started: float) -> DocumentReading:
    empty = not text
    reasons = ["в документе нет текста: проверьте файл"] if empty else []
    page = PageReading(
        number=1, text=text, confidence=0.0 if empty else 100.0, source="native", needs_person=empty, reasons=reasons
    )
    return DocumentReading(
        pages=[page],
        words=[PageWords(0, 0)],
        archive_pdf=None,
        media_type=MEDIA_TYPES[kind],
        seconds=time.monotonic() - started,
        needs_person=empty,
        reasons=list(reasons),
    )


def read_pages(
    path: Path, kind: FileType, pages: range, settings: ReadSettings, pool: PagePool, turns: Mapping[int, int]
) -> list[PageResult]:
    """Read pages of a file (indexes from 0); one that fails becomes an empty page for a person."""
    until = time.monotonic() + settings.document_seconds
    indexes = iter(pages)

    def submitted() -> Iterator[Future[PageResult]]:
        for index in indexes:
            turn = turns.get(index + 1)
            yield pool.submit(settings.page_seconds, read_page, path, kind, index, settings, path.parent, turn)

    # A few pages ahead and no more: the pages of several letters take turns, and a thick one does not hold up the rest.
    ahead = deque(islice(submitted(), _AHEAD * settings.workers))
    results: list[PageResult] = []
    for number in (index + 1 for index in pages):
        future = ahead.popleft()
        try:
            results.append(future.result(max(0.0, until - time.monotonic())))
        except PageFailedError as failure:
            results.append(failed_page(number, str(failure)))
        except TaskFailedError:
            results.append(failed_page(number, "страница не читается: отсканируйте её ещё раз"))
        except CancelledError:
            raise PoolClosedError("the pool was closed") from None
        except FutureTimeoutError:
            future.cancel()
            minutes = settings.document_seconds / 60
            results.append(failed_page(number, f"документ не прочитан за {minutes:.0f} мин: страница отложена"))
        ahead.extend(islice(submitted(), 1))
    return results


def _archive(
    source: Path, kind: FileType, results: Sequence[PageResult], settings: ReadSettings, pool: PagePool
) -> tuple[bytes | None, list[str]]:
    """Make the searchable copy, None when no page needed the engine."""
    kept = [result for result in results if kind is FileType.PDF or result.base is not None]
    layers = [
        Layer(index, Path(result.layer), result.matrix, result.reading.rotated)
        for index, result in enumerate(kept)
        if result.layer is not None and result.matrix is not None
    ]
    if not layers:
        return None, []
    base = source if kind is FileType.PDF else [Path(result.base) for result in kept if result.base is not None]
    target = source.with_name("archive.pdf")
    seconds = settings.page_seconds + len(results)
    try:
        pool.submit(seconds, build_archive, base, layers, target).result()
        return target.read_bytes(), []
    except (PageFailedError, TaskFailedError, RefusedError, OSError):
        return None, ["архивная копия с текстом не создана: хранится только исходный файл"]


def _settled(results: Sequence[PageResult], bands: PageBands) -> list[PageReading]:
    """Clear pages that were flagged only for few words when the rest of the letter has enough of them."""
    pages = [result.reading for result in results]
    if sum(len(page.text.split()) for page in pages) < bands.few_words:
        return pages
    for result in results:
        if result.is_short:
            result.reading.needs_person = False
    return pages


def summary(pages: Sequence[PageReading]) -> list[str]:
    """Gather the pages' reasons: one line a reason with the pages it concerns."""
    if len(pages) == 1:
        return list(pages[0].reasons)
    where: dict[str, list[int]] = {}
    for page in pages:
        for reason in page.reasons:
            where.setdefault(reason, []).append(page.number)
    lines: list[str] = []
    for reason, numbers in where.items():
        named = ", ".join(map(str, numbers[:_MAX_PAGES_NAMED])) + ("…" if len(numbers) > _MAX_PAGES_NAMED else "")
        lines.append(f"стр. {named}: {reason}")
    return lines
