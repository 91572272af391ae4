"""What one page gives: reading, words with boxes, and what the archive copy needs; and when a person must look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.recognition import PageBands
from rules.wire import PageReading


class Word(NamedTuple):
    """One word on an upright page: box in pixels from the top left, confidence 0..100, number of its line from 1.

    Line 0 means that lines are not known. ``raw`` is what the engine read where the text was mended since, else empty.
    """

    text: str
    x: float
    y: float
    w: float
    h: float
    confidence: float
    line: int = 0
    raw: str = ""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one page and the size, in pixels, of the upright page that their boxes refer to.

    The upright page is the page as displayed turned clockwise by ``PageReading.rotated`` degrees.
    """

    width: float
    height: float
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageResult:
    """All that a worker sends back about one page.

    Attributes:
        reading: The page on the wire.
        words: Words with boxes.
        layer: File with the operators of the page's invisible text, or None when the page needs none.
        matrix: Operands that put the layer's pixels (from the top left) on the page.
        base: File with the page as a one-page PDF, for pictures.
        engine: Version of the engine, empty when it did not run.
        is_short: A person is asked for few words alone, which the last lines of a letter may be.
    """

    reading: PageReading
    words: PageWords
    layer: str | None = None
    matrix: tuple[float, float, float, float, float, float] | None = None
    base: str | None = None
    engine: str = ""
    is_short: bool = False


def unsure_numbers(words: Sequence[Word], bands: PageBands) -> int:
    """How many numbers the engine is not sure of: sums in the frames of a table, of which the page's mean says nothing.

    Nearly all such numbers were wrong on the pages measured.
    """
    return sum(word.confidence < bands.unsure_below and _is_number(word.text, bands.long_number) for word in words)


def _is_number(text: str, long: int) -> bool:
    solid = [char for char in text if char.isalnum()]
    digits = sum(char.isdigit() for char in solid)
    return len(text) >= long and digits >= 2 and digits * 2 >= len(solid)  # noqa: PLR2004 - a figure is no number


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a recognised page when it is judged.

    Attributes:
        confidence: Mean word confidence of the engine, 0..100.
        words: Number of words.
        ink: Share of dark pixels; next to none means a blank sheet, which is nobody's work.
        unread: Lines that look like text and could not be read.
        unsure: Numbers that the engine is not sure of.
    """

    confidence: float
    words: int
    ink: float
    unread: int = 0
    unsure: int = 0


class Verdict(NamedTuple):
    """Whether a person must look at a page, why in Russian, and whether for nothing but few words."""

    needs_person: bool
    reasons: list[str]
    is_short: bool = False


def verdict(found: Findings, bands: PageBands) -> Verdict:
    """Say whether a person must look at a recognised page, and why, by `rules/recognition.yaml`.

    The bands were measured on typed and handwritten pages: under the first lies every realistic hand and no typed page,
    under the second every page with more than 20 % wrong characters and 5 % false alarms; under the third the key
    fields need a check digit. Confidence knows nothing of lines that were not read at all.
    """
    words, confidence = found.words, found.confidence
    if not words and found.ink < bands.blank_ink:
        return Verdict(False, ["пустая страница"])
    if words and confidence < bands.unreadable_below:
        return Verdict(
            True, [f"текст рукописный или нечитаемый (уверенность {confidence:.0f} %): прочтите и введите вручную"]
        )
    reasons: list[str] = []
    doubtful = found.unread >= bands.unread_for_person
    if words and confidence < bands.doubtful_below:
        doubtful = True
        reasons.append(f"распознано неуверенно ({confidence:.0f} %): сверьте текст и поля со сканом")
    elif words and confidence < bands.careful_below:
        reasons.append(f"распознано с замечаниями ({confidence:.0f} %): номера и даты сверьте со сканом")
    if found.unread:
        reasons.append(
            f"на странице есть нераспознанные строки ({found.unread}), например под печатью: сверьте со сканом"
        )
    if found.unsure and not reasons:
        reasons.append(f"есть числа, прочитанные неуверенно ({found.unsure}): сверьте их со сканом")
    if words >= bands.few_words:
        return Verdict(doubtful, reasons)
    reasons.append("на странице мало слов: чистый лист, рисунок или нераспознанный текст")
    return Verdict(True, reasons, is_short=bool(words) and not doubtful and not found.unread)


def failed_page(number: int, reason: str) -> PageResult:
    """Make the result of a page that could not be read: empty, for a person, with the Russian reason."""
    reading = PageReading(number=number, needs_person=True, reasons=[reason])
    return PageResult(reading=reading, words=PageWords(0, 0))
