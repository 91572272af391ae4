"""From the words of a reply to its docx: sandboxed, autoescaped, strict, and read back before it is given out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import jinja2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from outbox import typography
from outbox.errors import ComposeError, TemplateMissingError
from outbox.letterstyles import BODY_PT, LARGER_PT
from outbox.qr import qr_png
from outbox.sanitise import clean, one_line
from outbox.template_build import DEFAULT_NAME, LARGE_NAME
from rules.wire import EnclosureFile, LetterContent

QR_MM = 20
LOGO_MM = (18, 22)
"""Largest width and height of the logo at the left of the letterhead."""
LOGO_BYTES = 2_000_000
POSITION_WIDTH = 40
"""Characters of a line of the signatory's position at 14 pt, so that the name keeps its place at the right."""
TOPIC_LIMIT = 500
PLAIN_STYLES = ("Письмо Преамбула", "Письмо Текст", "Письмо Заключение")
PLAIN_GAP_PT = 10

QR_WORDS = "QR-код исходящего номера"
_SHEETS = re.compile(r"\bна\s+\d+\s*л")
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_COMPANY_LINE_KEYS = (
    ("full_name",),
    ("postal_address",),
    ("phone", "email", "website"),
    ("inn", "kpp", "ogrn"),
)
_COMPANY_LABELS = {
    "phone": "тел. ",
    "email": "e-mail: ",
    "inn": "ИНН ",
    "kpp": "КПП ",
    "ogrn": "ОГРН ",
}


def compose(
    content: LetterContent, company: dict[str, Any], templates: Path, sheets: Mapping[int, int] | None = None
) -> bytes:
    """Render a letter.

    Args:
        content: The words of the letter.
        company: Facts for the letterhead by the names of ``rules.company``: ``short_name`` and, where known,
            ``full_name``, ``postal_address``, ``phone``, ``email``, ``website``, ``inn``, ``kpp``, ``ogrn``, and
            ``logo``: the name of a PNG or JPEG file in the folder of templates.
        templates: Folder with ``letter.docx``, ``letter-large.docx`` for large print and, where a kind has a look of
            its own, ``<kind>.docx``.
        sheets: How many sheets the enclosures take whose words the letter itself holds, by their numbers from 1.

    Returns:
        The docx file.

    Raises:
        ComposeError: A required value or the template is missing or wrong, or a value was lost in rendering.
        TextTooLongError: A value is longer than a letter can hold.
    """
    values = _values(content, company, sheets or {})
    template = DocxTemplate(str(_template_path(content, templates)))
    context = dict(values)
    context["qr"] = _qr_image(template, content.qr)
    context["logo"] = _logo(template, company.get("logo"), templates)
    finished = _finished(_filled(template, context), content, values["company_name"])
    _read_back(finished, values)
    return finished


def rendered(path: Path, values: dict[str, Any]) -> bytes:
    """Render a template of Word with plain values, and read them back.

    Args:
        path: The template.
        values: Strings and lists of strings by the names of its places.

    Raises:
        ComposeError: The template is wrong, or a value was lost in rendering.
    """
    finished = _filled(DocxTemplate(str(path)), values)
    _read_back(finished, values)
    return finished


def _filled(template: DocxTemplate, context: dict[str, Any]) -> bytes:
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True)
    try:
        template.render(context, environment, autoescape=True)
    except (jinja2.TemplateError, etree.XMLSyntaxError) as error:
        raise ComposeError(
            "Шаблон письма составлен с ошибкой. Восстановите его командой «python -m outbox.template_build» "
            "или исправьте поля шаблона в Word."
        ) from error
    made = io.BytesIO()
    template.save(made)
    return made.getvalue()


def letter_text(document: bytes) -> str:
    """Read all text of a docx body, text boxes once, with line ends between paragraphs.

    Raises:
        ComposeError: The file is not a docx.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            root = etree.fromstring(package.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise ComposeError("Файл письма не читается как документ Word. Составьте письмо заново.") from error
    pieces: list[str] = []
    _collect(root, pieces)
    return "".join(pieces)


def company_lines(company: dict[str, Any]) -> list[str]:
    """Lines of the letterhead under the company's name, as far as the facts are known."""
    lines = []
    for keys in _COMPANY_LINE_KEYS:
        facts = [_COMPANY_LABELS.get(key, "") + one_line(str(company[key])) for key in keys if company.get(key)]
        if facts:
            lines.append(", ".join(typography.unbreakable(fact) for fact in facts))
    return lines


