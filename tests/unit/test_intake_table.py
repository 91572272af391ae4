from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from intake.refusal import RefusedError
from intake.table import TableLimits, read_table


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_the_encodings_of_offices(encoding: str, delimiter: str) -> None:
    text = f"ФИО{delimiter}ЛС\r\n«Ильясова» Зухра{delimiter}1100274518\r\n\r\n"
    rows = list(read_table(text.replace("«", '"').replace("»", '"', 1).replace('"', "").encode(encoding)))
    assert [row.cells for row in rows] == [["ФИО", "ЛС"], ["Ильясова Зухра", "1100274518"]]
    assert [row.line for row in rows] == [1, 2]


def test_quoted_cells_keep_delimiters_and_line_breaks() -> None:
    rows = list(read_table('ФИО;Адрес\n"Иванов; Пётр";"ул. Мира\nд. 1"\nПетров;Уфа\n'.encode()))
    assert rows[1].cells == ["Иванов; Пётр", "ул. Мира\nд. 1"]
    assert rows[2].line == 4


def test_numbers_of_a_book_lose_no_digit() -> None:
    rows = list(read_table(book(["ЛС", "ИНН", "VIP"], [1100274518, 201000018.0, True])))
    assert rows[1].cells == ["1100274518", "201000018", "да"]


def test_a_formula_is_refused_and_never_evaluated() -> None:
    rows = list(read_table(book(["ФИО", "ЛС"], ["Иванов", "=1+1"], ["Петров", 5])))
    assert rows[1].wrong is not None
    assert "формула" in rows[1].wrong
    assert rows[2].wrong is None


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 this is no archive",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\x00\x00\x00\x00",
    ],
)
def test_what_is_no_table_is_refused_in_russian(data: bytes) -> None:
    with pytest.raises(RefusedError, match=r"[а-я]"):
        list(read_table(data))


def test_bombs_and_entities_are_refused_before_they_are_unpacked() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 3_000_000)
    with pytest.raises(RefusedError) as bomb:
        list(read_table(packed.getvalue(), TableLimits(unpacked_bytes=1_000_000)))
    assert bomb.value.code == "too_large"
    entities = BytesIO()
    with ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>')
    with pytest.raises(RefusedError) as declared:
        list(read_table(entities.getvalue()))
    assert declared.value.code == "wrong_content"


def test_rows_columns_cells_and_bytes_are_bounded() -> None:
    limits = TableLimits(file_bytes=400, rows=2, columns=2, cell_chars=10)
    wide = list(read_table("а;б\n1;2;3\n".encode(), limits))
    assert wide[1].wrong is not None
    long = list(read_table(b"a;b\n" + b"x" * 11 + b";1\n", limits))
    assert long[1].wrong is not None
    with pytest.raises(RefusedError):
        list(read_table(b"a;b\n" + b"1;2\n" * 3, limits))
    with pytest.raises(RefusedError):
        list(read_table(b"a" * 401, limits))
