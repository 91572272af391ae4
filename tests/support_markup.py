"""Traces of unfinished work put into a finished letter of any build: ten ways to break ST-3."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

_SIGNED: Final = {"id": "900", "author": "Отдел", "date": "2026-11-10T09:00:00Z"}
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Element = etree._Element


class Body:
    """The main part of a letter, and the paragraph of its text that is worked on."""

    def __init__(self, root: Element) -> None:
        """Find the longest paragraph that is not the last of its section."""
        self.root = root
        self.w = f"{{{etree.QName(root).namespace}}}"
        lengths = [(sum(len(one.text or "") for one in found.iter(f"{self.w}t")), found) for found in self._own()]
        self.paragraph = max(lengths, key=lambda one: one[0])[1]

    def _own(self) -> list[Element]:
        return [one for one in self.root.iter(f"{self.w}p") if one.find(f"{self.w}r") is not None]

    def make(self, name: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
        """An element of the word processor's namespace."""
        made = etree.Element(self.w + name, {self.w + key: value for key, value in attributes.items()})
        made.text = text
        made.extend(children)
        return made

    def run(self, name: str = "t", *properties: Element) -> Element:
        """A run with one blank."""
        looks = [self.make("rPr", *properties)] if properties else []
        return self.make("r", *looks, self.make(name, text=" "))

    def properties(self, owner: Element, name: str) -> Element:
        """``pPr``, ``rPr``, ``sectPr``: found, or put first."""
        found = owner.find(self.w + name)
        if found is None:
            found = self.make(name)
            owner.insert(0, found)
        return found

    def first_run(self) -> Element:
        """The first run of the paragraph."""
        return next(self.paragraph.iter(f"{self.w}r"))


def _inserted(body: Body) -> None:
    body.paragraph.append(body.make("ins", body.run(), **_SIGNED))


def _deleted(body: Body) -> None:
    body.paragraph.append(body.make("del", body.run("delText"), **_SIGNED))


def _moved_away(body: Body) -> None:
    body.paragraph.append(body.make("moveFrom", body.run("delText"), **_SIGNED))


def _moved_here(body: Body) -> None:
    body.paragraph.append(body.make("moveTo", body.run(), **_SIGNED))


def _run_look_changed(body: Body) -> None:
    look = body.properties(body.first_run(), "rPr")
    look.append(body.make("rPrChange", body.make("rPr"), **_SIGNED))


def _paragraph_look_changed(body: Body) -> None:
    look = body.properties(body.paragraph, "pPr")
    look.append(body.make("pPrChange", body.make("pPr"), **_SIGNED))


def _section_changed(body: Body) -> None:
    section = list(body.root.iter(f"{body.w}sectPr"))[-1]
    section.append(body.make("sectPrChange", body.make("sectPr"), **_SIGNED))


def _mark_inserted(body: Body) -> None:
    look = body.properties(body.paragraph, "pPr")
    look.append(body.make("rPr", body.make("ins", **_SIGNED)))


def _hidden(body: Body) -> None:
    hidden = body.run("t", body.make("vanish"))
    hidden[-1].text = "для себя: проверить"
    body.paragraph.append(hidden)


CHANGES: Final[tuple[Callable[[Body], None], ...]] = (
    _inserted,
    _deleted,
    _moved_away,
    _moved_here,
    _run_look_changed,
    _paragraph_look_changed,
    _section_changed,
    _mark_inserted,
    _hidden,
)


def unfinished(letter: bytes) -> Iterator[bytes]:
    """The letter with one trace of unfinished work, ten times."""
    for change in CHANGES:
        with zipfile.ZipFile(io.BytesIO(letter)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        body = Body(etree.fromstring(parts["word/document.xml"]))
        change(body)
        parts["word/document.xml"] = etree.tostring(body.root, xml_declaration=True, encoding="UTF-8")
        yield _zipped(parts)
    yield _commented(letter)


def _commented(letter: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(letter)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    w = etree.QName(etree.fromstring(parts["word/document.xml"])).namespace
    parts["word/comments.xml"] = (
        f'<w:comments xmlns:w="{w}"><w:comment w:id="1" w:author="Отдел"><w:p><w:r><w:t>Уточнить</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    ).encode()
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", Id="rIdNote", Type=f"{_OFFICE}/comments",
                     Target="comments.xml")  # fmt: skip
    parts["word/_rels/document.xml.rels"] = etree.tostring(relations)
    return _zipped(parts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()
