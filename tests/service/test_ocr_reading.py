"""Reading real files with the real engine: forms, orientation, layers, archive copies, office files, lost workers."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import numpy as np
import pdfplumber
import pikepdf
import pytest
import support_freshscans
import support_scans
from PIL import Image, ImageFilter
from support_intake import LETTER, picture, recall, scan_pdf, text_pdf, tiff, typed_page

from intake.document import DocumentReading, read_document
from intake.limits import ReadSettings
from intake.ocr import engine_check, engine_version
from intake.pool import PageFailedError, PagePool, PoolClosedError
from intake.worker import TaskFailedError

pytestmark = pytest.mark.ocr
SETTINGS = ReadSettings(workers=2, page_seconds=60, engine_seconds=40)


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(SETTINGS) as made:
        yield made


def _read(pool: PagePool, data: bytes, name: str = "письмо") -> DocumentReading:
    return read_document(data, name, SETTINGS, executor=pool)


def _assert_words_fit(reading: DocumentReading, ink: Image.Image) -> None:
    """Every confident word's box must hold ink of the upright page."""
    page = reading.words[0]
    grey = np.asarray(ink.convert("L").resize((round(page.width), round(page.height))))
    sure = [word for word in page.words if word.confidence > 90 and len(word.text) > 3]
    assert len(sure) > 20
    for word in sure:
        box = grey[int(word.y) : int(word.y + word.h) + 1, int(word.x) : int(word.x + word.w) + 1]
        assert box.min() < 128, word


def _assert_archive_text_lies_on_words(reading: DocumentReading) -> None:
    """The archive's invisible text must lie where the words were seen (share of the page, after /Rotate)."""
    assert reading.archive_pdf is not None
    page = reading.words[0]
    seen = {word.text: word for word in page.words if len(word.text) > 5}
    with pdfplumber.open(io.BytesIO(reading.archive_pdf)) as pdf:
        shown = pdf.pages[0]
        matched = 0
        for char in ("перерасчёт", "настоящему", "письменный"):
            for found in shown.search(char, regex=False):
                word = seen.get(char)
                if word is None:
                    continue
                matched += 1
                x = (found["x0"] + found["x1"]) / 2 / float(shown.width)
                y = (found["top"] + found["bottom"]) / 2 / float(shown.height)
                assert abs(x - (word.x + word.w / 2) / page.width) < 0.02
                assert abs(y - (word.y + word.h / 2) / page.height) < 0.02
        assert matched


def test_engine_is_ready() -> None:
    assert engine_check() == []
    assert engine_version().startswith("tesseract ")
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


def test_missing_models_are_named(tmp_path: Path) -> None:
    problems = engine_check(ReadSettings(tessdata_dir=tmp_path, languages="rus+tat"))
    assert any("tesseract-ocr-rus" in problem for problem in problems)
    assert any("tesseract-ocr-tat" in problem for problem in problems)


