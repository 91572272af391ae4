from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outbox import soffice
from outbox.compose import compose
from outbox.errors import ConverterError, PostListError
from outbox.pdf import converter_check, page_count, pdf_text, to_pdf, to_pdfs
from outbox.postlist import PostItem, PostSender, address_label, dispatch_list_pdf
from rules.wire import ExecutorFacts, LetterContent, SignatoryFacts

pytestmark = pytest.mark.service

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
COMPANY = {"short_name": "ООО «ЕИРЦ РБ»", "postal_address": "450000, г. Уфа, ул. Демонстрационная, д. 1"}
PARAGRAPH = "Перерасчёт выполнен на сумму 1 245,30 руб. и отражён в платёжном документе за ноябрь 2026 г. " * 3


def letter(paragraphs: int = 3, **changes: Any) -> bytes:
    content = LetterContent(
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
    return compose(content.model_copy(update=changes), COMPANY, TEMPLATES)


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
    pdf = to_pdf(letter(paragraphs, enclosures=["Расчёт\nОбъём 812 Гкал."]), expect=["ИСХ-2026-000017"])
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


def test_batch_keeps_order_and_names_a_broken_letter() -> None:
    made = to_pdfs([letter(number=f"ИСХ-2026-{number:06}") for number in range(1, 4)])
    for number, pdf in enumerate(made, start=1):
        assert f"{number:06}" in pdf_text(pdf)
    with pytest.raises(ConverterError, match="письма 2"):
        to_pdfs([letter(), b""])


def test_two_conversions_at_once_do_not_share_a_profile() -> None:
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(to_pdf(letter()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3


def test_a_missing_text_is_noticed() -> None:
    with pytest.raises(ConverterError, match="ожидаемых"):
        to_pdf(letter(), expect=["ИСХ-2026-999999"])


def test_too_slow_is_stopped() -> None:
    with pytest.raises(ConverterError, match="не уложился"):
        soffice.convert([Path("/nonexistent.docx")], "pdf", Path("/tmp"), Path("/tmp/otvet-no-profile"), 0.05)


def test_without_libreoffice_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert converter_check().ok
    monkeypatch.setenv("PATH", "/nonexistent")
    state = converter_check()
    assert not state.ok
    assert "libreoffice-writer-nogui" in state.message
    with pytest.raises(ConverterError, match="libreoffice-writer-nogui"):
        to_pdf(letter())


def test_dispatch_list_pdf_and_label_are_readable() -> None:
    sender = PostSender(name="ООО «ЕИРЦ РБ»", address="450000, г. Уфа")
    items = [
        PostItem(
            number=f"ИСХ-2026-{n:06}", addressee="Ершову <b>Никите & Ко", address=f"450059, г. Уфа, ул. Зорге, {n}"
        )
        for n in range(1, 41)
    ]
    made = dispatch_list_pdf(items, sender.name, dt.date(2026, 11, 24), number="12")
    text = pdf_text(made)
    assert page_count(made) > 1
    assert "Реестр почтовых отправлений № 12 от 24.11.2026" in text
    assert all(item.number in text.replace("\r\n", "") for item in items)
    assert "Всего отправлений: 40" in text
    assert "<b>Никите & Ко" in pdf_text(address_label(items[0], sender)).replace("\r\n", " ")
    assert page_count(address_label(items[0], sender)) == 1
    with pytest.raises(PostListError, match="ИСХ-1"):
        dispatch_list_pdf([PostItem(number="ИСХ-1", addressee="А", address="")], "А", dt.date(2026, 1, 1))
