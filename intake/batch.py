"""A scanned pile to letters: borders at separator sheets and labels, blank sheets dropped, passes collated.

What follows from sheets and labels is certain. Borders found by the words of the sheets are a proposal: the pile is a
draft that a person confirms before any number is given.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final, Literal, TypeVar

from intake.codes import Mark
from intake.document import whole
from intake.files import IMAGES, FileType, admit
from intake.limits import ReadSettings
from intake.pool import PageFailedError, PagePool
from intake.readpage import inspect
from intake.refusal import RefusedError
from intake.sheets import SheetLook, bind_pages, cut_sheets, heads, look_at_sheets
from intake.worker import TaskFailedError

_CHUNK: Final = 8
SPLIT_TYPES: Final = frozenset({FileType.PDF, FileType.TIFF})
POST_PAPERS: Final = frozenset({"post_list", "notice"})
_SIGNED: Final = b"/ByteRange"  # a signed PDF is never cut: the signature would be lost
SIGNED: Final = "файл подписан электронной подписью: если его разрезать или переставить листы, подпись пропадёт"
ONLY_SHEETS: Final = "в скане только разделительные листы: отсканируйте письма вместе с ними"
AFTER_PAPER: Final = "за списком или уведомлением почты идут листы без кода: проверьте, чьи они"
ODD_PASSES: Final = "число листов двух проходов не совпадает: проверьте порядок листов"

Fate = Literal["letter", "separator", "blank", "dropped"]  # dropped: by a person
# Words of a sheet's head, in the order of the pile, to what they say: whether a letter begins there, and why.
Judge = Callable[[Sequence[str]], Sequence[tuple[bool, Sequence[str]]]]
T = TypeVar("T")


@dataclass(slots=True)
class Letter:
    """One letter of a pile: its sheets (from 0, in reading order), the separator before it, the codes on its sheets."""

    sheets: list[int] = field(default_factory=list)
    separator: Mark | None = None
    marks: list[Mark] = field(default_factory=list)
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Pile:
    """A scan laid out.

    Attributes:
        letters: The letters, each with at least one sheet.
        fates: What each sheet of the scan is, in the order of scanning.
        order: Sheets in reading order; other than the order of scanning when two passes were collated.
        certain: Whether the borders follow from sheets, labels or one file for a letter.
        doubts: What a person should look at, in Russian.
        marks: Marks of ours on each sheet that has any, by its place in the scan.
    """

    letters: list[Letter]
    fates: list[Fate]
    order: list[int]
    certain: bool = True
    doubts: list[str] = field(default_factory=list)
    marks: dict[int, tuple[Mark, ...]] = field(default_factory=dict)

    @property
    def dropped(self) -> int:
        """Number of sheets that are not kept: separators and blanks."""
        return sum(fate != "letter" for fate in self.fates)


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One letter of a batch.

    Attributes:
        number: Place in the batch, from 1.
        sheets: Its sheets in the scan, from 1, in reading order; none of a file that is no scan.
        name: File name for the part.
        data: The part's own file; the untouched original where nothing was cut.
        marks: Labels and outgoing marks found on its pages.
        receipt_date: Date of the arrival stamp from the separator.
        journal: Journal from the separator.
        appeal_kind: Class of document from the separator.
    """

    number: int
    sheets: tuple[int, ...]
    name: str
    data: bytes
    marks: list[Mark] = field(default_factory=list)
    receipt_date: dt.date | None = None
    journal: str | None = None
    appeal_kind: str | None = None

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self.sheets)


@dataclass(frozen=True, slots=True)
class Batch:
    """A scan and its letters; a draft has a layout and no letters yet."""

    pile: Pile
    parts: list[BatchPart]


def split_batch(
    data: bytes, name: str, settings: ReadSettings, *, executor: PagePool | None = None, judge: Judge | None = None,
    from_sheets: int = 2,
) -> Batch:  # fmt: skip
    """Lay out a scan and cut it, unless its borders are uncertain; one letter when there is nothing to cut at.

    Args:
        data: The file as scanned.
        name: Its name; parts are named after it.
        settings: Bounds.
        executor: Pool to share; without one a pool is made for this call.
        judge: Tells beginnings from words; None leaves a scan without sheets and labels one letter.
        from_sheets: Least number of sheets that the judge is asked about; 0 is never.

    Raises:
        RefusedError: The file cannot be opened, or holds nothing but separator sheets.
    """
    kind = admit(data, name, settings)
    if kind is not FileType.PDF and kind not in IMAGES:
        return Batch(Pile([], [], []), [BatchPart(1, (), name, data)])  # no sheets: nothing was scanned

    def work(path: Path, pool: PagePool) -> Batch:
        looks = _looks(pool, settings, path, kind)
        cuttable = kind in SPLIT_TYPES and _SIGNED not in data
        pile = lay_out(looks, drop_blanks=cuttable and len(looks) > 1)
        if judge and cuttable and from_sheets and len(looks) >= from_sheets and not _parted(looks):
            _propose(pile, _heads(pool, settings, pile, path, kind), judge)
        if not pile.certain:
            return Batch(pile, [])
        return Batch(pile, _cut(data, path, kind, name, pile.letters, settings, pool))

    return _with_file(data, kind, settings, executor, work)


