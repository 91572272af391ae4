"""Named paragraph styles of a letter: they mark its zones and survive editing in Word and LibreOffice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

FONT = "Times New Roman"
LANGUAGE = "ru-RU"
"""By it a screen reader takes its voice, and a word processor its dictionary."""
BODY_PT = 14.0
MARK_PT = 10.5
"""Executor mark: 3-4 pt smaller than the body (12.5.15)."""
LARGER_PT = 4.0
"""What large print adds to every size: 18 pt for the text of a letter to a client who sees badly (13.6)."""
SERVICE_PT = 4.0
"""Spacing paragraphs, which hold no words, keep their size."""

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a zone of the letter looks; lengths in points, indents in millimetres."""

    size: float = BODY_PT
    align: Literal["left", "center", "right", "justify"] = "left"
    bold: bool = False
    before: float = 0
    after: float = 0
    first_indent: float = 0
    right_indent: float = 0
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False


LOOKS: dict[str, Look] = {
    "Письмо Бланк Название": Look(size=15, bold=True, align="center", after=2),
    "Письмо Бланк": Look(size=10, align="center"),
    "Письмо Бланк Знак": Look(size=6, align="right"),
    "Письмо Бланк Логотип": Look(size=6),
    "Письмо Реквизиты": Look(size=12, before=2),
    "Письмо Кому": Look(size=BODY_PT),
    "Письмо Копия": Look(size=12, before=4),
    "Письмо Тема": Look(before=12, right_indent=75),
    "Письмо Обращение": Look(align="center", before=16, after=8, keep_next=True),
    "Письмо Преамбула": Look(align="justify", first_indent=12.5, after=4),
    "Письмо Текст": Look(align="justify", first_indent=12.5, after=4),
    "Письмо Заключение": Look(align="justify", first_indent=12.5, after=4, keep_next=True, keep_lines=True),
    "Письмо Перечень приложений": Look(size=12, before=6, keep_next=True, keep_lines=True),
    "Письмо Подпись": Look(before=30, keep_lines=True),
    "Письмо Исполнитель": Look(size=MARK_PT),
    "Письмо Приложение": Look(align="right", size=12, page_break=True, after=12),
    "Письмо Приложение Заголовок": Look(align="center", bold=True, after=8),
    "Письмо Приложение Текст": Look(align="justify", size=12, after=4),
    "Письмо Номер страницы": Look(size=11, align="center"),
    "Письмо Служебный": Look(size=SERVICE_PT),
}


def prepare_styles(document: Document, *, large: bool = False) -> None:
    """Set the base font and add the letter's styles to a new document; large print is set to the left margin only."""
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _set_font(normal, BODY_PT + (LARGER_PT if large else 0), bold=False)
    normal.paragraph_format.space_after = Pt(0)
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        for fonts in defaults.iter(qn("w:rFonts")):
            _name_fonts(fonts)
        for language in defaults.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)
    for name, look in LOOKS.items():
        _add(document, name, _enlarged(look) if large else look)


def _enlarged(look: Look) -> Look:
    size = look.size if look.size <= SERVICE_PT else look.size + LARGER_PT
    return replace(look, size=size, align="left" if look.align == "justify" else look.align, after=look.after * 2)


def _add(document: Document, name: str, look: Look) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _set_font(style, look.size, bold=look.bold)
    form = style.paragraph_format
    form.alignment = _ALIGN[look.align]
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing = 1.0
    form.first_line_indent, form.right_indent = Mm(look.first_indent), Mm(look.right_indent)
    form.keep_with_next, form.keep_together = look.keep_next, look.keep_lines
    form.page_break_before = look.page_break
    form.widow_control = True


def _set_font(style: ParagraphStyle, size: float, *, bold: bool) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.bold = bold
    _name_fonts(style.element.rPr.rFonts)


def _name_fonts(fonts: object) -> None:
    # All four slots are named and theme links dropped: Word takes hAnsi for Cyrillic, LibreOffice ascii, and a theme
    # link would beat both.
    attributes = fonts.attrib  # type: ignore[attr-defined]  # lxml element without a stub in python-docx
    attributes.clear()
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        attributes[qn(f"w:{slot}")] = FONT