def _values(content: LetterContent, company: dict[str, Any], sheets: Mapping[int, int]) -> dict[str, Any]:
    name = one_line(company.get("short_name"))
    if not name:
        raise ComposeError("Не указано наименование организации для бланка. Заполните сведения о компании.")
    if content.signatory is None:
        raise ComposeError("Не выбран подписант письма. Выберите, кто подпишет ответ.")
    listed = list(enumerate(content.enclosed, start=1))
    return {
        "company_name": name,
        "company_lines": company_lines(company),
        "own_reference": _reference("", content.date, content.number),
        "incoming_reference": _incoming_reference(content),
        "addressee": [_set(line) for line in content.addressee if one_line(line)],
        "copy_to": _set(content.copy_to),
        "topic": _set(one_line(content.topic, limit=TOPIC_LIMIT)),
        "salutation": _set(one_line(content.salutation)),
        "preamble": _spoken(_set(content.preamble), content),
        "body": [_spoken(_set(paragraph), content) for paragraph in content.body if clean(paragraph).strip()],
        "closing": _spoken(_set(content.closing), content),
        "enclosure_note": _enclosure_note(
            [_enclosure_title(text, file, sheets.get(number)) for number, (text, file) in listed]
        ),
        "enclosures": [_enclosure(text, number, content) for number, (text, file) in listed if file is None],
        "signature_position": typography.wrap(one_line(content.signatory.position), _position_width(content)),
        "signature_name": _set(typography.initials_first(content.signatory)),
        "executor": _executor(content),
    }


def _spoken(text: str, content: LetterContent) -> str:
    return typography.sentence_a_line(text) if content.plain else text


def _position_width(content: LetterContent) -> int:
    return int(POSITION_WIDTH * BODY_PT / (BODY_PT + LARGER_PT)) if content.large_print else POSITION_WIDTH


def _executor(content: LetterContent) -> dict[str, str] | None:
    """The mark stands exactly when the executor is not the signatory himself (12.5.15)."""
    executor, signatory = content.executor, content.signatory
    if executor is None or (signatory is not None and typography.same_person(executor, signatory)):
        return None
    return {
        "name": one_line(typography.full_name(executor)),
        "phone": typography.phone(one_line(executor.phone)),
    }


def _reference(label: str, date: Any, number: str | None) -> str:
    parts = [typography.day(date) if date else "", f"№ {one_line(number)}" if number else ""]
    text = " ".join(part for part in parts if part)
    return typography.unbreakable(f"{label}{text}") if text else ""


def _incoming_reference(content: LetterContent) -> str:
    if not content.incoming_number:
        return ""
    date = f" от {typography.day(content.incoming_date)}" if content.incoming_date else ""
    return typography.unbreakable(f"На № {one_line(content.incoming_number)}{date}")


def _enclosure(text: str, number: int, content: LetterContent) -> dict[str, Any]:
    title, *lines = [line.strip() for line in clean(text).split("\n")]
    reference = f"\nк письму от {typography.day(content.date)}" if content.date else ""
    reference += f" № {one_line(content.number)}" if content.date and content.number else ""
    return {
        "label": typography.unbreakable(f"Приложение № {number}{reference}"),
        "title": typography.unbreakable(title),
        "lines": [typography.unbreakable(line) for line in lines if line],
    }


def _enclosure_title(text: str, file: EnclosureFile | None, printed: int | None) -> str:
    """What the note says of an enclosure: on how many sheets, unless nobody counted them or the title says it."""
    title = clean(text).split("\n")[0].strip().rstrip(".")
    sheets = file.sheets if file else printed
    told = sheets is None or _SHEETS.search(title)
    return typography.unbreakable(f"{title}." if told else f"{title} на {sheets} л. в 1 экз.")


