"""The reader: what it refuses, and what it makes of inheritance, tracked changes, controls, boxes and footers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Pt
from support_check import BUILDERS, W_NS, Text, data, styled, theme_fonts

from outbox.check import UnreadableLetterError, load_rules
from outbox.check.reader import Align, Place, read_letter
from outbox.check.zones import Zone, find_zones


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def replaced(letter: bytes, part: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(letter)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(**{**parts, part: content})


def body(xml: str) -> bytes:
    """A letter whose body is the given XML."""
    document = docx.Document()
    for element in list(document.element.body):
        if not element.tag.endswith("sectPr"):
            document.element.body.remove(element)
    root = parse_xml(f'<w:body xmlns:w="{W_NS}">{xml}</w:body>')
    for at, element in enumerate(list(root)):
        document.element.body.insert(at, element)
    return data(document)


LETTER = styled(Text())
WORDING = load_rules().wording
ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "пуст"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 ...}", "RTF"),
        (b"hello, it is a text", "не файл .docx"),
        (OLE + b"\0" * 600, "старого формата"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "паролем"),
        (LETTER[: len(LETTER) // 2], "повреждён"),
        (zipped(**{"a.txt": b"1"}), "архив"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "OpenDocument"),
        (replaced(LETTER, "word/vbaProject.bin", b"x"), "макрос"),
        (replaced(LETTER, "[Content_Types].xml", b"<a>application/vnd.ms-word.document.macroEnabled</a>"), "макрос"),
        (replaced(LETTER, "word/document.xml", b"<w:document"), "повреждён"),
        (replaced(LETTER, "word/document.xml", ENTITIES), "сущност"),
        (replaced(LETTER, "word/document.xml", b" " * 30 * 2**20), "велик"),
        (replaced(LETTER, "word/document.xml", b"<a>" * 5000 + b"</a>" * 5000), "повреждён"),
        (body(""), "нет текста"),
        (body("<w:p/>" * 5), "нет текста"),
        (body("<w:sdt><w:sdtContent>" * 80 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 80), "глубоко"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_letter_is_refused_in_russian(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableLetterError, match=says):
        read_letter(content)


def test_text_is_read_after_tracked_changes_and_through_controls() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    xml = (
        "<w:sdt><w:sdtContent><w:p>" + run.format("Раз") + "</w:p></w:sdtContent></w:sdt>"
        "<w:p>" + run.format("до") + "<w:ins>" + run.format("вставка") + "</w:ins>"
        "<w:del><w:r><w:delText>вычерк</w:delText></w:r></w:del>"
        "<w:moveFrom>" + run.format("прежде") + "</w:moveFrom><w:moveTo>" + run.format("теперь") + "</w:moveTo>"
        "<w:hyperlink>" + run.format("ссылка") + "</w:hyperlink>"
        "<w:r><w:t>ВХ</w:t><w:noBreakHyphen/><w:t>1</w:t><w:softHyphen/><w:tab/><w:t>x</w:t></w:r></w:p>"
    )
    document = read_letter(body(xml))
    assert [block.text for block in document.blocks] == ["Раз", "довставкатеперьссылкаВХ‑1\u00ad\tx"]
    assert document.tracked_changes == 4


def test_text_box_counts_once() -> None:
    document = read_letter(LETTER)
    marks = [block for block in document.blocks if "Сидорова" in block.text]
    assert [block.place for block in marks] == [Place.TEXTBOX]


def test_effective_values_come_with_their_source() -> None:
    zones = find_zones(read_letter(LETTER), WORDING)
    (salutation,) = zones.blocks(Zone.SALUTATION)
    assert salutation.align.value is Align.CENTER
    assert "Основа По центру" in salutation.align.source
    mark = zones.blocks(Zone.MARK)[0]
    size, font = mark.dominant_size(), mark.dominant_font()
    assert size is not None
    assert font is not None
    assert (size.value, font.value) == (10.5, "Times New Roman")
    assert "Письмо Исполнитель" in size.source


def test_theme_beats_the_literal_typeface_beside_it() -> None:
    zones = find_zones(read_letter(theme_fonts(Text())), WORDING)
    font = zones.blocks(Zone.BODY)[0].dominant_font()
    assert font is not None
    assert font.value != "Arial"
    assert "тем" in font.source


def test_start_and_end_of_libreoffice_are_left_and_right() -> None:
    paragraph = '<w:p><w:pPr><w:jc w:val="{}"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    document = read_letter(body("".join(paragraph.format(word) for word in ("start", "end", "both", "center"))))
    assert [block.align.value for block in document.blocks] == [Align.LEFT, Align.RIGHT, Align.JUSTIFY, Align.CENTER]


def test_loop_of_styles_ends() -> None:
    document = docx.Document()
    one, two = document.styles.add_style("Один", 1), document.styles.add_style("Два", 1)
    one.base_style, two.base_style = two, one
    two.font.size = Pt(17)
    document.add_paragraph("x", style="Один")
    size = read_letter(data(document)).blocks[0].dominant_size()
    assert size is not None
    assert size.value == 17


@pytest.mark.parametrize("build", BUILDERS)
def test_parts_are_found_in_every_build(build: str) -> None:
    text = Text()
    zones = find_zones(read_letter(BUILDERS[build](text)), WORDING)
    assert zones.text(Zone.SALUTATION) == text.salutation
    assert zones.text(Zone.PREAMBLE).startswith("В ответ на Ваше обращение")
    assert len(zones.blocks(Zone.BODY)) == len(text.body)
    assert zones.text(Zone.CLOSING) == text.closing
    assert "Иванова" in zones.text(Zone.SIGNATURE)
    assert zones.text(Zone.MARK).startswith("Сидорова Мария Ивановна")
    assert "Петрову" in zones.text(Zone.ADDRESSEE)
    assert zones.confidence[Zone.SALUTATION] == (1.0 if build == "styled" else 0.7)


def test_reader_does_not_know_the_composing_half() -> None:
    folder = Path(read_letter.__code__.co_filename).parents[1]
    for source in folder.rglob("*.py"):
        for line in source.read_text().splitlines():
            if line.startswith(("from outbox", "import outbox")):
                assert line.startswith("from outbox.check"), f"{source.name}: {line}"
