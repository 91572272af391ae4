"""Forms of the post: lists, inventories, notices, labels, envelopes say what they must and print all as data."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2
import pytest
import support_house as support
from PIL import Image
from support_rules import copied, edit

from intake.codes import Mark, find_marks, list_text, notice_text
from outbox.errors import PostListError
from outbox.postblank import blank_pdf
from outbox.postitem import Content, PostItem, PostSender, check_digit, split_address, tracking
from outbox.postsheet import inventory_pdf, item_words, joined, list_pdf, list_xlsx
from rules.book import RuleError, load
from rules.wire import ReplyKind, Segment

FORMS, POST = support.book().postforms, support.book().post
SENDER = PostSender(name="ООО «ЕИРЦ РБ»", address="450000, г. Уфа, ул. Демонстрационная, д. 1")
DAY = dt.date(2026, 11, 30)
NUMBER = "45000011000016"  # 450000 · 11 · 00001 · check digit 6


def item(place: int = 1, **changes: object) -> PostItem:
    made = PostItem(
        number=f"ИСХ-2026-{place:06}",
        addressee="Ершову <b>Никите & Ко",
        address=f"450059, г. Уфа, ул. Зорге, д. {place}",
        kind="Ценное с описью",
        tracking=NUMBER,
        grams=25,
        value=10,
        contents=[Content(what="Письмо исх. № 1", sheets=2), Content(what="=1+1 Расчёт", sheets=3)],
        mark=notice_text(place),
    )
    return made.model_copy(update=changes)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def marks(pdf: bytes) -> list[list[Mark]]:
    document = pypdfium2.PdfDocument(pdf)
    return [find_marks(page.render(scale=200 / 72, grayscale=True).to_pil()) for page in document]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [tuple(round(float(edge) * 25.4 / 72) for edge in page.mediabox[2:]) for page in document.pages]


def test_the_list_names_every_item_and_is_found_by_its_code_on_every_sheet() -> None:
    made = list_pdf(FORMS.sheet["f103"], [item(n) for n in range(1, 21)], SENDER, DAY, number="12", mark=list_text(12))
    said = words(made)
    assert "ф. 103" in said
    assert "СПИСОК № 12 внутренних почтовых отправлений от 30.11.2026" in said
    assert "Всего отправлений: 20. Сумма объявленной ценности, руб.: 200" in said
    assert "Ершову <b>Никите & Ко" in said
    for place in range(1, 21):
        assert f"Зорге, д. {place}" in said
    found = marks(made)
    assert len(found) > 1
    assert found == [[Mark("post_list", number="12")]] * len(found)


def test_the_workbook_holds_the_same_rows_and_no_formula() -> None:
    rows = [item(1), item(2, addressee="=cmd|' /C calc'!A0")]
    made = list_xlsx(FORMS.sheet["f103"], rows, SENDER, DAY, number="12")
    page = openpyxl.load_workbook(io.BytesIO(made)).active
    assert page is not None
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    head = next(place for place, row in enumerate(cells) if "ШПИ" in row)
    assert cells[head + 1][:4] == ["1", "Ершову <b>Никите & Ко", "450059, г. Уфа, ул. Зорге, д. 1", NUMBER]
    assert str(cells[head + 2][1]).startswith("'="), "a client's words are no formula"
    assert any("СПИСОК № 12" in str(row[0]) for row in cells)


def test_the_inventory_is_printed_in_two_copies_on_one_sheet() -> None:
    made = inventory_pdf(FORMS.sheet["f107"], item(), SENDER, DAY)
    assert sizes(made) == [(296, 210)], "two A5 beside each other"
    said = words(made)
    assert said.count("ОПИСЬ") == 2
    assert said.count("Письмо исх. № 1, на 2 л.") == 2
    assert said.count("=1+1 Расчёт, на 3 л.") == 2
    assert said.count("Общий итог предметов и ценности: 2 шт., 10 руб.") == 2


def test_a_long_inventory_keeps_its_copies_beside_each_other() -> None:
    many = item(contents=[Content(what=f"Приложение {n}", sheets=1) for n in range(1, 31)])
    made = inventory_pdf(FORMS.sheet["f107"], many, SENDER, DAY)
    assert set(sizes(made)) == {(296, 210)}
    assert len(sizes(made)) > 1
    assert all(words(made).count(f"Приложение {n},") == 2 for n in range(1, 31))


def test_the_notice_has_two_sides_our_address_and_a_code() -> None:
    made = blank_pdf(FORMS.blank["f119"], [item(7)], SENDER)
    assert sizes(made) == [(148, 105)] * 2
    said = words(made)
    assert "УВЕДОМЛЕНИЕ о вручении" in said
    assert "ООО «ЕИРЦ РБ»" in said
    assert f"ШПИ {NUMBER}" in said
    assert "450059, г. Уфа, ул. Зорге, д. 7" in said
    assert marks(made) == [[Mark("notice", number="7")], []]


@pytest.mark.parametrize("name", ["envelope_dl", "envelope_c5", "envelope_c4", "label"])
def test_an_envelope_names_both_sides_and_the_postcode(name: str) -> None:
    blank = FORMS.blank[name]
    made = blank_pdf(blank, [item(1), item(2)], SENDER)
    assert sizes(made) == [(round(blank.width), round(blank.height))] * 2
    said = words(made)
    assert "От кого: ООО «ЕИРЦ РБ»" in said
    assert "Куда: г. Уфа, ул. Зорге, д. 2" in said
    assert "Кому: Ершову <b>Никите & Ко" in said


def test_the_postcode_is_drawn_as_strokes_and_left_open_when_unknown() -> None:
    """The strokes of a known digit are ink that the empty field has not; each digit draws another figure."""
    blank = FORMS.blank["label"]
    zone = next(one for one in blank.sides[0] if one.kind == "index")

    def ink(address: str) -> bytes:
        page = pypdfium2.PdfDocument(blank_pdf(blank, [item(address=address)], SENDER))[0]
        picture = page.render(scale=8, grayscale=True).to_pil()
        mm = picture.width / blank.width
        box = (zone.x * mm, zone.y * mm, (zone.x + zone.width) * mm, (zone.y + zone.height) * mm)
        return picture.crop(tuple(map(int, box))).point(lambda shade: 0 if shade < 128 else 255).tobytes()

    figures = {ink(f"{digit * 6}, г. Уфа") for digit in "0123456789"}
    assert len(figures) == 10
    assert ink("г. Уфа, ул. Зорге") not in figures


def test_words_too_long_for_their_place_stay_within_it() -> None:
    endless = "Государственному бюджетному учреждению " * 20
    blank = FORMS.blank["envelope_dl"]
    page = pypdfium2.PdfDocument(blank_pdf(blank, [item(addressee=endless, address="А" * 900)], SENDER))[0]
    picture = page.render(scale=2, grayscale=True).to_pil()
    edge = Image.new("L", picture.size, 255)
    edge.paste(picture.crop((8, 8, picture.width - 8, picture.height - 8)), (8, 8))
    assert picture.tobytes() == edge.tobytes(), "nothing is printed at the edge"


def test_an_address_without_postcode_has_no_comma_before_it() -> None:
    assert item_words(item(), SENDER)["destination"] == "450059, г. Уфа, ул. Зорге, д. 1"
    assert item_words(item(address="г. Уфа, ул. Зорге, д. 1"), SENDER)["destination"] == "г. Уфа, ул. Зорге, д. 1"


def test_an_item_without_address_is_named() -> None:
    with pytest.raises(PostListError, match="ИСХ-1"):
        list_pdf(FORMS.sheet["f103"], [item(number="ИСХ-1", address=" ")], SENDER, DAY, number="1", mark="")
    with pytest.raises(PostListError, match="нет отправлений"):
        blank_pdf(FORMS.blank["label"], [], SENDER)


def test_files_are_joined_in_their_order() -> None:
    first, second = (blank_pdf(FORMS.blank[name], [item()], SENDER) for name in ("label", "envelope_c5"))
    assert sizes(joined([first, second])) == [(105, 70), (229, 162)]


@pytest.mark.parametrize(
    ("address", "rest", "code"),
    [
        ("450059, г. Уфа, ул. Зорге, 1", "г. Уфа, ул. Зорге, 1", "450059"),
        ("г. Уфа, ул. Зорге, 1, 450059", "г. Уфа, ул. Зорге, 1", "450059"),
        ("г. Уфа, 450059, ул. Зорге", "г. Уфа, ул. Зорге", "450059"),
        ("г. Уфа, ул. 50-летия Октября, 1234567", "г. Уфа, ул. 50-летия Октября, 1234567", ""),
        ("", "", ""),
    ],
)
def test_an_address_is_taken_apart(address: str, rest: str, code: str) -> None:
    assert split_address(address) == (rest, code)


def test_a_postal_number_has_its_check_digit() -> None:
    assert check_digit("4500001100001") == "6"
    assert tracking("450000 11 00001 6") == NUMBER
    assert tracking(NUMBER[:-1]) is None
    assert tracking("RA123456785RU") is None
    assert tracking("٤٥٠٠٠٠١١٠٠٠٠١٦") is None, "digits of other scripts are none"
    for place, digit in enumerate(NUMBER):
        for other in "0123456789":
            if other != digit:
                slip = NUMBER[:place] + other + NUMBER[place + 1 :]
                assert tracking(slip) is None, f"one wrong digit at {place} is found"


@pytest.mark.parametrize(
    ("recipient", "reply", "segment", "topic", "kind"),
    [
        ("client", ReplyKind.ANSWER, Segment.B2C, "C02.03", "registered"),
        ("client", ReplyKind.REFUSAL, Segment.B2C, "C02.03", "notified"),
        ("client", ReplyKind.INTERIM, Segment.B2C, "C02.03", "simple"),
        ("client", ReplyKind.ANSWER, Segment.B2B, "B06.01", "inventory"),
        ("client", ReplyKind.ANSWER, Segment.B2B, "B02.01", "notified"),
        ("authority", ReplyKind.INTERIM, Segment.B2B, None, "notified"),
        ("copy", ReplyKind.ANSWER, Segment.B2C, "C02.03", "registered"),
    ],
)
def test_a_letter_gets_its_kind_by_rule(
    recipient: str, reply: ReplyKind, segment: Segment, topic: str | None, kind: str
) -> None:
    assert POST.default(recipient, reply, segment, topic).id == kind  # type: ignore[arg-type] # one of the literals


def test_the_smallest_envelope_that_takes_the_sheets() -> None:
    assert [POST.envelope(sheets).id for sheets in (1, 5, 6, 20, 21, 999)] == ["DL", "DL", "C5", "C5", "C4", "C4"]
    assert POST.grams(3) == 3 * 5 + 5


BROKEN = (
    ("post.yaml", "{kind: registered, recipient: [copy]}", "{kind: parcel, recipient: [copy]}", "нет вида отправления"),
    ("post.yaml", "  - {kind: registered}\n", "", "последняя строка defaults"),
    ("post.yaml", "max_sheets: 20", "max_sheets: 3", "не от меньшего к большему"),
    ("post.yaml", "topics: [B01.02", "topics: [B99.99", "тема «B99.99» не существует"),
    ("post.yaml", "layout: envelope_dl", "layout: envelope", "макет конверта «envelope» не существует"),
    ("post.yaml", "list: simple", "list: f104", "макет списка «f104» не существует"),
    ("post.yaml", ", value_rub: 10", "", "опись без объявленной ценности"),
    ("postforms.yaml", "от {date}", "от {day}", "неизвестная подстановка {day}"),
    ("postforms.yaml", "от {date}", "от {date", "непарная фигурная скобка"),
    ("postforms.yaml", "title: Кому, width: 52", "title: Кому, width: 252", "графы вместе шире листа"),
    ("postforms.yaml", "x: 118, y: 4", "x: 138, y: 4", "выходит за край бланка"),
    ("postforms.yaml", "copies: 2", "copies: 3", "поставьте чётное copies"),
)


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN)
def test_a_wrong_file_is_told_in_russian(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    edit(copied(tmp_path), name, old, new)
    with pytest.raises(RuleError) as error:
        load(tmp_path)
    assert said in f"{error.value}"
    assert error.value.file == name
    assert error.value.line
