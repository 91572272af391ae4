"""From the parts of a .docx to blocks in reading order, with sections, footers and traces of unfinished work."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Final

from outbox.check.errors import UnreadableLetterError
from outbox.check.reader.model import Block, Cell, Document, Place, Section, Span
from outbox.check.reader.package import Element, Package, R, W, open_package
from outbox.check.reader.runs import CHANGES, MC, RunReader, chosen, is_deleted, nested
from outbox.check.reader.styles import (
    Styles,
    TableLook,
    align,
    conditions,
    indent,
    load_styles,
    number,
    toggle,
    value,
)

MAX_PARAGRAPH: Final = 20_000
"""Characters of one paragraph; a page of a letter has some three thousand."""
MAX_BLOCKS: Final = 5_000


@dataclass(frozen=True)
class Where:
    """What a paragraph inherits from the containers around it."""

    place: Place
    part: str
    table: TableLook | None = None
    cell: Cell | None = None
    box: int = 0
    depth: int = 0


@dataclass
class BlockReader:
    """Walks the parts of one package."""

    styles: Styles
    blocks: list[Block] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    sections: list[Element | None] = field(default_factory=list)
    tables: int = 0
    boxes: int = 0
    new_page: bool = False
    carried: list[Span] = field(default_factory=list)
    """Words of paragraphs whose end is deleted under tracking: they run on into the next one."""

    def flow(self, element: Element, where: Where) -> None:
        """Read the block-level children of ``element``."""
        where = dataclasses.replace(where, depth=nested(where.depth))
        for child in element:
            if child.tag == W + "p":
                self._paragraph(child, where)
            elif child.tag == W + "tbl":
                self._table(child, where)
            elif child.tag == MC + "AlternateContent":
                branch = chosen(child)
                if branch is not None:
                    self.flow(branch, where)
            elif child.tag == W + "sectPr" and where.place is Place.BODY:
                self.sections.append(child)
            elif child.tag not in {W + "tblPr", W + "tblGrid"} and not is_deleted(child):
                self.flow(child, where)

    def _paragraph(self, element: Element, where: Where) -> None:
        direct = element.find(W + "pPr")
        layers = self.styles.paragraph_layers(direct, where.table)
        runs = RunReader(self.styles, direct, where.table)
        runs.read(element)
        runs.spans[:0], self.carried = self.carried, []
        if _runs_on(element, direct):
            self.carried, runs.spans = runs.spans, []
        self.hidden += runs.hidden
        in_flow = where.place is Place.BODY
        new_page = in_flow and (self.new_page or runs.break_before or toggle(layers, "pageBreakBefore"))
        if len(runs.text) > MAX_PARAGRAPH or len(self.blocks) > MAX_BLOCKS:
            raise UnreadableLetterError("Это не письмо: абзац или весь документ слишком длинны. Проверка не выполнена.")
        if runs.text.strip():
            frame = next((source for found, source in layers if _framed(found)), None)
            place = Place.FRAME if frame and in_flow else where.place
            self.blocks.append(
                Block(
                    number=len(self.blocks) + 1,
                    text=runs.text,
                    spans=tuple(runs.spans),
                    style=self.styles.name(value(direct, "pStyle")),
                    bookmarks=_bookmarks(element),
                    place=place,
                    align=align(layers),
                    left=indent(layers, "left", "start"),
                    right=indent(layers, "right", "end"),
                    first_line=indent(layers, "hanging", "firstLine"),
                    list_item=any(_numbered(properties) for properties, _ in layers),
                    new_page=new_page,
                    section=len(self.sections),
                    cell=where.cell,
                    box=where.box,
                    frame=frame or "",
                    part=where.part,
                )
            )
            new_page = False
        if in_flow:
            self.new_page = new_page or runs.break_after
        for box in runs.boxes:
            edge = where.place in {Place.HEADER, Place.FOOTER}
            place = where.place if edge else Place.TEXTBOX
            self.boxes += 1
            self.flow(box, dataclasses.replace(where, place=place, cell=None, table=None, box=self.boxes))
        self._section_end(direct, in_flow=in_flow)

    def _section_end(self, direct: Element | None, *, in_flow: bool) -> None:
        section = direct.find(W + "sectPr") if direct is not None else None
        if section is not None and in_flow:
            self.sections.append(section)
            self.new_page = True

    def _table(self, element: Element, where: Where) -> None:
        self.tables += 1
        table = self.tables
        properties = element.find(W + "tblPr")
        style = value(properties, "tblStyle") or self.styles.default.get("table")
        place = Place.CELL if where.place is Place.BODY else where.place
        rows = _through(element, "tr")
        for row_number, row in enumerate(rows):
            cells = _through(row, "tc")
            for column, cell in enumerate(cells):
                position = Cell(table, row_number, column, len(cells))
                look = TableLook(style, conditions(properties, row_number, len(rows), column, len(cells)))
                self.flow(cell, dataclasses.replace(where, place=place, table=look, cell=position))


def _through(element: Element, name: str) -> list[Element]:
    """Rows or cells, also those inside content controls; rows deleted under tracking are left out."""
    found: list[Element] = []
    for child in element:
        if child.tag == W + name:
            properties = child.find(f"{W}{name}Pr")
            if properties is None or properties.find(W + "del") is None:
                found.append(child)
        elif child.tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "ins"}:
            found += _through(child, name)
    return found


def _framed(properties: Element | None) -> bool:
    return properties is not None and properties.find(W + "framePr") is not None


def _runs_on(element: Element, direct: Element | None) -> bool:
    """Whether the end of a paragraph is deleted under tracking, and another one follows to run on into."""
    mark = direct.find(W + "rPr") if direct is not None else None
    gone = mark is not None and any(mark.find(W + name) is not None for name in ("del", "moveFrom"))
    following = element.getnext()
    return gone and following is not None and following.tag == W + "p"


def _numbered(properties: Element | None) -> bool:
    numbering = properties.find(W + "numPr") if properties is not None else None
    return numbering is not None and value(numbering, "numId") not in {None, "0"}


def _bookmarks(element: Element) -> tuple[str, ...]:
    names = (mark.get(W + "name", "") for mark in element.iter(W + "bookmarkStart"))
    return tuple(name for name in names if name and not name.startswith("_"))


def read_letter(data: bytes) -> Document:
    """Read the bytes of a .docx into blocks.

    Raises:
        UnreadableLetterError: not a .docx, encrypted, with macros, damaged, or without any text.
    """
    package = open_package(data)
    root = package.xml(package.main)
    body = root.find(W + "body") if root is not None else None
    if root is None or body is None:
        raise UnreadableLetterError("В файле нет текста документа Word: это не .docx или он повреждён.")
    reader = BlockReader(load_styles(package))
    try:
        reader.flow(body, Where(Place.BODY, "document"))
        if not reader.blocks:
            raise UnreadableLetterError("В документе нет текста. Проверьте, то ли это письмо.")
        sections = _sections(package, reader.sections)
        roots = [root, *_read_edges(package, reader, sections)]
    except RecursionError as error:
        raise UnreadableLetterError("Документ вложен сам в себя слишком глубоко и не проверяется.") from error
    comments = package.xml(package.target(package.main, "comments") or "")
    return Document(
        blocks=tuple(reader.blocks),
        sections=sections,
        tracked_changes=sum(1 for part in roots for _ in part.iter(*CHANGES)),
        comments=sum(1 for _ in comments.iter(W + "comment")) if comments is not None else 0,
        hidden=tuple(reader.hidden),
        application=_application(package),
    )


def _sections(package: Package, elements: list[Element | None]) -> tuple[Section, ...]:
    """Page setup by section; a section without its own header or footer prints the previous one's."""
    settings = package.xml(package.target(package.main, "settings") or "")
    even = settings is not None and settings.find(W + "evenAndOddHeaders") is not None
    related = package.related(package.main)
    current: dict[str, dict[str, str]] = {"header": {}, "footer": {}}
    result: list[Section] = []
    for element in elements or [None]:
        used = {"default"} | ({"even"} if even else set())
        if element is not None:
            if element.find(W + "titlePg") is not None:
                used.add("first")
            for kind, found in current.items():
                for reference in element.iterfind(f"{W}{kind}Reference"):
                    target = related.get(reference.get(R + "id", ""), ("", ""))[1]
                    found[reference.get(W + "type", "default")] = target
        printed = {
            kind: tuple(dict.fromkeys(path for word, path in found.items() if word in used and path in package.names))
            for kind, found in current.items()
        }
        result.append(_page(element, printed["header"], printed["footer"]))
    return tuple(result)


