"""What a PDF of a letter is, read back from its bytes: pages, fonts, tags, the standard that it declares.

A validator of PDF/A does not run here: «PDF/A-2b» is what the metadata say.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from outbox.errors import ConverterError

STANDARD: Final = "2B"
LANGUAGE: Final = "ru"
_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF says of itself.

    Attributes:
        pages: Number of pages.
        standard: Level of PDF/A by its metadata, e.g. ``2B``; empty: none.
        tagged: It has a structure that a screen reader can follow.
        language: Language of the document, e.g. ``ru-RU``; a screen reader takes its voice by it.
        title: Title shown instead of the file name.
        foreign_fonts: Names of fonts that are not embedded: another machine would show other letters.
        mute_pictures: Pictures without words for those who do not see them.
    """

    pages: int
    standard: str
    tagged: bool
    language: str
    title: str
    foreign_fonts: list[str]
    mute_pictures: int

    @property
    def faults(self) -> list[str]:
        """Russian: what is missing for a letter that is kept for years and read aloud."""
        return [
            words
            for bad, words in (
                (self.pages < 1, "нет страниц"),
                (self.standard != STANDARD, "нет отметки PDF/A-2b"),
                (not self.tagged, "нет разметки для чтения вслух"),
                (not self.language.startswith(LANGUAGE), "не указан русский язык"),
                (not self.title, "нет заголовка"),
                (bool(self.foreign_fonts), f"не встроены шрифты: {', '.join(self.foreign_fonts)}"),
                (self.mute_pictures > 0, "у изображения нет описания"),
            )
            if bad
        ]


def facts(pdf: bytes) -> PdfFacts:
    """Read what a PDF says of itself.

    Raises:
        ConverterError: The bytes are not a PDF that can be opened.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            root = document.Root
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
                standard, title = str(metadata.pdfa_status or ""), str(metadata.get("dc:title") or "")
            tags = list(_elements(root.StructTreeRoot)) if "/StructTreeRoot" in root else []
            return PdfFacts(
                pages=len(document.pages),
                standard=standard,
                tagged=bool(tags) and "/MarkInfo" in root and bool(root.MarkInfo.get("/Marked", False)),
                language=str(root.get("/Lang", "")),
                title=title,
                foreign_fonts=sorted({name for page in document.pages for name in _foreign(page)}),
                mute_pictures=sum(str(tag.S) == "/Figure" and "/Alt" not in tag for tag in tags),
            )
    except pikepdf.PdfError as error:
        raise ConverterError("PDF письма не открывается. Повторите преобразование.") from error


def _elements(tag: Any) -> Iterator[Any]:
    import pikepdf

    inside = tag.get("/K") if isinstance(tag, pikepdf.Dictionary) else None
    for child in inside if isinstance(inside, pikepdf.Array) else [inside]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _elements(child)


def _foreign(page: Any) -> Iterator[str]:
    for font in dict(page.get("/Resources", {}).get("/Font", {})).values():
        described = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = described.get("/FontDescriptor", {})
        if str(font.get("/Subtype")) != "/Type3" and not any(key in descriptor for key in _FILES):
            yield str(font.get("/BaseFont", "?")).lstrip("/")
