"""The bad inputs: each is bad in the way its name says, and small."""

import io

import pikepdf
import pytest

from otvet.demo.bad import HUGE_SIDE, bad_inputs

FILES = bad_inputs()


def test_all_are_small_and_repeatable() -> None:
    assert all(len(data) < 200_000 for data in FILES.values())
    assert bad_inputs() == FILES


def test_zero_bytes_and_the_wrong_type() -> None:
    assert FILES["нулевой_файл.pdf"] == b""
    assert FILES["не_тот_тип.pdf"].startswith(b"<!doctype html>")


def test_the_encrypted_one_needs_a_password() -> None:
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(FILES["зашифрованный.pdf"]))


def test_the_truncated_one_starts_like_a_pdf_and_does_not_open() -> None:
    assert FILES["обрезанный.pdf"].startswith(b"%PDF-")
    with pytest.raises(pikepdf.PdfError):
        pikepdf.open(io.BytesIO(FILES["обрезанный.pdf"]))


def test_the_empty_ones_have_no_page_and_a_blank_page() -> None:
    assert len(pikepdf.open(io.BytesIO(FILES["пустой.pdf"])).pages) == 0
    assert len(pikepdf.open(io.BytesIO(FILES["пустой_лист.pdf"])).pages) == 1


def test_the_huge_one_is_huge_on_paper_only() -> None:
    document = pikepdf.open(io.BytesIO(FILES["огромный_лист.pdf"]))
    assert [int(edge) for edge in document.pages[0].mediabox.as_list()] == [0, 0, HUGE_SIDE, HUGE_SIDE]
    assert len(FILES["огромный_лист.pdf"]) < 2000
