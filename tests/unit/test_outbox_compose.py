from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree
from PIL import Image

from outbox import letterstyles, template_build, typography
from outbox.check.reader import read_letter
from outbox.compose import compose, letter_text
from outbox.errors import ComposeError, TemplateMissingError, TextTooLongError
from rules.wire import ExecutorFacts, LetterContent, SignatoryFacts

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
COMPANY = {
    "short_name": "ООО «ЕИРЦ РБ»",
    "postal_address": "450000, г. Уфа, ул. Демонстрационная, д. 1",
    "phone": "+7 (347) 200-00-00",
    "email": "office@eirc-rb.example",
    "inn": "0000000000",
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def letter(**changes: Any) -> LetterContent:
    content = LetterContent(
        addressee=["Ершову Никите Ильичу", "450059, г. Уфа, ул. Зорге, д. 12, кв. 7"],
        topic="О перерасчёте платы",
        salutation="Уважаемый Никита Ильич!",
        preamble="Рассмотрели Ваше обращение (вх. № ВХ-2026-000123 от 05.11.2026) и сообщаем о результате.",
        body=["Перерасчёт выполнен на сумму 1 245,30 руб.", "Он отражён в платёжном документе за ноябрь."],
        closing="Если возникнут вопросы, будем рады Вам помочь.",
        number="ИСХ-2026-000017",
        date=dt.date(2026, 11, 24),
        incoming_number="ВХ-2026-000123",
        incoming_date=dt.date(2026, 11, 5),
        signatory=SignatoryFacts(
            last_name="Иванова", first_name="Светлана", patronymic="Викторовна", position="Директор"
        ),
        executor=ExecutorFacts(last_name="Сидорова", first_name="Мария", patronymic="Ивановна", phone="+73472001012"),
    )
    return content.model_copy(update=changes)


def xml(document: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def test_letter_says_everything_it_was_given() -> None:
    text = typography.plain(letter_text(compose(letter(), COMPANY, TEMPLATES)))
    for part in (
        "ООО «ЕИРЦ РБ»",
        "ИНН 0000000000",
        "24.11.2026 № ИСХ-2026-000017",
        "На № ВХ-2026-000123 от 05.11.2026",
        "Кому: Ершову Никите Ильичу",
        "Тема: О перерасчёте платы",
        "Уважаемый Никита Ильич!",
        "1 245,30 руб.",
        "Директор С.В. Иванова",
        "Сидорова Мария Ивановна 8 (347) 200-10-12",
    ):
        assert part in text, part
    assert "Копия" not in text
    assert "Приложени" not in text


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7*7 }} {% for x in y %}",
        "{_{ 7*7 }_}",
        "</w:t></w:r><w:p/>]]> & <b>",
        "Рога \ud800& копыта\a\f\x00",
        "\u202eоборот\u200b",
        "{{ ''.__class__.__mro__ }}",
        "Ы" * 900,
        "Али\u202eиванов\u2066\u200f 😀 ﷽",
    ],
)
def test_client_text_is_data(hostile: str) -> None:
    made = compose(letter(addressee=[hostile], body=[f"начало {hostile} конец", "второй"]), COMPANY, TEMPLATES)
    text = letter_text(made)
    assert "49" not in text.replace("1 245", "")
    assert "начало" in text
    assert "конец" in text


def test_zones_carry_their_styles_and_the_salutation_is_centred() -> None:
    document = docx.Document(io.BytesIO(compose(letter(enclosures=["Расчёт"]), COMPANY, TEMPLATES)))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    styles |= {p.style.name for t in document.tables for c in t._cells for p in c.paragraphs if p.style}
    for zone in ("Кому", "Тема", "Обращение", "Преамбула", "Текст", "Заключение", "Подпись", "Приложение"):
        assert f"Письмо {zone}" in styles, zone
    salutation = next(p for p in document.paragraphs if p.text.startswith("Уважаемый"))
    assert salutation.style is not None
    assert salutation.style.paragraph_format.alignment == letterstyles.WD_ALIGN_PARAGRAPH.CENTER


