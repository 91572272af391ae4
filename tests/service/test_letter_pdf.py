from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import support_house

from outbox import layout, printed, typography
from outbox.check.reader import read_letter
from outbox.check.zones import Zone, find_zones
from outbox.compose import compose
from outbox.errors import ConverterError
from outbox.pdf import FILTER, converter_check, page_count, pdf_text, require_final, to_pdf, to_pdfs
from outbox.pdfcheck import facts
from outbox.soffice import OFFICE, Office
from rules.wire import ExecutorFacts, LetterContent, SignatoryFacts

pytestmark = pytest.mark.service

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
COMPANY = {"short_name": "ООО «ЕИРЦ РБ»", "postal_address": "450000, г. Уфа, ул. Демонстрационная, д. 1"}
PARAGRAPH = "Перерасчёт выполнен на сумму 1 245,30 руб. и отражён в платёжном документе за ноябрь 2026 г. " * 3


def mark_full(lines: int) -> Any:
    return pytest.param(lines, False, marks=pytest.mark.full)


def letter(paragraphs: int = 3, **changes: Any) -> bytes:
    return compose(content(paragraphs, **changes), COMPANY, TEMPLATES)


def content(paragraphs: int = 3, **changes: Any) -> LetterContent:
    made = LetterContent(
        addressee=["Ершову Никите Ильичу"],
        topic="О перерасчёте платы",
        salutation="Уважаемый Никита Ильич!",
        preamble="Рассмотрели Ваше обращение (вх. № ВХ-2026-000123 от 05.11.2026) и сообщаем о результате.",
        body=[PARAGRAPH] * paragraphs,
        closing="Если возникнут вопросы, будем рады Вам помочь.",
        number="ИСХ-2026-000017",
        date=dt.date(2026, 11, 24),
        signatory=SignatoryFacts(
            last_name="Иванова", first_name="Светлана", patronymic="Викторовна", position="Директор"
        ),
        executor=ExecutorFacts(last_name="Сидорова", first_name="Мария", patronymic="Ивановна", phone="+73472001012"),
        qr="ИСХ-2026-000017",
    )
    return made.model_copy(update=changes)