@pytest.mark.parametrize(
    "data",
    [
        picture(typed_page(), "PNG", dpi=(300, 300)),
        picture(typed_page().convert("RGB"), "JPEG", dpi=(300, 300), quality=85),
        picture(typed_page().convert("CMYK"), "JPEG", quality=90),
        picture(typed_page(dpi=200), "WEBP", quality=80),
        picture(typed_page().convert("RGBA"), "PNG"),
        picture(typed_page().convert("P"), "PNG"),
        picture(Image.fromarray(np.asarray(typed_page(), dtype=np.uint16) * 257), "PNG"),
        tiff(typed_page()),
        tiff(typed_page(), compression="tiff_lzw"),
        tiff(typed_page(dpi=200), dpi=(200, 200), compression="jpeg"),
        scan_pdf(typed_page(dpi=200), dpi=200),
    ],
    ids=["png", "jpeg", "cmyk", "webp", "rgba", "palette", "16bit", "fax-tiff", "lzw", "jpeg-tiff", "pdf"],
)
def test_every_form_of_picture_is_read(pool: PagePool, data: bytes) -> None:
    reading = _read(pool, data)
    (page,) = reading.pages
    assert page.source == "ocr"
    assert recall(page.text) >= 0.85
    assert page.confidence > 85
    assert not reading.needs_person, reading.reasons
    assert reading.engine == engine_version()
    assert reading.archive_pdf is not None
    with pdfplumber.open(io.BytesIO(reading.archive_pdf)) as pdf:
        assert recall(pdf.pages[0].extract_text()) >= 0.75


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("form", ["png", "pdf"])
def test_turned_page_is_set_upright(pool: PagePool, turn: int, form: str) -> None:
    page = typed_page(dpi=200).rotate(turn, expand=True)  # Pillow turns counter-clockwise
    reading = _read(pool, scan_pdf(page, dpi=200) if form == "pdf" else picture(page, "PNG", dpi=(200, 200)))
    assert reading.pages[0].rotated == turn
    assert recall(reading.text) >= 0.85
    _assert_words_fit(reading, typed_page(dpi=200))
    _assert_archive_text_lies_on_words(reading)


@pytest.mark.parametrize("angle", [-3, 2.4])
def test_skewed_page_is_levelled(pool: PagePool, angle: float) -> None:
    page = typed_page(dpi=200).rotate(angle, fillcolor=255)
    reading = _read(pool, picture(page, "PNG", dpi=(200, 200)))
    assert recall(reading.text) >= 0.85
    _assert_words_fit(reading, page)
    _assert_archive_text_lies_on_words(reading)


def test_skewed_scan_in_a_turned_and_cropped_pdf_page(pool: PagePool) -> None:
    skewed = typed_page(dpi=200).rotate(90, expand=True).rotate(1.5, fillcolor=255)
    with pikepdf.open(io.BytesIO(scan_pdf(skewed, dpi=200))) as pdf:
        pdf.pages[0].Rotate = 90
        left, bottom, right, top = (float(value) for value in pdf.pages[0].mediabox)
        pdf.pages[0].CropBox = pikepdf.Array([left + 20, bottom + 10, right, top])
        buffer = io.BytesIO()
        pdf.save(buffer)
    reading = _read(pool, buffer.getvalue())
    assert reading.pages[0].rotated == 0
    assert recall(reading.text) >= 0.85
    _assert_archive_text_lies_on_words(reading)


def test_exif_orientation_is_obeyed(pool: PagePool) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a clockwise quarter turn
    data = picture(typed_page(dpi=200).rotate(90, expand=True), "JPEG", dpi=(200, 200), exif=exif)
    reading = _read(pool, data)
    assert reading.pages[0].rotated == 0
    assert recall(reading.text) >= 0.85
    _assert_words_fit(reading, typed_page(dpi=200))


def test_standard_fax_is_squared_before_reading(pool: PagePool) -> None:
    fax = typed_page(points=14).resize((1728, 1145), Image.Resampling.BOX)
    reading = _read(pool, tiff(fax, dpi=(204, 98)))
    assert recall(reading.text) >= 0.7


def test_noisy_page_climbs_the_ladder(pool: PagePool) -> None:
    page = np.asarray(typed_page(dpi=200)).copy()
    rng = np.random.default_rng(5)
    specks = rng.random(page.shape) < 0.012
    page[specks] = 0
    dirty = Image.fromarray(page).filter(ImageFilter.MaxFilter(1))
    reading = _read(pool, picture(dirty, "PNG", dpi=(200, 200)))
    assert recall(reading.text) >= 0.6


def test_unreadable_page_goes_to_a_person(pool: PagePool) -> None:
    page = typed_page(dpi=200).filter(ImageFilter.GaussianBlur(7))
    reading = _read(pool, picture(page, "PNG", dpi=(200, 200)))
    assert reading.needs_person
    assert reading.reasons


