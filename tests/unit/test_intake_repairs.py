"""What is done to a page: pens' ink taken off, a photographed sheet set square, leftover lines found."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from support_intake import SERIF, typed_page
from support_scans import Group, Sheet, cer, distance, fields_found, folded, lost_lines, sheet

from intake.engine import EngineRun, run_of, without_specks
from intake.ink import is_coloured, without_blue
from intake.invisible import drawing
from intake.leftover import uncovered, with_line
from intake.limits import ReadSettings
from intake.page import Findings, Word, unsure_numbers, verdict
from intake.photo import _projection, find_sheet, flattened, is_uneven, squared
from intake.raster import normalise
from rules.recognition import Recognition, supplied

BANDS = supplied().page

BLUE, RED = (45, 60, 165), (190, 40, 50)


def _coloured(colour: tuple[int, int, int]) -> Image.Image:
    ink = Image.new("RGB", typed_page(dpi=150).size, "white")
    draw = ImageDraw.Draw(ink)
    draw.ellipse((200, 200, 700, 700), outline=colour, width=14)
    draw.line((150, 500, 900, 560), fill=colour, width=10)
    return ImageChops.darker(typed_page(dpi=150).convert("RGB"), ink)


def test_blue_ink_goes_and_black_letters_stay() -> None:
    clean, bare = np.asarray(typed_page(dpi=150)), without_blue(_coloured(BLUE))
    assert bare is not None
    left = np.asarray(bare)
    stroke = np.asarray(_coloured(BLUE).getchannel("R")) < 100
    only_ink = stroke & (clean > 200)
    assert left[only_ink].min() > 235
    assert left[clean < 60].max() < 110


@pytest.mark.parametrize("page", [typed_page(dpi=150), typed_page(dpi=150).convert("RGB"), _coloured(RED)])
def test_grey_pages_and_red_registration_stamps_are_left_alone(page: Image.Image) -> None:
    assert without_blue(page) is None


def test_colour_is_told_from_grey_in_three_channels() -> None:
    assert is_coloured(_coloured(BLUE))
    assert not is_coloured(typed_page(dpi=150).convert("RGB"))
    raster = normalise(_coloured(BLUE), (150, 150), ReadSettings())
    assert raster.bare is not None
    assert raster.text is raster.bare
    assert raster.bare.size == raster.image.size


def _shot() -> Image.Image:
    """A sheet of A4 with a mark near each corner, on a dark desk, in perspective, half of it in the shadow."""
    paper = Image.new("RGB", (620, 877), "white")
    for x, y in ((60, 60), (540, 60), (60, 797), (540, 797)):
        ImageDraw.Draw(paper).rectangle((x, y, x + 20, y + 20), fill=(20, 20, 20))
    corners = ((60.0, 50.0), (820.0, 90.0), (850.0, 1130.0), (30.0, 1160.0))
    back = _projection(corners, ((0, 0), (620, 0), (620, 877), (0, 877)))
    desk = Image.new("RGB", (900, 1200), (70, 60, 50))
    mask = Image.new("L", paper.size, 255).transform(desk.size, Image.Transform.PERSPECTIVE, back)
    desk.paste(paper.transform(desk.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC), (0, 0), mask)
    light = np.linspace(1.0, 0.6, 900, dtype=np.float32)
    return Image.fromarray((np.asarray(desk) * light[None, :, None]).astype(np.uint8))


def test_photographed_sheet_is_found_and_set_square() -> None:
    found = find_sheet(_shot())
    assert found is not None
    square = squared(_shot(), found)
    assert square.height / square.width == pytest.approx(297 / 210, rel=0.02)
    assert is_uneven(square.convert("L"))
    grey = flattened(square.convert("L"))
    assert not is_uneven(grey)
    dark = np.asarray(grey.resize((620, 877), Image.Resampling.BOX)) < 140
    ys, xs = np.nonzero(dark[20:-20, 20:-20])
    box = (xs.min() + 20, ys.min() + 20, xs.max() + 20, ys.max() + 20)
    assert np.abs(np.array(box) - (60, 60, 560, 817)).max() < 15


@pytest.mark.parametrize(
    "image", [typed_page(dpi=100).convert("RGB"), Image.new("RGB", (800, 1100), (90, 80, 70)), _coloured(BLUE)]
)
def test_scan_is_not_taken_for_a_photograph(image: Image.Image) -> None:
    assert find_sheet(image) is None


def test_line_that_no_word_covers_is_found() -> None:
    page = typed_page(dpi=200)
    rows = uncovered(page, 200, [])
    assert len(rows) >= 8
    covered = [Word("", row.x, row.y, row.w, row.h, 90.0) for row in rows]
    assert uncovered(page, 200, covered) == []
    (lost,) = uncovered(page, 200, covered[:3] + covered[4:])
    assert lost == rows[3]


def test_specks_rules_and_pens_are_no_lines() -> None:
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    rng = np.random.default_rng(3)
    for x, y in rng.integers(0, 1600, (900, 2)):
        draw.rectangle((int(x), int(y), int(x) + 2, int(y) + 2), fill=40)
    draw.line((100, 300, 1500, 300), fill=0, width=4)
    draw.rectangle((100, 500, 1500, 900), outline=0, width=3)
    draw.line([(600 + 6 * i, 1200 + (40 if i % 2 else -40)) for i in range(30)], fill=30, width=4)
    assert uncovered(page, 200, []) == []


def _run() -> EngineRun:
    rows = ["5\t1\t1\t1\t1\t1\t10\t10\t90\t20\t95\tПервая", "5\t1\t1\t1\t2\t1\t10\t90\t90\t20\t95\tТретья"]
    return run_of("Первая\n\nТретья\n", "\n".join(rows))


@pytest.mark.parametrize(
    ("y", "text"), [(50, "Первая\nвторая строка\n\nТретья"), (130, "Первая\n\nТретья\nвторая строка")]
)
def test_found_line_stands_where_it_belongs(y: float, text: str) -> None:
    words = [Word("строка", 60, y, 40, 20, 85.0), Word("вторая", 10, y, 40, 20, 90.0)]
    run = with_line(_run(), words)
    assert run.text == text
    assert [word.text for word in run.words] == [word for word in text.split() if word]
    assert run.confident == _run().confident + len("втораястрока")
    assert len({word.line for word in run.words}) == 3


def test_unread_lines_are_told() -> None:
    needs_person, reasons, _ = verdict(Findings(95, 100, 0.05, unread=2), BANDS)
    assert not needs_person
    assert any("нераспознанные строки (2)" in reason for reason in reasons)


def test_a_page_with_several_unread_lines_goes_to_a_person_however_sure_the_rest_is() -> None:
    assert verdict(Findings(95, 100, 0.05, unread=BANDS.unread_for_person), BANDS)[0]


def test_specks_are_no_words_and_dashes_are() -> None:
    words = [Word(text, 0, 0, 9, 9, 90, 1) for text in ("|", "Прошу", "—", "‚°", "№", "5", ".")]
    run = EngineRun("|\n\nПрошу — ‚°\n№ 5 .", words, 81.0, 5)
    clean = without_specks(run, supplied().specks)
    assert clean.text == "Прошу —\n№ 5"
    assert [word.text for word in clean.words] == ["Прошу", "—", "№", "5"]
    assert clean.confidence == 81.0
    assert without_specks(clean, supplied().specks) is clean


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"specks": "|a"}, "буква, цифра или пробел"),
        ({"page": {**supplied().page.model_dump(), "doubtful_below": 95}}, "идут не по порядку"),
    ],
)
def test_bands_out_of_order_and_letters_among_specks_are_refused_in_russian(
    change: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Recognition.model_validate({**supplied().model_dump(), **change})


def test_numbers_that_are_not_sure_are_told_beside_no_other_remark() -> None:
    words = [
        Word(text, 0, 0, 40, 20, sure) for text, sure in (("S0L775", 43), ("3 017,75", 95), ("Прошу", 20), ("д.1", 9))
    ]
    assert unsure_numbers(words, BANDS) == 1
    needs_person, reasons, _ = verdict(Findings(95, 100, 0.05, unsure=1), BANDS)
    assert not needs_person
    assert reasons == ["есть числа, прочитанные неуверенно (1): сверьте их со сканом"]
    assert len(verdict(Findings(85, 100, 0.05, unsure=1), BANDS)[1]) == 1


def test_invisible_text_is_ascii_operators_with_every_word() -> None:
    operators = drawing([Word("Да", 10, 10, 20, 10, 90, 1), Word("𝄞", 40, 10, 20, 10, 90, 1)]).decode("ascii")
    assert "<041404300020> Tj" in operators
    assert "<D834DD1E> Tj" in operators
    assert "3 Tr" in operators


def test_scores_of_the_benchmark() -> None:
    one = Sheet(Image.new("L", (1, 1)), [Group([[(0, "левый"), (9, "низ")], [(0, "правый")]])], {"inn": "0274 900"})
    for order in ("левый низ правый", "левый правый низ", "правый левый низ"):
        assert cer(order, one) == 0
    assert cer("левый низ правыи", one) == pytest.approx(1 / 16)
    assert distance("мама мыла раму", "мама мыла рану!") == 2
    assert fields_found("ИНН O274-9OO.", one) == (1, 1)
    assert folded("А-1") == folded("A1")
    assert lost_lines("правый", Sheet(one.image, [Group([[(0, "потерянная строка")]])])) == ["потерянная строка"]


def test_every_sheet_knows_what_stands_on_it() -> None:
    typed = sheet(2, stamped=True)
    (first, *_) = typed.readings()
    assert all(value in first for value in typed.fields.values())
    assert "Содержание жилья 54,30 кв. м 31,44" in " ".join(typed.readings())
    assert ImageFont.truetype(SERIF, 10)
