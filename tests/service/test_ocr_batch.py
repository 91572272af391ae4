"""Cutting real scans at separator sheets."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from support_intake import picture, scan_pdf, text_pdf, tiff, typed_page

from intake.batch import split_batch
from intake.codes import Mark, outgoing_text, qr_image, register_text, separator_text
from intake.limits import ReadSettings
from intake.pool import PagePool
from intake.refusal import RefusedError
from outbox.papersheets import separator_pdf

SETTINGS = ReadSettings(workers=2)


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(SETTINGS) as made:
        yield made


def _sheet(dpi: int = 150, **named: object) -> Image.Image:
    pdf = pypdfium2.PdfDocument(separator_pdf(separator_text(**named)))  # type: ignore[arg-type]
    image: Image.Image = pdf[0].render(scale=dpi / 72).to_pil()
    return image.convert("L")


def _labelled(text: str) -> Image.Image:
    page = typed_page(dpi=150).copy()
    page.paste(qr_image(text, scale=4), (900, 60))
    return page


PAGE = typed_page(dpi=150)


def test_batch_of_three_letters(pool: PagePool) -> None:
    sheet = _sheet(journal="ВХ", date=dt.date(2026, 11, 3), kind="complaint")
    label = _labelled(register_text("ВХ-2026-000123"))
    pages = [sheet, PAGE, PAGE, sheet.rotate(180), label, _sheet(), PAGE, _sheet()]
    for data in (scan_pdf(*pages, dpi=150), tiff(*pages, dpi=(150, 150))):
        batch = split_batch(data, "пачка.pdf", SETTINGS, executor=pool)
        parts = batch.parts
        assert [part.sheets for part in parts] == [(2, 3), (5,), (7,)]
        assert sum(part.pages for part in parts) + batch.pile.dropped == len(pages)
        assert (parts[0].receipt_date, parts[0].journal, parts[0].appeal_kind) == (
            dt.date(2026, 11, 3),
            "ВХ",
            "complaint",
        )
        assert parts[2].receipt_date is None
        assert parts[1].marks == [Mark("registered", number="ВХ-2026-000123")]
        assert parts[0].name == "пачка-001.pdf"
        if data.startswith(b"%PDF"):
            with pikepdf.open(io.BytesIO(parts[0].data)) as pdf:
                assert len(pdf.pages) == 2
        else:
            with Image.open(io.BytesIO(parts[0].data)) as image:
                assert getattr(image, "n_frames", 1) == 2
                assert tuple(image.info["dpi"]) == (150, 150)


def test_scan_without_sheets_is_one_untouched_letter(pool: PagePool) -> None:
    data = scan_pdf(PAGE, PAGE, dpi=150)
    (part,) = split_batch(data, "письмо.pdf", SETTINGS, executor=pool).parts
    assert (part.data, part.sheets) == (data, (1, 2))
    assert part.name == "письмо.pdf"


def test_mark_of_an_outgoing_letter_is_found(pool: PagePool) -> None:
    page = _labelled(outgoing_text("ИСХ-2026-000045"))
    (part,) = split_batch(picture(page, "JPEG", dpi=(150, 150)), "скан.jpg", SETTINGS, executor=pool).parts
    assert part.marks == [Mark("outgoing", number="ИСХ-2026-000045")]


def test_only_sheets_are_refused(pool: PagePool) -> None:
    with pytest.raises(RefusedError, match="разделительные листы"):
        split_batch(separator_pdf(separator_text(), copies=2), "листы.pdf", SETTINGS, executor=pool)


def test_files_without_pages_are_one_part(pool: PagePool) -> None:
    data = "Прошу перерасчёт".encode()
    (part,) = split_batch(data, "письмо.txt", SETTINGS, executor=pool).parts
    assert part.data == data
    assert len(split_batch(text_pdf("Письмо"), "a.pdf", SETTINGS, executor=pool).parts) == 1
