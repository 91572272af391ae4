"""A long document read portion by portion: each portion's pages packed into bytes, all of them joined in the end.

Whoever reads a portion, on whichever machine, needs the document's bytes alone; whoever joins needs the portions too.
What comes out is what reading at one go gives.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from intake.document import DocumentReading, on_disk, put_together, read_pages, told, whole
from intake.files import FileType, admit, sniff
from intake.limits import ReadSettings
from intake.page import PageResult, PageWords, Word, failed_page
from intake.pool import PagePool
from intake.readpage import inspect
from intake.refusal import RefusedError
from rules.wire import PageReading

_PAGED: Final = frozenset({FileType.PDF, FileType.TIFF})  # any other picture is one page
_LEAST_BYTES: Final = 2_000  # no file of so few bytes holds pages worth sharing out
_LOST: Final = "страница не прочитана: обработка прерывалась, прочтите её по скану"
_PAGES: Final = "pages.json"


def portions_of(data: bytes, name: str, settings: ReadSettings, executor: PagePool) -> list[range]:
    """Share the pages of a long document out: indexes from 0; nothing where it is short or has no pages of its own.

    A document that cannot be opened is not long: who reads it will say why.
    """
    if len(data) < _LEAST_BYTES or sniff(data) not in _PAGED:
        return []
    try:
        kind = admit(data, name, settings)
        with on_disk(data, kind) as path:
            pages = whole(executor.submit(settings.page_seconds, inspect, path, kind, settings)).pages
    except RefusedError:
        return []
    if pages <= settings.long_from:
        return []
    return [range(first, min(first + settings.portion, pages)) for first in range(0, pages, settings.portion)]


def read_portion(
    data: bytes, name: str, pages: range, settings: ReadSettings, executor: PagePool, turns: Mapping[int, int]
) -> bytes:
    """Read some pages of a document and pack what was read of them.

    Raises:
        RefusedError: The file as a whole cannot be read.
        PoolClosedError: The pool was closed meanwhile.
    """
    kind = admit(data, name, settings)
    with on_disk(data, kind) as path:
        return _packed(read_pages(path, kind, pages, settings, executor, turns))


def join(
    data: bytes, name: str, portions: Sequence[tuple[range, bytes | None]], settings: ReadSettings, executor: PagePool
) -> DocumentReading:
    """Make a document's reading out of its portions, in order; pages of one that is lost (None) go to a person.

    Raises:
        RefusedError: The file as a whole cannot be read.
        PoolClosedError: The pool was closed meanwhile.
    """
    kind = admit(data, name, settings)
    with on_disk(data, kind) as path:
        found = whole(executor.submit(settings.page_seconds, inspect, path, kind, settings))
        results: list[PageResult] = []
        for pages, packed in portions:
            if packed is None:
                results += [failed_page(index + 1, _LOST) for index in pages]
            else:
                results += _unpacked(packed, path.parent)
        return told(put_together(path, kind, found, results, settings, executor), data, name, kind)


def _packed(results: Sequence[PageResult]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        said: list[dict[str, Any]] = []
        for result in results:
            files = {what: Path(at).name for what, at in (("layer", result.layer), ("base", result.base)) if at}
            for what, file in files.items():
                archive.writestr(file, Path(str(getattr(result, what))).read_bytes())
            said.append(
                {
                    "reading": result.reading.model_dump(mode="json"),
                    "size": (result.words.width, result.words.height),
                    "words": result.words.words,
                    "matrix": result.matrix,
                    "engine": result.engine,
                    "is_short": result.is_short,
                    **files,
                }
            )
        archive.writestr(_PAGES, json.dumps(said, ensure_ascii=False))
    return buffer.getvalue()


def _unpacked(packed: bytes, folder: Path) -> list[PageResult]:
    """The pages of a portion, their files laid into a folder."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [_page(archive, one, folder) for one in json.loads(archive.read(_PAGES))]


def _page(archive: zipfile.ZipFile, one: dict[str, Any], folder: Path) -> PageResult:
    width, height = one["size"]
    return PageResult(
        reading=PageReading.model_validate(one["reading"]),
        words=PageWords(width, height, [Word(*word) for word in one["words"]]),
        layer=_laid(archive, one.get("layer"), folder),
        matrix=tuple(one["matrix"]) if one["matrix"] else None,
        base=_laid(archive, one.get("base"), folder),
        engine=one["engine"],
        is_short=one.get("is_short", False),
    )


def _laid(archive: zipfile.ZipFile, name: str | None, folder: Path) -> str | None:
    if name is None:
        return None
    file = folder / Path(name).name
    file.write_bytes(archive.read(name))
    return str(file)
