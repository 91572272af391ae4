"""Writes templates/letters/letter.docx and its large-print twin: ``python -m outbox.template_build [FOLDER]``.

One look for every kind of reply, so that the letterhead is edited in one place. A file named after a kind
(``interim.docx``…) beside it takes precedence for that kind; words differ by kind in the scripts, not here. After the
first start the file belongs to a business user, who edits it in Word; this module is how it came to be.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from outbox.letterstyles import prepare_styles
from outbox.textbox import text_box

DEFAULT_NAME = "letter.docx"
LARGE_NAME = "letter-large.docx"
PAGE_MM = (210, 297)
MARGINS_MM = {"left": 25, "right": 15, "top": 20, "bottom": 22}
TEXT_MM = PAGE_MM[0] - MARGINS_MM["left"] - MARGINS_MM["right"]


def build(*, large: bool = False) -> DocumentObject:
    """Make the template as a python-docx document; ``large`` for clients who see badly (13.6)."""
    document = Document()
    for child in list(document.element.body)[:-1]:
        document.element.body.remove(child)
    prepare_styles(document, large=large)
    _page(document.sections[0])
    _letterhead(document)
    _reference_block(document)
    _words(document)
    _signature(document)
    _enclosures(document)
    # Word would stretch a line that ends in a break, e.g. of a list typed into one paragraph.
    compatibility = document.settings.element.find(qn("w:compat"))
    assert compatibility is not None
    compatibility.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "Письмо", "Ответ", ""
    # A fixed date: the same code makes the same file.
    properties.created = properties.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return document


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["top"]), Mm(MARGINS_MM["bottom"])
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section)


def _page_number(section: Section) -> None:
    section.header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.style = "Письмо Номер страницы"
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>')
    number._p.append(field)  # noqa: SLF001 - python-docx has no public way to add a field


def _letterhead(document: DocumentObject) -> None:
    # The cell at the left, with a logo or without, balances the mark at the right: the name stands in the middle.
    table = _table(document, (22, TEXT_MM - 44, 22))
    left, middle, right = table.rows[0].cells
    _line(left, "Письмо Бланк Логотип", "{% if logo %}{{ logo }}{% endif %}")
    _line(middle, "Письмо Бланк Название", "{{ company_name }}")
    _line(middle, "Письмо Бланк", "{%p for line in company_lines %}")
    _line(middle, "Письмо Бланк", "{{ line }}")
    _line(middle, "Письмо Бланк", "{%p endfor %}")
    _line(right, "Письмо Бланк Знак", "{% if qr %}{{ qr }}{% endif %}")
    for cell in (left, middle, right):
        _bottom_line(cell)
    document.add_paragraph(style="Письмо Служебный")


def _reference_block(document: DocumentObject) -> None:
    table = _table(document, (75, TEXT_MM - 75))
    left, right = table.rows[0].cells
    _line(left, "Письмо Реквизиты", "{%p if own_reference %}")
    _line(left, "Письмо Реквизиты", "{{ own_reference }}")
    _line(left, "Письмо Реквизиты", "{%p endif %}")
    _line(left, "Письмо Реквизиты", "{%p if incoming_reference %}")
    _line(left, "Письмо Реквизиты", "{{ incoming_reference }}")
    _line(left, "Письмо Реквизиты", "{%p endif %}")
    _line(left, "Письмо Реквизиты", "")
    _line(right, "Письмо Кому", "{%p for line in addressee %}")
    _line(right, "Письмо Кому", "{% if loop.first %}Кому: {% endif %}{{ line }}")
    _line(right, "Письмо Кому", "{%p endfor %}")
    _line(right, "Письмо Копия", "{%p if copy_to %}")
    _line(right, "Письмо Копия", "Копия: {{ copy_to }}")
    _line(right, "Письмо Копия", "{%p endif %}")
    _line(right, "Письмо Служебный", "")


def _words(document: DocumentObject) -> None:
    for style, text in (
        ("Письмо Тема", "Тема: {{ topic }}"),
        ("Письмо Обращение", "{%p if salutation %}"),
        ("Письмо Обращение", "{{ salutation }}"),
        ("Письмо Обращение", "{%p endif %}"),
        ("Письмо Преамбула", "{%p if preamble %}"),
        ("Письмо Преамбула", "{{ preamble }}"),
        ("Письмо Преамбула", "{%p endif %}"),
        ("Письмо Текст", "{%p for paragraph in body %}"),
        ("Письмо Текст", "{{ paragraph }}"),
        ("Письмо Текст", "{%p endfor %}"),
        ("Письмо Заключение", "{%p if closing %}"),
        ("Письмо Заключение", "{{ closing }}"),
        ("Письмо Заключение", "{%p endif %}"),
        ("Письмо Перечень приложений", "{%p for line in enclosure_note %}"),
        ("Письмо Перечень приложений", "{{ line }}"),
        ("Письмо Перечень приложений", "{%p endfor %}"),
    ):
        document.add_paragraph(text, style=style)


def _signature(document: DocumentObject) -> None:
    paragraph = document.add_paragraph(style="Письмо Подпись")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{{ signature_position }}")
    paragraph.add_run("\t")
    paragraph.add_run("{{ signature_name }}")
    # The box comes last: docxtpl does not turn line ends into breaks behind a paragraph inside a paragraph.
    paragraph.add_run("{% if executor %}")
    paragraph._p.append(  # noqa: SLF001 - python-docx has no public way to add a drawing of one's own
        text_box(_style_id(document, "Письмо Исполнитель"), ["{{ executor.name }}", "{{ executor.phone }}"])
    )
    paragraph.add_run("{% endif %}")


def _enclosures(document: DocumentObject) -> None:
    # The section break sits inside the condition. Without enclosures it vanishes and the letter lives in what was the
    # second section, so both sections carry the same header of their own.
    document.add_paragraph("{%p if enclosures %}", style="Письмо Служебный")
    _page_number(document.add_section(WD_SECTION.NEW_PAGE))
    for style, text in (
        ("Письмо Приложение", "{%p for enclosure in enclosures %}"),
        ("Письмо Приложение", "{{ enclosure.label }}"),
        ("Письмо Приложение Заголовок", "{{ enclosure.title }}"),
        ("Письмо Приложение Текст", "{%p for line in enclosure.lines %}"),
        ("Письмо Приложение Текст", "{{ line }}"),
        ("Письмо Приложение Текст", "{%p endfor %}"),
        ("Письмо Приложение", "{%p endfor %}"),
        ("Письмо Служебный", "{%p endif %}"),
    ):
        document.add_paragraph(text, style=style)


def _table(document: DocumentObject, widths: tuple[int, ...]) -> Table:
    table: Table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - no public way to set cell margins
    for cell, column, width in zip(table.rows[0].cells, table.columns, widths, strict=True):
        cell.width = column.width = Mm(width)
    return table


def _line(cell: _Cell, style: str, text: str) -> Paragraph:
    first: Paragraph = cell.paragraphs[0]
    if len(cell.paragraphs) == 1 and not first.text and first.style is not None and first.style.name == "Normal":
        first.style = style
        first.add_run(text)
        return first
    added: Paragraph = cell.add_paragraph(text, style=style)
    return added


def _bottom_line(cell: _Cell) -> None:
    borders = OxmlElement("w:tcBorders")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "1F3864")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    gap = parse_xml(f'<w:tcMar {nsdecls("w")}><w:bottom w:w="60" w:type="dxa"/></w:tcMar>')
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way to set cell borders
    properties.append(borders)
    properties.append(gap)


def _style_id(document: DocumentObject, name: str) -> str:
    identifier: str | None = document.styles[name].style_id
    assert identifier is not None
    return identifier


def main() -> None:
    """Write the template into the folder given, by default templates/letters of the checkout."""
    parser = argparse.ArgumentParser(description="Создать исходный шаблон письма.")
    default = Path(__file__).resolve().parent.parent / "templates" / "letters"
    parser.add_argument("folder", nargs="?", type=Path, default=default, help="папка шаблонов")
    folder = parser.parse_args().folder
    for name, large in ((DEFAULT_NAME, False), (LARGE_NAME, True)):
        build(large=large).save(str(folder / name))
        logging.getLogger(__name__).info("template written to %s", folder / name)


if __name__ == "__main__":
    main()