def look_through(
    data: bytes, name: str, settings: ReadSettings, *, executor: PagePool | None = None
) -> tuple[FileType, list[SheetLook]]:
    """Tell what a scan is and what is seen of each of its sheets. Raises RefusedError when it is none."""
    kind = admit(data, name, settings)
    if kind is not FileType.PDF and kind not in IMAGES:
        raise RefusedError("unsupported", "это не скан: подойдут PDF, TIFF, JPEG, PNG")
    return kind, _with_file(data, kind, settings, executor, lambda path, pool: _looks(pool, settings, path, kind))


def cut_batch(
    data: bytes, name: str, letters: Sequence[Letter], settings: ReadSettings, *, executor: PagePool | None = None
) -> list[BatchPart]:
    """Cut a scan as a person laid it out. Raises RefusedError on a file that cannot be cut."""
    kind = admit(data, name, settings)
    if _SIGNED in data:
        raise RefusedError("signed", SIGNED)
    if kind not in SPLIT_TYPES:
        raise RefusedError("unsupported", "этот файл нельзя разделить на письма: в нём одна страница")
    work = lambda path, pool: _cut(data, path, kind, name, letters, settings, pool)  # noqa: E731 - one line, one use
    return _with_file(data, kind, settings, executor, work)


def bind(
    files: Sequence[bytes],
    pages: Sequence[tuple[int, int]],
    settings: ReadSettings,
    *,
    executor: PagePool | None = None,
) -> bytes:
    """Put pages of several files into one PDF, in an order of their own.

    Args:
        files: PDF and picture files.
        pages: Place of the file and number of the page in it, both from 0, in their order.
        settings: Bounds.
        executor: Pool to share.

    Raises:
        RefusedError: A file is signed, has no pages, or cannot be opened.
    """
    for data in files:
        kind = admit(data, "", settings)
        if _SIGNED in data:
            raise RefusedError("signed", SIGNED)
        if kind is not FileType.PDF and kind not in IMAGES:
            raise RefusedError("unsupported", "переставить можно страницы сканов: PDF, TIFF, JPEG, PNG")

    def work(pool: PagePool) -> bytes:
        return whole(pool.submit(settings.page_seconds + len(pages), bind_pages, list(files), list(pages)))

    if executor is not None:
        return work(executor)
    with PagePool(settings) as pool:
        return work(pool)


def lay_out(looks: Sequence[SheetLook], *, drop_blanks: bool = True) -> Pile:
    """Lay out the letters from what is seen of each sheet.

    A separator begins a letter and is dropped. So does the label of another number than the letter before has, and the
    code of a paper that comes back from the post (a stamped list, a notice of delivery). Whether a sheet without a code
    behind such a paper belongs to it nobody can tell: it may be a letter, and the pile waits for a person. A separator
    that says so («two passes») first puts fronts and backs together.

    Raises:
        RefusedError: There is nothing but separator sheets.
    """
    order, doubts = list(range(len(looks))), []
    if any(mark.sides == 2 for look in looks for mark in look.marks if mark.kind == "separator"):  # noqa: PLR2004
        order = collated(len(looks))
        doubts = [ODD_PASSES] if len(looks) % 2 else []
    fates: list[Fate] = ["letter"] * len(looks)
    letters = [Letter()]
    for sheet in order:
        marks = looks[sheet].marks
        separator = next((mark for mark in marks if mark.kind == "separator"), None)
        if separator is not None:
            fates[sheet] = "separator"
            letters.append(Letter(separator=separator))  # sheets on top of one another: the last one speaks
            continue
        if looks[sheet].blank and drop_blanks:
            fates[sheet] = "blank"
            continue
        if letters[-1].sheets and (_other_label(marks, letters[-1]) or _other_paper(marks, letters[-1])):
            letters.append(Letter())
        elif letters[-1].sheets and _paper(letters[-1].marks) and not _paper(marks) and AFTER_PAPER not in doubts:
            doubts.append(AFTER_PAPER)
        letters[-1].sheets.append(sheet)
        letters[-1].marks += [mark for mark in marks if mark not in letters[-1].marks]
    kept = [letter for letter in letters if letter.sheets]
    if not kept and "blank" not in fates:
        raise RefusedError("no_pages", ONLY_SHEETS)
    if not kept:  # nothing but blank sheets: a person looks whether the pile lay upside down
        kept = [Letter([sheet for sheet in order if fates[sheet] == "blank"])]
        fates = ["letter" if fate == "blank" else fate for fate in fates]
        doubts.append("все листы пустые: проверьте, той ли стороной лежала пачка")
    seen = {sheet: look.marks for sheet, look in enumerate(looks) if look.marks}
    return Pile(kept, fates, order, certain=not doubts, doubts=doubts, marks=seen)


def collated(count: int) -> list[int]:
    """Reading order of two passes: all fronts, then the pile turned over, all backs from the last to the first.

    An odd count leaves the middle sheet at the end.
    """
    half = count // 2
    order = [sheet for front in range(half) for sheet in (front, 2 * half - 1 - front)]
    return order + list(range(2 * half, count))


