"""Makers of letters for ``support_makers`` that set them as a script with python-docx: its template, its styles."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from support_makers import Letter
from support_ooxml import NS, box

_SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def _new(letter: Letter, margins: tuple[float, float, float, float] = (2, 1.5, 2, 3)) -> Document:
    """An empty document of the library's own template; Normal in the letter's type, margins in centimetres."""
    made = docx.Document()
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = letter.font, Pt(letter.size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), letter.font)
    normal.paragraph_format.space_after = Pt(0)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Cm, margins)
    return made


def _add(
    place: Any, text: str, side: str = "", *, bold: bool = False, points: float = 0, font: str = "", **form: Any
) -> Paragraph:
    """A paragraph; ``form`` are properties of its format."""
    paragraph: Paragraph = place.add_paragraph()
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    if points:
        run.font.size = Pt(points)
    if font:
        run.font.name = font
    if side:
        paragraph.alignment = _SIDES[side]
    for name, value in form.items():
        setattr(paragraph.paragraph_format, name, value)
    return paragraph


def _all(place: Any, texts: Iterable[str], side: str = "", **look: Any) -> None:
    for text in texts:
        if text:
            _add(place, text, side, **look)


def _blank(place: Any) -> None:
    place.add_paragraph()


def _cell(cell: Any, texts: Iterable[str], side: str = "", **look: Any) -> None:
    """Lines of a cell, the first in the paragraph that every cell is born with."""
    lines = [text for text in texts if text]
    for at, text in enumerate(lines):
        _add(cell, text, side, **look)
        if not at:
            cell._element.remove(cell.paragraphs[0]._element)


def _foot(letter: Letter, footer: Any) -> None:
    footer.is_linked_to_previous = False
    for at, text in enumerate(letter.mark):
        line = footer.paragraphs[0] if not at else footer.add_paragraph()
        run = line.add_run(text)
        run.font.size = Pt(letter.small)
        if letter.mark_font:
            run.font.name = letter.mark_font
        if letter.mark_side == "right":
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _boxed(letter: Letter, paragraph: Paragraph) -> None:
    """The mark in a text box of this paragraph, at the bottom of its page."""
    if not letter.mark:
        return
    face = f'<w:rFonts w:ascii="{letter.mark_font}" w:hAnsi="{letter.mark_font}"/>' if letter.mark_font else ""
    lines = "".join(
        '<w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
        f'<w:r><w:rPr>{face}<w:sz w:val="{round(letter.small * 2)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        for text in letter.mark
    )
    across = f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'
    down = 'relativeFrom="bottomMargin"><wp:posOffset>-468000</wp:posOffset>'
    made = box(lines, across=across, down=down, width=7200, height=1300)
    paragraph._element.append(parse_xml(made.replace("<w:r>", f"<w:r {NS}>", 1)))


def _mark(letter: Letter, made: Document, signature: Paragraph) -> None:
    """The mark, on every page if so planted."""
    if letter.mark_everywhere:
        _foot(letter, made.sections[0].footer)
    else:
        _boxed(letter, signature)


def _text(letter: Letter, place: Any, side: str = "both", indent: float = 1.25, **look: Any) -> None:
    """The text; a table of it, a row a line and a cell a bar, in the library's ruled style."""
    for one in letter.text:
        if one.startswith("|"):
            rows = [line.strip("|").split("|") for line in one.splitlines()]
            grid = place.add_table(len(rows), len(rows[0]), style="Table Grid")
            for row, cells in zip(grid.rows, rows, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
        else:
            _add(place, one, side, first_line_indent=Cm(indent) if indent else None, **look)


def _line(letter: Letter, place: Any, at: float = 16.5) -> Paragraph:
    """Position and name at the two ends of a line."""
    line = _add(place, f"{letter.position}\t{letter.person}".strip())
    line.paragraph_format.tab_stops.add_tab_stop(Cm(at), WD_TAB_ALIGNMENT.RIGHT)
    return line


def _saved(made: Document) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def plain_script(letter: Letter) -> bytes:
    """Paragraph after paragraph with direct looks; the mark in the footer."""
    made = _new(letter)
    _all(made, letter.letterhead, "center", bold=True)
    _blank(made)
    _all(made, letter.reference)
    _all(made, (*letter.to, letter.copy), left_indent=Cm(8.5))
    _blank(made)
    _all(made, [letter.topic], bold=True)
    _blank(made)
    _all(made, [letter.salutation], letter.greet)
    _blank(made)
    _text(letter, made)
    _all(made, letter.note)
    _blank(made)
    _all(made, [letter.regards])
    if letter.position or letter.person:
        _line(letter, made)
    _foot(letter, made.sections[0].footer)
    return _saved(made)


def table_script(letter: Letter) -> bytes:
    """Letterhead and addressee in the cells of a table, position and name in those of another."""
    made = _new(letter)
    head = made.add_table(1, 2)
    head.alignment = WD_TABLE_ALIGNMENT.CENTER
    _cell(head.cell(0, 0), (*letter.letterhead, *letter.reference), "center", points=letter.size - 2)
    _cell(head.cell(0, 1), (*letter.to, letter.copy))
    _blank(made)
    _all(made, [letter.topic], "left", right_indent=Cm(8))
    _all(made, [letter.salutation], letter.greet, space_before=Pt(18), space_after=Pt(12))
    _text(letter, made, line_spacing=1.15)
    _all(made, letter.note)
    _all(made, [letter.regards], space_before=Pt(12))
    _blank(made)
    if letter.position or letter.person:
        signed = made.add_table(1, 3)
        signed.cell(0, 0).text, signed.cell(0, 2).text = letter.position, letter.person
        signed.cell(0, 2).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _foot(letter, made.sections[0].footer)
    return _saved(made)


def header_script(letter: Letter) -> bytes:
    """Letterhead in the header of the page, date and number after the addressee's block, mark in the footer."""
    made = _new(letter)
    header = made.sections[0].header
    header.paragraphs[0].text = letter.letterhead[0]
    header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    header.paragraphs[0].runs[0].bold = True
    _all(header, letter.letterhead[1:], "center", points=9)
    _all(made, (*letter.to, letter.copy), "right")
    _blank(made)
    _all(made, ["\t".join(letter.reference)])
    _blank(made)
    _all(made, [letter.topic], "center", bold=True)
    _all(made, [letter.salutation], letter.greet, space_before=Pt(12), space_after=Pt(12))
    _text(letter, made, space_after=Pt(6))
    _all(made, [letter.regards, " "] if letter.regards else [])
    if letter.position or letter.person:
        _line(letter, made)
    _foot(letter, made.sections[0].footer)
    return _saved(made)


def styled_script(letter: Letter) -> bytes:
    """Every part in a style of its own name, made by the script."""
    made = _new(letter)
    looks: dict[str, dict[str, Any]] = {
        "LetterHead": {"alignment": WD_ALIGN_PARAGRAPH.CENTER},
        "LetterAddressee": {"left_indent": Cm(9)},
        "LetterSubject": {"space_before": Pt(12)},
        "LetterGreeting": {"alignment": _SIDES[letter.greet], "space_before": Pt(12), "space_after": Pt(12)},
        "LetterBody": {"alignment": WD_ALIGN_PARAGRAPH.JUSTIFY, "first_line_indent": Cm(1.25)},
        "LetterSign": {"space_before": Pt(24)},
    }
    for name, look in looks.items():
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = made.styles["Normal"]
        for key, value in look.items():
            setattr(style.paragraph_format, key, value)
    performer = made.styles.add_style("LetterPerformer", WD_STYLE_TYPE.PARAGRAPH)
    performer.base_style, performer.font.size = made.styles["Normal"], Pt(letter.small)
    if letter.mark_font:
        performer.font.name = letter.mark_font
    for texts, name in (
        ((*letter.letterhead, *letter.reference), "LetterHead"),
        ((*letter.to, letter.copy), "LetterAddressee"),
        ((letter.topic,), "LetterSubject"),
        ((letter.salutation,), "LetterGreeting"),
        (letter.text, "LetterBody"),
        (letter.note, "LetterBody"),
        ((letter.regards,), "LetterSign"),
        ((f"{letter.position}\n{letter.person}".strip(),), "LetterSign"),
    ):
        for text in filter(None, texts):
            made.add_paragraph(text, style=name)
    footer = made.sections[0].footer
    for at, text in enumerate(letter.mark):
        line = footer.paragraphs[0] if not at else footer.add_paragraph()
        line.text, line.style = text, performer
    return _saved(made)


def heading_script(letter: Letter) -> bytes:
    """The organisation as Title, the topic as Heading 2 of the library's template, type of the text by its theme."""
    made = _new(letter)
    made.add_paragraph(letter.letterhead[0], style="Title")
    _all(made, (*letter.letterhead[1:], *letter.reference))
    _all(made, (*letter.to, letter.copy), "right")
    if letter.topic:
        made.add_heading(letter.topic, level=2)
    _all(made, [letter.salutation], letter.greet, space_before=Pt(10), space_after=Pt(10))
    _text(letter, made, "", 0, space_after=Pt(8))
    _all(made, [letter.regards])
    _all(made, [letter.position, letter.person])
    section = made.sections[0]
    section.different_first_page_header_footer = True
    _foot(letter, section.first_page_footer)
    return _saved(made)


def grid_script(letter: Letter) -> bytes:
    """A letter with a ruled table of the text; salutation in bold, mark in a box."""
    made = _new(letter, (2, 1, 2, 2.5))
    _all(made, letter.letterhead, "left", points=12)
    _all(made, letter.reference, space_before=Pt(6), space_after=Pt(6))
    _all(made, (*letter.to, letter.copy), "left", left_indent=Cm(9.5))
    _all(made, [letter.topic], "left", space_before=Pt(12))
    _all(made, [letter.salutation], letter.greet, bold=True, space_before=Pt(12), space_after=Pt(12))
    _text(letter, made)
    _all(made, letter.note)
    _all(made, [letter.regards], space_before=Pt(12))
    signature = _line(letter, made, 17)
    _mark(letter, made, signature)
    return _saved(made)


def long_script(letter: Letter) -> bytes:
    """A letter of several sheets with numbers of pages in the header and headings of its parts in bold."""
    made = _new(letter)
    section = made.sections[0]
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, code in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = number.add_run()._element
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = code
        run.append(mark)
    _all(made, letter.letterhead, "center")
    _all(made, letter.reference, space_before=Pt(12))
    _all(made, (*letter.to, letter.copy), left_indent=Cm(9))
    _all(made, [letter.topic], right_indent=Cm(7), space_before=Pt(18))
    _all(made, [letter.salutation], letter.greet, space_before=Pt(18), space_after=Pt(12))
    for one in letter.text:
        if one[:1].isdigit() and not one.endswith("."):
            _add(made, one, bold=True, keep_with_next=True, space_before=Pt(12))
        else:
            _add(made, one, "both", first_line_indent=Cm(1.25), line_spacing=1.5)
    _all(made, letter.note)
    _all(made, [letter.regards], space_before=Pt(24))
    signature = _line(letter, made)
    if letter.mark_everywhere:
        _foot(letter, section.footer)
        _foot(letter, section.first_page_footer)
    else:
        _boxed(letter, signature)
    return _saved(made)


def spaced_script(letter: Letter) -> bytes:
    """Places made with spaces and tabs; empty lines between all parts."""
    made = _new(letter)
    _all(made, letter.letterhead)
    for text in (*letter.reference, "", *("\t" * 6 + one for one in letter.to), letter.copy, "", letter.topic, ""):
        made.add_paragraph(text)
    _all(made, [letter.salutation], letter.greet)
    for one in letter.text:
        _blank(made)
        made.add_paragraph("        " + one)
    _blank(made)
    _all(made, letter.note)
    _blank(made)
    made.add_paragraph(f"{letter.position}   ____________   {letter.person}".strip())
    _foot(letter, made.sections[0].footer)
    return _saved(made)


def sheets_script(letter: Letter) -> bytes:
    """Enclosures in sections of their own, without the letter's footer."""
    made = _new(letter)
    _all(made, letter.letterhead, "center")
    _all(made, letter.reference)
    _all(made, (*letter.to, letter.copy), "right")
    _all(made, [letter.topic], space_before=Pt(12))
    _all(made, [letter.salutation], letter.greet, space_before=Pt(12), space_after=Pt(12))
    _text(letter, made)
    _all(made, letter.note, space_before=Pt(12))
    _all(made, [letter.regards], space_before=Pt(12))
    _blank(made)
    _line(letter, made)
    _foot(letter, made.sections[0].footer)
    for one in letter.enclosures:
        head, *rest = one.split("|")
        if not letter.same_sheet:
            footer = made.add_section(WD_SECTION.NEW_PAGE).footer
            footer.is_linked_to_previous = False
        _all(made, [head], "right")
        _all(made, rest)
    return _saved(made)


def box_script(letter: Letter) -> bytes:
    """The mark in a text box; a corner stamp of a table with fixed widths."""
    made = _new(letter, (2, 1, 2, 3))
    head = made.add_table(2, 2)
    head.autofit = False
    for row in head.rows:
        row.cells[0].width, row.cells[1].width = Cm(8), Cm(9)
    _cell(head.cell(0, 0), letter.letterhead, "center", points=11)
    _cell(head.cell(1, 0), letter.reference, "center", points=12)
    to = head.cell(0, 1).merge(head.cell(1, 1))
    _cell(to, (*letter.to, letter.copy), left_indent=Cm(1))
    _all(made, [letter.topic], space_before=Pt(18))
    _all(made, [letter.salutation], letter.greet, space_before=Pt(18), space_after=Pt(12))
    _text(letter, made)
    _all(made, letter.note)
    _all(made, [letter.regards], space_before=Pt(24))
    signature = _line(letter, made, 17)
    _mark(letter, made, signature)
    return _saved(made)


def list_script(letter: Letter) -> bytes:
    """Numbered parts as «List Number» of the library's template."""
    made = _new(letter)
    _all(made, letter.letterhead)
    _all(made, letter.reference)
    _all(made, (*letter.to, letter.copy), left_indent=Cm(9))
    _all(made, [letter.topic], bold=True, space_before=Pt(12))
    _all(made, [letter.salutation], letter.greet, space_before=Pt(12), space_after=Pt(12))
    for one in letter.text:
        number, _, rest = one.partition(". ")
        if number.isdigit():
            made.add_paragraph(rest, style="List Number")
        else:
            _add(made, one, "both")
    _all(made, letter.note)
    _all(made, [letter.regards], space_before=Pt(12))
    _line(letter, made)
    _foot(letter, made.sections[0].footer)
    return _saved(made)


SCRIPTS: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made
    for made in (plain_script, table_script, header_script, styled_script, heading_script, grid_script, long_script,
                 spaced_script, sheets_script, box_script, list_script)
}  # fmt: skip
