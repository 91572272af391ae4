"""Correct letters in several builds give no finding; a letter with one thing broken gives exactly that rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from support_check import BUILDERS, W_NS, Text, context

from outbox.check import check, load_rules
from rules.wire import Gate, Severity

RULES = load_rules()
BODY = Text().body
LAST = BODY[-1]


def tracked(document: Document) -> None:
    for paragraph in document.element.body.iter(qn("w:p")):
        paragraph.append(
            parse_xml(f'<w:del xmlns:w="{W_NS}" w:id="9" w:author="a"><w:r><w:delText>слово</w:delText></w:r></w:del>')
        )
        return


def hidden(document: Document) -> None:
    for paragraph in document.element.body.iter(qn("w:p")):
        paragraph.append(parse_xml(f'<w:r xmlns:w="{W_NS}"><w:rPr><w:vanish/></w:rPr><w:t>тайное</w:t></w:r>'))
        return


def number(old: str, new: str) -> Callable[[Text], Text]:
    return lambda text: text.changed(preamble=text.preamble.replace("‑", "-").replace(old, new))


def with_(**changes: Any) -> Callable[[Text], Text]:
    return lambda text: text.changed(**changes)


def body(*paragraphs: str) -> Callable[[Text], Text]:
    return with_(body=[*paragraphs])


PETROV = {
    "last_name": "Петров", "first_name": "Андрей", "patronymic": "Павлович", "gender": "male", "segment": "B2C",
    "rank": 5,
}  # fmt: skip
IVANOVA = {
    "last_name": "Иванова", "first_name": "Светлана", "patronymic": "Викторовна", "position": "Генеральный директор"
}  # fmt: skip
INCOMING = {
    "number": "ВХ-2026-000123", "date": "2026-11-05", "received": "2026-11-05", "due_hard": "2026-12-05",
    "text": "Прошу сделать перерасчёт платы за отопление.",
    "questions": ["Прошу сделать перерасчёт платы за отопление."],
}  # fmt: skip
HEAD = ["ООО «ЕИРЦ РБ»", "450000, г. Уфа, ул. Ленина, д. 1"]
SELF = {"last_name": "Иванова", "first_name": "Светлана", "patronymic": "Викторовна", "phone": "+73472001012"}
MUTATIONS: list[tuple[str, str, Callable[[Text], Text], dict[str, Any]]] = [
    ("another client", "TO-2", with_(addressee=["Денисову Андрею Павловичу"]), {}),
    ("empty copy", "CC-2", with_(copy_to="Копия:"), {}),
    (
        "text after the signature",
        "ST-1",
        with_(after=["Дополнительно сообщаем, что расчёт платы за отопление сделан верно и в срок."]),
        {},
    ),
    ("template variable", "ST-2", with_(closing="Если возникнут вопросы, звоните: {{ phone }}."), {}),
    ("capital placeholder", "ST-2", body(BODY[0], "Сумма составила XXX рублей.", LAST), {}),
    ("empty letterhead number", "ST-2", with_(letterhead=[*HEAD, "На № ____ от ____"]), {}),
    ("tracked change", "ST-3", with_(xml=[tracked]), {}),
    ("hidden text", "ST-3", with_(xml=[hidden]), {}),
    ("no salutation", "SA-1", with_(salutation=""), {}),
    ("another greeting", "SA-2", with_(salutation="Добрый день, Андрей Павлович!"), {}),
    ("hello", "SA-2", with_(salutation="Здравствуйте, Андрей Павлович!"), {}),
    ("small letter", "SA-3", with_(salutation="уважаемый Андрей Павлович!"), {}),
    ("left salutation", "SA-4", with_(salutation_align=None), {}),
    ("centred with an indent", "SA-4", with_(salutation_left=80), {}),
    ("wrong gender", "SA-5", with_(salutation="Уважаемая Андрей Павлович!"), {}),
    ("both genders", "SA-5", with_(salutation="Уважаемый(ая) Андрей Павлович!"), {}),
    ("wrong patronymic", "SA-6", with_(salutation="Уважаемый Андрей Петрович!"), {}),
    ("surname in the salutation", "SA-6", with_(salutation="Уважаемый Петров А.П.!"), {}),
    ("without a name", "SA-10", with_(salutation="Уважаемый Клиент!"), {"client": {**PETROV, "first_name": None}}),
    ("by role", "SA-8", with_(salutation="Уважаемый абонент!"), {}),
    ("another name in the header", "SA-9", with_(addressee=["Петрову Олегу Павловичу"]), {}),
    (
        "no incoming number",
        "PR-1",
        with_(preamble="На Ваше обращение от 05.11.2026 о перерасчёте платы сообщаем следующее."),
        {},
    ),
    ("no reference at all", "PR-1", with_(preamble="На Ваше обращение о перерасчёте платы сообщаем следующее."), {}),
    ("no incoming date", "PR-2", number(" от 05.11.2026", ""), {}),
    ("wrong number", "PR-3", number("000123", "000132"), {}),
    ("wrong date", "PR-3", number("05.11.2026", "06.11.2026"), {}),
    ("wrong letterhead", "PR-4", with_(letterhead=[*HEAD, "На № ВХ-2026-000777 от 05.11.2026"]), {}),
    ("no purpose", "PR-5", with_(preamble="Относительно Вашего обращения (вх. № ВХ-2026-000123 от 05.11.2026)."), {}),
    (
        "invented number",
        "PR-9",
        with_(preamble="На Ваше письмо № 17 сообщаем следующее.", letterhead=[*HEAD]),
        {"incoming": None},
    ),
    ("one paragraph", "BO-1", body(LAST), {}),
    ("seven paragraphs", "BO-1", body(*[BODY[0]] * 6, LAST), {}),
    ("no deadline", "BO-10", body("Мы проверим прибор учёта.", "Затем мы пересчитаем плату."), {}),
    ("vague deadline", "BO-11", body(BODY[0], LAST, "Справку вышлем в кратчайшие сроки."), {}),
    ("past deadline", "BO-12", body(BODY[0], "Просим вернуть акт не позднее 01.11.2026."), {}),
    ("no starting point", "BO-12", body(BODY[0], "Ответ будет направлен в течение 10 дней."), {}),
    ("no conclusion", "CO-1", with_(closing=""), {}),
    ("no position", "SG-1", with_(position=""), {}),
    ("no name", "SG-1", with_(name="", mark=[]), {"executor": SELF}),
    ("another signatory", "SG-2", with_(name="Р.И. Галимов"), {}),
    ("another position", "SG-3", with_(position="Заместитель генерального директора"), {}),
    ("slash", "SG-4", with_(position="/ Генеральный директор"), {}),
    ("for the director", "SG-5", with_(position="За генерального директора"), {}),
    ("acting", "SG-6", with_(position="И.о. генерального директора"), {}),
    ("acting, another form", "SG-6", with_(position="Врио генерального директора"), {}),
    ("abbreviated deputy", "SG-7", with_(position="Зам. генерального директора"), {}),
    ("two names", "SG-9", with_(name="С.В. Иванова (О.П. Кузнецов)"), {}),
    ("no mark", "EX-1", with_(mark=[]), {}),
    ("needless mark", "EX-2", with_(mark=["Иванова Светлана Викторовна", "8 (347) 200-10-12"]), {"executor": SELF}),
    ("another typeface", "EX-6", with_(mark_font="Arial"), {}),
    ("same size", "EX-7", with_(mark_size=14), {}),
    ("too small", "EX-7", with_(mark_size=8), {}),
    ("no telephone", "EX-9", with_(mark=["Исп. Сидорова Мария Ивановна"]), {}),
    ("no code", "EX-10", with_(mark=["Сидорова Мария Ивановна", "тел. 200-10-12"]), {}),
    ("another executor", "EX-11", with_(mark=["Кузнецова Анна Петровна", "8 (347) 200-10-12"]), {}),
    ("another telephone", "EX-11", with_(mark=["Сидорова Мария Ивановна", "8 (347) 200-10-99"]), {}),
    ("unnamed appendix", "AP-3", with_(enclosures=[["Приложение № 1", "Расчёт платы"]]), {"enclosures": ["Расчёт"]}),
    ("missing appendix", "AP-3", with_(), {"enclosures": ["Расчёт"]}),
    ("client as a role", "TN-1", body(BODY[0], "Вы, как абонент, можете передать показания.", LAST), {}),
    ("role split by a soft hyphen", "TN-1", body(BODY[0], "Вы, как потре­битель, можете прийти.", LAST), {}),
    ("categorical", "TN-2", body(BODY[0], "Вам предписывается явиться в офис.", LAST), {}),
    ("harsh", "TN-3", body(BODY[0], "Требуем оплатить счёт.", LAST), {}),
    ("blame", "TN-6", body(BODY[0], "Вы перепутали цифры при передаче показаний.", LAST), {}),
    ("small you", "TN-13", body(BODY[0], "Мы получили ваше заявление.", LAST), {}),
    ("late", "TM-1", with_(), {"letter": {"date": "2026-12-06", "kind": "answer"}}),
    ("late to a VIP", "TM-2", with_(), {"letter": {"date": "2026-12-06"}, "client": {**PETROV, "is_vip": True}}),
    ("no position", "TO-3", with_(), {"client": {**PETROV, "segment": "B2B", "position": "Председатель"}}),
    ("nominative", "TO-4", with_(addressee=["Петрову Андрей Павловичу"]), {}),
    ("no copy", "CC-1", with_(), {"copy_to": "Главному бухгалтеру Ганиной Р.Т."}),
    ("topic of another matter", "SU-2", with_(topic="Об ответе на письмо"), {}),
    ("capital after a comma", "SA-7", with_(salutation="Уважаемый Андрей Павлович,"), {}),
    ("no subject", "PR-6", with_(preamble="В ответ на обращение вх. № ВХ-2026-000123 от 05.11.2026 отвечаем."), {}),
    ("long preamble", "PR-7", lambda text: text.changed(preamble=f"{text.preamble} {BODY[0]} {BODY[0]} {BODY[0]}"), {}),
    (
        "appeal of tomorrow",
        "PR-8",
        lambda text: number("05.11.2026", "17.11.2026")(text.changed(letterhead=HEAD)),
        {"incoming": {**INCOMING, "date": "2026-11-17"}},
    ),
    ("not registered", "PR-10", with_(), {"incoming": {**INCOMING, "number": None}}),
    ("no solution", "BO-2", body("Плата состоит из двух частей.", "Обе зависят от погоды."), {"asks_action": False}),
    ("nameless contract", "BO-3", body("В соответствии с договором плата изменена.", LAST), {}),
    ("wrong date of a law", "BO-4", body("Расчёт сделан по Правилам № 354 от 06.05.2012.", LAST), {}),
    ("long sentence", "BO-7", body("Мы проверили " + "начисления и показания, " * 20 + "всё верно.", LAST), {}),
    ("questions in one heap", "BO-8", with_(), {"incoming": {**INCOMING, "questions": ["Плата за отопление?"] * 4}}),
    (
        "forgotten question",
        "BO-9",
        with_(),
        {"incoming": {**INCOMING, "questions": ["Когда опломбируют водосчётчик?"]}},
    ),
    ("interim without a form", "BO-13", body(BODY[0], LAST), {"letter": {"date": "2026-11-16", "kind": "interim"}}),
    (
        "bare refusal",
        "BO-14",
        body("В перерасчёте отказано.", LAST),
        {"letter": {"date": "2026-11-16", "kind": "refusal"}},
    ),
    ("invented quotation", "BO-15", body("Вы пишете: «Верните мне все деньги».", LAST), {}),
    ("typing error", "BO-17", body("Перерасчёт сделан в соотвествии с Правилами.", LAST), {}),
    ("space before a comma", "BO-18", body("Мы проверили начисления , они верны.", LAST), {}),
    ("doubled word", "BO-18", body("Мы проверили проверили начисления.", LAST), {}),
    ("Latin letter", "BO-19", body("Мы прoверили начисления.", LAST), {}),
    ("invisible character", "BO-19", body("Мы про\u200bверили начисления.", LAST), {}),
    ("sum of another case", "BO-21", body("Перерасчёт составил 1 254,30 руб.", LAST), {"facts": ["1 245,30"]}),
    ("news at the end", "CO-2", with_(closing="Если возникнут вопросы, просим сообщить до 25.12.2026."), {}),
    ("low rank", "SG-8", with_(), {"client": {**PETROV, "rank": 1}, "signatory": {**IVANOVA, "rank": 4}}),
    (
        "relative",
        "SG-12",
        with_(salutation="Уважаемый Андрей Павлович!", addressee=["Иванову Андрею Павловичу"]),
        {"client": {**PETROV, "last_name": "Иванов"}},
    ),
    ("initials in the mark", "EX-8", with_(mark=["Сидорова М.И.", "8 (347) 200-10-12"]), {}),
    (
        "code of another region",
        "EX-12",
        with_(mark=["Сидорова Мария Ивановна", "8 (374) 200-10-12"]),
        {"executor": {"last_name": "Сидорова", "first_name": "Мария", "patronymic": "Ивановна"}},
    ),
    ("no apology", "TN-4", with_(), {"company_at_fault": True}),
    ("unmarked error", "TN-5", body("Плата была ошибочно начислена дважды.", LAST), {}),
    ("no procedure", "TN-7", with_(closing="Благодарим за обращение."), {"client_at_fault": True}),
    ("unexplained abbreviation", "TN-9", body("Показания ОДПУ проверены.", LAST), {}),
    ("slang", "TN-10", body("Новая платёжка готова.", LAST), {}),
    ("belittled", "TN-11", body("Другие клиенты не жалуются.", LAST), {}),
    ("remark", "TN-12", body("Просим выбирать выражения.", LAST), {}),
    ("colleague", "TN-15", body("Наш сотрудник допустил халатность.", LAST), {}),
    ("passport", "TN-16", body("Паспорт 80 12 № 123456 проверен.", LAST), {}),
    (
        "debt to a stranger",
        "DG-1",
        body(BODY[0], "Задолженность составляет 512,40 руб.", LAST),
        {"recipient_confirmed": False, "facts": ["512,40"]},
    ),
    (
        "account to nobody knows whom",
        "DG-1",
        body(BODY[0], "Начисления по лицевому счёту № 1100200300 верны.", LAST),
        {"recipient_confirmed": None, "facts": ["1100200300"]},
    ),
    ("neighbour", "TN-16", body("Долг Кузнецова Олега Петровича погашен.", LAST), {}),
    ("no postal address", "CH-3", with_(letterhead=["ООО «ЕИРЦ РБ»", "16.11.2026 № ИСХ-2026-000321"]), {}),
]


@pytest.mark.parametrize("build", BUILDERS)
def test_correct_letter_gives_no_finding(build: str) -> None:
    letters = (
        Text(),
        Text(salutation="Уважаемый Андрей Павлович", regards="С уважением,"),
        Text(name="Иванова С.В."),
        Text(
            note=["Приложения:", "1. Расчёт платы на 1 л. в 1 экз.", "2. Акт на 2 л. в 1 экз."],
            enclosures=[["Приложение № 1", "Расчёт платы"], ["Приложение № 2", "Акт осмотра прибора"]],
        ),
    )
    for text in letters:
        enclosures = ["Расчёт", "Акт"] if text.enclosures else []
        report = check(BUILDERS[build](text), pdf=None, context=context(enclosures=enclosures), rulebook=RULES)
        assert [(one.rule, one.message) for one in report.findings] == []
        assert {one.why for one in report.unchecked} == {"нет PDF"}


@pytest.mark.parametrize(("at", "break_"), list(enumerate(MUTATIONS)), ids=[one[0] for one in MUTATIONS])
def test_one_break_gives_one_rule(at: int, break_: tuple[str, str, Callable[[Text], Text], dict[str, Any]]) -> None:
    """One way of building each; all of them in ``test_check_breaks``."""
    _, rule, change, facts = break_
    build = list(BUILDERS)[at % len(BUILDERS)]
    report = check(BUILDERS[build](change(Text())), pdf=None, context=context(**facts), rulebook=RULES)
    assert {one.rule for one in report.findings} == {rule}, [(one.rule, one.message) for one in report.findings]
    assert all(one.message and one.suggestion and one.where for one in report.findings)


@pytest.mark.parametrize("build", [name for name in BUILDERS if name != "acting_addressee"])
@pytest.mark.parametrize(("rule", "changes"), [("TO-1", {"addressee": []}), ("SU-1", {"topic": ""})])
def test_empty_field_of_the_header(build: str, rule: str, changes: dict[str, Any]) -> None:
    report = check(BUILDERS[build](Text(**changes)), pdf=None, context=context(), rulebook=RULES)
    assert {one.rule for one in report.findings} == {rule}


@pytest.mark.parametrize(
    ("salutation", "client", "addressee"),
    [
        ("Уважаемый Никита Ильич!", ("Ершов", "Никита", "Ильич", "male"), "Ершову Никите Ильичу"),
        ("Уважаемый Илья Кузьмич!", ("Лев", "Илья", "Кузьмич", "male"), "Льву Илье Кузьмичу"),
        ("Уважаемая Любовь Ильинична", ("Шевченко", "Любовь", "Ильинична", None), "Шевченко Любови Ильиничне"),
        ("Уважаемая Гузель Рашитовна", ("Ганиева", "Гузель", "Рашитовна", None), "Ганиевой Г.Р."),
        ("Уважаемый Пётр Фёдорович!", ("Чёрный", "Петр", "Федорович", "male"), "Черному П.Ф."),
    ],
)
def test_names_that_mislead_do_not_fire(
    salutation: str, client: tuple[str, str, str, str | None], addressee: str
) -> None:
    last, first, patronymic, gender = client
    person = {"last_name": last, "first_name": first, "patronymic": patronymic, "gender": gender, "segment": "B2C"}
    text = Text(salutation=salutation, addressee=[addressee])
    report = check(BUILDERS["direct"](text), pdf=None, context=context(client=person), rulebook=RULES)
    assert [(one.rule, one.message) for one in report.findings] == []


def test_missing_facts_are_not_checked_and_never_passed() -> None:
    report = check(BUILDERS["direct"](Text()), pdf=None, context=None, rulebook=RULES)
    unchecked = {one.rule for one in report.unchecked}
    asked = [spec for spec in RULES.rules if spec.profile is None and "mail" not in spec.views]
    needing = {spec.id for spec in asked if {"context", "pdf"} & set(spec.views)}
    assert needing <= unchecked
    assert report.findings == []


def test_late_answer_is_reported_and_not_stopped() -> None:
    late = context(letter={"date": "2026-12-06", "kind": "answer"})
    report = check(BUILDERS["direct"](Text()), pdf=None, context=late, rulebook=RULES)
    assert [one.severity for one in report.findings] == [Severity.ERROR]
    assert report.blocking == []


def test_short_acknowledgement_gets_a_hint_only() -> None:
    facts = context(letter={"date": "2026-11-16", "kind": "acknowledgement"})
    report = check(BUILDERS["direct"](Text(body=[LAST])), pdf=None, context=facts, rulebook=RULES)
    assert [(one.rule, one.severity, one.gate) for one in report.findings] == [("BO-1", Severity.HINT, Gate.REPORTS)]


def test_numbered_sections_may_be_long_together() -> None:
    sections = [f"{n}. По вопросу начислений за {n}-й месяц." for n in (1, 2, 3)]
    paragraphs = [line for section in sections for line in (section, BODY[0], LAST)]
    report = check(BUILDERS["direct"](Text(body=paragraphs)), pdf=None, context=context(), rulebook=RULES)
    assert [one.rule for one in report.findings] == []


def test_draft_with_changes_is_only_warned_about() -> None:
    letter = BUILDERS["direct"](Text(xml=[tracked]))
    report = check(letter, pdf=None, context=context(stage="draft"), rulebook=RULES)
    assert [(one.rule, one.severity) for one in report.findings] == [("ST-3", Severity.WARNING)]
