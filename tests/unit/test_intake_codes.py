"""Our marks: parsing, drawing and reading them back, and laying out a batch from them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image
from support_intake import typed_page

from intake.batch import plan
from intake.codes import (
    Mark,
    find_marks,
    outgoing_text,
    parse_mark,
    qr_image,
    qr_png,
    register_text,
    separator_sheet_pdf,
    separator_text,
)


def test_marks_are_parsed() -> None:
    assert parse_mark("OTVET:SEP") == Mark("separator")
    assert parse_mark("OTVET:SEP;journal=ВХ;date=2026-11-03;kind=complaint") == Mark(
        "separator", journal="ВХ", date=dt.date(2026, 11, 3), appeal_kind="complaint"
    )
    assert parse_mark("OTVET:REG;ВХ-2026-000123") == Mark("registered", number="ВХ-2026-000123")
    assert parse_mark(" OTVET:OUT;ИСХ-2026-000045\n") == Mark("outgoing", number="ИСХ-2026-000045")


@pytest.mark.parametrize(
    "text", ["", "PATCHT", "otvet:sep", "OTVET:", "OTVET:XYZ;1", "OTVET:REG", "OTVET:REG;", "OTVET:SEP" + ";a=b" * 100]
)
def test_foreign_or_senseless_codes_are_no_marks(text: str) -> None:
    assert parse_mark(text) is None


def test_separator_with_a_bad_date_still_separates() -> None:
    assert parse_mark("OTVET:SEP;date=2026-13-45;x;y=1") == Mark("separator")


def test_names_that_would_break_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="separator"):
        separator_text(journal="ВХ;date=2020-01-01")


@pytest.mark.parametrize("turn", [0, 90, 180, 7])
def test_label_on_a_page_is_read_back(turn: int) -> None:
    page = typed_page().copy()
    page.paste(qr_image(register_text("ВХ-2026-000123"), scale=6), (1900, 150))
    marks = find_marks(page.rotate(turn, expand=True, fillcolor=255))
    assert marks == [Mark("registered", number="ВХ-2026-000123")]


def test_page_without_codes_has_no_marks() -> None:
    assert find_marks(typed_page()) == []


def test_qr_is_a_png_picture() -> None:
    with Image.open(io.BytesIO(qr_png(outgoing_text("ИСХ-2026-000045")))) as image:
        assert image.format == "PNG"
        assert find_marks(image) == [Mark("outgoing", number="ИСХ-2026-000045")]


def test_separator_sheet_is_a_pdf_of_as_many_pages() -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(separator_sheet_pdf(journal="ВХ", copies=3))) as pdf:
        assert len(pdf.pages) == 3


SEPARATOR = [Mark("separator")]


@pytest.mark.parametrize(
    ("marks", "ranges", "dropped"),
    [
        ([[], [], []], [(0, 2)], [0]),
        ([SEPARATOR, [], SEPARATOR, [], []], [(1, 1), (3, 4)], [1, 1]),
        ([[], SEPARATOR, []], [(0, 0), (2, 2)], [0, 1]),
        ([SEPARATOR, SEPARATOR, []], [(2, 2)], [2]),
        ([[], SEPARATOR, SEPARATOR], [(0, 0)], [2]),
        ([SEPARATOR, SEPARATOR], [], []),
    ],
)
def test_batch_is_laid_out(marks: list[list[Mark]], ranges: list[tuple[int, int]], dropped: list[int]) -> None:
    cuts = plan(marks)
    assert [(cut.first, cut.last) for cut in cuts] == ranges
    assert [cut.dropped for cut in cuts] == dropped
    if cuts:
        assert sum(last - first + 1 for first, last in ranges) + sum(dropped) == len(marks)


def test_the_last_of_several_sheets_speaks() -> None:
    first, second = Mark("separator", date=dt.date(2026, 1, 1)), Mark("separator", date=dt.date(2026, 2, 2))
    assert plan([[first], [second], []])[0].separator == second