def test_blank_back_does_not_send_a_letter_to_a_person(pool: PagePool) -> None:
    blank = Image.new("L", typed_page(dpi=200).size, 255)
    reading = _read(pool, scan_pdf(typed_page(dpi=200), blank, dpi=200))
    assert [page.needs_person for page in reading.pages] == [False, False]
    assert reading.reasons == ["стр. 2: пустая страница"]
    assert reading.text.count("\f") == 1


def test_the_last_words_of_a_letter_on_a_sheet_of_their_own_need_nobody(pool: PagePool) -> None:
    reading = _read(pool, scan_pdf(typed_page(dpi=200), typed_page("С уважением,\nИванов Пётр", dpi=200), dpi=200))
    assert [page.needs_person for page in reading.pages] == [False, False]
    assert any("мало слов" in reason for reason in reading.pages[1].reasons)


def test_page_of_few_words_alone_goes_to_a_person(pool: PagePool) -> None:
    reading = _read(pool, picture(typed_page("Приложение", dpi=200), "PNG", dpi=(200, 200)))
    assert reading.needs_person


def test_born_digital_pdf_is_not_recognised(pool: PagePool) -> None:
    reading = _read(pool, text_pdf(LETTER, LETTER))
    assert [page.source for page in reading.pages] == ["text-layer", "text-layer"]
    assert recall(reading.text) == 1
    assert reading.archive_pdf is None
    assert (reading.engine, reading.needs_person) == ("", False)
    assert reading.words[0].words[0].text == "Генеральному"
    assert reading.words[0].words[0].x == pytest.approx(60 / 72 * 150, abs=2)


def test_damaged_layer_is_recognised_from_the_picture_of_the_page(pool: PagePool) -> None:
    broken = LETTER.translate(str.maketrans("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX"))
    reading = _read(pool, text_pdf(broken))
    assert reading.pages[0].source == "ocr"
    assert any("распознано заново" in reason for reason in reading.reasons)
    assert recall(reading.text) >= 0.85


def test_signature_stamp_over_a_scan_keeps_both_texts(pool: PagePool) -> None:
    stamp = "Документ подписан усиленной подписью, сертификат действителен до декабря"
    reading = _read(pool, text_pdf(stamp, under=typed_page(dpi=150), size=7))
    assert reading.pages[0].source == "ocr"
    assert recall(reading.text) >= 0.85
    assert "сертификат действителен" in reading.text


def test_archive_keeps_the_original_picture_untouched(pool: PagePool) -> None:
    data = picture(typed_page(dpi=200), "JPEG", dpi=(200, 200), quality=80)
    reading = _read(pool, data)
    assert reading.archive_pdf is not None
    with pikepdf.open(io.BytesIO(reading.archive_pdf)) as pdf:
        assert pdf.pages[0].get_images()["/Im0"].read_raw_bytes() == data
        assert _declared(pdf) == ("2", "B")
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
    fax = typed_page(dpi=200).convert("1")
    reading = _read(pool, tiff(fax, dpi=(200, 200)))
    assert reading.archive_pdf is not None
    with pikepdf.open(io.BytesIO(reading.archive_pdf)) as pdf:
        stream = pdf.pages[0].get_images()["/Im0"]
        assert isinstance(stream, pikepdf.Stream)
        kept = pikepdf.PdfImage(stream).as_pil_image()
    assert np.array_equal(np.asarray(kept.convert("1")), np.asarray(fax))


def _declared(pdf: pikepdf.Pdf) -> tuple[str | None, str | None]:
    with pdf.open_metadata() as metadata:
        return metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")