def _page(element: Element | None, headers: tuple[str, ...], footers: tuple[str, ...]) -> Section:
    def millimetres(child: str, attribute: str, default: float) -> float:
        twips = number(value(element, child, attribute))
        return twips * 25.4 / 1440 if twips is not None else default

    return Section(
        width=millimetres("pgSz", "w", 210.0),
        height=millimetres("pgSz", "h", 297.0),
        left=millimetres("pgMar", "left", 20.0),
        right=millimetres("pgMar", "right", 20.0),
        top=millimetres("pgMar", "top", 20.0),
        bottom=millimetres("pgMar", "bottom", 20.0),
        footers=footers,
        headers=headers,
    )


def _read_edges(package: Package, reader: BlockReader, sections: tuple[Section, ...]) -> list[Element]:
    """Read each header of the first section and each footer once; return the roots of these parts."""
    roots: list[Element] = []
    footers = [path for section in sections for path in section.footers]
    for place, paths in ((Place.HEADER, sections[0].headers), (Place.FOOTER, footers)):
        for path in dict.fromkeys(paths):
            root = package.xml(path)
            if root is not None:
                reader.flow(root, Where(place, path))
                roots.append(root)
    return roots


def _application(package: Package) -> str:
    root = package.xml("docProps/app.xml")
    if root is None:
        return ""
    name = root.find("{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Application")
    return (name.text or "") if name is not None else ""
