"""Correct letters built in different ways with python-docx, for the tests of the checker."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from rules.wire import LetterContext

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAW_QUOTED = (
    "Согласно пункту 31 Правил, утверждённых постановлением от 06.05.2011 № 354, «исполнитель обязан производить "
    "расчёт размера платы, а потребитель обязан вносить её своевременно»."
)
CENTER = WD_ALIGN_PARAGRAPH.CENTER


@dataclass
class Text:
    """The words and the few looks that rules speak of."""

    letterhead: list[str] = field(
        default_factory=lambda: [
            "ООО «ЕИРЦ РБ»",
            "450000, г. Уфа, ул. Ленина, д. 1, тел. (347) 200-10-00, info@eirc.example",
            "16.11.2026 № ИСХ-2026-000321",
            "На № ВХ-2026-000123 от 05.11.2026",
        ]
    )
    addressee: list[str] = field(default_factory=lambda: ["Петрову Андрею Павловичу", "ул. Мира, д. 5, кв. 7, г. Уфа"])
    to_label: str = "Кому: "
    copy_to: str = ""
    topic: str = "О перерасчёте платы за отопление"
    topic_label: str = "Тема: "
    salutation: str = "Уважаемый Андрей Павлович!"
    preamble: str = (
        "В ответ на Ваше обращение (вх. № ВХ‑2026‑000123 от 05.11.2026) о перерасчёте платы за отопление "
        "сообщаем результат проверки."
    )
    body: list[str] = field(
        default_factory=lambda: [
            "Мы проверили начисления по Вашей квартире за октябрь 2026 года и сравнили их с показаниями прибора учёта.",
            LAW_QUOTED,
            "Перерасчёт будет отражён в платёжном документе за ноябрь не позднее 10.12.2026.",
        ]
    )
    closing: str = "Если у Вас возникнут вопросы, будем рады помочь."
    note: list[str] = field(default_factory=list)
    regards: str = ""
    position: str = "Генеральный директор"
    name: str = "С.В. Иванова"
    mark: list[str] = field(default_factory=lambda: ["Сидорова Мария Ивановна", "8 (347) 200‑10‑12"])
    enclosures: list[list[str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    font: str = "Times New Roman"
    size: float = 14
    mark_font: str = "Times New Roman"
    mark_size: float = 10.5
    salutation_align: Any = CENTER
    salutation_left: float = 0
    enclosure_breaks: bool = True
    xml: list[Callable[[Document], None]] = field(default_factory=list)

    def changed(self, **changes: Any) -> Text:
        result = copy.deepcopy(self)
        for name, value in changes.items():
            setattr(result, name, value)
        return result


def context(**changes: Any) -> LetterContext:
    """The full case of the correct letter; keyword arguments replace whole groups."""
    facts: dict[str, Any] = {
        "stage": "send",
        "letter": {
            "date": dt.date(2026, 11, 16),
            "number": "ИСХ-2026-000321",
            "topic": "О перерасчёте",
            "kind": "answer",
        },
        "client": {
            "last_name": "Петров",
            "first_name": "Андрей",
            "patronymic": "Павлович",
            "gender": "male",
            "segment": "B2C",
            "is_vip": False,
            "rank": 5,
        },
        "incoming": {
            "number": "ВХ-2026-000123",
            "date": "2026-11-05",
            "received": "2026-11-05",
            "due_hard": "2026-12-05",
            "text": "Прошу сделать перерасчёт платы за отопление за октябрь.",
            "questions": ["Прошу сделать перерасчёт платы за отопление за октябрь."],
        },
        "signatory": {
            "last_name": "Иванова",
            "first_name": "Светлана",
            "patronymic": "Викторовна",
            "position": "Генеральный директор",
            "rank": 1,
        },
        "executor": {"last_name": "Сидорова", "first_name": "Мария", "patronymic": "Ивановна", "phone": "+73472001012"},
        "copy_to": None,
        "asks_action": True,
        "company_at_fault": False,
        "client_at_fault": False,
        "client_legal_breach": False,
        "complaint": False,
        "script": "05.01",
        "enclosures": [],
        "facts": ["1245.30"],
        "recipient_confirmed": True,
        "company": {"postal_address": "450000, г. Уфа, ул. Ленина, д. 1", "area_codes": ["347"]},
    }
    return LetterContext.model_validate({**facts, **changes})


def data(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _fonts(element: Any, font: str) -> None:
    properties = element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for slot in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{slot}"), font)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)


def _plain(document: Any, text: str, font: str, size: float, align: Any = None, first: float = 0) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    _fonts(run._r, font)
    run.font.size = Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    if first:
        paragraph.paragraph_format.first_line_indent = Mm(first)
    return paragraph


def _finish(document: Document, text: Text) -> bytes:
    for change in text.xml:
        change(document)
    return data(document)


def _enclosures(document: Document, text: Text) -> None:
    for number, lines in enumerate(text.enclosures):
        for at, line in enumerate(lines):
            paragraph = _plain(document, line, text.font, text.size)
            paragraph.paragraph_format.page_break_before = at == 0 and (text.enclosure_breaks or number < 0)


def direct(text: Text) -> bytes:
    """No styles of ours: everything in Normal with direct formatting, mark as the last paragraphs."""
    document = docx.Document()
    _page(document)
    _head(document, text)
    _middle(document, text)
    signature = _plain(document, f"{text.position}\t{text.name}", text.font, text.size)
    signature.paragraph_format.space_before = Pt(36)
    signature.paragraph_format.tab_stops.add_tab_stop(Mm(120))
    _tail(document, text)
    return _finish(document, text)


def _head(document: Any, text: Text) -> None:
    for line in text.letterhead:
        _plain(document, line, text.font, 11)
    for at, line in enumerate(text.addressee):
        _plain(document, (text.to_label if at == 0 else "") + line, text.font, text.size)
    if text.copy_to:
        _plain(document, text.copy_to, text.font, text.size)
    if text.topic_label + text.topic:
        _plain(document, text.topic_label + text.topic, text.font, text.size)


def _middle(document: Any, text: Text) -> None:
    if text.salutation:
        salutation = _plain(document, text.salutation, text.font, text.size, text.salutation_align)
        salutation.paragraph_format.left_indent = Mm(text.salutation_left)
    for line in (text.preamble, *text.body, text.closing):
        if line:
            _plain(document, line, text.font, text.size, WD_ALIGN_PARAGRAPH.JUSTIFY, 12.5)
    for line in text.note:
        _plain(document, line, text.font, text.size)
    if text.regards:
        _plain(document, text.regards, text.font, text.size)


def _tail(document: Document, text: Text) -> None:
    for line in text.after:
        _plain(document, line, text.font, text.size)
    for at, line in enumerate(text.mark):
        paragraph = _plain(document, line, text.mark_font, text.mark_size)
        paragraph.paragraph_format.space_before = Pt(150 if at == 0 else 0)
    _enclosures(document, text)


STYLES = {
    "Письмо Бланк": "letterhead",
    "Письмо Кому": "addressee",
    "Письмо Тема": "topic",
    "Письмо Обращение": "salutation",
    "Письмо Преамбула": "preamble",
    "Письмо Текст": "body",
    "Письмо Заключение": "closing",
    "Письмо Подпись": "signature",
    "Письмо Исполнитель": "mark",
}


def styled(text: Text) -> bytes:
    """Own paragraph styles, alignment inherited through basedOn, mark in a text box of the signature paragraph."""
    document = docx.Document()
    _page(document)
    base = document.styles.add_style("Письмо Основа", WD_STYLE_TYPE.PARAGRAPH)
    _fonts(base.element, text.font)
    base.font.size = Pt(text.size)
    for name in STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = base
    centred = document.styles.add_style("Основа По центру", WD_STYLE_TYPE.PARAGRAPH)
    centred.base_style = base
    centred.paragraph_format.alignment = text.salutation_align
    centred.paragraph_format.left_indent = Mm(text.salutation_left)
    document.styles["Письмо Обращение"].base_style = centred
    document.styles["Письмо Исполнитель"].font.size = Pt(text.mark_size)
    _fonts(document.styles["Письмо Исполнитель"].element, text.mark_font)

    def add(style: str, *lines: str) -> Any:
        return [document.add_paragraph(line, style=style) for line in lines if line]

    add("Письмо Бланк", *text.letterhead)
    add("Письмо Кому", *[(text.to_label if at == 0 else "") + line for at, line in enumerate(text.addressee)])
    add("Письмо Кому", text.copy_to)
    add("Письмо Тема", text.topic_label + text.topic)
    add("Письмо Обращение", text.salutation)
    add("Письмо Преамбула", text.preamble)
    add("Письмо Текст", *text.body)
    add("Письмо Заключение", text.closing)
    for line in text.note:
        document.add_paragraph(line, style="Письмо Основа")
    signature = add("Письмо Подпись", text.regards, f"{text.position}\t{text.name}".strip())
    for line in text.after:
        document.add_paragraph(line, style="Письмо Основа")
    if text.mark and signature:
        signature[-1]._p.append(parse_xml(text_box(text.mark)))
        for paragraph in document.element.body.iter(qn("w:pStyle")):
            if paragraph.get(qn("w:val")) == "MARK":
                paragraph.set(qn("w:val"), document.styles["Письмо Исполнитель"].style_id)
    _enclosures(document, text)
    return _finish(document, text)


def text_box(lines: list[str]) -> str:
    """A text box at the bottom margin, in both representations, as Word writes it."""
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="MARK"/><w:spacing w:after="0"/></w:pPr><w:r><w:t>{line}</w:t></w:r></w:p>'
        for line in lines
    )
    content = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
    return f"""<w:r xmlns:w="{W_NS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
 layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="2880000" cy="432000"/><wp:wrapTopAndBottom/><wp:docPr id="1" name="Отметка"/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2880000" cy="432000"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx>{content}</wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp></a:graphicData>
