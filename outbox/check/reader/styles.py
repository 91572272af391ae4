"""Effective values: direct formatting, then styles and their ancestors, table style, docDefaults, theme."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from outbox.check.reader.model import DIRECT, Align, Sourced
from outbox.check.reader.package import Element, Package, W

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DEFAULT_SIZE: Final = 10.0
DEFAULT_FONT: Final = "Times New Roman"
_ALIGN: Final = {
    "left": Align.LEFT,
    "start": Align.LEFT,
    "center": Align.CENTER,
    "right": Align.RIGHT,
    "end": Align.RIGHT,
    "both": Align.JUSTIFY,
    "distribute": Align.JUSTIFY,
    "thaiDistribute": Align.JUSTIFY,
}
Layer = tuple[Element | None, str]
"""A set of properties (``w:rPr`` or ``w:pPr``) and the Russian name of where it stands."""


@dataclass(frozen=True)
class Style:
    """A style of ``styles.xml``: its parent and its two sets of properties."""

    name: str
    kind: str
    based_on: str | None
    paragraph: Element | None
    run: Element | None
    conditions: dict[str, Element] = field(default_factory=dict)
    """Of a table style: what its first row, last column … look like (``w:tblStylePr``), by the condition's word."""


@dataclass(frozen=True)
class TableLook:
    """The style of the table around a paragraph, and the conditions of it that hold in its cell, strongest first."""

    style: str | None
    conditions: tuple[str, ...] = ()


@dataclass
class Styles:
    """All styles of a package and the chains of inheritance between them."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default: dict[str, str] = field(default_factory=dict)
    doc_paragraph: Element | None = None
    doc_run: Element | None = None
    theme: dict[str, str] = field(default_factory=dict)

    def name(self, style_id: str | None) -> str:
        """The style's visible name; the default paragraph style when a paragraph names none."""
        style = self.by_id.get(style_id or self.default.get("paragraph", ""))
        return style.name if style else ""

    def chain(self, style_id: str | None) -> list[Style]:
        """The style and its ancestors, nearest first; loops and missing parents end the chain."""
        found: list[Style] = []
        while style_id and style_id in self.by_id and self.by_id[style_id] not in found:
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return found

    def paragraph_layers(self, direct: Element | None, table: TableLook | None) -> list[Layer]:
        """Paragraph properties in order of precedence."""
        style_id = value(direct, "pStyle") or self.default.get("paragraph")
        layers: list[Layer] = [(direct, DIRECT)]
        layers += [(style.paragraph, f"стиль «{style.name}»") for style in self.chain(style_id)]
        layers += self._table_layers(table, "pPr")
        return [*layers, (self.doc_paragraph, "значения документа по умолчанию")]

    def _table_layers(self, table: TableLook | None, part: str) -> list[Layer]:
        """What the style of the table says: of the cell's own place first, then of the whole table."""
        if table is None:
            return []
        chain = self.chain(table.style)
        found: list[Layer] = [
            (style.conditions[word].find(W + part), f"стиль таблицы «{style.name}»")
            for word in table.conditions
            for style in chain
            if word in style.conditions
        ]
        whole = ((style.paragraph if part == "pPr" else style.run, style.name) for style in chain)
        return found + [(element, f"стиль таблицы «{name}»") for element, name in whole]

    def run_layers(self, direct: Element | None, paragraph: Element | None, table: TableLook | None) -> list[Layer]:
        """Run properties in order of precedence."""
        paragraph_style = value(paragraph, "pStyle") or self.default.get("paragraph")
        layers: list[Layer] = [(direct, DIRECT)]
        layers += [(style.run, f"стиль «{style.name}»") for style in self.chain(value(direct, "rStyle"))]
        layers += [(style.run, f"стиль «{style.name}»") for style in self.chain(paragraph_style)]
        layers += self._table_layers(table, "rPr")
        return [*layers, (self.doc_run, "значения документа по умолчанию")]

    def font(self, layers: list[Layer]) -> Sourced[str]:
        """Typeface of Cyrillic letters: slot hAnsi, where a theme attribute beats the literal one beside it."""
        for properties, source in layers:
            fonts = properties.find(W + "rFonts") if properties is not None else None
            if fonts is None:
                continue
            theme = self.theme.get((fonts.get(W + "hAnsiTheme") or "")[:5])
            if theme:
                return Sourced(theme, f"{source}, шрифт темы")
            literal = fonts.get(W + "hAnsi")
            if literal:
                return Sourced(literal, source)
        return Sourced(DEFAULT_FONT, "по умолчанию")


def value(properties: Element | None, name: str, attribute: str = "val") -> str | None:
    """Attribute of a direct child, or ``None``."""
    child = properties.find(W + name) if properties is not None else None
    return child.get(W + attribute) if child is not None else None


