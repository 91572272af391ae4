"""BO-9: each question is linked to its paragraph or numbered section, and the one that lacks an answer is named."""

from __future__ import annotations

from typing import Any

import pytest
from support_check import BUILDERS, Text, context

from outbox.check import check, load_rules
from rules.wire import CheckReport, IncomingFacts, Severity

RULES = load_rules()
HEATING = "Прошу сделать перерасчёт платы за отопление за октябрь."
SEAL = "Когда опломбируют водосчётчик?"
CABINET = "Как зарегистрироваться в личном кабинете на сайте?"
METER = "Почему показания счётчика отопления не приняты?"


def report(questions: list[str], **changes: Any) -> CheckReport:
    incoming = context().incoming
    assert incoming is not None
    facts = IncomingFacts.model_validate({**incoming.model_dump(exclude_unset=True), "questions": questions})
    letter = BUILDERS["styled"](Text().changed(**changes))
    return check(letter, pdf=None, context=context(incoming=facts), rulebook=RULES)


def missed(questions: list[str], body: list[str], **changes: Any) -> list[str]:
    return [one.message for one in report(questions, body=body, **changes).findings if one.rule == "BO-9"]


@pytest.mark.parametrize(
    ("questions", "body"),
    [
        ([HEATING, SEAL], ["1. Расчёт исправлен 12.11.2026.", "2. Контролёр придёт не позднее 10.12.2026."]),
        ([HEATING, SEAL], ["По первому вопросу: расчёт исправлен.", "По второму вопросу: ждём до 10.12.2026."]),
        ([HEATING, SEAL], ["Плата за отопление пересчитана.", "Опломбировку выполним не позднее 10.12.2026."]),
        ([HEATING, SEAL], ["На вопрос «Когда опломбируют» отвечаем: 10.12.2026.", "Перерасчёт выполнен."]),
        ([HEATING, METER], ["Перерасчёт отопления выполнен.", "По отоплению данные поступили поздно."]),
        (
            [HEATING, CABINET],
            ["Плата пересчитана за октябрь.", "Для регистрации введите номер счёта на https://a.example."],
        ),
        ([HEATING], ["Мы проверили начисления.", "Изменения отражены в счёте за ноябрь."]),
    ],
)
def test_answers_are_found_by_number_quotation_and_words(questions: list[str], body: list[str]) -> None:
    assert missed(questions, body) == []


@pytest.mark.parametrize(
    ("questions", "body", "number"),
    [
        ([HEATING, SEAL], ["1. Перерасчёт выполнен.", "2. Плата за отопление считается по счётчику дома."], 2),
        ([SEAL, HEATING], ["Перерасчёт выполнен 12.11.2026.", "Плата за отопление снижена."], 1),
        ([HEATING, METER], ["Перерасчёт за отопление выполнен 12.11.2026.", "Счёт придёт по почте."], 2),
    ],
)
def test_the_question_without_an_answer_is_named(questions: list[str], body: list[str], number: int) -> None:
    preamble = Text().preamble.replace("за отопление", "за отопление и опломбировке водосчётчика")
    (message,) = missed(questions, body, preamble=preamble)
    assert f"вопрос {number}:" in message
    assert questions[number - 1][:20] in message


def test_a_body_without_a_named_person_need_not_be_greeted() -> None:
    case = context(client={"segment": "B2B", "org_name": "Прокуратура Кировского района г. Уфы"})
    weights = {}
    for to in (["Прокуратура Кировского района г. Уфы"], ["Прокурору Кировского района г. Уфы", "Сафину И.Р."]):
        letter = BUILDERS["styled"](Text().changed(salutation="", addressee=to))
        found = check(letter, pdf=None, context=case, rulebook=RULES).findings
        weights[len(to)] = {one.severity for one in found if one.rule == "SA-1"}
    assert weights == {1: {Severity.HINT}, 2: {Severity.ERROR}}
