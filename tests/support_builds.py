"""More ways to build the letter of ``support_check``: OOXML written by hand, as other programs and offices do.

Nothing here uses python-docx or our styles, so that the checker meets builders it was not made with.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from support_check import Text

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_NS: Final = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS: Final = {"header1": "header", "footer1": "footer", "header2": "header", "footer2": "footer"}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def package(body: str, styles: str, section: str = "", **parts: str) -> bytes:
    """A .docx from the XML of its body and styles; ``parts`` are headers and footers by file name."""
    names = ["styles", "theme", *parts]
    kinds = {name: _KINDS.get(name, name) for name in names}
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kinds[name]}" '
        f'Target="{"theme/theme1" if name == "theme" else name}.xml"/>'
        for at, name in enumerate(names, 1)
    )
    references = "".join(
        f'<w:{kinds[name]}Reference w:type="{"first" if name.endswith("2") else "default"}" r:id="rId{at}"/>'
        for at, name in enumerate(names, 1)
        if name in _KINDS
    )
    title = "<w:titlePg/>" if any(name.endswith("2") for name in parts) else ""
    page = '<w:pgSz w:w="11906" w:h="16838"/>'
    margins = (
        '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="709" w:footer="709" w:gutter="0"/>'
    )
    setup = f"<w:sectPr>{references}{section or page + margins}{title}</w:sectPr>"
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kinds[name]}+xml"/>'
        for name in names
        if name != "theme"
    )
    content = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>{overrides}'
        '<Override PartName="/word/theme/theme1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
        "</Types>",
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f"{_HEAD}<Relationships "
        f'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        "word/document.xml": f"{_HEAD}<w:document {_NS}><w:body>{body}{setup}</w:body></w:document>",
        "word/styles.xml": f"{_HEAD}<w:styles {_NS}>{styles}</w:styles>",
        "word/theme/theme1.xml": f'{_HEAD}<a:theme xmlns:a="{_A}" name="t"><a:themeElements><a:fontScheme name="f">'
        '<a:majorFont><a:latin typeface="Cambria"/></a:majorFont>'
        '<a:minorFont><a:latin typeface="Calibri"/></a:minorFont>'
        "</a:fontScheme></a:themeElements></a:theme>",
    }
    content |= {
        f"word/{name}.xml": f"{_HEAD}<w:{'hdr' if kinds[name] == 'header' else 'ftr'} {_NS}>{xml}"
        f"</w:{'hdr' if kinds[name] == 'header' else 'ftr'}>"
        for name, xml in parts.items()
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in content.items():
            archive.writestr(name, xml)
    return stream.getvalue()


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'


def _characters(text: str) -> str:
    """Text of a run; line ends, tabs, special hyphens as elements, as Word writes them."""
    made = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    special = {"\n": "<w:br/>", "\t": "<w:tab/>", "‑": "<w:noBreakHyphen/>", "\u00ad": "<w:softHyphen/>"}
    for character, element in special.items():
        made = made.replace(character, f'</w:t>{element}<w:t xml:space="preserve">')
    return made


def run(text: str, font: str = "", size: float = 0, more: str = "") -> str:
    """A run with direct formatting, or with none."""
    half = f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    return f"<w:r><w:rPr>{_fonts(font) if font else ''}{more}{half}</w:rPr>{_characters(text)}</w:r>"


def paragraph(content: str, jc: str = "", style: str = "", more: str = "") -> str:
    """A paragraph around runs."""
    align = f'<w:jc w:val="{jc}"/>' if jc else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}{align}</w:pPr>{content}</w:p>"


def _defaults(font: str, size: float) -> str:
    look = f"<w:rPr>{font}<w:sz w:val='{round(size * 2)}'/></w:rPr>"
    return f"<w:docDefaults><w:rPrDefault>{look}</w:rPrDefault></w:docDefaults>"


def _normal(inner: str = "") -> str:
    return f'<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>{inner}</w:style>'


def _style(style_id: str, name: str, based: str, paragraph_part: str = "", run_part: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:pPr>{paragraph_part}</w:pPr><w:rPr>{run_part}</w:rPr></w:style>'
    )


def _to(text: Text) -> list[str]:
    return [(text.to_label if at == 0 else "") + line for at, line in enumerate(text.addressee)]


def _align(text: Text) -> str:
    return "" if text.salutation_align is None else "center"


def _indent(text: Text) -> str:
    return f'<w:ind w:left="{round(text.salutation_left * 56.7)}"/>' if text.salutation_left else ""


_HUNDRED_EM: Final = '<w:spacing w:before="3000"/>'


def _split(text: str, seed: int) -> list[str]:
    """Pieces of a text cut in the middle of words, as Word does on editing."""
    chance = random.Random(seed)
    pieces: list[str] = []
    at = 0
    while at < len(text):
        length = chance.randint(2, 9)
        pieces.append(text[at : at + length])
        at += length
    return pieces


def word_noise(text: Text) -> bytes:
    """Word after much editing: runs cut anywhere, rsid, proofErr, content controls, bookmarks, a framed mark."""

    def noisy(line: str, jc: str = "", style: str = "", more: str = "", look: str = "") -> str:
        noise = ('<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="0" w:name="_GoBack"/>', "")
        runs = "".join(
            f'{noise[at % 3]}<w:r w:rsidR="00A{at:05X}" w:rsidRPr="00B12C34"><w:rPr>{look}'
            f'<w:lang w:val="ru-RU"/></w:rPr>{_characters(piece)}</w:r>'
            for at, piece in enumerate(_split(line, len(line)))
        )
        return paragraph(runs, jc, style, more).replace("<w:p>", '<w:p w:rsidR="00C45678" w14:paraId="1A2B3C4D">')

    def control(inner: str) -> str:
        properties = '<w:sdtPr><w:alias w:val="поле"/><w:id w:val="7"/></w:sdtPr>'
        return f"<w:sdt>{properties}<w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    own = "" if text.font == "Times New Roman" else _fonts(text.font)
    look = own + f'<w:sz w:val="{round(text.size * 2)}"/>'
    mark_look = _fonts(text.mark_font) + f'<w:sz w:val="{round(text.mark_size * 2)}"/>'
    frame = '<w:framePr w:w="4000" w:hSpace="180" w:wrap="around" w:vAnchor="page" w:hAnchor="margin" w:y="15300"/>'
    parts = [noisy(line, "center", look='<w:sz w:val="22"/>') for line in text.letterhead]
    parts += [control("".join(noisy(line, look=look) for line in _to(text)))] if text.addressee else []
    parts += [noisy(line, look=look) for line in (text.copy_to, text.topic_label + text.topic) if line]
    if text.salutation:
        parts.append(control(noisy(text.salutation, _align(text), "s", _indent(text), look)))
    parts += [noisy(line, "both", "t", look=look) for line in (text.preamble, *text.body, text.closing) if line]
    parts += [noisy(line, look=look) for line in (*text.note, text.regards) if line]
    if text.position or text.name:
        parts.append(noisy(f"{text.position}\t\t{text.name}".strip(), look=look))
    parts += [noisy(line, look=look) for line in text.after]
    parts += [noisy(line, more=frame, look=mark_look) for line in text.mark]
    parts += _sheets(text, lambda line: noisy(line, look=look))
    styles = (
        _defaults(_fonts("Times New Roman"), 11)
        + _normal()
        + _style("s", "Обращ", "b")
        + _style("b", "Осн", "a")
        + _style("t", "Абз", "a", '<w:ind w:firstLine="709"/>')
    )
    return package("".join(parts), styles)


def _sheets(text: Text, make: Callable[[str], str]) -> list[str]:
    """Enclosures, each after a page break that stands in a run of its own."""
    made: list[str] = []
    for lines in text.enclosures:
        made += ['<w:p><w:r><w:br w:type="page"/></w:r></w:p>'] if text.enclosure_breaks else []
        made += [make(line) for line in lines]
    return made


def line_breaks(text: Text) -> bytes:
    """Whole blocks of lines in one paragraph with line breaks; the mark too; Arial from docDefaults."""
    make = text.font if text.font != "Times New Roman" else "Arial"
    mark_font = text.mark_font if text.mark_font not in {text.font, "Arial"} else make
    mark_font = "Georgia" if text.mark_font == "Arial" else mark_font
    lines = "\n".join
    parts = [paragraph(run(lines(text.letterhead)), "center")] if text.letterhead else []
    parts += [paragraph(run(lines(_to(text))), "", "", '<w:ind w:left="5000"/>')] if text.addressee else []
    parts += [paragraph(run(line)) for line in (text.copy_to, text.topic_label + text.topic) if line]
    parts += ["<w:p/>"]
    parts += [paragraph(run(text.salutation), _align(text), "", _indent(text))] if text.salutation else []
    parts += [paragraph(run(line), "both") for line in (text.preamble, *text.body, text.closing) if line]
    parts += ["<w:p/>"] + ([paragraph(run(lines(text.note)))] if text.note else [])
    parts += [paragraph(run(text.regards))] if text.regards else []
    parts += [paragraph(run(f"{text.position}\t{text.name}".strip()))] if text.position or text.name else []
    parts += [paragraph(run(line)) for line in text.after]
    parts += [paragraph(run(lines(text.mark), mark_font, text.mark_size), "", "", _HUNDRED_EM)] if text.mark else []
    parts += _sheets(text, lambda line: paragraph(run(line)))
    return package("".join(parts), _defaults(_fonts(make), text.size) + _normal())


def letterhead_in_header(text: Text) -> bytes:
    """The letterhead in the first page's header, page numbers in the other, the mark in the first page's footer."""

    def plain(line: str, jc: str = "", more: str = "") -> str:
        return paragraph(run(line), jc, "", more)

    head = "".join(paragraph(run(line, text.font, 10), "center") for line in text.letterhead) or "<w:p/>"
    foot = "".join(paragraph(run(line, text.mark_font, text.mark_size)) for line in text.mark) or "<w:p/>"
    number = paragraph('<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>', "center")
    parts = [plain(line, "right") for line in _to(text)]
    parts += [plain(line) for line in (text.copy_to, text.topic_label + text.topic) if line]
    parts += [plain(text.salutation, _align(text), _indent(text))] if text.salutation else []
    parts += [
        plain(line, "both", '<w:ind w:firstLine="709"/>') for line in (text.preamble, *text.body, text.closing) if line
    ]
    parts += [plain(line) for line in (*text.note, text.regards) if line]
    parts += [plain(line) for line in (text.position, text.name) if line]
    parts += [plain(line) for line in text.after]
    pages = _sheets(text, plain)
    styles = _defaults(_fonts(text.font), 10) + _normal(f'<w:rPr><w:sz w:val="{round(text.size * 2)}"/></w:rPr>')
    return package("".join(parts + pages), styles, header1=number, footer1="<w:p/>", header2=head, footer2=foot)


@dataclass(frozen=True)
class _Cells:
    """Cells of a table row."""

    cells: tuple[str, ...]

    def xml(self, style: str = "") -> str:
        """A table of one row."""
        inner = "".join(f"<w:tc><w:tcPr/>{cell or '<w:p/>'}</w:tc>" for cell in self.cells)
        named = f'<w:tblStyle w:val="{style}"/>' if style else ""
        grid = "".join("<w:gridCol/>" for _ in self.cells)
        return f"<w:tbl><w:tblPr>{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{inner}</w:tr></w:tbl>"


def nested_tables(text: Text) -> bytes:
    """A corner letterhead as a table in a table, the signature as three cells, the mark in the last row's cell."""

    def lines(found: list[str], size: float, font: str = "") -> str:
        return "".join(paragraph(run(line, font or text.font, size)) for line in found)

    inner = _Cells((lines(text.letterhead, 10),)).xml("tg") + "<w:p/>"
    to = lines([*_to(text), *([text.copy_to] if text.copy_to else [])], text.size)
    parts = [_Cells((inner, to)).xml("tg"), "<w:p/>"]
    parts += (
        [paragraph(run(text.topic_label + text.topic, text.font, text.size))] if text.topic_label + text.topic else []
    )
    parts += (
        [paragraph(run(text.salutation, text.font, text.size), _align(text), "", _indent(text))]
        if text.salutation
        else []
    )
    for line in (text.preamble, *text.body, text.closing, *text.note, text.regards):
        parts += [paragraph(run(line, text.font, text.size), "both")] if line else []
    if text.position or text.name:
        cells = (lines([text.position], text.size), "<w:p/>", lines([text.name], text.size))
        parts.append(_Cells(cells).xml("tg"))
    parts += [lines(text.after, text.size)]
    if text.mark:
        parts += ["<w:p/>", _Cells((lines(text.mark, text.mark_size, text.mark_font), "<w:p/>")).xml("tg")]
    parts += ["<w:p/>", *_sheets(text, lambda line: lines([line], text.size))]
    table = (
        '<w:style w:type="table" w:styleId="tg"><w:name w:val="Table Grid"/><w:rPr><w:sz w:val="20"/></w:rPr></w:style>'
    )
    return package("".join(parts), _defaults(_fonts("Calibri"), 11) + _normal() + table)


