"""Makers of letters for ``support_makers`` with everyday habits: «Без интервала», a paste from the web, merged controls with
bound data, a text document of another office, text boxes, a company's blank filled by docxtpl, a print of an accounting program.

In the text of a letter «|» begins a row of a table; «¦» parts the lines of a position or two officials. Importing registers them.
"""

# ruff: noqa: E501, PERF401, PLR0915, RET504 - markup as offices write it, a line a tag, in one go

from __future__ import annotations

import fcntl
import hashlib
import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from support_bodies import RULED, page_of, rows_of
from support_makers import MAKERS, Letter, greeting, lines_of, mark_foot, mark_look, sheets, styles_of
from support_ooxml import box, defaults, family, p, pack, r, size, style, table, vml_box

_RIGHT: Final = '<w:jc w:val="right"/>'
_CENTRE: Final = '<w:jc w:val="center"/>'
_BOTH: Final = '<w:jc w:val="both"/>'
_RED_LINE: Final = '<w:ind w:firstLine="708"/><w:jc w:val="both"/>'
_WIDE: Final = 9355


def _posts(letter: Letter) -> list[tuple[list[str], str]]:
    """Signers: lines of the position, name. As many names as «¦» parts; the lines go to the first when one signs."""
    if not letter.position and not letter.person:
        return []
    names = letter.person.split("¦")
    posts = letter.position.split("¦")
    return (
        [(posts, names[0])] if len(names) == 1 else [([post], name) for post, name in zip(posts, names, strict=False)]
    )


def _bottom(letter: Letter, inner: str, width: int = 7600, height: int = 1300) -> str:
    across = f'relativeFrom="margin"><wp:align>{letter.mark_side}</wp:align>'
    return box(
        inner, across=across, down='relativeFrom="margin"><wp:align>bottom</wp:align>', width=width, height=height
    )


# --- Word, typed by hand ---------------------------------------------------------------------------------------------


