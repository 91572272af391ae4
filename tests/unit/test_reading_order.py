"""The order of reading: columns, tables and lines out of place, told from boxes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from intake.engine import EngineRun
from intake.order import in_order
from intake.page import Word

PITCH, HEIGHT, CHAR = 40, 24, 12

Placed = tuple[str, int, int]  # text, left, row


def run(*lines: Placed, blank_before: tuple[int, ...] = ()) -> EngineRun:
    """A run whose engine read lines in this order."""
    words, texts = [], []
    for number, (text, left, row) in enumerate(lines, start=1):
        x = left
        for word in text.split():
            words.append(Word(word, x, row * PITCH, len(word) * CHAR, HEIGHT, 95.0, number))
            x += (len(word) + 1) * CHAR
        texts += [""] if number - 1 in blank_before else []
        texts.append(text)
    return EngineRun("\n".join(texts), words, 95.0, sum(len(word.text) for word in words))


def read(*lines: Placed) -> list[str]:
    return [line for line in in_order(run(*lines)).text.split("\n") if line]


BODY = "Во дворе который день не вывозят мусор и контейнеры переполнены"


def test_what_comes_under_a_column_waits_for_the_column_beside() -> None:
    found = read(
        ("ИНН 0207055433", 0, 0), ("тел. 217-89-21", 0, 1), ("08.10.2026 № 24", 0, 2),
        ("Мусор не вывозят", 0, 4), ("Директору", 500, 0), ("ООО «ЕИРЦ РБ»", 500, 1), ("г. Уфа", 500, 2), (BODY, 0, 5),
    )  # fmt: skip
    assert found == [
        "ИНН 0207055433", "тел. 217-89-21", "08.10.2026 № 24",
        "Директору", "ООО «ЕИРЦ РБ»", "г. Уфа", "Мусор не вывозят", BODY,
    ]  # fmt: skip


def test_a_column_ends_with_its_own_last_lines() -> None:
    """The left one is longer by a line that stands close under it, the right one begins a line higher."""
    found = read(
        ("Директору", 500, 0), ("ИНН 0207055433", 0, 1), ("тел. 217-89-21", 0, 2), ("исх. № 5", 0, 3),
        ("ООО «ЕИРЦ РБ»", 500, 1), ("г. Уфа", 500, 2), (BODY, 0, 5),
    )  # fmt: skip
    assert found == [
        "ИНН 0207055433", "тел. 217-89-21", "исх. № 5", "Директору", "ООО «ЕИРЦ РБ»", "г. Уфа", BODY,
    ]  # fmt: skip


def test_a_name_is_read_beside_the_position() -> None:
    found = read((BODY, 0, 0), ("Директор", 0, 2), ("Исполнитель: Ахметова Л.Р.", 0, 9), ("А.А. Сидоров", 600, 2))
    assert found == [BODY, "Директор", "А.А. Сидоров", "Исполнитель: Ахметова Л.Р."]


def test_a_block_that_was_taken_first_goes_down_to_its_place() -> None:
    assert read(("подпись", 0, 6), (BODY, 0, 0), (BODY, 0, 1)) == [BODY, BODY, "подпись"]


def test_a_table_that_was_read_by_columns_is_read_by_rows() -> None:
    names, amounts, sums = ("Услуга", "Вода", "Свет"), ("Объём", "7,00", "54,30"), ("Начислено", "288,05", "1707,19")
    columns = [*((one, 0, row) for row, one in enumerate(names)), *((one, 300, row) for row, one in enumerate(amounts)),
               *((one, 600, row) for row, one in enumerate(sums))]  # fmt: skip
    assert read(*columns) == ["Услуга Объём Начислено", "Вода 7,00 288,05", "Свет 54,30 1707,19"]


def test_names_with_sums_beside_them_are_rows_and_names_with_names_are_columns() -> None:
    left = [(one, 0, row) for row, one in enumerate(("Отопление", "Вода", "Свет"))]
    sums = [(one, 500, row) for row, one in enumerate(("3017,75", "288,05", "1707,19"))]
    assert read(*left, *sums) == ["Отопление 3017,75", "Вода 288,05", "Свет 1707,19"]
    names = [(one, 500, row) for row, one in enumerate(("Уфа", "Бирск", "Туймазы"))]
    mixed = [one for pair in zip(left, names, strict=True) for one in pair]
    assert read(*mixed) == ["Отопление", "Вода", "Свет", "Уфа", "Бирск", "Туймазы"]


def test_a_line_in_two_pieces_among_lines_of_a_paragraph_stays_whole() -> None:
    assert read((BODY, 0, 0), ("Во дворе", 0, 1), ("вывозят мусор", 600, 1), ("площадке.", 0, 2)) == [
        BODY, "Во дворе", "вывозят мусор", "площадке.",
    ]  # fmt: skip


def test_lines_of_two_columns_that_were_run_together_are_parted() -> None:
    together = run(("ИНН 0207055433 Директору", 0, 0), ("pochta@dom.example ул. Мира", 0, 1), (BODY, 0, 3))
    apart = [word._replace(x=500 + word.x % 100) if word.text in {"Директору", "ул.", "Мира"} else word
             for word in together.words]  # fmt: skip
    assert in_order(EngineRun(together.text, apart, 95.0, 1)).text.split("\n") == [
        "ИНН 0207055433", "pochta@dom.example", "", "Директору", "ул. Мира", BODY,
    ]  # fmt: skip


def test_a_row_of_a_table_that_is_one_line_stays_one() -> None:
    rows = [run((f"Вода {number},00 288,05", 0, number)).words for number in range(4)]
    apart = [word._replace(x=place * 300, line=number) for number, row in enumerate(rows, 1)
             for place, word in enumerate(row)]  # fmt: skip
    plain = EngineRun("\n".join(f"Вода {number},00 288,05" for number in range(4)), apart, 95.0, 1)
    assert in_order(plain) is plain


def test_words_go_with_their_lines_and_are_numbered_anew() -> None:
    found = in_order(run(("вторая строка", 0, 3), ("первая", 0, 0)))
    assert [(word.text, word.line) for word in found.words] == [("первая", 1), ("вторая", 2), ("строка", 2)]


def test_empty_lines_stay_between_paragraphs() -> None:
    plain = run((BODY, 0, 0), (BODY, 0, 1), ("Прошу ответить.", 0, 3), blank_before=(2,))
    assert in_order(plain) is plain
    moved = run(("подпись", 0, 6), (BODY, 0, 0), ("Прошу ответить.", 0, 2), blank_before=(2,))
    assert in_order(moved).text == f"{BODY}\n\nПрошу ответить.\n\nподпись"


def test_a_text_that_does_not_go_with_its_words_is_left_alone() -> None:
    odd = run(("вторая", 0, 3), ("первая", 0, 0))
    other = EngineRun("вторая\nчужая строка\nпервая", odd.words, 95.0, 12)
    assert in_order(other) is other
    empty = EngineRun("", [], 0.0, 0)
    assert in_order(empty) is empty


LINES = st.lists(
    st.tuples(
        st.text("абвг0123", min_size=1, max_size=12), st.integers(0, 40).map(lambda x: x * 20), st.integers(0, 30)
    ),
    max_size=25,
)


@given(lines=LINES)
def test_nothing_is_lost_or_made_up(lines: list[Placed]) -> None:
    before = run(*lines)
    after = in_order(before)
    assert Counter(after.text.split()) == Counter(before.text.split())
    assert Counter(word[:6] for word in after.words) == Counter(word[:6] for word in before.words)
    assert [word.text for word in after.words] == after.text.split()
