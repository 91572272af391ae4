"""The zip around a letter: recognised by content, opened within limits, its XML parsed without entities."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from outbox.check.errors import UnreadableLetterError

MAX_FILE: Final = 30 * 2**20
MAX_PART: Final = 24 * 2**20
MAX_ENTRIES: Final = 3000
MAX_RATIO: Final = 250
RATIO_FROM: Final = 2**20
MAX_DEPTH: Final = 200
"""Deepest nesting of elements in a part; an honest letter stays below 60."""

Element = etree._Element  # noqa: SLF001 - lxml names the type of its elements so

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT: Final = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
_RELS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
)

BROKEN_MESSAGE: Final = "Файл .docx повреждён и не читается. Откройте его в текстовом редакторе и сохраните заново."


@dataclass
class Package:
    """An opened .docx: parts by name, the name of the main part and the relations of each part."""

    archive: zipfile.ZipFile
    names: frozenset[str]
    main: str = "word/document.xml"
    relations: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def xml(self, name: str) -> Element | None:
        """The parsed part, or ``None`` when the package has none of that name.

        Raises:
            UnreadableLetterError: the part is damaged, too large or not XML.
        """
        if name not in self.names:
            return None
        return parse(self.bytes(name))

    def bytes(self, name: str) -> bytes:
        """The unpacked part, within the limits of size and compression ratio."""
        try:
            info = self.archive.getinfo(name)
            with self.archive.open(info) as stream:
                data = stream.read(MAX_PART + 1)
        except _BROKEN as error:
            raise UnreadableLetterError(BROKEN_MESSAGE) from error
        if len(data) > MAX_PART or (len(data) > RATIO_FROM and len(data) > MAX_RATIO * max(info.compress_size, 1)):
            raise UnreadableLetterError(
                "Файл .docx при распаковке слишком велик и похож на «архивную бомбу». Проверка не выполнена."
            )
        return data

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of ``part``: id → (type's last word, target part)."""
        if part not in self.relations:
            folder, name = posixpath.split(part)
            found: dict[str, tuple[str, str]] = {}
            root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
            for item in root.iter(_RELS) if root is not None else ():
                target = item.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = item.get("Type", "").rpartition("/")[2]
                found[item.get("Id", "")] = (kind, posixpath.normpath(path))
            self.relations[part] = found
        return self.relations[part]

    def target(self, part: str, kind: str) -> str | None:
        """The first part that ``part`` relates to by ``kind`` (``styles``, ``theme``, ``comments`` …)."""
        return next((path for word, path in self.related(part).values() if word == kind and path in self.names), None)


def parse(data: bytes) -> Element:
    """XML without entities, network or endless depth; the strict dialect is read as the usual one.

    Raises:
        UnreadableLetterError: not well-formed, or it declares entities.
    """
    if b"purl.oclc.org/ooxml" in data:
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableLetterError(BROKEN_MESSAGE) from error
    if root is None:
        raise UnreadableLetterError(BROKEN_MESSAGE)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableLetterError("Файл .docx содержит объявления сущностей XML и не проверяется.")
    return root


def open_package(data: bytes) -> Package:
    """Open the bytes of a .docx.

    Raises:
        UnreadableLetterError: empty, another format, encrypted, with macros, damaged, too large.
    """
    _refuse_by_content(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except _BROKEN as error:
        raise UnreadableLetterError(BROKEN_MESSAGE) from error
    names = frozenset(info.filename for info in infos)
    if len(infos) > MAX_ENTRIES:
        raise UnreadableLetterError("В файле .docx слишком много частей; проверка не выполнена.")
    if any(info.flag_bits & 0x1 for info in infos):
        raise UnreadableLetterError("Файл защищён паролем. Снимите защиту и повторите проверку.")
    package = Package(archive, names)
    _refuse_by_parts(package)
    package.main = package.target("", "officeDocument") or package.main
    if package.main not in names:
        raise UnreadableLetterError("В файле нет текста документа Word: это не .docx или он повреждён.")
    return package


def _refuse_by_content(data: bytes) -> None:
    if not data:
        raise UnreadableLetterError("Файл пуст. Приложите письмо в формате .docx.")
    if len(data) > MAX_FILE:
        raise UnreadableLetterError("Файл больше 30 МБ; письмо такого размера не проверяется.")
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableLetterError("Файл защищён паролем. Снимите защиту и повторите проверку.")
        raise UnreadableLetterError("Это файл старого формата (.doc), а не .docx. Сохраните письмо как .docx.")
    for magic, name in ((b"%PDF", "PDF"), (b"{\\rtf", "RTF")):
        if data.lstrip()[:8].startswith(magic):
            raise UnreadableLetterError(f"Это файл {name}, а не .docx. Проверяется письмо в формате .docx.")
    if not data.startswith(b"PK"):
        raise UnreadableLetterError("Это не файл .docx. Проверяется письмо в формате .docx.")


def _refuse_by_parts(package: Package) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise UnreadableLetterError("В файле есть макросы. Сохраните письмо как .docx без макросов.")
    if "[Content_Types].xml" not in package.names:
        if "mimetype" in package.names:
            raise UnreadableLetterError("Это файл OpenDocument (.odt), а не .docx. Сохраните письмо как .docx.")
        raise UnreadableLetterError("Это архив, а не документ Word. Проверяется письмо в формате .docx.")
    if b"macroenabled" in package.bytes("[Content_Types].xml").lower():
        raise UnreadableLetterError("В файле есть макросы. Сохраните письмо как .docx без макросов.")