</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape>
</w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def table_signature(text: Text) -> bytes:
    """Position and name in the cells of a table; letterhead and addressee side by side in another."""
    document = docx.Document()
    _page(document)
    corner = document.add_table(rows=1, cols=2)
    _cell(corner.cell(0, 0), text.letterhead, text.font, 11)
    lines = [(text.to_label if at == 0 else "") + line for at, line in enumerate(text.addressee)]
    _cell(corner.cell(0, 1), [*lines, *([text.copy_to] if text.copy_to else [])], text.font, text.size)
    _plain(document, text.topic_label + text.topic, text.font, text.size)
    _middle(document, text)
    if text.position or text.name:
        table = document.add_table(rows=1, cols=2)
        _cell(table.cell(0, 0), [text.position], text.font, text.size)
        _cell(table.cell(0, 1), [text.name], text.font, text.size)
    _tail(document, text)
    return _finish(document, text)


def _cell(cell: Any, lines: list[str], font: str, size: float) -> None:
    for line in lines:
        _plain(cell, line, font, size)
    if lines:
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)


def theme_fonts(text: Text) -> bytes:
    """Typeface from the theme and size from docDefaults, as Word makes it; the mark in the footer of the section."""
    document = docx.Document()
    _page(document)
    _theme_defaults(document, text.size)
    to = [(text.to_label if at == 0 else "") + line for at, line in enumerate(text.addressee)]
    for line in text.letterhead:
        _inherited(document, line, CENTER)
    for line in (*to, text.copy_to, text.topic_label + text.topic):
        _inherited(document, line)
    if text.salutation:
        salutation = _inherited(document, text.salutation, text.salutation_align)
        salutation.paragraph_format.left_indent = Mm(text.salutation_left)
    for line in (text.preamble, *text.body, text.closing, *text.note, text.regards):
        _inherited(document, line)
    _inherited(document, f"{text.position}                    {text.name}".strip())
    for line in text.after:
        _inherited(document, line)
    if text.mark:
        _footer_mark(document, text)
    _section_enclosures(document, text)
    return _finish(document, text)


