"""Letterheads, addressees, senders, labels of forms and signatures round the words of a letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support_reader import reader

from classifiers.frame import without_frame
from classifiers.questions import body, split_questions
from classifiers.reader import Classifier
from rules.wire import Segment

ROWS = Path(__file__).parents[1] / "data" / "reader" / "topics_5.jsonl"

STATEMENT = """Директору ООО «Расчётный центр»
от Валеевой Гузель Ришатовны,
проживающей по адресу: г. Ишимбай, ул. Бульварная, д. 5, кв. 18
тел. 8 (917) 400-11-22

З А Я В Л Е Н И Е

{}

«14» ноября 2026 г.                 Валеева Г.Р."""
FORM = """Форма обратной связи
ФИО: Ковалёв Пётр Ильич
Телефон: +79170001122
Лицевой счёт: 1100948823
Сообщение: {}"""
LETTERHEAD = """Общество с ограниченной ответственностью
«Строй-Инвест»
ИНН 0276407234   ОГРН 1120280053453
450105, г. Уфа, ул. Лесная, д. 19, корп. 2, пом. 14

Исх. № 211-26 от 17.11.2026            Руководителю ООО «Расчётный центр»

{}

Генеральный директор                        Р. Н. Хажин
Исп. Рыжова Г.Ю.
8 (34751) 3-55-02"""
WORDS = "Второй месяц не видим оплаты в кабинете, хотя деньги уходят. Куда обращаться?"


@pytest.mark.parametrize("frame", [STATEMENT, FORM, LETTERHEAD])
def test_words_stand_alone(frame: str) -> None:
    assert body(frame.format(WORDS)) == WORDS
    assert split_questions(frame.format(WORDS)) == [WORDS]


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "Долг за июль 500 рублей\nЛицевой счёт 1100948823\nОткуда он?",
        "Х/в 312, г/в 198, эл. 15877.",
        "ХВС 418\nГВС 260",
        "Мира 5, кв. 18",
        "ЗАЯВЛЕНИЕ",
        "",
    ],
)
def test_what_is_no_frame_stays(text: str) -> None:
    assert without_frame(text) == text


def test_those_who_sign_in_a_list_are_no_questions() -> None:
    asked = "Мы, жильцы дома 8, просим провести перерасчёт за отопление за октябрь."
    signed = "\n1. Аитова С.М. кв. 2\n2. Бурангулов Х.Х. кв. 9\n3. Тимошкина Е.В. кв. 13\n16.11.26"
    assert split_questions(asked + signed) == [asked]


def test_a_frame_does_not_change_the_topic() -> None:
    read, turned, told = reader(), 0, 0
    for number, line in enumerate(ROWS.read_text(encoding="utf-8").splitlines()[::3]):
        row = json.loads(line)
        segment = Segment(row["segment"])
        frame = (STATEMENT, FORM)[number % 2] if segment is Segment.B2C else LETTERHEAD
        plain, framed = (_topic(read, text, segment) for text in (row["text"], frame.format(row["text"])))
        told += 1
        turned += plain != framed
    assert told > 30
    assert turned <= 1


def _topic(reader: Classifier, text: str, segment: Segment) -> str:
    return reader.understand(text, segment=segment).topics[0].code