def _enclosure_note(titles: list[str]) -> list[str]:
    if len(titles) == 1:
        return [f"Приложение: {titles[0]}"]
    return ["Приложения:", *(f"{number}. {title}" for number, title in enumerate(titles, start=1))] if titles else []


def _set(text: str | None) -> str:
    return typography.unbreakable(clean(text).strip())


def _template_path(content: LetterContent, templates: Path) -> Path:
    names = (LARGE_NAME,) if content.large_print else (f"{content.kind.value}.docx", DEFAULT_NAME)
    for name in names:
        if (templates / name).is_file():
            return templates / name
    raise TemplateMissingError(
        f"Нет шаблона письма {names[-1]}. Создайте его командой «python -m outbox.template_build»."
    )


def _qr_image(template: DocxTemplate, text: str | None) -> InlineImage | str:
    return InlineImage(template, io.BytesIO(qr_png(text)), width=Mm(QR_MM)) if text else ""


def _logo(template: DocxTemplate, name: object, templates: Path) -> InlineImage | str:
    if not name:
        return ""
    from PIL import Image, UnidentifiedImageError

    path = templates / Path(str(name)).name
    try:
        data = path.read_bytes()
        if len(data) > LOGO_BYTES:
            raise ComposeError(f"Логотип {path.name} больше {LOGO_BYTES // 1_000_000} МБ. Уменьшите изображение.")
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            wide = image.width / image.height
    except (OSError, UnidentifiedImageError) as error:
        raise ComposeError(
            f"Логотип {path.name} из сведений об организации не читается. Положите PNG или JPEG в папку шаблонов писем."
        ) from error
    width, height = LOGO_MM
    return InlineImage(template, io.BytesIO(data), width=Mm(min(width, height * wide)))


def _finished(document: bytes, content: LetterContent, author: str) -> bytes:
    file = docx.Document(io.BytesIO(document))
    if len(file.sections) > 1:  # the first sheet of the enclosures is numbered too; that of the letter is not
        file.sections[-1].different_first_page_header_footer = False
    _describe_pictures(file, author)
    if content.plain:
        _to_the_left(file)
    # Set after rendering: docxtpl would escape a templated property twice.
    properties = file.core_properties
    properties.author, properties.last_modified_by = author[:255], author[:255]
    properties.title = f"Письмо {one_line(content.number)}".strip()[:255]
    properties.subject = one_line(content.topic, limit=TOPIC_LIMIT)[:255]
    properties.language = "ru-RU"
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def _to_the_left(file: Any) -> None:
    """Set the words to the left margin: even spaces are easier to read."""
    for style in file.styles:
        if style.name in PLAIN_STYLES:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
            style.paragraph_format.space_after = Pt(PLAIN_GAP_PT)


def _describe_pictures(file: Any, author: str) -> None:
    """Give the pictures words, for those who hear the letter."""
    for table in file.tables[:1]:
        for cell, words in zip(table.rows[0].cells, (f"Логотип: {author}", "", QR_WORDS), strict=False):
            for picture in cell._tc.iter(f"{_WP}docPr"):  # noqa: SLF001 - python-docx does not give pictures
                if not picture.get("descr"):
                    picture.set("descr", words)


def _read_back(document: bytes, values: dict[str, Any]) -> None:
    """Every value put in must be readable in the letter, otherwise something was lost silently."""
    text = typography.plain(letter_text(document))
    for name, value in values.items():
        for part in _flat(value):
            if typography.plain(part) not in text:
                raise ComposeError(
                    f"При составлении письма потерялась часть текста (поле «{name}»). "
                    "Уберите из поля необычные знаки и повторите; если не поможет, проверьте шаблон."
                )


def _flat(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        return [part for inner in value.values() for part in _flat(inner)]
    return [part for inner in value or [] for part in _flat(inner)]


def _collect(element: Any, pieces: list[str]) -> None:
    for child in element:
        if child.tag == _FALLBACK:
            continue
        if child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag in (f"{_W}br", f"{_W}tab", f"{_W}cr"):
            pieces.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        else:
            _collect(child, pieces)
            if child.tag == f"{_W}p":
                pieces.append("\n")
