"""The act of the records office that enclosures named in a letter were not in its envelope, from a template of Word.

``python -m outbox.paperact`` writes the template; after the first start it belongs to a business user.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from outbox import compose, typography
from outbox.errors import ComposeError, TemplateMissingError
from outbox.letterstyles import prepare_styles
from outbox.sanitise import clean, one_line
from outbox.template_build import MARGINS_MM, PAGE_MM, TEXT_MM
from rules.wire import Wire

NAME: Final = "act-lacking.docx"
WITNESSES: Final = 2
WORDS: Final = (
    "Мы, нижеподписавшиеся, составили настоящий акт о том, что при вскрытии письма, поступившего {{ received }} и "
    "зарегистрированного {{ registered }} за № {{ number }} (отправитель: {{ sender }}{% if tracking %}, "
    "ШПИ {{ tracking }}{% endif %}), не оказалось следующих приложений, названных в письме:"
)
COPIES: Final = "Акт составлен в двух экземплярах: первый приобщён к письму, второй направляется отправителю."


class LackingPaper(Wire):
    """A paper that the letter names and the envelope did not hold."""

    name: str
    sheets: int | None = None


class LackingAct(Wire):
    """What an act says.

    Attributes:
        label: Number of the act within its year.
        date: Its day.
        number: Of the letter.
        registered: Day of its registration.
        received: Day of its receipt.
        sender: Who wrote it, as far as it was read.
        tracking: Number that the post gave it.
        lacking: What was not there.
        present: What was.
        position: Of whoever drew the act up.
        name: His short name.
    """

    label: str
    date: dt.date
    number: str
    registered: dt.date
    received: dt.date
    sender: str = ""
    tracking: str = ""
    lacking: list[LackingPaper]
    present: list[LackingPaper]
    position: str
    name: str


def act_docx(act: LackingAct, company: dict[str, Any], templates: Path) -> bytes:
    """Render the act.

    Args:
        act: What it says.
        company: Facts for the head by the names of ``rules.company``.
        templates: Folder with the template.

    Raises:
        TemplateMissingError: There is no template.
        ComposeError: It is wrong, or nothing is lacking.
    """
    if not act.lacking:
        raise ComposeError("Акт составляют, когда чего-то из приложений нет. Отметьте, чего не оказалось.")
    path = templates / NAME
    if not path.is_file():
        raise TemplateMissingError(f"Нет шаблона акта {NAME}. Создайте его командой «python -m outbox.paperact».")
    return compose.rendered(path, {
        "company_name": one_line(company.get("short_name")),
        "label": act.label,
        "date": typography.day(act.date),
        "number": one_line(act.number),
        "registered": typography.day(act.registered),
        "received": typography.day(act.received),
        "sender": one_line(act.sender) or "отправитель не указан",
        "tracking": one_line(act.tracking),
        "lacking": [_line(number, one) for number, one in enumerate(act.lacking, 1)],
        "present": [_line(number, one) for number, one in enumerate(act.present, 1)],
        "position": one_line(act.position),
        "name": one_line(act.name),
    })  # fmt: skip


def _line(number: int, paper: LackingPaper) -> str:
    sheets = f" — {paper.sheets} л." if paper.sheets else ""
    return f"{number}. {clean(paper.name).strip()}{sheets}"


def build() -> DocumentObject:
    """Make the template as a python-docx document."""
    document = Document()
    for child in list(document.element.body)[:-1]:
        document.element.body.remove(child)
    prepare_styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["top"]), Mm(MARGINS_MM["bottom"])
    for style, text in (
        ("Письмо Бланк Название", "{{ company_name }}"),
        ("Письмо Обращение", "АКТ № {{ label }}"),
        ("Письмо Бланк", "об отсутствии вложений в почтовом отправлении (письме)"),
        ("Письмо Реквизиты", "{{ date }}"),
        ("Письмо Преамбула", WORDS),
        ("Письмо Текст", "{%p for line in lacking %}"),
        ("Письмо Текст", "{{ line }}"),
        ("Письмо Текст", "{%p endfor %}"),
        ("Письмо Текст", "{%p if present %}"),
        ("Письмо Текст", "В письме находились:"),
        ("Письмо Текст", "{%p endif %}"),
        ("Письмо Текст", "{%p for line in present %}"),
        ("Письмо Текст", "{{ line }}"),
        ("Письмо Текст", "{%p endfor %}"),
        ("Письмо Заключение", COPIES),
    ):
        document.add_paragraph(text, style=style)
    _signatures(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "Акт об отсутствии вложений", "Ответ", ""
    properties.created = properties.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return document


def _signatures(document: DocumentObject) -> None:
    blank = ("Присутствовали: ____________", "____________")
    for left, right in [("{{ position }} ____________", "{{ name }}"), *[blank] * WITNESSES]:
        paragraph = document.add_paragraph(style="Письмо Подпись")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(left)
        paragraph.add_run("\t")
        paragraph.add_run(right)


def main() -> None:
    """Write the template into the folder given, by default templates/letters of the checkout."""
    parser = argparse.ArgumentParser(description="Создать исходный шаблон акта об отсутствии вложений.")
    default = Path(__file__).resolve().parent.parent / "templates" / "letters"
    parser.add_argument("folder", nargs="?", type=Path, default=default, help="папка шаблонов")
    folder = parser.parse_args().folder
    build().save(str(folder / NAME))
    logging.getLogger(__name__).info("template written to %s", folder / NAME)


if __name__ == "__main__":
    main()
