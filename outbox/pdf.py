"""PDF of letters through LibreOffice, with a look at what came out.

The export is tagged and marked PDF/A-2b (by its metadata; no validator runs here).
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outbox.errors import ConverterError
from outbox.soffice import INSTALL, convert, profile, program

TIMEOUT = 60.0
"""Seconds for one letter; a batch gets five more for each further letter."""
BATCH_EXTRA = 5.0

_FILTER = "pdf:writer_pdf_Export:" + json.dumps(
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


def to_pdf(docx: bytes, *, timeout: float = TIMEOUT, expect: Sequence[str] = ()) -> bytes:
    """Convert one letter.

    Args:
        docx: The letter.
        timeout: Seconds, waiting for a free profile included.
        expect: Texts that the PDF must hold, e.g. the outgoing number; blanks and hyphens are folded.

    Raises:
        ConverterError: LibreOffice is missing, failed, was too slow, or the PDF is empty or lacks a text.
    """
    pdf = to_pdfs([docx], timeout=timeout)[0]
    missing = sum(_folded(text) not in _folded(pdf_text(pdf)) for text in expect) if expect else 0
    if missing:
        raise ConverterError(f"В PDF письма не найдено ожидаемых фрагментов: {missing}. Проверьте шаблон и повторите.")
    return pdf


def to_pdfs(letters: Sequence[bytes], *, timeout: float | None = None) -> list[bytes]:
    """Convert several letters in one call of LibreOffice, in the order given.

    Raises:
        ConverterError: Any of the letters could not be converted; its position (from 1) is named.
    """
    if not letters:
        return []
    limit = timeout if timeout is not None else TIMEOUT + BATCH_EXTRA * (len(letters) - 1)
    deadline = time.monotonic() + limit
    with tempfile.TemporaryDirectory(prefix="otvet-pdf-") as folder, profile(limit) as own:
        sources = [Path(folder, f"letter-{number:04}.docx") for number in range(1, len(letters) + 1)]
        for source, letter in zip(sources, letters, strict=True):
            source.write_bytes(letter)
        convert(sources, _FILTER, Path(folder), own, max(deadline - time.monotonic(), 1.0))
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
    """Text of all pages of a PDF.

    Raises:
        ConverterError: The bytes are not a PDF that can be opened.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ConverterError("PDF письма не открывается. Повторите преобразование.") from error
    with contextlib.closing(document):
        return "\n".join(page.get_textpage().get_text_range() for page in document)


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
    if page_count(pdf) < 1 or not pdf_text(pdf).strip():
        raise ConverterError(f"PDF письма {number} получился пустым. Проверьте файл письма.")
    return pdf


def _folded(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010\u2011\u00a0\ufffe\x02-]+", "", text).casefold()
