"""A copy of the letter with the findings as Word comments beside the words they are about."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from outbox.check.errors import UnreadableLetterError
from outbox.check.facts import Letter
from outbox.check.reader import read_letter
from outbox.check.rulebook import LetterRules
from outbox.check.text import clean, squeeze
from outbox.check.zones import ZONE_TITLES, Zone, find_zones
from rules.wire import CheckReport, Finding, Gate, Severity

AUTHOR: Final = "Проверка письма"
INITIALS: Final = "ПП"
_TITLES: Final = {Severity.ERROR: "Ошибка", Severity.WARNING: "Предупреждение", Severity.HINT: "Подсказка"}


def annotate(letter: bytes, report: CheckReport, rulebook: LetterRules) -> bytes:
    """Return the letter with a comment for each finding; what has no place of its own stands at the first words.

    Args:
        letter: The bytes that were checked.
        report: Their report.
        rulebook: The rules it was made with.

    Raises:
        UnreadableLetterError: the bytes are no letter, or it cannot be written again.
    """
    places = _places(Letter(find_zones(read_letter(letter), rulebook.wording), rulebook))
    try:
        document = docx.Document(io.BytesIO(letter))
        paragraphs = list(_paragraphs(document))
        for finding in report.findings:
            target = _target(paragraphs, places.get(finding.where))
            if target is not None:
                document.add_comment(target.runs, text=_words(finding), author=AUTHOR, initials=INITIALS)
        stream = io.BytesIO()
        document.save(stream)
    except (KeyError, ValueError, AttributeError, IndexError) as error:
        raise UnreadableLetterError(
            "Пометки в копию письма записать не удалось: файл собран необычно. Используйте отчёт."
        ) from error
    return stream.getvalue()


def _places(letter: Letter) -> dict[str, str]:
    """Words of a paragraph by its place: «основной текст, абзац 2 текста», the first of a part, or its own words."""
    first = {ZONE_TITLES[zone]: squeeze(found[0].text) for zone in Zone if (found := letter.zones.blocks(zone))}
    own = {clean(block.text): squeeze(block.text) for block in letter.document.blocks}
    return {**own, **letter.places, **first}


def _paragraphs(document: Any) -> Iterator[Paragraph]:
    """Paragraphs that may carry a comment: those of the body and its tables that have runs."""
    for element in document.element.body.iter(qn("w:p")):
        if any(parent.tag == qn("w:txbxContent") for parent in element.iterancestors()):
            continue
        paragraph = Paragraph(element, document._body)  # noqa: SLF001 - python-docx gives no way to wrap an element
        if paragraph.runs:
            yield paragraph


def _target(paragraphs: list[Paragraph], text: str | None) -> Paragraph | None:
    same = (one for one in paragraphs if text and squeeze(one.text) == text)
    return next(same, paragraphs[0] if paragraphs else None)


def _words(finding: Finding) -> str:
    stops = ", не пускает к отправке" if finding.gate is Gate.BLOCKS else ""
    lines = [f"{_TITLES[finding.severity]}{stops}: {finding.message}"]
    lines += [f"Как исправить: {finding.suggestion}"] if finding.suggestion else []
    return "\n".join([*lines, f"Правило {finding.rule}, п. {finding.clause}"])