def no_interval(letter: Letter) -> bytes:
    """«Обычный» of Word as it is, every line in «Без интервала» with the typeface set by hand in each run and paragraph mark."""
    face = family(letter.font) + size(letter.size) + f'<w:szCs w:val="{round(letter.size * 2)}"/>'
    small = family(letter.mark_font or letter.font) + size(letter.small)
    mark_end = f"<w:rPr>{face}</w:rPr>"

    def line(text: str, look: str = "", more: str = "") -> str:
        words = text.split(" ")
        half = len(words) // 2
        pieces = [" ".join(words[:half]) + " ", " ".join(words[half:])] if half > 2 else [text]
        runs = '<w:proofErr w:type="gramStart"/>'.join(
            r(one, more + face + '<w:lang w:val="ru-RU"/>') for one in pieces
        )
        return p(runs if text else "", style="a3", look=look + mark_end)

    def all_of(texts: tuple[str, ...], look: str = "", more: str = "") -> str:
        return "".join(line(one, look, more) for one in texts if one)

    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += line(one, _RED_LINE)
        else:
            text += table(
                [[line(cell) for cell in row] for row in one], [_WIDE // len(one[0])] * len(one[0]), style="a5"
            ) + line("")
    signed = ""
    for posts, name in _posts(letter):
        signed += all_of(tuple(posts[:-1])) + line(f"{posts[-1]}\t\t\t\t{name}".strip())
    styles = (
        defaults('<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"/>' + size(11), '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>')
        + style("a", "Normal")
        + style("a3", "No Spacing", look='<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>')
        + style("a4", "footer", based="a", look='<w:tabs><w:tab w:val="center" w:pos="4677"/><w:tab w:val="right" w:pos="9355"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>')
        + '<w:style w:type="table" w:styleId="a5"><w:name w:val="Table Grid"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        + f"<w:tblPr>{RULED}</w:tblPr></w:style>"
    )  # fmt: skip
    side = _RIGHT if letter.mark_side == "right" else ""
    foot = "".join(p(r(one, small), style="a4", look=side) for one in letter.mark) or p("", style="a4")
    body = (
        all_of(letter.letterhead, _CENTRE, "<w:b/>")
        + line("")
        + all_of(letter.reference)
        + line("")
        + all_of((*letter.to, letter.copy), '<w:ind w:left="4956"/>')
        + line("")
        + (line(letter.topic) + line("") if letter.topic else "")
        + (line(letter.salutation, greeting(letter)) + line("") if letter.salutation else "")
        + text
        + (line("") + all_of(letter.note, _BOTH) if letter.note else "")
        + line("")
        + all_of((letter.regards,))
        + signed
        + page_of(letter, "footer:default:footer1")
    )
    return pack(body, styles=styles, fonts=("Calibri Light", "Calibri"), footer1=foot)


# --- the web ---------------------------------------------------------------------------------------------------------


def web_paste(letter: Letter) -> bytes:
    """Pasted from a page: «Обычный (веб)» with automatic spacing, colours and shading in runs, cells with spacing between."""
    shade = '<w:color w:val="212529"/>' + size(letter.size) + '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
    face = family(letter.font) + shade

    def run(text: str, more: str = "") -> str:
        parts = text.split(" № ")
        glued = (r(" №", face + more) + r("\u00a0", face + more)).join(r(one, face + more) for one in parts)
        return glued

    def para(text: str, look: str = "", more: str = "") -> str:
        return p(run(text, more), style="a6", look=look) if text else ""

    tight = '<w:spacing w:before="0" w:beforeAutospacing="0" w:after="0" w:afterAutospacing="0"/>'
    html = '<w:tblW w:w="5000" w:type="pct"/><w:tblCellSpacing w:w="15" w:type="dxa"/><w:tblCellMar><w:left w:w="15" w:type="dxa"/><w:right w:w="15" w:type="dxa"/></w:tblCellMar>'
    head = [["".join(para(one, tight, "<w:b/>" if not at else "") for at, one in enumerate(letter.letterhead))
             + "".join(para(one, tight) for one in letter.reference),
             "".join(para(one, tight) for one in (*letter.to, letter.copy))]]  # fmt: skip
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += para(one, _BOTH)
        else:
            text += table(
                [[para(cell, tight) or p("") for cell in row] for row in one],
                [_WIDE // len(one[0])] * len(one[0]),
                look=html + RULED,
            )
    signed = "".join(
        table(
            [["".join(para(post, tight) for post in posts if post) or p(""), para(name, tight + _RIGHT) or p("")]],
            [6000, 3355],
            look=html,
        )
        + p("", style="a6", look=tight)
        for posts, name in _posts(letter)
    )
    styles = (
        defaults('<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>' + size(11), '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/>')
        + style("a", "Normal")
        + style("a6", "Normal (Web)", based="a", look='<w:spacing w:before="100" w:beforeAutospacing="1" w:after="100" w:afterAutospacing="1" w:line="240" w:lineRule="auto"/>', run=family("Times New Roman") + size(12))
    )  # fmt: skip
    small = family(letter.mark_font or letter.font) + size(letter.small)
    marked = "".join(
        p(r(one, small), look='<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>') for one in letter.mark
    )
    body = (
        table(head, [4800, 4555], look=html)
        + para(letter.topic, more="<w:b/>")
        + para(letter.salutation, greeting(letter))
        + text
        + "".join(para(one, tight) for one in letter.note)
        + para(letter.regards)
        + signed
        + (p(_bottom(letter, marked), look=tight) if marked else "")
        + sheets(letter)
        + page_of(letter)
    )
    return pack(body, styles=styles, fonts=("Calibri Light", "Calibri"))


# --- merged and bound ------------------------------------------------------------------------------------------------


def bound(letter: Letter) -> bytes:
    """A blank whose controls are bound to the data of a case; the salutation is merged of «Уважаем», an ending and a name."""
    count = iter(range(1000, 9999))

    def control(inner: str, tag: str) -> str:
        binding = (
            f'<w:dataBinding w:xpath="/case[1]/{tag}[1]" w:storeItemID="{{7E3C1B52-0000-4D1A-9C11-1A2B3C4D5E6F}}"/>'
        )
        return f'<w:sdt><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{next(count)}"/>{binding}<w:text/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'

    def field(name: str, shown: str, look: str = "") -> str:
        return f'<w:fldSimple w:instr=" MERGEFIELD {name} \\* MERGEFORMAT ">{r(shown, look)}</w:fldSimple>'

    said = ""
    if letter.salutation:
        first, _, rest = letter.salutation.partition(" ")
        end = rest[-1:] if rest[-1:] in "!," else ""
        name = rest.removesuffix(end) if end else rest
        said = p(r(first[:-2]) + field("Окончание", first[-2:]) + r(" ") + control(r(name), "name") + (r(end) if end else ""),
                 look=greeting(letter, '<w:spacing w:before="240" w:after="240"/>'))  # fmt: skip
    to = "".join(control(p(one), "addressee") for one in (*letter.to, letter.copy) if one)
    left = lines_of(letter.letterhead, look=_CENTRE, run=size(11)) + "".join(
        control(p(one, style="ref", look=_CENTRE), "registered") for one in letter.reference
    )
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += p(control(r(one), "paragraph") if len(one) > 200 else r(one), look=_RED_LINE)
        else:
            text += table([[p(control(r(cell, size(letter.size - 2)), "cell") if cell else "") for cell in row] for row in one],
                          [_WIDE // len(one[0])] * len(one[0]), look=RULED)  # fmt: skip
    signed = [
        [lines_of(tuple(posts)) or p(""), p(control(r(name), "signer") if name else "", look=_RIGHT)]
        for posts, name in _posts(letter)
    ]
    body = (
        table([[left, p(""), to + p("")]], [4400, 555, 4400])
        + (p(control(r(letter.topic), "topic"), look='<w:ind w:right="4700"/>') if letter.topic else "")
        + said
        + text
        + lines_of(letter.note, look='<w:spacing w:before="120"/>')
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + p("")
        + (table(signed, [6000, 3355]) if signed else "")
        + page_of(letter, "footer:default:footer1")
    )
    side = _RIGHT if letter.mark_side == "right" else ""
    foot = "".join(control(p(one, style="doer", look=side), "performer") for one in letter.mark) or p("")
    styles = styles_of(
        letter,
        style("ref", "Номер и дата", based="n", run=size(11)),
        style("doer", "Исполнитель", based="n", run=mark_look(letter)),
    )
    return pack(body, styles=styles, footer1=foot)


# --- another office suite --------------------------------------------------------------------------------------------

_ODF: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def _odf_style(name: str, parent: str = "", para: str = "", run: str = "", kind: str = "paragraph") -> str:
    of = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="{kind}"{of}><style:paragraph-properties {para}/><style:text-properties {run}/></style:style>'


def _flat(letter: Letter) -> str:
    """The letter as a flat text document: own styles, addressee by a margin, signature by a tab, mark in the footer."""

    def para(text: str, name: str) -> str:
        made = escape(text).replace("\t", "<text:tab/>")
        return f'<text:p text:style-name="{name}">{made}</text:p>'

    def all_of(texts: tuple[str, ...], name: str) -> str:
        return "".join(para(one, name) for one in texts if one)

    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += para(one, "Ltext")
        else:
            rows = "".join(
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell table:style-name="Cell" office:value-type="string">{para(cell, "Lcell")}</table:table-cell>'
                    for cell in row
                )
                + "</table:table-row>"
                for row in one
            )
            text += f'<table:table table:name="T"><table:table-column table:number-columns-repeated="{len(one[0])}"/>{rows}</table:table>'
    signed = ""
    for posts, name in _posts(letter):
        signed += all_of(tuple(posts[:-1]), "Lplain") + para(f"{posts[-1]}\t{name}".strip(), "Lsign")
    small = f'fo:font-size="{letter.small}pt"' + (
        f' style:font-name="{letter.mark_font}" fo:font-family="{letter.mark_font}"' if letter.mark_font else ""
    )
    margins = [one / 10 for one in letter.margins] or [2, 1.5, 2, 3]
    styles = (
        f'<style:default-style style:family="paragraph"><style:paragraph-properties style:tab-stop-distance="1.25cm"/><style:text-properties fo:font-family="{letter.font}" style:font-name="{letter.font}" fo:font-size="{letter.size}pt" fo:language="ru" fo:country="RU"/></style:default-style>'
        + _odf_style("Standard")
        + _odf_style("Lplain", "Standard")
        + _odf_style("Lhead", "Standard", 'fo:text-align="center"', 'fo:font-weight="bold"')
        + _odf_style("Lto", "Standard", 'fo:margin-left="9cm"')
        + _odf_style("Ltopic", "Standard", 'fo:margin-top="0.5cm" fo:margin-right="7cm"')
        + _odf_style("Lgreet", "Standard", f'fo:text-align="{ {"left": "start", "right": "end"}.get(letter.greet, letter.greet)}" fo:margin-top="0.5cm" fo:margin-bottom="0.4cm"')
        + _odf_style("Ltext", "Standard", 'fo:text-align="justify" fo:text-indent="1.25cm"')
        + _odf_style("Lcell", "Standard", "", f'fo:font-size="{letter.size - 2}pt"')
        + '<style:style style:name="Lsign" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0.8cm"><style:tab-stops><style:tab-stop style:position="16.5cm" style:type="right"/></style:tab-stops></style:paragraph-properties></style:style>'
        + _odf_style("Lmark", "Standard", f'fo:text-align="{"end" if letter.mark_side == "right" else "start"}"', small)
    )  # fmt: skip
    cell = '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.05pt solid #000000" fo:padding="0.05cm"/></style:style>'
    top, right, bottom, left = margins
    layout = f'<style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="{top}cm" fo:margin-right="{right}cm" fo:margin-bottom="{bottom / 2}cm" fo:margin-left="{left}cm"/><style:footer-style><style:header-footer-properties fo:min-height="1cm" fo:margin-top="0.3cm"/></style:footer-style></style:page-layout>'
    foot = all_of(letter.mark, "Lmark") or para("", "Lmark")
    body = (
        all_of(letter.letterhead, "Lhead")
        + all_of(letter.reference, "Lplain")
        + all_of((*letter.to, letter.copy), "Lto")
        + (para(letter.topic, "Ltopic") if letter.topic else "")
        + (para(letter.salutation, "Lgreet") if letter.salutation else "")
        + text
        + all_of(letter.note, "Lplain")
        + (para(letter.regards, "Ltopic") if letter.regards else "")
        + signed
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_ODF} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:styles>{styles}</office:styles><office:automatic-styles>{cell}{layout}</office:automatic-styles>"
        f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm"><style:footer>{foot}</style:footer></style:master-page></office:master-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def open_text(letter: Letter) -> bytes:
    """Written as an open text document and saved by LibreOffice as .docx; conversions are kept by their text."""
    flat = _flat(letter).encode()
    kept = Path(tempfile.gettempdir()) / "otvet_habits"
    kept.mkdir(exist_ok=True)
    made = kept / f"{hashlib.sha256(flat).hexdigest()[:24]}.docx"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            source = made.with_suffix(".fodt")
            source.write_bytes(flat)
            subprocess.run(
                ["/usr/bin/soffice", f"-env:UserInstallation=file://{kept}/profile", "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(kept), str(source)],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            source.unlink()
    return made.read_bytes()


# --- text boxes ------------------------------------------------------------------------------------------------------


def text_boxes(letter: Letter) -> bytes:
    """Letterhead, addressee and mark each in a text box anchored in the first or the last paragraph; the mark's box is of VML."""
    tight = '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    head = lines_of(letter.letterhead, look=tight + _CENTRE, run=size(11)) + lines_of(
        letter.reference, look=tight + _CENTRE, run=size(12)
    )
    to = lines_of((*letter.to, letter.copy), look=tight)
    top = 'relativeFrom="margin"><wp:posOffset>0</wp:posOffset>'
    first = box(head, across='relativeFrom="margin"><wp:align>left</wp:align>', down=top, width=7800, height=5000)
    second = box(
        to, across='relativeFrom="margin"><wp:posOffset>3060000</wp:posOffset>', down=top, width=8000, height=5000
    ).replace('wp:docPr id="5" name="Надпись 5"', 'wp:docPr id="6" name="Надпись 6"')
    place = f"width:230pt;height:38pt;z-index:3;mso-position-horizontal:{letter.mark_side};mso-position-horizontal-relative:margin;mso-position-vertical:bottom;mso-position-vertical-relative:margin"
    mark = p(vml_box(lines_of(letter.mark, look=tight, run=mark_look(letter)), place)) if letter.mark else ""
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += p(one, look=tight + _RED_LINE)
        else:
            text += table(
                [[p(cell, look=tight, run=size(letter.size - 2)) for cell in row] for row in one],
                [_WIDE // len(one[0])] * len(one[0]),
                look=RULED,
            )
    signed = "".join(
        lines_of(tuple(posts[:-1]))
        + p(f"{posts[-1]}\t{name}".strip(), look='<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>')
        for posts, name in _posts(letter)
    )
    body = (
        p(first + second)
        + (p(letter.topic, look=tight, run="<w:b/>") if letter.topic else "")
        + (p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="120"/>')) if letter.salutation else "")
        + text
        + lines_of(letter.note, look='<w:spacing w:before="120"/>')
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + p("")
        + signed
        + mark
        + sheets(letter)
        + page_of(letter)
    )  # fmt: skip
    return pack(body, styles=styles_of(letter))


# --- a blank filled by docxtpl ---------------------------------------------------------------------------------------


def _template(letter: Letter) -> bytes:
    """The company's blank: letterhead in its header, a row of date and number, loops of paragraphs and of rows."""
    made: Any = docx.Document()
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = letter.font, Pt(letter.size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), letter.font)
    normal.paragraph_format.space_after = Pt(0)
    sheet = made.sections[0]
    top, right, bottom, left = (one / 10 for one in letter.margins) if letter.margins else (2, 1.5, 2, 2.5)
    sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
    sheet.top_margin, sheet.right_margin, sheet.bottom_margin, sheet.left_margin = (
        Cm(top),
        Cm(right),
        Cm(bottom),
        Cm(left),
    )
    sheet.different_first_page_header_footer = True
    head = sheet.first_page_header
    for at, one in enumerate(letter.letterhead):
        line = head.paragraphs[0] if not at else head.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(one)
        run.bold, run.font.size = not at, Pt(letter.size if not at else 9)
    side = WD_ALIGN_PARAGRAPH.RIGHT if letter.mark_side == "right" else None
    foot = sheet.first_page_footer
    foot.paragraphs[0].text = "{%p for one in mark %}"
    line = foot.add_paragraph()
    line.alignment = side
    run = line.add_run("{{ one }}")
    run.font.size = Pt(letter.small)
    if letter.mark_font:
        run.font.name = letter.mark_font
    foot.add_paragraph("{%p endfor %}")

    def loop(name: str, **form: Any) -> None:
        made.add_paragraph(f"{{%p for one in {name} %}}")
        shown = made.add_paragraph("{{ one }}")
        for key, value in form.items():
            setattr(shown.paragraph_format, key, value)
        made.add_paragraph("{%p endfor %}")

    cells = made.add_table(1, 2).rows[0].cells
    for cell, name in zip(cells, ("reference", "addressee"), strict=True):
        cell.paragraphs[0].text = f"{{%p for one in {name} %}}"
        cell.add_paragraph("{{ one }}")
        cell.add_paragraph("{%p endfor %}")
    made.add_paragraph()
    loop("topic", right_indent=Cm(7))
    loop(
        "salutation",
        alignment={"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT}.get(
            letter.greet, WD_ALIGN_PARAGRAPH.CENTER
        ),
        space_before=Pt(14),
        space_after=Pt(10),
    )
    body: dict[str, Any] = {
        "alignment": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "first_line_indent": Cm(1.25),
        "space_after": Pt(4),
    }
    loop("before", **body)
    wide = max((len(row) for one in rows_of(letter.text) if not isinstance(one, str) for row in one), default=0)
    if wide:
        grid = made.add_table(3, wide, style="Table Grid")
        grid.cell(0, 0).text, grid.cell(2, 0).text = "{%tr for row in rows %}", "{%tr endfor %}"
        for at in range(wide):
            grid.cell(1, at).text = f"{{{{ row[{at}] }}}}"
        made.add_paragraph()
    loop("after", **body)
    loop("note", space_before=Pt(8))
    loop("regards", space_before=Pt(12))
    signed = made.add_table(3, 2)
    signed.cell(0, 0).text, signed.cell(2, 0).text = "{%tr for post in signed %}", "{%tr endfor %}"
    signed.cell(1, 0).text, signed.cell(1, 1).text = "{{ post[0] }}", "{{ post[1] }}"
    signed.cell(1, 1).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.cell(1, 0).paragraphs[0].paragraph_format.space_before = Pt(18)
    signed.cell(1, 1).paragraphs[0].paragraph_format.space_before = Pt(18)
    if letter.enclosures:
        sheet = made.add_section(WD_SECTION.NEW_PAGE)
        sheet.different_first_page_header_footer = False
        made.add_paragraph("{%p for one in enclosures %}")
        made.add_paragraph("{{ one[0] }}").paragraph_format.page_break_before = False
        made.add_paragraph("{%p for line in one[1] %}")
        made.add_paragraph("{{ line }}")
        made.add_paragraph("{%p endfor %}")
        made.add_paragraph("{%p endfor %}")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def company_blank(letter: Letter) -> bytes:
    """A blank of a company filled by docxtpl; at most one table in the text, one enclosure."""
    before: list[str] = []
    rows: list[list[str]] = []
    after: list[str] = []
    for one in rows_of(letter.text):
        if not isinstance(one, str):
            rows = one
        else:
            (after if rows else before).append(one)
    template = DocxTemplate(io.BytesIO(_template(letter)))
    template.render(
        {
            "reference": letter.reference,
            "addressee": [one for one in (*letter.to, letter.copy) if one],
            "topic": [letter.topic] if letter.topic else [],
            "salutation": [letter.salutation] if letter.salutation else [],
            "before": before,
            "rows": rows,
            "after": after,
            "note": letter.note,
            "regards": [letter.regards] if letter.regards else [],
            "signed": [("\n".join(posts), name) for posts, name in _posts(letter)],
            "mark": letter.mark,
            "enclosures": [(one.split("|")[0], one.split("|")[1:]) for one in letter.enclosures],
        },
        autoescape=True,
    )
    stream = io.BytesIO()
    template.save(stream)
    return stream.getvalue()


# --- an accounting program -------------------------------------------------------------------------------------------


def spreadsheet(letter: Letter) -> bytes:
    """As an accounting program prints a form: rows of one grid of twelve narrow columns, cells spanned, empty cells between."""
    narrow = _WIDE // 12

    def row(*cells: tuple[int, str]) -> str:
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{narrow * span}" w:type="dxa"/><w:gridSpan w:val="{span}"/><w:tcMar><w:left w:w="20" w:type="dxa"/><w:right w:w="20" w:type="dxa"/></w:tcMar></w:tcPr>{inner or p("")}</w:tc>'
            for span, inner in cells
        )
        return f"<w:tr>{made}</w:tr>"

    rows = [
        row((12, p(one, look=_CENTRE, run="<w:b/>" if not at else size(9)))) for at, one in enumerate(letter.letterhead)
    ]
    rows.append(row((12, "")))
    right = [one for one in (*letter.to, letter.copy) if one]
    for at in range(max(len(right), len(letter.reference))):
        left_cell = p(letter.reference[at]) if at < len(letter.reference) else ""
        rows.append(row((5, left_cell), (1, ""), (6, p(right[at]) if at < len(right) else "")))
    rows.append(row((12, "")))
    if letter.topic:
        rows.append(row((7, p(letter.topic)), (5, "")))
    if letter.salutation:
        rows.append(row((12, p(letter.salutation, look=greeting(letter, '<w:spacing w:before="160" w:after="160"/>')))))
    text = []
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text.append(row((12, p(one, look=_RED_LINE))))
        else:
            span = 12 // len(one[0])
            for cells in one:
                text.append(
                    row(
                        *(
                            (
                                span if at + 1 < len(cells) else 12 - span * (len(cells) - 1),
                                p(cell, run=size(letter.size - 1)),
                            )
                            for at, cell in enumerate(cells)
                        )
                    )
                )
    rows += text
    rows += [row((12, p(one))) for one in letter.note]
    rows.append(row((12, p(letter.regards) if letter.regards else "")))
    for posts, name in _posts(letter):
        rows.append(row((6, lines_of(tuple(posts)) or p("")), (2, ""), (4, p(name, look=_RIGHT))))
    grid = f'<w:gridCol w:w="{narrow}"/>' * 12
    body = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{narrow * 12}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
        + p("", run=size(2))
        + page_of(letter, "footer:default:footer1")
    )
    return pack(body, styles=styles_of(letter), footer1=mark_foot(letter))


# --- a stamp over the line of the signature --------------------------------------------------------------------------


def stamp_box(letter: Letter) -> bytes:
    """Letterhead in the header of the first sheet; the stamp of the electronic signature in a text box of the signature's line."""
    said = ("Подписано усиленной квалифицированной", "электронной подписью", "Сертификат 4A7F 19C0 3E55 D2B8",
            f"Кому выдан: {letter.person.split('¦')[0]}", "Срок действия: 02.02.2026–28.04.2027")  # fmt: skip
    tight = '<w:spacing w:after="0"/>'
    stamp = box(lines_of(said, look=tight + _CENTRE, run=size(7)), across='relativeFrom="column"><wp:posOffset>2950000</wp:posOffset>',
                down='relativeFrom="paragraph"><wp:posOffset>60000</wp:posOffset>', width=4600, height=1800)  # fmt: skip
    stamp = stamp.replace("<wp:wrapTopAndBottom/>", "<wp:wrapNone/>").replace(
        "<a:noFill/>", '<a:noFill/><a:ln w="9525"><a:solidFill><a:srgbClr val="1F4E9E"/></a:solidFill></a:ln>'
    )
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs>'
    signed = ""
    for at, (posts, name) in enumerate(_posts(letter)):
        look = '<w:spacing w:before="360"/>' if len(posts) > 1 else '<w:spacing w:before="360" w:after="360"/>'
        line = r(posts[0]) + r("\t") + r(name)
        signed += p((stamp if not at else "") + line, look=tabs + look) + lines_of(tuple(posts[1:]))
    text = ""
    for one in rows_of(letter.text):
        if isinstance(one, str):
            text += p(one, style="t")
        else:
            text += table(
                [[p(cell, run=size(letter.size - 2)) for cell in row] for row in one],
                [_WIDE // len(one[0])] * len(one[0]),
                look=RULED,
            )
    styles = styles_of(letter, style("t", "Текст письма", based="n", look='<w:spacing w:before="60"/>' + _RED_LINE))
    body = (
        table([[lines_of(letter.reference) or p(""), lines_of((*letter.to, letter.copy))]], [4700, 4655])
        + p("")
        + (p(letter.topic, look=_CENTRE, run="<w:b/>") if letter.topic else "")
        + (
            p(letter.salutation, look=greeting(letter, '<w:spacing w:before="240" w:after="120"/>'))
            if letter.salutation
            else ""
        )
        + text
        + lines_of(letter.note, look='<w:spacing w:before="160"/>')
        + (p(letter.regards, look='<w:spacing w:before="240"/>') if letter.regards else "")
        + signed
        + sheets(letter)
        + page_of(letter, "header:first:header1", "footer:first:footer1", more="<w:titlePg/>")
    )
    head = lines_of(letter.letterhead[:1], look=_CENTRE, run="<w:b/>") + lines_of(
        letter.letterhead[1:], look=_CENTRE, run=size(9)
    )
    return pack(body, styles=styles, header1=head, footer1=mark_foot(letter))


HABITS: Final[dict[str, Callable[[Letter], bytes]]] = {
    made.__name__: made
    for made in (no_interval, web_paste, bound, open_text, text_boxes, company_blank, spreadsheet, stamp_box)
}
MAKERS.update(HABITS)
