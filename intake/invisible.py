"""The invisible text of a searchable page: words drawn in a font without glyphs, where the engine saw them.

Drawn here and not by the engine, so that every engine gives the same archive copy, the font stands in the file once,
and no page is recognised twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from intake.page import Word

FONT: Final = "OtvetInvisible"
_ADVANCE: Final = 500  # thousandths of the type size: every glyph is half a square wide
_FONT_FILES: Final = (
    "/usr/share/tesseract-ocr/5/tessdata/pdf.ttf",
    "/usr/share/tesseract-ocr/4.00/tessdata/pdf.ttf",
    "/usr/share/tessdata/pdf.ttf",
)
_TO_UNICODE: Final = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def drawing(words: Iterable[Word]) -> bytes:
    """Give the operators that draw words without ink, in pixels counted from the top left.

    Words of one line stand on one base line in one size, so that a selection in a viewer runs along the line.
    """
    lines: dict[int, list[Word]] = {}
    for number, word in enumerate(words):
        lines.setdefault(word.line or -number - 1, []).append(word)
    operators = ["BT 3 Tr"]
    for line in lines.values():
        top, bottom = min(word.y for word in line), max(word.y + word.h for word in line)
        size = max(1.0, bottom - top)
        operators.append(f"/{FONT} {size:.1f} Tf")
        for number, word in enumerate(line):
            text = word.text if number == len(line) - 1 else f"{word.text} "
            stretch = 100 * word.w / (len(word.text) * size * _ADVANCE / 1000)
            code = text.encode("utf-16-be", "ignore").hex().upper()
            # pixels grow downwards, letters upwards: the text's own matrix turns them over
            operators.append(f"{max(stretch, 1):.1f} Tz 1 0 0 -1 {word.x:.1f} {bottom:.1f} Tm <{code}> Tj")
    operators.append("ET")
    return "\n".join(operators).encode("ascii")


def font_file() -> Path | None:
    """Find the font without glyphs that comes with Tesseract's models; None when it is not installed."""
    return next((Path(place) for place in _FONT_FILES if Path(place).is_file()), None)


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Add the font to a file, once for all its pages; its codes are UTF-16."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.GlyphLessFont,
        Flags=5,
        FontBBox=Array([0, 0, _ADVANCE, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=-1,
        CapHeight=1000,
        StemV=80,
    )
    file = font_file()
    if file is not None:
        program = file.read_bytes()
        descriptor.FontFile2 = Stream(pdf, program, Length1=len(program))
    every_code_to_the_one_glyph = Stream(pdf, zlib.compress(b"\x00\x01" * 65536, 9), Filter=Name.FlateDecode)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.GlyphLessFont,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=every_code_to_the_one_glyph,
        DW=_ADVANCE,
    )
    whole = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.GlyphLessFont,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=Stream(pdf, _TO_UNICODE),
    )
    return pdf.make_indirect(whole)