def _vml_box(inner: str) -> str:
    """A text box as old Word writes it, with a fallback that repeats it."""
    box = f"<v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox>"
    shape = f'<w:pict><v:shape style="position:absolute">{box}</v:shape></w:pict>'
    modern = f"<w:drawing><wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp></w:drawing>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{modern}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>'
        "</mc:AlternateContent></w:r>"
    )


def boxes(text: Text) -> bytes:
    """Addressee and mark in text boxes anchored in the first and the last line; character styles give the look."""
    styles = (
        _defaults('<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:ascii="Arial" w:hAnsi="Arial"/>', 11)
        + _normal()
        + f'<w:style w:type="character" w:styleId="c"><w:name w:val="Текстовый"/><w:rPr>{_fonts(text.font)}'
        f'<w:sz w:val="{round(text.size * 2)}"/></w:rPr></w:style>'
        f'<w:style w:type="character" w:styleId="m"><w:name w:val="Мелкий"/><w:rPr>{_fonts(text.mark_font)}'
        f'<w:sz w:val="{round(text.mark_size * 2)}"/></w:rPr></w:style>'
    )

    def styled_run(line: str, style: str = "c") -> str:
        return f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr>{_characters(line)}</w:r>'

    to = _vml_box("".join(paragraph(styled_run(line)) for line in _to(text))) if text.addressee else ""
    mark = _vml_box("".join(paragraph(styled_run(line, "m")) for line in text.mark)) if text.mark else ""
    parts = [paragraph(run(line, text.font, 10)) for line in text.letterhead[:-1]]
    parts += [paragraph(run("".join(text.letterhead[-1:]), text.font, 10) + to)]
    parts += [paragraph(styled_run(line)) for line in (text.copy_to, text.topic_label + text.topic) if line]
    parts += [paragraph(styled_run(text.salutation), _align(text), "", _indent(text))] if text.salutation else []
    for line in (text.preamble, *text.body, text.closing, *text.note, text.regards):
        parts += [paragraph(styled_run(line))] if line else []
    signature = f"{text.position}{' ' * 30}{text.name}".strip()
    parts += [paragraph(styled_run(signature) + mark)] if signature else []
    parts += [paragraph(styled_run(line)) for line in text.after]
    parts += _sheets(text, lambda line: paragraph(styled_run(line)))
    return package("".join(parts), styles)


def strict(text: Text) -> bytes:
    """The letter of ``line_breaks`` in the strict dialect of the format."""
    source = io.BytesIO(line_breaks(text))
    stream = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            data = data.replace(_W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            data = data.replace(_R.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            new.writestr(name, data.replace(_A.encode(), b"http://purl.oclc.org/ooxml/drawingml/main"))
    return stream.getvalue()


BUILDS: Final[dict[str, Callable[[Text], bytes]]] = {
    "word_noise": word_noise,
    "line_breaks": line_breaks,
    "letterhead_in_header": letterhead_in_header,
    "nested_tables": nested_tables,
    "boxes": boxes,
    "strict": strict,
}