def number(text: str | None) -> float | None:
    """A measure from an attribute; nonsense reads as absent."""
    try:
        result = float(text) if text else None
    except ValueError:
        return None
    return result if result is not None and abs(result) < 1e6 else None  # noqa: PLR2004 - beyond any sheet


def toggle(layers: list[Layer], name: str) -> bool:
    """An on/off property: the nearest layer that has it decides."""
    for properties, _ in layers:
        child = properties.find(W + name) if properties is not None else None
        if child is not None:
            return child.get(W + "val", "true") not in {"0", "false", "off", "none"}
    return False


def size(layers: list[Layer]) -> Sourced[float]:
    """Size in points (the file keeps half-points)."""
    for properties, source in layers:
        half_points = number(value(properties, "sz"))
        if half_points:
            return Sourced(half_points / 2, source)
    return Sourced(DEFAULT_SIZE, "по умолчанию")


def align(layers: list[Layer]) -> Sourced[Align]:
    """Effective alignment; an unknown word reads as left."""
    for properties, source in layers:
        word = value(properties, "jc")
        if word:
            return Sourced(_ALIGN.get(word, Align.LEFT), source)
    return Sourced(Align.LEFT, "по умолчанию")


def indent(layers: list[Layer], *names: str) -> float:
    """An indent in millimetres; ``hanging`` counts as negative."""
    for properties, _ in layers:
        element = properties.find(W + "ind") if properties is not None else None
        for name in names if element is not None else ():
            assert element is not None
            twips = number(element.get(W + name))
            if twips is not None:
                return (-twips if name == "hanging" else twips) * 25.4 / 1440
    return 0.0


_LOOK_BITS: Final = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100, "noHBand": 0x200}


def conditions(table: Element | None, row: int, rows: int, column: int, columns: int) -> tuple[str, ...]:
    """The conditions of a table style that hold in a cell, by the precedence that Word gives them.

    Args:
        table: ``w:tblPr``; its ``w:tblLook`` says which parts of the table are set off.
        row: Of the cell, from 0.
        rows: How many there are.
        column: Of the cell, from 0.
        columns: How many its row has.
    """
    look = table.find(W + "tblLook") if table is not None else None

    def set_off(name: str) -> bool:
        if look is None:
            return False
        word = look.get(W + name)
        if word is not None:
            return word in {"1", "true", "on"}
        try:
            return bool(int(look.get(W + "val") or "0", 16) & _LOOK_BITS[name])
        except ValueError:
            return False

    first, last = set_off("firstRow") and row == 0, set_off("lastRow") and row == rows - 1
    left, right = set_off("firstColumn") and column == 0, set_off("lastColumn") and column == columns - 1
    bands = look is not None and not set_off("noHBand") and not (first or last)
    band = ("band1Horz" if (row - set_off("firstRow")) % 2 == 0 else "band2Horz") if bands else ""
    holding = (
        ("nwCell", first and left),
        ("neCell", first and right),
        ("swCell", last and left),
        ("seCell", last and right),
        ("firstRow", first),
        ("lastRow", last),
        ("firstCol", left),
        ("lastCol", right),
        (band, bool(band)),
    )
    return tuple(word for word, holds in holding if holds)


def load_styles(package: Package) -> Styles:
    """Read styles and theme of the main part; a document without them gets Word's defaults."""
    styles = Styles()
    root = package.xml(package.target(package.main, "styles") or "")
    for element in root.iterfind(W + "style") if root is not None else ():
        style_id = element.get(W + "styleId", "")
        styles.by_id[style_id] = Style(
            name=value(element, "name") or style_id,
            kind=element.get(W + "type", "paragraph"),
            based_on=value(element, "basedOn"),
            paragraph=element.find(W + "pPr"),
            run=element.find(W + "rPr"),
            conditions={one.get(W + "type", ""): one for one in element.iterfind(W + "tblStylePr")},
        )
        if element.get(W + "default") in {"1", "true", "on"}:
            styles.default.setdefault(element.get(W + "type", "paragraph"), style_id)
    if root is not None:
        styles.doc_paragraph = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
        styles.doc_run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    styles.theme = _load_theme(package)
    return styles


def _load_theme(package: Package) -> dict[str, str]:
    """Typefaces of the theme by the first five letters of the attribute («minor», «major»)."""
    root = package.xml(package.target(package.main, "theme") or "")
    found: dict[str, str] = {}
    for slot in ("minor", "major") if root is not None else ():
        assert root is not None
        scheme = root.find(f".//{A}{slot}Font")
        latin = scheme.find(A + "latin") if scheme is not None else None
        face = latin.get("typeface") if latin is not None else None
        if face:
            found[slot] = face
    return found
