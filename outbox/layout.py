"""Compose, render, look, repair: a letter whose signature stands alone on a sheet is set again until it does not.

Only sheets show where a signature falls, so the loop looks at the PDF and not at the docx (12.5.14, 12.5.15).
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from outbox import typography
from outbox.compose import compose
from outbox.errors import ConverterError
from outbox.pdf import page_texts, to_pdf
from rules.wire import LetterContent

LINES_ABOVE: Final = 2
"""Lines of the letter that must stand above the signature on its sheet."""
TIGHT: Final = {
    "Письмо Обращение": (8, 4),
    "Письмо Преамбула": (0, 1),
    "Письмо Текст": (0, 1),
    "Письмо Заключение": (0, 1),
    "Письмо Подпись": (16, 0),
}
"""Points before and after a paragraph when a few lines must be won."""
ALONE: Final = "подпись стоит на листе без текста письма"
ELSEWHERE: Final = "отметка об исполнителе не на листе подписи"
ABOVE: Final = "отметка об исполнителе стоит не ниже подписи"
OUTSIDE: Final = "отметка об исполнителе выходит за край листа"
_HEADING: Final = re.compile(r"(?:\d{1,2}\s)?Приложение № (\d{1,2})\b")
"""The first words of a sheet that begins an enclosure, after the number of the sheet."""
EDGE_PT: Final = 5 / 25.4 * 72
_ROW_PT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Laid:
    """A letter with its sheets.

    Attributes:
        docx: The letter.
        pdf: Its sheets.
        faults: Russian: what no way of setting it could mend.
    """

    docx: bytes
    pdf: bytes
    faults: list[str]


def lay_out(content: LetterContent, company: dict[str, Any], templates: Path) -> Laid:
    """Compose a letter and set it so that signature and executor mark stand as they must.

    Ways are tried in this order: as the template has it; closer, so that a last sheet of two lines is saved; with the
    last paragraph brought over to the signature; both. The first without a fault is taken, else the first.

    Raises:
        ComposeError: See `outbox.compose.compose`.
        ConverterError: See `outbox.pdf.to_pdf`.
    """
    plain = compose(content, company, templates)
    if any(file is None for _, file in content.enclosed):
        plain = compose(content, company, templates, printed_sheets(to_pdf(plain)))
    first: Laid | None = None
    for close, brought in ((False, False), (True, False), (False, True), (True, True)):
        letter = _set(plain, close=close, brought=brought) if close or brought else plain
        pdf = to_pdf(letter)
        laid = Laid(letter, pdf, faults(pdf, content))
        if not laid.faults:
            return laid
        first = first or laid
    assert first is not None
    return first


def printed_sheets(pdf: bytes) -> dict[int, int]:
    """How many sheets each enclosure takes that is printed in the letter's own file, by its number from 1 (12.5.2).

    Raises:
        ConverterError: The bytes are not a PDF that can be opened.
    """
    found: dict[int, int] = {}
    current = None
    for text in page_texts(pdf):
        heading = _HEADING.match(typography.plain(text))
        current = int(heading[1]) if heading else current
        if current is not None:
            found[current] = found.get(current, 0) + 1
    return found


def faults(pdf: bytes, content: LetterContent) -> list[str]:
    """Tell what is wrong with the places of signature and executor mark on the sheets.

    Raises:
        ConverterError: The bytes are not a PDF that can be opened, or do not show the signature.
    """
    if content.signatory is None:
        return []
    signature = _last(pdf, typography.initials_first(content.signatory))
    if signature is None:
        raise ConverterError("В PDF письма не видно подписи. Проверьте шаблон письма.")
    found = [ALONE] if signature.lines_above < LINES_ABOVE else []
    executor = content.executor
    if executor is None or typography.same_person(executor, content.signatory):
        return found
    mark = _last(pdf, typography.full_name(executor))
    if mark is None or mark.page != signature.page:
        return [*found, ELSEWHERE]
    if mark.top >= signature.bottom:
        found.append(ABOVE)
    if mark.lowest < EDGE_PT:
        found.append(OUTSIDE)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where words stand, in points from the lower edge of the sheet."""

    page: int
    top: float
    bottom: float
    lines_above: int
    lowest: float


def _last(pdf: bytes, words: str) -> _Place | None:
    """The last place of some words: earlier ones may stand in the text."""
    import pypdfium2

    found = None
    wanted = typography.plain(words)
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        for number, page in enumerate(document, start=1):
            text = page.get_textpage()
            rows = _rows(text.get_rect(index) for index in range(text.count_rects()))
            for bottom, top in rows:
                line = typography.plain(text.get_text_bounded(bottom=bottom - 1, top=top + 1))
                if wanted in line:
                    # The number of a later sheet is a line too, but none of the letter.
                    above = sum(one[0] > top for one in rows) - (1 if number > 1 else 0)
                    found = _Place(number, top, bottom, above, min(one[0] for one in rows))
    return found


def _rows(boxes: Iterable[tuple[float, float, float, float]]) -> list[tuple[float, float]]:
    """Lower and upper edge of each line, from the boxes of its runs, the uppermost first."""
    rows: list[tuple[float, float]] = []
    for _, bottom, _, top in sorted(boxes, key=lambda box: -box[1]):
        if rows and abs(rows[-1][0] - bottom) < _ROW_PT:
            rows[-1] = (min(rows[-1][0], bottom), max(rows[-1][1], top))
        else:
            rows.append((bottom, top))
    return rows


def _set(letter: bytes, *, close: bool, brought: bool) -> bytes:
    document = docx.Document(io.BytesIO(letter))
    if close:
        _bring_closer(document)
    if brought:
        texts = [one for one in document.paragraphs if one.style is not None and one.style.name == "Письмо Текст"]
        for paragraph in texts[-1:]:
            paragraph.paragraph_format.keep_with_next = True
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _bring_closer(document: Document) -> None:
    for style in document.styles:
        if isinstance(style, ParagraphStyle) and style.name in TIGHT:
            before, after = TIGHT[style.name]
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