def test_executor_mark_stands_in_a_text_box_of_the_signature_paragraph() -> None:
    root = xml(compose(letter(), COMPANY, TEMPLATES))
    (anchor,) = root.iter(f"{WP}anchor")
    paragraph = next(anchor.iterancestors(f"{W}p"))
    assert "Иванова" in "".join(paragraph.itertext())
    assert anchor.find(f"{WP}positionV").get("relativeFrom") == "bottomMargin"  # type: ignore[union-attr]
    assert 3 <= letterstyles.BODY_PT - letterstyles.MARK_PT <= 4


@pytest.mark.parametrize(
    "executor",
    [None, ExecutorFacts(last_name="Иванова", first_name="Светлана", patronymic="Викторовна", phone="+73472001012")],
)
def test_no_mark_when_the_signatory_wrote_the_letter(executor: ExecutorFacts | None) -> None:
    made = compose(letter(executor=executor), COMPANY, TEMPLATES)
    assert not list(xml(made).iter(f"{WP}anchor"))
    assert "200" not in letter_text(made).replace("200-00-00", "").replace("200\u201100", "")


def test_each_enclosure_starts_its_own_sheet_in_a_section_of_its_own() -> None:
    made = compose(letter(enclosures=["Расчёт за 2025 год\nОбъём 812 Гкал.", "Акт"]), COMPANY, TEMPLATES)
    document = docx.Document(io.BytesIO(made))
    assert len(document.sections) == 2
    labels = [p for p in document.paragraphs if p.style and p.style.name == "Письмо Приложение"]
    assert len(labels) == 2
    assert all(p.style.paragraph_format.page_break_before for p in labels if p.style)
    assert len(docx.Document(io.BytesIO(compose(letter(), COMPANY, TEMPLATES))).sections) == 1


def test_qr_mark_is_a_picture_in_the_letterhead() -> None:
    root = xml(compose(letter(qr="ИСХ-2026-000017"), COMPANY, TEMPLATES))
    (picture,) = root.iter(f"{WP}inline")
    assert next(picture.iterancestors(f"{W}tbl")) is next(root.iter(f"{W}tbl"))


def test_properties_are_set_once_escaped() -> None:
    properties = docx.Document(io.BytesIO(compose(letter(topic="О счёте A & B"), COMPANY, TEMPLATES))).core_properties
    assert properties.subject == "О счёте A & B"
    assert properties.author == "ООО «ЕИРЦ РБ»"
    assert "ИСХ-2026-000017" in properties.title


def test_rendered_letter_is_never_lost_silently(tmp_path: Path) -> None:
    template = template_build.build()
    for paragraph in template.paragraphs:
        if "{{ closing }}" in paragraph.text:
            paragraph.runs[0].text = ""
    template.save(str(tmp_path / "letter.docx"))
    with pytest.raises(ComposeError, match="closing"):
        compose(letter(), COMPANY, tmp_path)


def test_template_with_code_is_refused(tmp_path: Path) -> None:
    template = template_build.build()
    template.add_paragraph("{{ ''.__class__.__mro__ }}")
    template.save(str(tmp_path / "letter.docx"))
    with pytest.raises(ComposeError, match="Шаблон письма"):
        compose(letter(), COMPANY, tmp_path)


def test_kind_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    own = template_build.build()
    own.add_paragraph("Только для ответа")
    own.save(str(tmp_path / "answer.docx"))
    assert "Только для ответа" in letter_text(compose(letter(), COMPANY, tmp_path))