def _other_label(marks: Sequence[Mark], letter: Letter) -> bool:
    labels = {mark.number for mark in marks if mark.kind == "registered"}
    return bool(labels) and not labels & {mark.number for mark in letter.marks if mark.kind == "registered"}


def _other_paper(marks: Sequence[Mark], letter: Letter) -> bool:
    """Whether a sheet is of a paper from the post, and the letter before is another or none."""
    found = _paper(marks)
    return found is not None and found != _paper(letter.marks)


def _paper(marks: Sequence[Mark]) -> Mark | None:
    return next((mark for mark in marks if mark.kind in POST_PAPERS), None)


def _parted(looks: Sequence[SheetLook]) -> bool:
    """Whether sheets, labels or codes of papers say where letters begin."""
    return any(mark.kind in {"separator", "registered", *POST_PAPERS} for look in looks for mark in look.marks)


def _propose(pile: Pile, texts: Sequence[str], judge: Judge) -> None:
    """Cut at the beginnings that the words propose; more than one makes the pile a draft."""
    sheets = pile.letters[0].sheets
    letters: list[Letter] = []
    for sheet, (begins, reasons) in zip(sheets, judge(texts), strict=True):
        if begins or not letters:
            letters.append(Letter(reasons=tuple(reasons)))
        letters[-1].sheets.append(sheet)
    if len(letters) > 1:
        letters[0].marks = pile.letters[0].marks
        pile.letters, pile.certain = letters, False


def _heads(pool: PagePool, settings: ReadSettings, pile: Pile, path: Path, kind: FileType) -> list[str]:
    """Words of the heads of the kept sheets. The first begins a letter whatever it says, but may be its envelope."""
    sheets = [sheet for letter in pile.letters for sheet in letter.sheets]
    chunks = [sheets[start : start + _CHUNK] for start in range(0, len(sheets), _CHUNK)]
    futures = [pool.submit(settings.page_seconds * 2, heads, path, kind, chunk, settings) for chunk in chunks]
    found = [_or_none(future) or [""] * len(chunk) for chunk, future in zip(chunks, futures, strict=True)]
    return [text for texts in found for text in texts]


def _cut(
    data: bytes, path: Path, kind: FileType, name: str, letters: Sequence[Letter], settings: ReadSettings,
    pool: PagePool,
) -> list[BatchPart]:  # fmt: skip
    pages = whole(pool.submit(settings.page_seconds, inspect, path, kind, settings)).pages
    untouched = len(letters) == 1 and letters[0].sheets == list(range(pages))
    files = [data]
    if not untouched:
        targets = [path.with_name(f"part-{number:04}.{kind.value}") for number in range(1, len(letters) + 1)]
        sheets = [letter.sheets for letter in letters]
        whole(pool.submit(settings.page_seconds + pages, cut_sheets, path, kind, sheets, targets))
        files = [target.read_bytes() for target in targets]
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return [
        BatchPart(
            number=number,
            sheets=tuple(sheet + 1 for sheet in letter.sheets),
            name=name if untouched else f"{stem}-{number:03}{suffix}",
            data=content,
            marks=letter.marks,
            receipt_date=letter.separator.date if letter.separator else None,
            journal=letter.separator.journal if letter.separator else None,
            appeal_kind=letter.separator.appeal_kind if letter.separator else None,
        )
        for number, (letter, content) in enumerate(zip(letters, files, strict=True), 1)
    ]


def _with_file(
    data: bytes, kind: FileType, settings: ReadSettings, executor: PagePool | None, work: Callable[[Path, PagePool], T]
) -> T:
    with tempfile.TemporaryDirectory(prefix="otvet-batch-") as place:
        path = Path(place) / f"source.{kind.value}"
        path.write_bytes(data)
        if executor is not None:
            return work(path, executor)
        with PagePool(settings) as pool:
            return work(path, pool)


def _looks(pool: PagePool, settings: ReadSettings, path: Path, kind: FileType) -> list[SheetLook]:
    pages = whole(pool.submit(settings.page_seconds, inspect, path, kind, settings)).pages
    chunks = [range(start, min(start + _CHUNK, pages)) for start in range(0, pages, _CHUNK)]
    seconds = settings.page_seconds * 2
    futures = [pool.submit(seconds, look_at_sheets, path, kind, chunk, settings) for chunk in chunks]
    found: list[SheetLook] = []
    for chunk, future in zip(chunks, futures, strict=True):
        seen = _or_none(future)
        if seen is None:  # one page lost the worker: ask for each alone, so that the others keep their marks
            alone = [range(index, index + 1) for index in chunk]
            each = [pool.submit(seconds, look_at_sheets, path, kind, one, settings) for one in alone]
            seen = [(_or_none(single) or [SheetLook()])[0] for single in each]
        found += seen
    return found


def _or_none(future: Future[T]) -> T | None:
    try:
        return future.result()
    except (PageFailedError, TaskFailedError):
        return None
