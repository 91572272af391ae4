"""Laying out the demonstration post, and what a reader of its scans would meet."""

import datetime as dt
import io
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageSequence

from otvet.demo.letters import load_letters
from otvet.demo.post import MAILS, SCANS, DemoPost, lay_out

TODAY = dt.date(2026, 11, 24)
SECONDS = 15  # of processor time for the whole generation; other work on the machine does not count
BYTES = 12_000_000


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoPost, float]:
    folder = tmp_path_factory.mktemp("post")
    started = time.process_time()
    post = lay_out(folder, TODAY, with_bad=True)
    return folder, post, time.process_time() - started


def pages(path: Path) -> list[Image.Image]:
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        return [page.render(scale=200 / 72).to_pil() for page in document]
    return [frame.copy() for frame in ImageSequence.Iterator(Image.open(path))]


def file_of(laid: tuple[Path, DemoPost, float], letter_id: str) -> Path:
    folder, post, _ = laid
    (path,) = [file.path for file in post.files if letter_id in file.letters]
    return folder / path


def confidence(image: Image.Image) -> float:
    """Mean word confidence of Tesseract, weighing words alike."""
    out = io.BytesIO()
    image.convert("L").save(out, "PPM")
    run = subprocess.run(
        ["tesseract", "-", "-", "-l", "rus+eng", "--dpi", "200", "tsv"],
        input=out.getvalue(),
        capture_output=True,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    rows = [line.split("\t") for line in run.stdout.decode().splitlines()]
    words = [float(row[10]) for row in rows if row[0] == "5"]
    return float(np.mean(words)) if words else 0.0


def test_everything_is_laid_quickly_and_small(laid: tuple[Path, DemoPost, float]) -> None:
    folder, post, seconds = laid
    assert {name for file in post.files for name in file.letters} == {letter.id for letter in load_letters()}
    assert all((folder / file.path).is_file() for file in post.files)
    assert sum((folder / file.path).stat().st_size for file in post.files) < BYTES
    assert seconds < SECONDS
    assert not list(folder.rglob("*.part"))


def test_scans_lie_under_their_date_of_receipt(laid: tuple[Path, DemoPost, float]) -> None:
    for file in laid[1].files:
        folder, *middle, _name = file.path.split("/")
        assert (folder, middle) in [(SCANS, [file.received.isoformat()]), (MAILS[file.channel_address], [])]
        assert TODAY - dt.timedelta(days=40) <= file.received <= TODAY


def test_a_second_call_lays_nothing_even_when_files_were_taken(tmp_path: Path) -> None:
    first = lay_out(tmp_path, TODAY)
    taken = tmp_path / first.files[0].path
    taken.unlink()
    before = sorted(tmp_path.rglob("*"))
    assert lay_out(tmp_path, TODAY + dt.timedelta(days=1), seed=2) == first
    assert sorted(tmp_path.rglob("*")) == before


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    laid: tuple[Path, DemoPost, float], tmp_path: Path
) -> None:
    folder, post, _ = laid
    again = lay_out(tmp_path / "a", TODAY, with_bad=True)
    assert again == post
    assert all((folder / file.path).read_bytes() == (tmp_path / "a" / file.path).read_bytes() for file in post.files)
    other = lay_out(tmp_path / "b", TODAY, seed=2)
    scans = [file.path for file in other.files if file.path.startswith("скан/")]
    assert all((folder / path).read_bytes() != (tmp_path / "b" / path).read_bytes() for path in scans)


def test_scans_are_images_without_text(laid: tuple[Path, DemoPost, float]) -> None:
    folder, post, _ = laid
    for file in post.files:
        if file.form != "bad" and file.path.endswith(".pdf"):
            for page in pypdfium2.PdfDocument(folder / file.path):
                assert page.get_textpage().count_chars() == 0


def test_formats_and_page_counts(laid: tuple[Path, DemoPost, float]) -> None:
    fax, forwarded = Image.open(file_of(laid, "S13")), Image.open(file_of(laid, "S15"))
    assert (fax.mode, fax.info["compression"]) == ("1", "group4")
    assert fax.info["dpi"] == (204, 196)
    assert (forwarded.n_frames, forwarded.info["compression"]) == (2, "tiff_lzw")
    assert len(pages(file_of(laid, "S12"))) == 2
    assert len(pages(file_of(laid, "S08"))) == 2
    sideways = Image.open(file_of(laid, "S03"))
    assert sideways.width > sideways.height


def test_every_letter_of_the_batch_stands_behind_a_separator(laid: tuple[Path, DemoPost, float]) -> None:
    sheets = pages(file_of(laid, "S05"))
    codes = [[code.text for code in zxingcpp.read_barcodes(sheet)] for sheet in sheets]
    received = next(letter for letter in load_letters() if letter.id == "S05").received(TODAY)
    assert codes == [[f"OTVET:SEP;date={received.isoformat()}"], []] * 3


@pytest.mark.ocr
@pytest.mark.parametrize("letter_id", ["S01", "S02", "S12", "S13", "S14"])
def test_typed_letters_read_well(laid: tuple[Path, DemoPost, float], letter_id: str) -> None:
    assert confidence(pages(file_of(laid, letter_id))[0]) > 85


@pytest.mark.ocr
def test_the_handwritten_letter_cannot_be_read(laid: tuple[Path, DemoPost, float]) -> None:
    assert confidence(pages(file_of(laid, "S04"))[0]) < 60


@pytest.mark.ocr
def test_a_sideways_page_reads_only_when_turned(laid: tuple[Path, DemoPost, float]) -> None:
    page = pages(file_of(laid, "S03"))[0]
    assert confidence(page) < 75
    assert confidence(page.transpose(Image.Transpose.ROTATE_270)) > 85