def places(pdf: bytes, word: str) -> list[tuple[int, float, float, float, float]]:
    """Page, left, top, right, bottom in millimetres from the upper left corner, of every hit."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        search = text.search(word)
        while (hit := search.get_next()) is not None:
            boxes = [text.get_charbox(index) for index in range(hit[0], hit[0] + hit[1])]
            edges = (min(b[0] for b in boxes), page.get_height() - max(b[3] for b in boxes))
            ends = (max(b[2] for b in boxes), page.get_height() - min(b[1] for b in boxes))
            found.append((number, *(value * 25.4 / 72 for value in (*edges, *ends))))
    return found


@pytest.mark.parametrize("paragraphs", [2, 7, 8, 9, 10, 12])
def test_mark_is_bottom_left_of_the_sheet_of_the_signature_at_every_length(paragraphs: int) -> None:
    pdf = to_pdf(letter(paragraphs, enclosures=["Расчёт\nОбъём 812 Гкал."]))
    ((page, left, top, _, bottom),) = places(pdf, "Сидорова")
    ((signature_page, *_, signature_bottom),) = places(pdf, "Иванова")
    ((salutation_page, salutation_left, _, salutation_right, _),) = places(pdf, "Уважаемый Никита Ильич!")
    assert page == signature_page == page_count(pdf) - 1
    assert abs(left - 25) <= 1
    assert top >= 0.75 * 297
    assert bottom <= 297 - 5
    assert top > signature_bottom
    assert salutation_page == 1
    assert abs((salutation_left + salutation_right) / 2 - (25 + 195) / 2) <= 1


def test_each_enclosure_has_its_own_sheet() -> None:
    pdf = to_pdf(letter(enclosures=["Расчёт платы", "Копия акта"]))
    assert page_count(pdf) == 3
    assert [place[0] for place in places(pdf, "Приложение №")] == [2, 3]
    assert page_count(to_pdf(letter())) == 1


def test_enclosures_written_as_words_are_counted_on_the_sheets() -> None:
    long = "\n".join(["Расчёт платы", *[PARAGRAPH] * 12])
    words = content(enclosures=[long, "Копия акта", "Реестр на 3 л. в 2 экз."])
    laid = layout.lay_out(words, COMPANY, TEMPLATES)
    assert layout.printed_sheets(laid.pdf) == {1: 2, 2: 1, 3: 1}
    assert page_count(laid.pdf) == 5
    text = typography.plain(pdf_text(laid.pdf))
    assert "1. Расчёт платы на 2 л. в 1 экз." in text
    assert "2. Копия акта на 1 л. в 1 экз." in text
    assert "3. Реестр на 3 л. в 2 экз." in text


def test_batch_keeps_order_and_names_a_broken_letter() -> None:
    made = to_pdfs([letter(number=f"ИСХ-2026-{number:06}") for number in range(1, 4)])
    for number, pdf in enumerate(made, start=1):
        assert f"{number:06}" in pdf_text(pdf)
    with pytest.raises(ConverterError, match="письма 2"):
        to_pdfs([letter(), b""])


def test_threads_wait_for_each_other() -> None:
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(to_pdf(letter()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3


def test_a_final_letter_is_whole() -> None:
    pdf = to_pdf(letter())
    seen = facts(pdf)
    assert (seen.pages, seen.standard, seen.tagged, seen.language) == (1, "2B", True, "ru-RU")
    assert seen.title == "Письмо ИСХ-2026-000017"
    assert seen.faults == []
    require_final(pdf, "ИСХ-2026-000017")
    with pytest.raises(ConverterError, match="нет номера ИСХ-2026-999999"):
        require_final(pdf, "ИСХ-2026-999999")
    printed.fonts()
    bare = printed.pdf([printed.paragraph("ИСХ-1")], title="", author="")
    with pytest.raises(ConverterError, match=r"PDF/A-2b.*вслух.*заголовка"):
        require_final(bare, "ИСХ-1")


def resaved(data: bytes, folder: Path, *formats: str) -> bytes:
    """A letter as word processors give it back: saved in each of these formats in turn."""
    suffix = "docx"
    for number, target in enumerate(formats):
        source, result = folder / f"{number}.{suffix}", folder / f"out{number}"
        source.write_bytes(data)
        OFFICE.convert([source], {"odt": "odt", "docx": "docx:MS Word 2007 XML"}[target], result, 60)
        data, suffix = (result / f"{number}.{target}").read_bytes(), target
    return data


@pytest.mark.parametrize(
    ("paragraphs", "enclosures"),
    [(8, ["Расчёт\nОбъём 812 Гкал.", "Акт"]), *(pytest.param(n, [], marks=pytest.mark.full) for n in range(2, 12))],
)
@pytest.mark.parametrize("formats", [("odt", "docx"), ("docx",), ("docx", "odt", "docx")])
def test_parts_and_mark_survive_word_processors(
    paragraphs: int, enclosures: list[str], formats: tuple[str, ...], tmp_path: Path
) -> None:
    words = content(paragraphs, enclosures=enclosures)
    wording = support_house.letter_rules().wording
    made = compose(words, COMPANY, TEMPLATES)
    back = resaved(made, tmp_path, *formats)
    before, after = (find_zones(read_letter(one), wording) for one in (made, back))
    for zone in Zone:
        assert [typography.plain(block.text) for block in after.blocks(zone)] == [
            typography.plain(block.text) for block in before.blocks(zone)
        ], zone
    assert after.blocks(Zone.MARK)
    assert layout.faults(to_pdf(back), words) == layout.faults(to_pdf(made), words)


LINE = "Перерасчёт выполнен и отражён в платёжном документе за ноябрь. "


@pytest.mark.parametrize(
    ("lines", "large"), [(27, False), (32, False), (42, True), *(mark_full(n) for n in range(20, 34))]
)
def test_a_signature_is_never_left_alone_on_a_sheet(lines: int, *, large: bool) -> None:
    body = [LINE * 3, LINE * (lines // 2), LINE * (lines - lines // 2)]
    laid = layout.lay_out(content(body=body, large_print=large), COMPANY, TEMPLATES)
    assert laid.faults == []


def test_the_loop_sees_what_it_mends() -> None:
    lone = content(body=[LINE * 3, LINE * 21, LINE * 21], large_print=True)
    assert layout.faults(to_pdf(compose(lone, COMPANY, TEMPLATES)), lone) == [layout.ALONE]


def children(office: Office) -> list[int]:
    """Processes of LibreOffice proper in the group of the kept child."""
    listed = subprocess.run(
        ["pgrep", "-g", str(office.pid), "soffice.bin"], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def convert(office: Office, folder: Path, *, limit: float = 60) -> None:
    (folder / "one.docx").write_bytes(letter())
    (folder / "one.pdf").unlink(missing_ok=True)
    office.convert([folder / "one.docx"], FILTER, folder, limit)
    assert page_count((folder / "one.pdf").read_bytes()) == 1


def test_the_kept_child_is_replaced_when_killed_worn_out_or_hanging(tmp_path: Path) -> None:
    office = Office()
    convert(office, tmp_path)
    (child,) = children(office)
    os.kill(child, signal.SIGKILL)
    convert(office, tmp_path)
    office.stop()
    office = Office(restart_after=2)  # a new one: who made the letter after the kill is a matter of moments
    convert(office, tmp_path)
    convert(office, tmp_path)
    first = office.pid
    convert(office, tmp_path)
    assert office.pid not in {None, first}, "two letters were its whole life"
    (child,) = children(office)
    os.kill(child, signal.SIGSTOP)
    with pytest.raises(ConverterError, match="не уложился"):
        convert(office, tmp_path, limit=1)
    assert office.pid is None
    convert(office, tmp_path)
    office.stop()
    assert office.pid is None


def test_the_kept_child_ends_with_its_parent_and_when_idle(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from outbox.pdf import FILTER; "
        "from outbox.soffice import OFFICE; folder = Path(sys.argv[1]); "
        "OFFICE.convert([folder / 'one.docx'], FILTER, folder, 60); print(OFFICE.pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    (tmp_path / "one.docx").write_bytes(letter())
    died = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL
    assert _gone(int(died.stdout.split()[-1]))
    office = Office(idle=1)
    convert(office, tmp_path)
    group = office.pid
    assert group is not None
    assert _gone(group)


def _gone(group: int) -> bool:
    """Whether a group of processes ends within seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = subprocess.run(["pgrep", "-g", str(group), "soffice.bin"], capture_output=True, text=True, check=False)
        if not found.stdout:
            return True
        time.sleep(0.1)
    return False


def test_without_libreoffice_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert converter_check().ok
    monkeypatch.setenv("PATH", "/nonexistent")
    state = converter_check()
    assert not state.ok
    assert "libreoffice-writer-nogui" in state.message
    with pytest.raises(ConverterError, match="libreoffice-writer-nogui"):
        Office().convert([Path("/nonexistent.docx")], FILTER, Path("/tmp"), 5)