def test_archive_copy_of_what_no_archive_may_hold_is_not_declared_as_one(pool: PagePool) -> None:
    with pikepdf.open(io.BytesIO(scan_pdf(typed_page(dpi=150), dpi=150))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        buffer = io.BytesIO()
        pdf.save(buffer)
    reading = _read(pool, buffer.getvalue())
    assert reading.archive_pdf is not None
    with pikepdf.open(io.BytesIO(reading.archive_pdf)) as pdf:
        assert _declared(pdf) == (None, None)
    plain = _read(pool, scan_pdf(typed_page(dpi=150), dpi=150))
    assert plain.archive_pdf is not None
    with pikepdf.open(io.BytesIO(plain.archive_pdf)) as pdf:
        assert _declared(pdf) == ("2", "B")


def test_pages_of_a_long_tiff_keep_their_order(pool: PagePool) -> None:
    frames = [typed_page(f"Страница номер {number}\n{LETTER}", dpi=150) for number in (1, 2, 3)]
    reading = _read(pool, tiff(*frames, dpi=(150, 150)))
    assert [page.number for page in reading.pages] == [1, 2, 3]
    for number, page in enumerate(reading.pages, 1):
        assert str(number) in page.text.splitlines()[0]


def test_docx_is_read_natively_with_tables(pool: PagePool) -> None:
    document = docx.Document()
    document.add_paragraph("Прошу сделать перерасчёт")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Лицевой счёт", "1234567890"
    document.add_paragraph("Иванова М.П.")
    document.sections[0].header.paragraphs[0].text = "ООО «Ромашка»"
    buffer = io.BytesIO()
    document.save(buffer)
    reading = _read(pool, buffer.getvalue(), "письмо.docx")
    assert reading.pages[0].source == "native"
    assert reading.text == "ООО «Ромашка»\nПрошу сделать перерасчёт\nЛицевой счёт\t1234567890\nИванова М.П."
    assert not reading.needs_person


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Прошу перерасчёт\r\nИванова".encode("cp1251"), "письмо.txt"),
        ("<html><body><p>Прошу перерасчёт</p><p>Иванова</p></body></html>".encode(), "письмо.html"),
    ],
)
def test_plain_text_and_html_are_read_natively(pool: PagePool, data: bytes, name: str) -> None:
    reading = _read(pool, data, name)
    assert [line for line in reading.text.splitlines() if line] == ["Прошу перерасчёт", "Иванова"]
    assert reading.pages[0].source == "native"


@pytest.mark.service
def test_rtf_is_converted_and_read(pool: PagePool) -> None:
    body = "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in LETTER).replace("\n", "\\par ")
    reading = _read(
        pool, ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Liberation Serif;}}" + body + "}").encode(), "письмо.rtf"
    )
    assert reading.pages[0].source == "text-layer"
    assert recall(reading.text) == 1
    assert reading.archive_pdf is not None
    assert reading.archive_pdf.startswith(b"%PDF-")


@pytest.mark.service
def test_docx_of_pictures_is_drawn_and_recognised(pool: PagePool) -> None:
    document = docx.Document()
    scan = io.BytesIO(picture(typed_page(dpi=150), "PNG", dpi=(150, 150)))
    document.add_picture(scan, width=docx.shared.Inches(6))
    buffer = io.BytesIO()
    document.save(buffer)
    reading = _read(pool, buffer.getvalue(), "скан.docx")
    assert reading.pages[0].source == "ocr"
    assert recall(reading.text) >= 0.85


DIE_ONCE = """
import os, pathlib
mark = pathlib.Path({mark!r})
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), 9)
"""


def test_pool_survives_killed_slow_and_greedy_tasks(tmp_path: Path) -> None:
    with PagePool(SETTINGS) as pool:
        good = [pool.submit(20, abs, -1) for _ in range(4)]
        dead, slow, greedy = (
            pool.submit(20, os.abort),
            pool.submit(0.5, time.sleep, 60),
            pool.submit(20, bytearray, 1 << 33),
        )
        once = pool.submit(20, exec, DIE_ONCE.format(mark=str(tmp_path / "mark")))
        assert [future.result(60) for future in good] == [1] * 4
        with pytest.raises(PageFailedError, match="аварийно"):
            dead.result(60)
        with pytest.raises(PageFailedError, match="не уложилось"):
            slow.result(90)
        with pytest.raises(TaskFailedError, match="MemoryError"):
            greedy.result(60)
        once.result(60)
        assert (tmp_path / "mark").exists()
        assert pool.submit(20, abs, -2).result(60) == 2
        pids = pool.pids
        assert pids
    for pid in pids:
        assert not Path(f"/proc/{pid}").exists()