def _section_enclosures(document: Document, text: Text) -> None:
    if text.enclosures:
        document.add_section().footer.is_linked_to_previous = False
    for at, lines in enumerate(text.enclosures):
        if at:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for line in lines:
            _inherited(document, line)


def _theme_defaults(document: Document, size: float) -> None:
    defaults = next(document.styles.element.iter(qn("w:rPrDefault"))).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    theme = 'w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:hAnsi="Arial"'
    defaults.append(parse_xml(f'<w:rFonts xmlns:w="{W_NS}" {theme}/>'))
    defaults.append(parse_xml(f'<w:sz xmlns:w="{W_NS}" w:val="{int(size * 2)}"/>'))
    normal = document.styles["Normal"].element
    if normal.rPr is not None:
        normal.remove(normal.rPr)


def _inherited(document: Document, line: str, align: Any = None) -> Paragraph:
    """A paragraph that sets nothing but its alignment; an empty line adds nothing visible."""
    paragraph = document.add_paragraph(line)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _footer_mark(document: Document, text: Text) -> None:
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    for line in text.mark:
        run = footer.add_paragraph().add_run(line)
        run.font.size = Pt(text.mark_size)
        if text.mark_font != text.font:
            _fonts(run._r, text.mark_font)


def acting_addressee(text: Text) -> bytes:
    """Longitudinal letterhead, no labels, the addressee «И.о. директора», «С уважением», a position in two lines."""
    document = docx.Document()
    _page(document)
    for line in text.letterhead:
        _plain(document, line, text.font, 11, CENTER)
    if text.addressee:
        for line in ("И.о. директора", "ООО «Вектор»", *text.addressee):
            paragraph = _plain(document, line, text.font, text.size)
            paragraph.paragraph_format.left_indent = Mm(90)
    if text.copy_to:
        _plain(document, text.copy_to, text.font, text.size)
    _plain(document, text.topic, text.font, text.size)
    _middle(document, text.changed(regards=text.regards or "С уважением,"))
    first, _, rest = text.position.partition(" ")
    if rest:
        _plain(document, first, text.font, text.size)
    _plain(document, f"{rest or first} ____________ {text.name}", text.font, text.size)
    _tail(document, text)
    return _finish(document, text)


BUILDERS: dict[str, Callable[[Text], bytes]] = {
    "direct": direct,
    "styled": styled,
    "table_signature": table_signature,
    "theme_fonts": theme_fonts,
    "acting_addressee": acting_addressee,
}
