"""Hostile and broken files: each is refused in Russian or read for a person, in time, and nothing else."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Iterator

import pikepdf
import pytest
from support_intake import scan_pdf, text_pdf
from support_torture import CASES, FAX, PAGE, huge_page, many_pages, nothing, saved

from intake.batch import split_batch
from intake.document import read_document
from intake.limits import ReadSettings
from intake.pool import PagePool
from intake.refusal import RefusedError

pytestmark = [pytest.mark.ocr, pytest.mark.fault]
SETTINGS = ReadSettings(workers=2)
SECONDS = 20.0


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(SETTINGS) as made:
        yield made


@pytest.mark.parametrize("case", CASES)
def test_bad_file_is_refused_in_russian_or_given_to_a_person(pool: PagePool, case: str) -> None:
    make, name = CASES[case]
    data = make()
    started = time.monotonic()
    try:
        reading = read_document(data, name, SETTINGS, executor=pool)
    except RefusedError as refused:
        reasons = [refused.reason]
    else:
        reasons = reading.reasons
        blank = reasons == ["пустая страница"]
        assert reading.needs_person or blank
    assert time.monotonic() - started < SECONDS
    assert reasons
    assert all(any("а" <= char <= "я" for char in reason) for reason in reasons)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("empty", "empty"),
        ("random", "wrong_content"),
        ("random behind the magic of pdf", "truncated"),
        ("truncated text pdf", "truncated"),
        ("header of a tiff", "truncated"),
        ("encrypted pdf", "encrypted"),
        ("pdf without pages", "no_pages"),
        ("count that lies", "too_many_pages"),
        ("png bomb", "too_many_pixels"),
        ("docx bomb", "too_large"),
        ("executable named pdf", "unsupported"),
    ],
)
def test_refusal_names_the_fault(pool: PagePool, case: str, code: str) -> None:
    make, name = CASES[case]
    with pytest.raises(RefusedError) as refused:
        read_document(make(), name, SETTINGS, executor=pool)
    assert refused.value.code == code


@pytest.mark.parametrize("case", CASES)
def test_bad_file_does_not_break_the_splitter(pool: PagePool, case: str) -> None:
    make, name = CASES[case]
    parts, reason = [], ""
    try:
        parts = split_batch(make(), name, SETTINGS, executor=pool).parts
    except RefusedError as refused:
        reason = refused.reason
    assert parts or reason


def testhuge_page_is_scaled_down_and_read(pool: PagePool) -> None:
    started = time.monotonic()
    reading = read_document(saved(huge_page), "a.pdf", SETTINGS, executor=pool)
    assert len(reading.pages) == 1
    with pikepdf.open(io.BytesIO(scan_pdf(PAGE, dpi=150))) as pdf:
        pdf.pages[0].MediaBox = pikepdf.Array([0, 0, 14400, 14400])
        buffer = io.BytesIO()
        pdf.save(buffer)
    reading = read_document(buffer.getvalue(), "a.pdf", SETTINGS, executor=pool)
    assert reading.pages[0].source == "ocr"
    assert time.monotonic() - started < SECONDS


def test_owner_password_alone_does_not_hinder(pool: PagePool) -> None:
    data = saved(nothing, encryption=pikepdf.Encryption(user="", owner="y"))
    assert not read_document(data, "a.pdf", SETTINGS, executor=pool).needs_person


def test_more_pages_than_allowed_are_refused(pool: PagePool) -> None:
    settings = SETTINGS.model_copy(update={"max_pages": 2})
    for data in (text_pdf("a", "b", "c"), FAX):
        with pytest.raises(RefusedError) as refused:
            read_document(data, "a.pdf", settings, executor=pool)
        assert refused.value.code == "too_many_pages"


def test_three_thousand_and_one_pages_are_refused_at_once(pool: PagePool) -> None:
    with pytest.raises(RefusedError) as refused:
        read_document(many_pages(3001), "a.pdf", SETTINGS, executor=pool)
    assert refused.value.code == "too_many_pages"


def test_tiff_cut_in_the_middle_keeps_its_sound_pages(pool: PagePool) -> None:
    frames = sorted(_directories(FAX))
    reading = read_document(FAX[: frames[-1] + 4], "a.tif", SETTINGS, executor=pool)
    assert len(reading.pages) == 2
    assert "перерасчёт" in reading.pages[0].text
    assert reading.needs_person
    assert any("оборван" in reason for reason in reading.reasons)


def _directories(data: bytes) -> list[int]:
    places, (place,) = [], struct.unpack("<I", data[4:8])
    while place:
        places.append(place)
        (entries,) = struct.unpack("<H", data[place : place + 2])
        end = place + 2 + entries * 12
        (place,) = struct.unpack("<I", data[end : end + 4])
    return places
