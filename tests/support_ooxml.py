"""Pieces of OOXML written by hand, for letters that no program of ours made: any parts, any sections."""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NS: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" mc:Ignorable="w14"'
)
_ROOTS: Final = {
    "header": "hdr",
    "footer": "ftr",
    "styles": "styles",
    "settings": "settings",
    "numbering": "numbering",
    "footnotes": "footnotes",
}


def pack(body: str, *, styles: str, fonts: tuple[str, str] = ("Cambria", "Calibri"), **parts: str) -> bytes:
    """A .docx of its body and styles; further parts by name (``footer1``, ``numbering`` …), related as ``r:id=name``.

    Args:
        body: Children of ``w:body``, the last section included.
        styles: Children of ``w:styles``.
        fonts: Typefaces of the theme: headings, text.
        parts: Children of the root of each part.
    """
    kinds = {"styles": "styles", **{name: name.rstrip("0123456789") for name in parts}}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>' for name, kind in kinds.items()
    )
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    slots = "".join(
        f'<a:{slot}Font><a:latin typeface="{face}"/><a:ea typeface=""/><a:cs typeface=""/></a:{slot}Font>'
        for slot, face in zip(("major", "minor"), fonts, strict=True)
    )
    content = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>{overrides}'
        '<Override PartName="/word/theme1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{relations}<Relationship Id="theme" Type="{_OFFICE}/theme" Target="theme1.xml"/>'
        "</Relationships>",
        "word/document.xml": f"<w:document {NS}><w:body>{body}</w:body></w:document>",
        "word/theme1.xml": '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="t">'
        f'<a:themeElements><a:fontScheme name="f">{slots}</a:fontScheme></a:themeElements></a:theme>',
    }
    for name, xml in {"styles": styles, **parts}.items():
        root = _ROOTS[kinds[name]]
        content[f"word/{name}.xml"] = f"<w:{root} {NS}>{xml}</w:{root}>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in content.items():
            archive.writestr(name, _HEAD + xml)
    return stream.getvalue()


def section(*references: str, margins: tuple[int, int, int, int] = (1134, 850, 1134, 1701), more: str = "") -> str:
    """A section: ``header:default:header1`` names what it prints; margins in twips: top, right, bottom, left."""
    named = "".join(
        f'<w:{kind}Reference w:type="{word}" r:id="{part}"/>'
        for kind, word, part in (one.split(":") for one in references)
    )
    top, right, bottom, left = margins
    return (
        f'<w:sectPr>{named}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/>{more}</w:sectPr>'
    )


def r(text: str, look: str = "") -> str:
    """A run; tabs and line ends as elements."""
    made = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    for character, element in {"\n": "<w:br/>", "\t": "<w:tab/>", "‑": "<w:noBreakHyphen/>"}.items():
        made = made.replace(character, f'</w:t>{element}<w:t xml:space="preserve">')
    return f"<w:r><w:rPr>{look}</w:rPr>{made}</w:r>"


def p(content: str, *, style: str = "", look: str = "", run: str = "") -> str:
    """A paragraph: of text, or of runs when ``content`` is markup; ``look`` and ``run`` are its properties."""
    inner = content if content.startswith("<") or not content else r(content, run)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{look}</w:pPr>{inner}</w:p>"


def defaults(run: str, paragraph: str = "") -> str:
    """``docDefaults``."""
    of_paragraph = f"<w:pPrDefault><w:pPr>{paragraph}</w:pPr></w:pPrDefault>"
    return f"<w:docDefaults><w:rPrDefault><w:rPr>{run}</w:rPr></w:rPrDefault>{of_paragraph}</w:docDefaults>"


def style(style_id: str, name: str, *, based: str = "", look: str = "", run: str = "", kind: str = "paragraph") -> str:
    """A style; the one called Normal is the default."""
    first = ' w:default="1"' if name == "Normal" else ""
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}"{first} w:styleId="{style_id}"><w:name w:val="{name}"/>{parent}'
        f"<w:pPr>{look}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def family(name: str) -> str:
    """A typeface for all scripts."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def size(points: float) -> str:
    """A size in points."""
    return f'<w:sz w:val="{round(points * 2)}"/>'


def table(rows: list[list[str]], widths: list[int], *, style: str = "", look: str = "") -> str:
    """A table of cells (each paragraphs), widths in twips; ``look`` are further properties."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    made = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner or "<w:p/>"}</w:tc>'
            for inner, width in zip(row, widths, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr>{named}{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl>"


def control(inner: str, tag: str) -> str:
    """A content control around blocks, runs or cells."""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/></w:sdtPr>'
        f"<w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    )


def vml_box(inner: str, place: str) -> str:
    """A text box of Word 2007: VML alone."""
    return (
        f'<w:r><w:pict><v:shape type="#_x0000_t202" style="position:absolute;{place}" stroked="f">'
        f'<v:textbox inset="0,0,0,0"><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
    )


def box(inner: str, *, across: str, down: str, width: int, height: int) -> str:
    """A text box of Word 2010 in the wrapping of its time; sizes in hundredths of a millimetre."""
    extent = f'cx="{width * 360}" cy="{height * 360}"'
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f"<wp:positionH {across}</wp:positionH><wp:positionV {down}</wp:positionV><wp:extent {extent}/>"
        '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/><wp:docPr id="5" name="Надпись 5"/>'
        '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
        'wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr><wps:txbx>'
        f'<w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = vml_box(inner, "margin-left:0;margin-top:0").removeprefix("<w:r>").removesuffix("</w:r>")
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