def test_missing_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateMissingError):
        compose(letter(), COMPANY, tmp_path)
    with pytest.raises(ComposeError, match="наименование"):
        compose(letter(), {}, TEMPLATES)
    with pytest.raises(ComposeError, match="подписант"):
        compose(letter(signatory=None), COMPANY, TEMPLATES)
    with pytest.raises(TextTooLongError, match="10000"):
        compose(letter(addressee=["Ы" * 10_000]), COMPANY, TEMPLATES)
    with pytest.raises(TextTooLongError):
        compose(letter(body=["я" * 30_000]), COMPANY, TEMPLATES)


@pytest.mark.parametrize(("file", "large"), [("letter.docx", False), ("letter-large.docx", True)])
def test_committed_template_is_what_the_builder_makes(tmp_path: Path, file: str, *, large: bool) -> None:
    template_build.build(large=large).save(str(tmp_path / file))
    made, committed = (
        {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
        for package in (zipfile.ZipFile(tmp_path / file), zipfile.ZipFile(TEMPLATES / file))
    )
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []


def test_no_theme_font_can_win_over_the_letters_own() -> None:
    with zipfile.ZipFile(TEMPLATES / "letter.docx") as package:
        styles = package.read("word/styles.xml").decode()
    letter_styles = re.findall(
        r'<w:style [^>]*>\s*<w:name w:val="(?:Normal|Письмо [^"]*)".*?</w:style>', styles, re.DOTALL
    )
    assert letter_styles
    defaults = re.search(r"<w:docDefaults>.*?</w:docDefaults>", styles, re.DOTALL)
    assert defaults
    assert "Theme=" not in defaults.group()
    assert not re.search(r'<w:name w:val="Письмо [^"]*"(?:(?!</w:style>).)*Theme=', styles, re.DOTALL)


def test_large_print_is_eighteen_points_with_the_mark_in_proportion() -> None:
    read = read_letter(compose(letter(large_print=True), COMPANY, TEMPLATES))
    sizes = {block.style: block.dominant_size() for block in read.blocks}
    text, mark = sizes["Письмо Текст"], sizes["Письмо Исполнитель"]
    assert text is not None
    assert mark is not None
    assert text.value == 18
    assert text.value - mark.value == 3.5
    assert min(size.value for size in sizes.values() if size) >= 14


def test_every_sheet_but_the_first_is_numbered() -> None:
    sections = docx.Document(io.BytesIO(compose(letter(enclosures=["Расчёт"]), COMPANY, TEMPLATES))).sections
    assert [one.different_first_page_header_footer for one in sections] == [True, False]


def test_logo_is_configuration_and_says_what_is_wrong(tmp_path: Path) -> None:
    for large, name in ((False, "letter.docx"), (True, "letter-large.docx")):
        template_build.build(large=large).save(str(tmp_path / name))
    Image.new("RGB", (400, 200), "navy").save(tmp_path / "logo.png")
    root = xml(compose(letter(qr="ИСХ-1"), {**COMPANY, "logo": "logo.png"}, tmp_path))
    assert [one.get("descr") for one in root.iter(f"{WP}docPr")][:2] == [
        "Логотип: ООО «ЕИРЦ РБ»",
        "QR-код исходящего номера",
    ]
    (tmp_path / "logo.png").write_bytes(b"no picture")
    for name in ("logo.png", "../../etc/passwd", "gone.png"):
        with pytest.raises(ComposeError, match="Логотип"):
            compose(letter(), {**COMPANY, "logo": name}, tmp_path)


def test_plain_words_stand_a_sentence_a_line_at_the_left() -> None:
    said = "Позвоните С.В. Ивановой на ул. Зорге. Она ответит. Сумма 5 руб. отражена."
    read = read_letter(compose(letter(plain=True, body=[said, "Второй абзац."]), COMPANY, TEMPLATES))
    (first, _) = [block for block in read.blocks if block.style == "Письмо Текст"]
    assert typography.plain(first.text.replace("\n", "|")) == typography.plain(
        "Позвоните С.В. Ивановой на ул. Зорге.|Она ответит.|Сумма 5 руб. отражена."
    )
    assert first.align.value.value == "left"
