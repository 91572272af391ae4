"""Our marks: parsing, drawing and reading them back, and laying out a batch from them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from support_intake import SERIF, typed_page

from intake.batch import lay_out
from intake.codes import (
    Mark,
    find_marks,
    outgoing_text,
    parse_mark,
    qr_image,
    qr_png,
    register_text,
    separator_text,
)
from intake.refusal import RefusedError
from intake.sheets import SheetLook, is_blank
from outbox.papersheets import separator_pdf


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

    with pikepdf.open(io.BytesIO(separator_pdf(separator_text("ВХ"), copies=3))) as pdf:
        assert len(pdf.pages) == 3


SEPARATOR = SheetLook((Mark("separator"),))
PAGE, BLANK = SheetLook(), SheetLook(blank=True)


def _label(number: str) -> SheetLook:
    return SheetLook((Mark("registered", number=number),))


@pytest.mark.parametrize(
    ("looks", "letters", "dropped"),
    [
        ([PAGE, PAGE, PAGE], [[0, 1, 2]], 0),
        ([SEPARATOR, PAGE, SEPARATOR, PAGE, PAGE], [[1], [3, 4]], 2),
        ([PAGE, SEPARATOR, PAGE], [[0], [2]], 1),
        ([SEPARATOR, SEPARATOR, PAGE], [[2]], 2),
        ([PAGE, SEPARATOR, SEPARATOR], [[0]], 2),
        ([PAGE, BLANK, PAGE, BLANK], [[0, 2]], 2),
        ([_label("1"), PAGE, _label("2"), _label("2"), PAGE], [[0, 1], [2, 3, 4]], 0),
        ([PAGE, _label("1")], [[0], [1]], 0),
    ],
)
def test_pile_is_laid_out(looks: list[SheetLook], letters: list[list[int]], dropped: int) -> None:
    pile = lay_out(looks)
    assert [letter.sheets for letter in pile.letters] == letters
    assert pile.certain
    assert pile.dropped == dropped
    assert sum(map(len, letters)) + dropped == len(looks)


def test_nothing_but_separators_is_refused_and_nothing_but_blanks_asks_a_person() -> None:
    with pytest.raises(RefusedError, match="разделительные листы"):
        lay_out([SEPARATOR, SEPARATOR])
    pile = lay_out([BLANK, SEPARATOR, BLANK])
    assert (pile.letters[0].sheets, pile.certain, pile.dropped) == ([0, 2], False, 1)


def test_the_last_of_several_sheets_speaks() -> None:
    first, second = Mark("separator", date=dt.date(2026, 1, 1)), Mark("separator", date=dt.date(2026, 2, 2))
    assert lay_out([SheetLook((first,)), SheetLook((second,)), PAGE]).letters[0].separator == second


def test_two_passes_are_collated_when_the_sheet_on_top_says_so() -> None:
    top = SheetLook((Mark("separator", sides=2),))
    # Fronts: the sheet, A1, B1; the pile turned over gives B2 (blank), A2, and the sheet's own blank back.
    pile = lay_out([top, PAGE, PAGE, BLANK, PAGE, BLANK])
    assert pile.order == [0, 5, 1, 4, 2, 3]
    assert [letter.sheets for letter in pile.letters] == [[1, 4, 2]]
    assert (pile.dropped, pile.certain) == (3, True)
    assert not lay_out([top, PAGE, PAGE]).certain


def test_a_short_word_is_writing_and_specks_are_not() -> None:
    page = Image.new("L", (1654, 2339), 236)
    assert is_blank(page)
    draw = ImageDraw.Draw(page)
    for place in range(60):
        draw.point((100 + place * 23, 300 + place * 31), 90)
    assert is_blank(page)
    draw.text((300, 400), "нет", font=ImageFont.truetype(SERIF, 40), fill=190)  # pale pencil, 14 points
    assert not is_blank(page)
