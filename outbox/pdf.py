"""PDF of letters through LibreOffice, with a look at what came out.

The export is tagged and marked PDF/A-2b; `outbox.pdfcheck` reads both back.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outbox.errors import ConverterError
from outbox.pdfcheck import facts
from outbox.soffice import INSTALL, OFFICE, program

TIMEOUT = 60.0
"""Seconds for one letter; a batch gets five more for each further letter."""
BATCH_EXTRA = 5.0

FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "SelectPdfVersion": {"type": "long", "value": "2"},
        "UseTaggedPDF": {"type": "boolean", "value": "true"},
    }
)


@dataclass(frozen=True, slots=True)
class ConverterState:
    """What ``otvet doctor`` shows about the converter.

    Attributes:
        ok: A trial conversion would be possible.
        message: Russian: the version found, or what to install.
    """

    ok: bool
    message: str


def to_pdf(docx: bytes, *, timeout: float = TIMEOUT) -> bytes:
    """Convert one letter.

    Args:
        docx: The letter.
        timeout: Seconds, waiting for others' letters included.

    Raises:
        ConverterError: LibreOffice is missing, failed, was too slow, or the PDF is empty.
    """
    return to_pdfs([docx], timeout=timeout)[0]


def require_final(pdf: bytes, number: str) -> None:
    """See that a PDF may leave and be kept for years: the letter's number stands in it, and the file is whole.

    Raises:
        ConverterError: The number, fonts, tags, language or the mark of PDF/A are missing; which is said.
    """
    faults = facts(pdf).faults
    if _folded(number) not in _folded(pdf_text(pdf)):
        faults = [f"нет номера {number}", *faults]
    if faults:
        raise ConverterError(f"PDF письма неполон: {'; '.join(faults)}. Проверьте шаблон письма и шрифты машины.")


def to_pdfs(letters: Sequence[bytes], *, timeout: float | None = None) -> list[bytes]:
    """Convert several letters in one hand-over to LibreOffice, in the order given.

    Raises:
        ConverterError: Any of the letters could not be converted; its position (from 1) is named.
    """
    if not letters:
        return []
    limit = timeout if timeout is not None else TIMEOUT + BATCH_EXTRA * (len(letters) - 1)
    with tempfile.TemporaryDirectory(prefix="otvet-pdf-") as folder:
        sources = [Path(folder, f"letter-{number:04}.docx") for number in range(1, len(letters) + 1)]
        for source, letter in zip(sources, letters, strict=True):
            source.write_bytes(letter)
        OFFICE.convert(sources, FILTER, Path(folder), limit)
        return [_verified(source.with_suffix(".pdf"), number) for number, source in enumerate(sources, start=1)]


def converter_check() -> ConverterState:
    """Tell whether LibreOffice Writer answers, for ``otvet doctor``."""
    try:
        answer = subprocess.run(  # noqa: S603 - a found program with fixed arguments
            [program(), "--version"], capture_output=True, text=True, timeout=TIMEOUT, check=True
        )
    except ConverterError as error:
        return ConverterState(ok=False, message=str(error))
    except (OSError, subprocess.SubprocessError):
        return ConverterState(ok=False, message=f"LibreOffice найден, но не запускается. {INSTALL}")
    return ConverterState(ok=True, message=" ".join(answer.stdout.split()[:2]))


def pdf_text(pdf: bytes) -> str:
    """Text of all pages of a PDF; raises ConverterError when it cannot be opened."""
    return "\n".join(page_texts(pdf))


def page_texts(pdf: bytes) -> list[str]:
    """Text of each page of a PDF; raises ConverterError when it cannot be opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ConverterError("PDF письма не открывается. Повторите преобразование.") from error
    with contextlib.closing(document):
        return [page.get_textpage().get_text_range() for page in document]


def page_count(pdf: bytes) -> int:
    """Number of pages of a PDF; raises ConverterError when it cannot be opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ConverterError("PDF письма не открывается. Повторите преобразование.") from error
    with contextlib.closing(document):
        return len(document)


def _verified(path: Path, number: int) -> bytes:
    if not path.is_file():
        raise ConverterError(
            f"LibreOffice не создал PDF для письма {number}. Проверьте, открывается ли файл письма в Word."
        )
    pdf = path.read_bytes()
    if not pdf_text(pdf).strip():
        raise ConverterError(f"PDF письма {number} получился пустым. Проверьте файл письма.")
    return pdf


def _folded(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010\u2011\u00a0\ufffe\x02-]+", "", text).casefold()
