"""Makers of letters for ``support_makers`` in ways not met before: pictures, old form fields, a page of the web, frames of an open
document, a letter of one paragraph, styles in Russian, sections of other footers or a sheet on its side, ruled cells, stamps.

In the text of a letter «|» begins a row of a table, «1. » an item numbered by hand (by Word itself in ``russian_styles``); «¦» parts
the lines of a position or two officials. Importing registers the makers.
"""

# ruff: noqa: E501 - markup as offices write it, a line a tag

from __future__ import annotations

import fcntl
import hashlib
import io
import math
import re
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from support_bodies import RULED, page_of, rows_of
from support_makers import MAKERS, Letter, greeting, lines_of, mark_foot, mark_look, sheets, styles_of
from support_ooxml import box, defaults, family, p, pack, r, size, style, table

_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_BOTH: Final = '<w:jc w:val="both"/>'
_RED_LINE: Final = '<w:ind w:firstLine="709"/><w:jc w:val="both"/>'
_WIDE: Final = 9355
_BARE: Final = (
    "<w:tblBorders>"
    + "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    + "</w:tblBorders>"
)
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def _posts(letter: Letter) -> list[tuple[list[str], str]]:
    """Signers: lines of the position, name; as many as «¦» parts names."""
    if not letter.position and not letter.person:
        return []
    posts, names = letter.position.split("¦"), letter.person.split("¦")
    if len(names) == 1:
        return [(posts, names[0])]
    return [([post], name) for post, name in zip(posts, names, strict=False)]


def _flow(letter: Letter, look: str = _RED_LINE, **more: str) -> str:
    made = ""
    for one in rows_of(letter.text):
        made += p(one, look=look, **more) if isinstance(one, str) else _ruled(letter, one)
    return made