def test_closing_the_pool_is_not_taken_for_a_failed_page() -> None:
    pool = PagePool(SETTINGS)
    pool.submit(20, abs, -1).result(60)
    closing = threading.Timer(0.5, pool.close)
    closing.start()
    with pytest.raises(PoolClosedError):
        read_document(scan_pdf(*[typed_page(dpi=200)] * 8, dpi=200), "a.pdf", SETTINGS, executor=pool)
    closing.join()


def test_thick_letter_does_not_hold_up_a_thin_one() -> None:
    settings = SETTINGS.model_copy(update={"workers": 1})
    thick = tiff(*[typed_page(dpi=100)] * 16, dpi=(100, 100))
    with PagePool(settings) as pool, ThreadPoolExecutor(2) as threads:
        pool.submit(60, abs, -1).result(60)
        long = threads.submit(read_document, thick, "толстое.tif", settings, executor=pool)
        time.sleep(0.2)
        short = threads.submit(read_document, tiff(typed_page(dpi=100)), "тонкое.tif", settings, executor=pool)
        assert len(short.result(250).pages) == 1
        assert not long.done()
        assert [page.number for page in long.result(250).pages] == list(range(1, 17))


def test_one_page_that_runs_out_of_time_costs_only_itself() -> None:
    settings = SETTINGS.model_copy(update={"document_seconds": 0.001})
    with PagePool(settings) as pool:
        reading = read_document(tiff(typed_page(dpi=150), dpi=(150, 150)), "a.tif", settings, executor=pool)
    assert reading.needs_person
    assert "отложена" in reading.reasons[0]


def test_words_in_the_wrong_alphabet_are_mended_and_the_engines_reading_is_kept(pool: PagePool) -> None:
    sheet = support_scans.sheet(8)
    scan = support_scans.worn(sheet, "office", 8)
    reading = _read(pool, scan.data, scan.name)
    assert support_scans.fields_found(reading.text, sheet) == (6, 6)
    assert f"№ {sheet.fields['ref']} от" in reading.text
    words = reading.words[0].words
    mended = {word.text: word.raw for word in words if word.raw}
    assert sheet.fields["ref"] in mended
    assert any("A" <= char <= "Z" for char in mended[sheet.fields["ref"]])
    assert sorted(reading.text.split()) == sorted(word.text for word in words)
    assert reading.archive_pdf is not None
    with pdfplumber.open(io.BytesIO(reading.archive_pdf)) as pdf:
        assert sheet.fields["ref"] in pdf.pages[0].extract_text()


@pytest.mark.full
def test_an_address_torn_apart_and_read_in_cyrillic_is_whole_and_latin(pool: PagePool) -> None:
    sheet = support_freshscans.sheet(32)
    scan = support_freshscans.worn(sheet, "office", 32)
    reading = _read(pool, scan.data, scan.name)
    assert support_scans.fields_found(reading.text, sheet) == (6, 6)
    (address,) = (word for word in reading.words[0].words if "@" in word.text)
    assert address.text == sheet.fields["mail"]
    assert len(address.raw.split()) > 1


@pytest.mark.full
def test_sums_in_a_frame_that_are_misread_bring_a_warning(pool: PagePool) -> None:
    scan = support_scans.worn(support_scans.sheet(7), "bleed", 7)
    reading = _read(pool, scan.data, scan.name)
    assert not reading.needs_person
    assert any("числа, прочитанные неуверенно" in reason for reason in reading.reasons)
