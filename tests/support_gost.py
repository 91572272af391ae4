"""Ten ways to break each rule of the GOST profile, in letters that are right by it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from support_check import Text, direct
from support_ooxml import p, pack, section
from support_sheets import CLOSING, HEAD, LONG, SIGNATURE, STYLES

_HEAD: Final = ["ООО «ЕИРЦ РБ»", "450000, г. Уфа, ул. Ленина, д. 1"]
_ALIGN: Final = WD_ALIGN_PARAGRAPH


@dataclass(frozen=True)
class GostBreak:
    """A letter broken by the GOST alone.

    Attributes:
        paper: It must be printed to be seen.
    """

    rule: str
    number: int
    docx: bytes
    enclosures: list[str] = field(default_factory=list)
    paper: bool = False


def _margin(side: str, millimetres: float, document: Document) -> None:
    setattr(document.sections[0], f"{side}_margin", Mm(millimetres))


def _look(first: float | None, align: Any, document: Document) -> None:
    for paragraph in document.paragraphs:
        if paragraph.text.startswith(("В ответ на Ваше", "Мы проверили", "Согласно", "Перерасчёт")):
            paragraph.paragraph_format.first_line_indent = None if first is None else Mm(first)
            paragraph.alignment = align


def _xml(change: Callable[..., None], *values: Any) -> Text:
    return Text(xml=[partial(change, *values)])


def _texts() -> dict[str, list[Text]]:
    # The mark stays three and a half points smaller, so that only the size of the text is wrong.
    sizes = (8, 9, 10, 10.5, 11, 11.5, 14.5, 15, 16, 20)
    dated = (
        "16.11.26 №", "16/11/2026 №", "16-11-2026 №", "16/11/26 №", "6.11.26 №", "16-11-26 №", "1/11/2026 №", "1-11-26 №"
    )  # fmt: skip
    lacking: tuple[list[str], ...] = (
        [], ["16.11.2026"], ["№ ИСХ-2026-000321"], ["исх. 321"], ["от 16 ноября 2026 г."], ["№ 5-к"], ["16.11.2026 №"],
        ["исх. от"], ["тел. 200-10-00"], ["2026 г."],
    )  # fmt: skip
    notes = (
        "Приложение: расчёт платы", "Приложение: расчёт платы на 1 л.", "Приложение: расчёт платы в 1 экз.",
        "Приложение: расчёт платы, 1 лист", "Приложение: расчёт платы (1 лист)", "Приложение: расчёт — 1 шт.",
        "Приложение: расчёт на листах", "Приложение: расчёт платы на одном листе", "Приложение: расчёт платы, 1 экз.",
        "Приложение: расчёт платы, 1 л., 1 экз.",
    )  # fmt: skip
    names = (
        "Иванова С.В.", "Иванова С. В.", "Иванова\u00a0С.В.", "Иванова С.\u00a0В.", "ИВАНОВА С.В.".title(), "Иванова  С.В.",
        "Иванова\tС.В.", "Иванова С.В. ", " Иванова С.В.", "Иванова С.",
    )  # fmt: skip
    looks = (
        (0, _ALIGN.JUSTIFY), (5, _ALIGN.JUSTIFY), (10, _ALIGN.JUSTIFY), (15, _ALIGN.JUSTIFY), (20, _ALIGN.JUSTIFY),
        (None, _ALIGN.JUSTIFY), (12.5, _ALIGN.LEFT), (12.5, _ALIGN.RIGHT), (12.5, _ALIGN.CENTER), (12.5, None),
    )  # fmt: skip
    margins = (
        ("left", 10), ("left", 15), ("left", 19), ("right", 5), ("right", 8), ("top", 10), ("top", 15), ("bottom", 10),
        ("bottom", 15), ("left", 0),
    )  # fmt: skip
    written = [Text(letterhead=[*_HEAD, f"{one} ИСХ-2026-000321"]) for one in dated]
    model = Text()
    said = ("Плата за октябрь внесена 01/11/2026.", "Плата за октябрь внесена 01.11.26.")
    written += [model.changed(body=[model.body[0], one, model.body[-1]]) for one in said]
    return {
        "GS-1": [_xml(_margin, *one) for one in margins],
        "GS-3": [Text(size=one, mark_size=one - 3.5) for one in sizes],
        "GS-4": [_xml(_look, *one) for one in looks],
        "GS-5": written,
        "GS-6": [Text(letterhead=[*_HEAD, *one]) for one in lacking],
        "GS-7": [Text(note=[one]) for one in notes],
        "GS-8": [Text(name=one) for one in names],
    }


def _numbered(*references: str, more: str = "", **parts: Any) -> bytes:
    return pack(HEAD + LONG + CLOSING + SIGNATURE + section(*references, more=more), styles=STYLES, **parts)


def _pages() -> list[bytes]:
    """A letter of two sheets whose numbers are not where the GOST wants them."""
    number = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    centre, right, title = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>', "<w:titlePg/>"
    line, at_right, at_left = p(number, look=centre), p(number, look=right), p(number)
    dashed = p(f"<w:r><w:t>- </w:t></w:r>{number}<w:r><w:t> -</w:t></w:r>", look=centre)
    named = p(f"<w:r><w:t>Лист </w:t></w:r>{number}", look=centre)
    fixed = p("<w:r><w:t>1</w:t></w:r>", look=centre)
    head, foot = "header:default:header1", "footer:default:footer1"
    return [
        _numbered(),
        _numbered(foot, footer1=line),
        _numbered(head, header1=at_right, more=title),
        _numbered(head, header1=at_left, more=title),
        _numbered(head, header1=line),
        _numbered(head, header1=named, more=title),
        _numbered(head, header1=fixed, more=title),
        _numbered("header:first:header1", header1=line, more=title),
        _numbered(foot, footer1=at_right, more=title),
        _numbered(head, header1=dashed, more=f'<w:pgNumType w:start="5"/>{title}'),
    ]


def gost_breaks() -> Iterator[GostBreak]:
    """Every way to break every rule of the profile."""
    for rule, texts in _texts().items():
        for number, text in enumerate(texts):
            yield GostBreak(rule, number, direct(text), ["Расчёт"] if text.note else [])
    for number, docx in enumerate(_pages()):
        yield GostBreak("GS-2", number, docx, paper=True)
