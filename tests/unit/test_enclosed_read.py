"""«Приложение: …» of letters as people write it."""

from __future__ import annotations

import pytest

from classifiers.enclosed import enclosed

THREE = (
    "Приложения:\n1. Копия паспорта – 2 л.\n2) Квитанция об оплате (оригинал), 1 лист;\n3. Акт от 15.10.2026,\n"
    "подписанный соседями, на 3-х листах\n\nС уважением, Петров А.П."
)
CASES = [
    (
        "Прошу пересчитать.\n\nПриложение: копия договора на 2 л. в 1 экз.\n\nИванов И.И.",
        [("копия договора", 2, False)],
    ),
    (
        THREE,
        [
            ("Копия паспорта", 2, False),
            ("Квитанция об оплате (оригинал)", 1, True),
            ("Акт от 15.10.2026, подписанный соседями", 3, False),
        ],
    ),
    (
        "Приложение: 1. Чек на 1 л. 2. Справка о составе семьи (подлинник) на двух листах. Прошу подлинник вернуть.",
        [("Чек", 1, False), ("Справка о составе семьи (подлинник)", 2, True)],
    ),
    (
        "К заявлению прилагаю: копию паспорта, акт осмотра и квитанции за октябрь.\n12.11.2026",
        [("копию паспорта", None, False), ("акт осмотра", None, False), ("квитанции за октябрь", None, False)],
    ),
    (
        "Приложение:\n- копия паспорта;\n- оригинал справки 2-НДФЛ на 1 л.\nПодпись",
        [("копия паспорта", None, False), ("оригинал справки 2-НДФЛ", 1, True)],
    ),
    (
        "Прошу разобраться. Прилагаю копию акта от 15 октября.\nИванова М.П.",
        [("копию акта от 15 октября", None, False)],
    ),
    ("Приложение № 1\nРасчёт платы\nУслуга Тариф", []),
    ("Прошу прислать приложение к договору. С уважением.", []),
    ("Приложений нет.", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "papers"), CASES)
def test_papers_are_read_with_sheets_and_originals(text: str, papers: list[tuple[str, int | None, bool]]) -> None:
    assert [(one.name, one.sheets, one.original) for one in enclosed(text)] == papers


def test_an_original_is_wanted_back_only_where_the_letter_asks() -> None:
    asked = "Приложение: справка (подлинник) на 1 л. Прошу подлинник вернуть."
    assert [one.give_back for one in enclosed(asked)] == [True]
    assert [one.give_back for one in enclosed(asked.split(" Прошу", maxsplit=1)[0])] == [False]
