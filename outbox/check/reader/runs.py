"""Runs of one paragraph: text after tracked changes, special hyphens, breaks, text boxes met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from outbox.check.errors import UnreadableLetterError
from outbox.check.reader.model import Span
from outbox.check.reader.package import Element, W
from outbox.check.reader.styles import Layer, Styles, TableLook, size, toggle

MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_NESTING: Final = 60
CHANGES: Final = frozenset(
    W + name for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange")
)
_DELETED: Final = frozenset({W + "del", W + "moveFrom"})
_WRAPPERS: Final = frozenset(
    W + name
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent", "sdt", "dir", "bdo")
)
_CHARACTERS: Final = {
    W + "tab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "‑",
    W + "softHyphen": "­",
    W + "ptab": "\t",
}


def nested(depth: int) -> int:
    """The next depth of nesting.

    Raises:
        UnreadableLetterError: no honest letter nests so deep.
    """
    if depth >= MAX_NESTING:
        raise UnreadableLetterError("Документ вложен сам в себя слишком глубоко и не проверяется.")
    return depth + 1


def chosen(element: Element) -> Element | None:
    """The one branch of ``mc:AlternateContent`` to read: otherwise a text box counts twice."""
    choice = element.find(MC + "Choice")
    return choice if choice is not None else element.find(MC + "Fallback")


@dataclass
class RunReader:
    """Collects the spans of one paragraph."""

    styles: Styles
    paragraph: Element | None
    table: TableLook | None
    spans: list[Span] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    break_before: bool = False
    break_after: bool = False

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(span.text for span in self.spans)

    def read(self, element: Element, depth: int = 0) -> None:
        """Read the children of a paragraph or of a wrapper inside it."""
        depth = nested(depth)
        for child in element:
            if child.tag == W + "r":
                self._run(child, depth)
            elif child.tag in _WRAPPERS:
                self.read(child, depth)
            elif child.tag == MC + "AlternateContent":
                branch = chosen(child)
                if branch is not None:
                    self.read(branch, depth)

    def _run(self, run: Element, depth: int) -> None:
        direct = run.find(W + "rPr")
        if direct is not None and direct.find(W + "del") is not None:
            return
        layers = self.styles.run_layers(direct, self.paragraph, self.table)
        text = self._content(run, depth)
        if not text:
            return
        if toggle(layers, "vanish"):
            if text.strip():
                self.hidden.append(text.strip())
            return
        if toggle(layers, "caps") and not self.text.strip():
            text = _capitalised(text)
        self.spans.append(self._span(text, layers))

    def _span(self, text: str, layers: list[Layer]) -> Span:
        return Span(text, self.styles.font(layers), size(layers))

    def _content(self, run: Element, depth: int) -> str:
        parts: list[str] = []
        depth = nested(depth)
        for child in run:
            if child.tag == W + "t":
                parts.append(child.text or "")
            elif child.tag in _CHARACTERS:
                parts.append(_CHARACTERS[child.tag])
            elif child.tag == W + "br":
                parts.append(self._break(child, "".join(parts)))
            elif child.tag == MC + "AlternateContent":
                branch = chosen(child)
                if branch is not None:
                    parts.append(self._content(branch, depth))
            elif child.tag in {W + "drawing", W + "pict", W + "object"}:
                self.boxes += _outermost_boxes(child)
        return "".join(parts)

    def _break(self, element: Element, before: str) -> str:
        if element.get(W + "type") != "page":
            return "\n"
        if self.text.strip() or before.strip():
            self.break_after = True
        else:
            self.break_before = True
        return ""


def _capitalised(text: str) -> str:
    """Text set in capitals whose first letter was typed small: on paper it is a capital one."""
    at = next((at for at, character in enumerate(text) if character.isalpha()), 0)
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def _outermost_boxes(element: Element) -> list[Element]:
    """Text boxes of a drawing, without those inside a fallback or inside another text box."""
    found: list[Element] = []
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag == W + "txbxContent":
            found.append(node)
        elif node.tag == MC + "AlternateContent":
            branch = chosen(node)
            stack += [branch] if branch is not None else []
        else:
            stack += reversed(list(node))
    return found


def is_deleted(element: Element) -> bool:
    """Whether a block-level element is a tracked deletion."""
    return element.tag in _DELETED
