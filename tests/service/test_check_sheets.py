"""Geometry on real sheets and letters that went through LibreOffice; the composed letter passes its own check."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from support_check import BUILDERS, Text, context, direct

from outbox.check import check, load_rules
from outbox.check.geometry import UnreadablePdfError, read_geometry
from rules.wire import CheckReport, LetterContext

pytestmark = pytest.mark.service
RULES = load_rules()
ENCLOSURES = [["Приложение № 1", "Расчёт платы"], ["Приложение № 2", "Акт осмотра прибора"]]
SELF = {"last_name": "Иванова", "first_name": "Светлана", "patronymic": "Викторовна"}
NOTE = ["Приложения:", "1. Расчёт платы на 1 л. в 1 экз.", "2. Акт на 1 л. в 1 экз."]


class Office:
    """LibreOffice with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def convert(self, letters: list[bytes], target: str) -> list[bytes]:
        """All letters in one call: starting the program costs more than converting."""
        self.count += 1
        source, result = self.folder / f"in{self.count}", self.folder / f"out{self.count}"
        source.mkdir()
        paths = [source / f"{number:03}.docx" for number in range(len(letters))]
        for path, letter in zip(paths, letters, strict=True):
            path.write_bytes(letter)
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(result), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=200)
        return [(result / path.name).with_suffix(f".{target}").read_bytes() for path in paths]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def told(report: CheckReport) -> list[tuple[str, str]]:
    return [(one.rule, one.message) for one in report.findings]


@pytest.fixture(scope="module")
def correct() -> dict[str, bytes]:
    """Letters whose mark really stands at the bottom of the sheet."""
    points = {"direct": 225.0, "table_signature": 275.0, "acting_addressee": 200.0}
    return {
        name: build(Text(xml=[partial(_push_mark_down, points=points[name])] if name in points else []))
        for name, build in BUILDERS.items()
    }


def _push_mark_down(document: Document, points: float = 225) -> None:
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("Сидорова"):
            paragraph.paragraph_format.space_before = Pt(points)


def test_correct_letters_on_their_sheets(office: Office, correct: dict[str, bytes]) -> None:
    pdfs = office.convert(list(correct.values()), "pdf")
    for (name, letter), pdf in zip(correct.items(), pdfs, strict=True):
        report = check(letter, pdf=pdf, context=context(), rulebook=RULES)
        assert (name, told(report), report.unchecked) == (name, [], [])


def test_letters_saved_by_libreoffice(office: Office, correct: dict[str, bytes]) -> None:
    saved = office.convert(list(correct.values()), "docx")
    for name, letter in zip(correct, saved, strict=True):
        report = check(letter, pdf=None, context=context(), rulebook=RULES)
        assert (name, told(report)) == (name, [])


def _right_mark(document: Document) -> None:
    _push_mark_down(document)
    for paragraph in document.paragraphs[-2:]:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark_before_signature(document: Document) -> None:
    paragraphs = document.paragraphs
    signature = next(one for one in paragraphs if one.text.startswith("Генеральный директор"))
    paragraphs[-1]._p.addnext(signature._p)


def _mark_on_next_sheet(document: Document) -> None:
    paragraph = next(one for one in document.paragraphs if one.text.startswith("Сидорова"))
    paragraph.paragraph_format.page_break_before = True


def _no_page_break(document: Document) -> None:
    _push_mark_down(document)
    last = [one for one in document.paragraphs if one.text.startswith("Приложение № 2")]
    last[0].paragraph_format.page_break_before = False


BROKEN: list[tuple[str, Text, LetterContext]] = [
    ("EX-4", Text(xml=[_right_mark]), context()),
    ("EX-4", Text(xml=[], mark=["Сидорова Мария Ивановна, 8 (347) 200-10-12"]), context()),
    ("EX-3", Text(xml=[_mark_on_next_sheet]), context()),
    (
        "AP-1",
        Text(enclosures=ENCLOSURES[:1], enclosure_breaks=False, note=["Приложение: расчёт на 1 л. в 1 экз."], mark=[]),
        context(enclosures=["Расчёт"], executor=SELF),
    ),
    ("AP-2", Text(enclosures=ENCLOSURES, note=NOTE, xml=[_no_page_break]), context(enclosures=["Расчёт", "Акт"])),
]


def test_broken_places_give_their_rule(office: Office) -> None:
    letters = [direct(text) for _, text, _ in BROKEN]
    pdfs = office.convert(letters, "pdf")
    for (rule, _, facts), letter, pdf in zip(BROKEN, letters, pdfs, strict=True):
        report = check(letter, pdf=pdf, context=facts, rulebook=RULES)
        assert {one.rule for one in report.findings} == {rule}, told(report)


def test_mark_above_the_signature(office: Office) -> None:
    letter = direct(Text(xml=[_mark_before_signature]))
    (pdf,) = office.convert([letter], "pdf")
    report = check(letter, pdf=pdf, context=context(), rulebook=RULES)
    assert {one.rule for one in report.findings} >= {"EX-5"}
    assert {one.rule for one in report.findings} <= {"EX-5", "EX-4"}, told(report)


def test_composed_letter_passes_its_own_check(office: Office, composed: Callable[[], bytes]) -> None:
    letter = composed()
    (pdf,) = office.convert([letter], "pdf")
    report = check(letter, pdf=pdf, context=context(), rulebook=RULES)
    assert told(report) == []
    assert report.unchecked == []


@pytest.fixture
def composed() -> Callable[[], bytes]:
    from outbox.compose import compose
    from rules.wire import ExecutorFacts, LetterContent, SignatoryFacts

    text = Text()
    content = LetterContent(
        addressee=text.addressee,
        topic=text.topic,
        salutation=text.salutation,
        preamble=text.preamble,
        body=text.body,
        closing=text.closing,
        number="ИСХ-2026-000321",
        date=context().letter.date,
        incoming_number="ВХ-2026-000123",
        incoming_date=dt.date(2026, 11, 5),
        signatory=SignatoryFacts(
            last_name="Иванова", first_name="Светлана", patronymic="Викторовна", position="Генеральный директор"
        ),
        executor=ExecutorFacts(last_name="Сидорова", first_name="Мария", patronymic="Ивановна", phone="+73472001012"),
        qr="ИСХ-2026-000321",
    )
    company = {"short_name": "ООО «ЕИРЦ РБ»", "postal_address": "450000, г. Уфа, ул. Ленина, д. 1"}
    templates = Path(__file__).resolve().parents[2] / "templates" / "letters"
    return lambda: compose(content, company, templates)


def test_no_pdf_is_said_so() -> None:
    with pytest.raises(UnreadablePdfError):
        read_geometry(b"no pdf")
    report = check(direct(Text()), pdf=b"no pdf", context=context(), rulebook=RULES)
    assert {one.why for one in report.unchecked} == {"PDF письма не читается."}
