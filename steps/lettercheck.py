"""Check letters that lie in files, of any office: many at once, old formats in a converted copy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intake.files import FileType, sniff
from intake.limits import ReadSettings
from intake.office import Target, convert
from intake.refusal import RefusedError
from outbox.check import LetterRules, UnreadableLetterError, check
from outbox.check.reader import read_letter
from outbox.errors import ConverterError
from outbox.pdf import to_pdf, to_pdfs
from rules.wire import CheckReport, LetterContext

BATCH: Final = 50  # letters that one call of LibreOffice turns into sheets
CONVERTED: Final = frozenset({FileType.DOC, FileType.ODT, FileType.RTF})
SUFFIXES: Final = (".docx", ".doc", ".odt", ".rtf")
COPY: Final = "Проверено по копии, преобразованной из .{kind}: вид в исходной программе может отличаться."


@dataclass(frozen=True, slots=True)
class Named:
    """A file to check."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one file: its report, or the Russian reason why there is none.

    Attributes:
        docx: The bytes that were checked: the file itself or its converted copy.
        warning: Why no sheets were made.
    """

    name: str
    report: CheckReport | None = None
    docx: bytes = b""
    refused: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as docx, with its own PDF when it was converted, and what the report must say of that."""

    name: str
    docx: bytes
    pdf: bytes | None = None
    note: str | None = None


def files(
    letters: Sequence[Named], case: LetterContext | None, rules: LetterRules, settings: ReadSettings, *, layout: bool
) -> Iterator[Checked]:
    """Check files in order; one that cannot be read never costs the others.

    Args:
        letters: The files: .docx, or .doc, .odt, .rtf, told by content.
        case: Facts of the case, the same for all; None when there are none.
        rules: Rules of the check.
        settings: Limits of the converter for files of others.
        layout: Make sheets, so that rules of geometry are checked.
    """
    for start in range(0, len(letters), BATCH):
        yield from _batch(letters[start : start + BATCH], case, rules, settings, layout=layout)


def _batch(
    letters: Sequence[Named], case: LetterContext | None, rules: LetterRules, settings: ReadSettings, *, layout: bool
) -> Iterator[Checked]:
    opened = [_open(letter, settings, layout=layout) for letter in letters]
    readable = [one for one in opened if isinstance(one, _Opened)]
    sheets = _sheets([one for one in readable if one.pdf is None]) if layout else {}
    for one in opened:
        if isinstance(one, Checked):
            yield one
            continue
        found = sheets.get(one.name, one.pdf)
        pdf, warning = (None, found) if isinstance(found, str) else (found, None)
        report = check(one.docx, pdf=pdf, context=case, rulebook=rules)
        notes = [one.note] if one.note else []
        yield Checked(one.name, report.model_copy(update={"file": one.name, "notes": notes}), one.docx, warning=warning)


def _open(letter: Named, settings: ReadSettings, *, layout: bool) -> _Opened | Checked:
    """Make a docx of a file and see that it can be read: what is no letter must not reach LibreOffice as a docx."""
    kind = sniff(letter.data) if letter.data else FileType.UNKNOWN
    try:
        if kind in CONVERTED:
            docx = _converted(letter.data, kind, settings, "docx")
            pdf = _converted(letter.data, kind, settings, "pdf") if layout else None
            opened = _Opened(letter.name, docx, pdf, COPY.format(kind=kind.value))
        else:
            opened = _Opened(letter.name, letter.data)
        read_letter(opened.docx)
    except RefusedError as refused:
        return Checked(letter.name, refused=f"{refused.reason[:1].upper()}{refused.reason[1:]}.")
    except UnreadableLetterError as error:
        return Checked(letter.name, refused=str(error))
    return opened


def _converted(data: bytes, kind: FileType, settings: ReadSettings, target: Target) -> bytes:
    with tempfile.TemporaryDirectory(prefix="otvet-letter-") as name:
        folder = Path(name)
        source = folder / f"letter.{kind.value}"
        source.write_bytes(data)
        result = folder / "out"
        result.mkdir()
        return convert(source, result, settings, target).read_bytes()


def _sheets(letters: Sequence[_Opened]) -> dict[str, bytes | str]:
    """PDF of each letter by one LibreOffice; when one breaks the batch, each by itself. A str: why there is none."""
    try:
        return dict(zip((one.name for one in letters), to_pdfs([one.docx for one in letters]), strict=True))
    except ConverterError as error:
        if len(letters) == 1:
            return {letters[0].name: str(error)}
    found: dict[str, bytes | str] = {}
    for one in letters:
        try:
            found[one.name] = to_pdf(one.docx)
        except ConverterError as error:
            found[one.name] = str(error)
    return found