def _ruled(letter: Letter, rows: list[list[str]], wide: int = _WIDE) -> str:
    columns = len(rows[0])
    return table(
        [[p(cell, run=size(letter.size - 2)) for cell in row] for row in rows], [wide // columns] * columns, look=RULED
    )


def _said(letter: Letter, more: str = '<w:spacing w:before="240" w:after="160"/>') -> str:
    return p(letter.salutation, look=greeting(letter, more)) if letter.salutation else ""


def _boxed(letter: Letter, height: int = 1300) -> str:
    if not letter.mark:
        return ""
    across = f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'
    down = 'relativeFrom="margin"><wp:align>bottom</wp:align>'
    return box(lines_of(letter.mark, run=mark_look(letter)), across=across, down=down, width=7800, height=height)


def _field(instruction: str, shown: str) -> str:
    begin, parted, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>{parted}{r(shown)}{end}'


# --- pictures --------------------------------------------------------------------------------------------------------


def _png(wide: int, high: int, inked: Callable[[float, float], bool]) -> bytes:
    """A picture of two colours: where ``inked`` of the shares of width and height says so, dark blue."""
    rows = b"".join(
        b"\0" + b"".join(b"\x1a\x2e\x8c" if inked(x / wide, y / high) else b"\xff\xff\xff" for x in range(wide))
        for y in range(high)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _signed_by_hand(x: float, y: float) -> bool:
    return abs(y - 0.5 - 0.35 * math.sin(9 * x) * (1 - x)) < 0.05


def _arms(x: float, y: float) -> bool:
    """A shield with a rim."""
    inside = abs(x - 0.5) < 0.45 * (1 if y < 0.5 else 2 * (1 - y))
    core = abs(x - 0.5) < 0.36 * (1 if y < 0.5 else 2 * (0.95 - y)) and y > 0.08
    return inside and (not core or abs(x - 0.5) < 0.05 or abs(y - 0.4) < 0.05)


def _picture(name: str, wide: float, high: float, said: str) -> str:
    """An inline picture, related as ``name``; sizes in millimetres."""
    extent = f'cx="{round(wide * 36000)}" cy="{round(high * 36000)}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr id="{sum(name.encode())}" name="{name}" descr="{said}"/>'
        '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="0" name="p.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _illustrated(made: bytes, part: str, **pictures: bytes) -> bytes:
    """The package with pictures related to one of its parts."""
    related = f"word/_rels/{part}.xml.rels"
    with zipfile.ZipFile(io.BytesIO(made)) as source:
        files = {one: source.read(one) for one in source.namelist()}
    empty = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}" Target="media/{name}.png"/>' for name in pictures
    ).encode()
    files[related] = files.get(related, empty).replace(b"</Relationships>", lines + b"</Relationships>")
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(
        b"<Override", b'<Default Extension="png" ContentType="image/png"/><Override', 1
    )
    files |= {f"word/media/{name}.png": picture for name, picture in pictures.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in files.items():
            archive.writestr(one, content)
    return stream.getvalue()


def arms_and_hand(letter: Letter) -> bytes:
    """Arms as a picture over a letterhead across the sheet; a scanned signature between position and name in a table without rules."""
    signed = [
        [
            lines_of(tuple(posts)) or p(""),
            p(_picture("hand", 30, 11, "подпись"), look=_CENTRE) if name else "",
            p(name, look=_RIGHT),
        ]
        for posts, name in _posts(letter)
    ]
    body = (
        p(_picture("arms", 15, 18, "герб"), look=_CENTRE)
        + lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/>" + size(13))
        + lines_of(letter.letterhead[1:], look=_CENTRE, run=size(9))
        + table([[lines_of(letter.reference), lines_of((*letter.to, letter.copy))]], [4700, 4655], look=_BARE)
        + p("")
        + (p(letter.topic, look='<w:ind w:right="4700"/>') if letter.topic else "")
        + _said(letter)
        + _flow(letter)
        + lines_of(letter.note, look='<w:spacing w:before="120"/>')
        + (p(letter.regards, look='<w:spacing w:before="160"/>') if letter.regards else "")
        + p("")
        + (table(signed, [4300, 2555, 2500], look=_BARE) if signed else "")
        + p(_boxed(letter))
        + sheets(letter)
        + page_of(letter)
    )
    pictures = {"arms": _png(75, 90, _arms)} | ({"hand": _png(150, 55, _signed_by_hand)} if signed else {})
    return _illustrated(pack(body, styles=styles_of(letter)), "document", **pictures)


def logo_header(letter: Letter) -> bytes:
    """In the header of the first sheet a logo, the letterhead in two columns and the reference; following sheets are numbered; mark in the first footer."""
    half = (len(letter.letterhead) + 1) // 2
    columns = [
        p(_picture("logo", 14, 17, "логотип")),
        lines_of(letter.letterhead[:half], run="<w:b/>" + size(10)),
        lines_of(letter.letterhead[half:], look=_RIGHT, run=size(9)),
    ]
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="1" w:color="1A2E8C"/></w:pBdr>'
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    head = (
        table([[one or p("") for one in columns]], [1100, 4500, 3755], look=_BARE)
        + p("", look=rule, run=size(4))
        + p("\t".join(letter.reference), look=tabs)
    )
    tight = '<w:spacing w:after="80"/>'
    signed = "".join(
        lines_of(tuple(posts[:-1])) + p(f"{posts[-1]}\t{name}".strip(), look=tabs + '<w:spacing w:before="300"/>')
        for posts, name in _posts(letter)
    )
    body = (
        lines_of((*letter.to, letter.copy), look='<w:ind w:left="4900"/>')
        + (p(letter.topic, look='<w:spacing w:before="200"/>', run="<w:b/>") if letter.topic else "")
        + _said(letter)
        + _flow(letter, tight + _BOTH)
        + lines_of(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="200"/>') if letter.regards else "")
        + signed
        + page_of(letter, "header:first:header1", "header:default:header2", "footer:first:footer1", more="<w:titlePg/>")
    )
    made = pack(
        body,
        styles=styles_of(letter),
        header1=head,
        header2=p(_field("PAGE", "2"), look=_CENTRE),
        footer1=mark_foot(letter),
    )
    return _illustrated(made, "header1", logo=_png(70, 85, _arms))


# --- forms of Word 97 ------------------------------------------------------------------------------------------------


def old_form(letter: Letter) -> bytes:
    """A protected form with text fields and a ticked box of Word 97; only its fields are filled, labels are fixed text."""
    count = iter(range(1, 999))

    def filled(shown: str, look: str = "") -> str:
        at = next(count)
        data = f'<w:ffData><w:name w:val="ТекстовоеПоле{at}"/><w:enabled/><w:calcOnExit w:val="0"/><w:textInput/></w:ffData>'
        begin = f'<w:bookmarkStart w:id="{at}" w:name="ТекстовоеПоле{at}"/><w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        told = '<w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        return (
            begin + told + r(shown, look) + f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:bookmarkEnd w:id="{at}"/>'
        )

    def some(texts: tuple[str, ...], look: str = "", run: str = "") -> str:
        return "".join(p(filled(one, run), look=look) for one in texts if one)

    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += p(filled(one), look=_RED_LINE)
        else:
            text += table(
                [[p(filled(cell, size(letter.size - 2))) for cell in row] for row in one],
                [_WIDE // len(one[0])] * len(one[0]),
                look=RULED,
            )
    signed = "".join(
        some(tuple(posts[:-1]))
        + p(
            filled(posts[-1]) + r("\t") + filled(name) if posts[-1] or name else "",
            look='<w:tabs><w:tab w:val="left" w:pos="6500"/></w:tabs><w:spacing w:before="300"/>',
        )
        for posts, name in _posts(letter)
    )
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + some(letter.reference)
        + some((*letter.to, letter.copy), '<w:ind w:left="5000"/>')
        + p("")
        + (p(filled(letter.topic)) if letter.topic else "")
        + (
            p(filled(letter.salutation), look=greeting(letter, '<w:spacing w:before="200" w:after="160"/>'))
            if letter.salutation
            else ""
        )
        + text
        + some(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="200"/>') if letter.regards else "")
        + signed
        + page_of(letter, "footer:default:footer1")
    )
    protected = '<w:documentProtection w:edit="forms" w:enforcement="1"/>'
    return pack(body, styles=styles_of(letter), settings=protected, footer1=mark_foot(letter))


# --- by LibreOffice --------------------------------------------------------------------------------------------------


def _converted(source: bytes, kind: str, *options: str) -> bytes:
    """What LibreOffice saves as .docx; kept by the source's text."""
    kept = Path(tempfile.gettempdir()) / "otvet_ways"
    kept.mkdir(exist_ok=True)
    made = kept / f"{hashlib.sha256(source).hexdigest()[:24]}.docx"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            given = made.with_suffix(kind)
            given.write_bytes(source)
            subprocess.run(
                ["/usr/bin/soffice", f"-env:UserInstallation=file://{kept}/profile", "--headless", *options, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(kept), str(given)],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            given.unlink()
    return made.read_bytes()


def web_page(letter: Letter) -> bytes:
    """A page of a document system saved as .docx: cells for layout, <br> between lines, the mark in the page's footer division."""
    face = f"font-family: '{letter.font}'; font-size: {letter.size}pt"
    small = (
        f"font-family: '{letter.mark_font or letter.font}'; font-size: {letter.small}pt; text-align: {letter.mark_side}"
    )

    def words(texts: tuple[str, ...]) -> str:
        return "<br/>".join(escape(one) for one in texts if one)

    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += f'<p style="{face}; text-align: justify; text-indent: 1.25cm; margin: 0">{escape(one)}</p>'
        else:
            rows = "".join(
                "<tr>"
                + "".join(
                    f'<td style="border: 1px solid #000"><p style="{face}; margin: 0">{escape(cell)}</p></td>'
                    for cell in row
                )
                + "</tr>"
                for row in one
            )
            text += f'<table width="100%" cellspacing="0" cellpadding="3">{rows}</table>'
    signed = "".join(
        f'<table width="100%" cellspacing="0"><tr><td width="60%" valign="bottom"><p style="{face}; margin: 0">{words(tuple(posts))}</p></td><td width="40%" valign="bottom"><p style="{face}; margin: 0; text-align: right">{escape(name)}</p></td></tr></table>'
        for posts, name in _posts(letter)
    )
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title></title>'
        "<style>@page { size: 21cm 29.7cm; margin: 2cm 1.5cm 1.2cm 3cm } p { margin: 0 }</style></head>"
        f'<body lang="ru-RU"><table width="100%" cellspacing="0"><tr><td width="50%" valign="top"><p style="{face}; text-align: center">{words(letter.letterhead)}</p><p style="{face}; text-align: center">{words(letter.reference)}</p></td>'
        f'<td width="50%" valign="top"><p style="{face}">{words((*letter.to, letter.copy))}</p></td></tr></table><p style="{face}"><br/></p>'
        + (f'<p style="{face}">{escape(letter.topic)}</p>' if letter.topic else "")
        + (
            f'<p style="{face}; text-align: {letter.greet}; margin-top: 0.5cm; margin-bottom: 0.4cm">{escape(letter.salutation)}</p>'
            if letter.salutation
            else ""
        )
        + text
        + "".join(f'<p style="{face}; margin-top: 0.3cm">{escape(one)}</p>' for one in letter.note)
        + (f'<p style="{face}; margin-top: 0.4cm">{escape(letter.regards)}</p>' if letter.regards else "")
        + f'<p style="{face}"><br/></p>{signed}'
        + (f'<div title="footer"><p style="{small}; margin: 0">{words(letter.mark)}</p></div>' if letter.mark else "")
        + "</body></html>"
    )
    return _converted(page.encode(), ".html", "--infilter=HTML (StarWriter)")


_ODF: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def open_frames(letter: Letter) -> bytes:  # noqa: C901 - parts of one page
    """An open document with frames: the addressee in one at the right, the mark in one at the bottom of the text area; the list of the text is a list of Writer."""

    def para(text: str, name: str) -> str:
        return f'<text:p text:style-name="{name}">{escape(text)}</text:p>'

    def all_of(texts: tuple[str, ...], name: str) -> str:
        return "".join(para(one, name) for one in texts if one)

    def frame(inner: str, name: str, look: str, wide: float, high: float) -> str:
        return f'<draw:frame draw:style-name="{look}" draw:name="{name}" text:anchor-type="paragraph" svg:width="{wide}cm" svg:height="{high}cm" draw:z-index="1"><draw:text-box>{inner}</draw:text-box></draw:frame>'

    text, items = "", ""
    for one in (*rows_of(letter.text), ""):
        number = re.match(r"\d+\. ", one) if isinstance(one, str) else None
        if number and isinstance(one, str):
            items += f"<text:list-item>{para(one[number.end() :], 'Litem')}</text:list-item>"
            continue
        if items:
            text += f'<text:list text:style-name="L1">{items}</text:list>'
            items = ""
        if isinstance(one, str):
            text += para(one, "Ltext") if one else ""
        else:
            rows = "".join(
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell table:style-name="Cell" office:value-type="string">{para(cell, "Lplain")}</table:table-cell>'
                    for cell in row
                )
                + "</table:table-row>"
                for row in one
            )
            text += f'<table:table table:name="T"><table:table-column table:number-columns-repeated="{len(one[0])}"/>{rows}</table:table>'
    signed = "".join(
        all_of(tuple(posts[:-1]), "Lplain")
        + f'<text:p text:style-name="Lsign">{escape(posts[-1])}<text:tab/>{escape(name)}</text:p>'
        for posts, name in _posts(letter)
    )
    mark = frame(all_of(letter.mark, "Lmark"), "Исполнитель", "Fmark", 8, 1) if letter.mark else ""
    if mark and signed:
        head, _, tail = signed.rpartition("</text:p>")
        signed = head + mark + "</text:p>" + tail
    else:
        signed += f'<text:p text:style-name="Lplain">{mark}</text:p>' if mark else ""

    def styled(name: str, para_look: str = "", run: str = "", parent: str = "Standard") -> str:
        of = f' style:parent-style-name="{parent}"' if parent else ""
        return f'<style:style style:name="{name}" style:family="paragraph"{of}><style:paragraph-properties {para_look}/><style:text-properties {run}/></style:style>'

    def framed(name: str, across: str, down: str) -> str:
        return (
            f'<style:style style:name="{name}" style:family="graphic" style:parent-style-name="Frame"><style:graphic-properties fo:background-color="transparent" fo:border="none" fo:padding="0cm" style:wrap="none" style:vertical-pos="{down}" '
            f'style:vertical-rel="{"page-content" if down == "bottom" else "paragraph"}" style:horizontal-pos="{across}" style:horizontal-rel="page-content"/></style:style>'
        )

    other = f'style:font-name="{letter.mark_font}" fo:font-family="{letter.mark_font}"' if letter.mark_font else ""
    turned = {"left": "start", "right": "end"}
    styles = (
        f'<style:default-style style:family="paragraph"><style:text-properties fo:font-family="{letter.font}" style:font-name="{letter.font}" fo:font-size="{letter.size}pt" fo:language="ru" fo:country="RU"/></style:default-style>'
        + styled("Standard", parent="")
        + '<style:style style:name="Frame" style:family="graphic"><style:graphic-properties text:anchor-type="paragraph" fo:border="none"/></style:style>'
        + styled("Lplain")
        + styled("Lhead", 'fo:text-align="center"', f'fo:font-size="{letter.size - 1}pt"')
        + styled("Ltext", 'fo:text-align="justify" fo:text-indent="1.25cm" fo:margin-bottom="0.1cm"')
        + styled("Litem", 'fo:text-align="justify"')
        + styled(
            "Lgreet",
            f'fo:text-align="{turned.get(letter.greet, letter.greet)}" fo:margin-top="0.4cm" fo:margin-bottom="0.4cm"',
        )
        + styled("Lmark", "", f'fo:font-size="{letter.small}pt" {other}')
        + '<style:style style:name="Lsign" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0.8cm"><style:tab-stops><style:tab-stop style:position="16.5cm" style:type="right"/></style:tab-stops></style:paragraph-properties></style:style>'
    )
    automatic = (
        '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.05pt solid #000000" fo:padding="0.05cm"/></style:style>'
        + framed("Fto", "right", "top")
        + framed("Fmark", letter.mark_side, "bottom")
        + '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"><style:list-level-properties text:space-before="0.6cm" text:min-label-width="0.6cm"/></text:list-level-style-number></text:list-style>'
        + '<style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-right="1.5cm" fo:margin-bottom="2cm" fo:margin-left="3cm"/></style:page-layout>'
    )
    body = (
        all_of(letter.letterhead, "Lhead")
        + f'<text:p text:style-name="Lplain">{frame(all_of((*letter.to, letter.copy), "Lplain"), "Адресат", "Fto", 8, 2.4)}</text:p>'
        + all_of(letter.reference, "Lplain")
        + (para(letter.topic, "Lplain") if letter.topic else "")
        + (para(letter.salutation, "Lgreet") if letter.salutation else "")
        + text
        + all_of(letter.note, "Lplain")
        + (para(letter.regards, "Lplain") if letter.regards else "")
        + signed
    )
    flat = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_ODF} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>{styles}</office:styles>'
        f'<office:automatic-styles>{automatic}</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm"/></office:master-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )
    return _converted(flat.encode(), ".fodt")


# --- by hand ---------------------------------------------------------------------------------------------------------


def one_paragraph(letter: Letter) -> bytes:
    """Shift+Enter everywhere: the whole text from the first words to the last is one paragraph with manual breaks and tabs."""
    pieces: list[str] = []
    text = ""

    def flushed() -> str:
        made = (
            p(r("\n".join(f"\t{one}" for one in pieces)), look='<w:tabs><w:tab w:val="left" w:pos="709"/></w:tabs>')
            if pieces
            else ""
        )
        pieces.clear()
        return made

    for one in rows_of(letter.text):
        if isinstance(one, str):
            pieces.append(one)
        else:
            text += flushed() + _ruled(letter, one)
    text += flushed()
    top = "\n".join((*letter.letterhead, *letter.reference))
    signed = "\n\n".join("\n".join(posts) + f"\t\t\t\t{name}" for posts, name in _posts(letter)).strip()
    body = (
        p(r(top))
        + p(r("\n".join(one for one in (*letter.to, letter.copy) if one)), look='<w:ind w:left="5100"/>')
        + (p(r(letter.topic)) if letter.topic else "")
        + _said(letter)
        + text
        + (p(r("\n".join(letter.note))) if letter.note else "")
        + (p(r("\n" + (letter.regards + "\n" if letter.regards else "") + signed)) if signed else "")
        + page_of(letter, "footer:default:footer1")
    )
    foot = (
        p(r("\n".join(letter.mark), mark_look(letter)), look=_RIGHT if letter.mark_side == "right" else "")
        if letter.mark
        else p("")
    )
    return pack(body, styles=styles_of(letter), footer1=foot)


_ITEMS: Final = (
    '<w:abstractNum w:abstractNumId="3"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="ad"/>'
    '<w:lvlText w:val="%1)"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1069" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
)


def russian_styles(letter: Letter) -> bytes:
    """Styles named in Russian that inherit one another; the typeface is that of the theme; items are numbered by their style; nothing is set by hand."""
    theme = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"/>'
    small = size(letter.small) + (family(letter.mark_font) if letter.mark_font else "")
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    styles = (
        defaults(theme + size(11), '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>')
        + style("a", "Обычный", run=size(letter.size)).replace("<w:style ", '<w:style w:default="1" ', 1)
        + style("a1", "Шапка письма", based="a", look=_CENTRE, run="<w:b/>")
        + style("a2", "Адресат", based="a", look='<w:ind w:left="4820"/>')
        + style("a3", "Заголовок к тексту", based="a", look='<w:spacing w:before="240"/><w:ind w:right="4500"/>')
        + style(
            "a4", "Обращение к адресату", based="a", look=greeting(letter, '<w:spacing w:before="240" w:after="160"/>')
        )
        + style("a5", "Текст по ширине", based="a", look=_RED_LINE)
        + style("ad", "Пункт письма", based="a5", look='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>')
        + style("a6", "Ячейка", based="a", run=size(letter.size - 1))
        + style("a7", "Подпись", based="a", look=tabs + '<w:spacing w:before="360"/>')
        + style("a8", "Нижний колонтитул", based="a")
        + style("a9", "Исполнитель", based="a8", run=small, look=_RIGHT if letter.mark_side == "right" else "")
    )
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            number = re.match(r"\d+\. ", one)
            text += p(one[number.end() :], style="ad") if number else p(one, style="a5")
        else:
            text += table(
                [[p(cell, style="a6") for cell in row] for row in one], [_WIDE // len(one[0])] * len(one[0]), look=RULED
            )
    signed = "".join(
        lines_of(tuple(posts[:-1]), style="a7") + p(f"{posts[-1]}\t{name}".strip(), style="a7")
        for posts, name in _posts(letter)
    )
    body = (
        lines_of(letter.letterhead, style="a1")
        + lines_of(letter.reference, style="a")
        + lines_of((*letter.to, letter.copy), style="a2")
        + (p(letter.topic, style="a3") if letter.topic else "")
        + (p(letter.salutation, style="a4") if letter.salutation else "")
        + text
        + lines_of(letter.note, style="a5")
        + (p(letter.regards, style="a7") if letter.regards else "")
        + signed
        + page_of(letter, "footer:default:footer1")
    )
    foot = lines_of(letter.mark, style="a9") or p("", style="a8")
    return pack(body, styles=styles, fonts=("Arial", letter.font), numbering=_ITEMS, footer1=foot)


# --- sections --------------------------------------------------------------------------------------------------------


def last_footer(letter: Letter) -> bytes:
    """Two sheets, each a section: the second one alone has the mark in its footer; the break stands after the first half of the text."""
    half = (len(letter.text) + 1) // 2
    wide = '<w:spacing w:line="360" w:lineRule="auto"/>' + _RED_LINE
    parts = [
        "".join(p(one, look=wide) if isinstance(one, str) else _ruled(letter, one) for one in rows_of(some))
        for some in (letter.text[:half], letter.text[half:])
    ]
    everywhere = letter.mark_everywhere
    first = page_of(letter, f"footer:default:{'footer2' if everywhere else 'footer1'}")
    signed = table(
        [[lines_of(tuple(posts)) or p(""), p(name, look=_RIGHT)] for posts, name in _posts(letter)], [5600, 3755], look=_BARE
    ) if _posts(letter) else ""  # fmt: skip
    body = (
        lines_of(letter.letterhead, look=_CENTRE)
        + table([[lines_of(letter.reference), lines_of((*letter.to, letter.copy))]], [4700, 4655], look=_BARE)
        + p("")
        + (p(letter.topic, run="<w:b/>") if letter.topic else "")
        + _said(letter)
        + parts[0]
        + p("", look=first)
        + parts[1]
        + lines_of(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + p("")
        + signed
        + p("", run=size(2))
        + page_of(letter, "footer:default:footer2")
    )
    return pack(body, styles=styles_of(letter), footer1=p(""), footer2=mark_foot(letter))


def sheet_on_side(letter: Letter) -> bytes:
    """A wide table of the text on a sheet of its own, turned on its side; the letter ends on an upright one, whose footer has the mark."""
    aside = (
        '<w:sectPr><w:footerReference w:type="default" r:id="footer1"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="850" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += p(one, look=_RED_LINE)
        else:
            text += (
                p("", look=page_of(letter, "footer:default:footer1")) + _ruled(letter, one, 14500) + p("", look=aside)
            )
    signed = "".join(
        lines_of(tuple(posts[:-1])) + p(f"{posts[-1]}\t{name}".strip(), look=tabs + '<w:spacing w:before="360"/>')
        for posts, name in _posts(letter)
    )
    body = (
        lines_of(letter.letterhead, look=_CENTRE, run="<w:b/>")
        + lines_of(letter.reference)
        + lines_of((*letter.to, letter.copy), look='<w:ind w:left="5000"/>')
        + (p(letter.topic, look='<w:spacing w:before="240"/>') if letter.topic else "")
        + _said(letter)
        + text
        + lines_of(letter.note)
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + signed
        + page_of(letter, "footer:default:footer2")
    )
    return pack(body, styles=styles_of(letter), footer1=p(""), footer2=mark_foot(letter))


# --- blanks and stamps -----------------------------------------------------------------------------------------------


def ruled_cells(letter: Letter) -> bytes:
    """A printed blank filled in: date and numbers in cells over a rule («____ № ____»), the topic between corner signs, position and name by tab stops."""

    def cell(text: str, wide: int) -> str:
        rule = (
            '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>'
            if any(map(str.isdigit, text))
            else ""
        )
        return f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{rule}</w:tcPr>{p(text, look=_CENTRE if rule else "", run=size(letter.size - 2))}</w:tc>'

    filled = ""
    for line in letter.reference:
        parts = line.split("|")
        widths = [1550 if any(map(str.isdigit, one)) else 820 for one in parts]
        grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
        row = "".join(cell(one, wide) for one, wide in zip(parts, widths, strict=True))
        filled += (
            f'<w:tbl><w:tblPr><w:tblLayout w:type="fixed"/>{_BARE}</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{row}</w:tr></w:tbl>'
            + p("", run=size(4))
        )
    tabs = '<w:tabs><w:tab w:val="center" w:pos="5200"/><w:tab w:val="left" w:pos="7000"/></w:tabs>'
    signed = "".join(
        lines_of(tuple(posts[:-1])) + p(f"{posts[-1]}\t\t{name}".strip(), look=tabs + '<w:spacing w:before="300"/>')
        for posts, name in _posts(letter)
    )
    corner = '<w:tcBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>'
    topic = (
        f'<w:tbl><w:tblPr><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="200"/><w:gridCol w:w="4400"/><w:gridCol w:w="200"/></w:tblGrid><w:tr>'
        f'<w:tc><w:tcPr><w:tcW w:w="200" w:type="dxa"/>{corner}</w:tcPr>{p("")}</w:tc><w:tc><w:tcPr><w:tcW w:w="4400" w:type="dxa"/></w:tcPr>{p(letter.topic)}</w:tc>'
        f'<w:tc><w:tcPr><w:tcW w:w="200" w:type="dxa"/>{corner}</w:tcPr>{p("")}</w:tc></w:tr></w:tbl>'
        if letter.topic
        else ""
    )
    head = (
        lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/>")
        + lines_of(letter.letterhead[1:], look=_CENTRE, run=size(9))
        + filled
        + p("", run=size(2))
    )
    body = (
        table([[head, lines_of((*letter.to, letter.copy))]], [5000, 4355], look=_BARE)
        + p("")
        + topic
        + _said(letter)
        + _flow(letter)
        + lines_of(letter.note, look='<w:spacing w:before="120"/>')
        + (p(letter.regards, look='<w:spacing w:before="200"/>') if letter.regards else "")
        + signed
        + p(_boxed(letter))
        + sheets(letter)
        + page_of(letter)
    )
    return pack(body, styles=styles_of(letter))


def stamp_table(letter: Letter) -> bytes:
    """Officials sign in turn, the first one electronically: the stamp is a table with a rounded look in the cell between; letterhead in two columns."""
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="0" w:color="1F4E9E"/>'
        for side in ("top", "left", "bottom", "right")
    )

    def stamp(name: str) -> str:
        said = (
            "Подписано электронной подписью",
            f"Владелец: {name}",
            "Сертификат: 00C4 5B81 22E7",
            "Действителен с 12.01.2026 до 07.04.2027",
        )
        inner = lines_of(said, look=_CENTRE, run=size(6.5) + '<w:color w:val="1F4E9E"/>')
        return table([[inner]], [2700], look=f"<w:tblBorders>{edge}</w:tblBorders>") + p("", run=size(2))

    rows = [
        [lines_of(tuple(posts)) or p(""), stamp(name) if not at else p("\n"), p(name, look=_RIGHT)]
        for at, (posts, name) in enumerate(_posts(letter))
    ]
    half = (len(letter.letterhead) + 1) // 2
    body = (
        table(
            [
                [
                    lines_of(letter.letterhead[:half], run="<w:b/>"),
                    lines_of(letter.letterhead[half:], look=_RIGHT, run=size(10)) or p(""),
                ]
            ],
            [4700, 4655],
            look=_BARE,
        )
        + p("", look='<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>')
        + table([[lines_of(letter.reference), lines_of((*letter.to, letter.copy))]], [4700, 4655], look=_BARE)
        + p("")
        + (p(letter.topic, look=_CENTRE, run="<w:b/>") if letter.topic else "")
        + _said(letter)
        + _flow(letter)
        + lines_of(letter.note, look='<w:spacing w:before="120"/>')
        + (p(letter.regards, look='<w:spacing w:before="200"/>') if letter.regards else "")
        + p("")
        + (table(rows, [3700, 3100, 2555], look=_BARE) if rows else "")
        + page_of(letter, "footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


WAYS: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made
    for made in (arms_and_hand, logo_header, old_form, web_page, open_frames, one_paragraph, russian_styles, last_footer,
                 sheet_on_side, ruled_cells, stamp_table)
}  # fmt: skip
MAKERS.update(WAYS)
