from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from outbox.draft import NO_GENDER, NO_NAME, NO_PERSON, DraftFacts, TopicAnswer, draft
from outbox.errors import PlaceholdersLeftError, ScriptError
from outbox.position import dative_position
from outbox.scripts import (
    ScriptBook,
    fields,
    fill,
    load_scripts,
    placeholders,
    require_filled,
    settle,
    variants,
)
from rules.wire import NameForms, ReplyKind, SignatoryFacts

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "templates" / "letters" / "scripts"
FORBIDDEN = re.compile(
    r"абонент|потребител|покупател|обязан|\bявит|предъяв|немедленно|требуем\b|в противном случае|недопустим|"
    r"ближайшее время|кратчайш|своевременно|по мере|уважаем\w*\(|\bИ\.о\.|\bЗам\.",
    re.IGNORECASE,
)
ERSHOV = NameForms(
    last_name="Ершов",
    first_name="Никита",
    patronymic="Ильич",
    gender="male",
    dative="Ершову Никите Ильичу",
    salutation="Уважаемый Никита Ильич",
)


@pytest.fixture(scope="module")
def book() -> ScriptBook:
    return load_scripts(SCRIPTS)


def facts(book: ScriptBook, *codes: str, **changes: object) -> DraftFacts:
    made = DraftFacts(
        appeal_number="ВХ-2026-000123",
        appeal_date=dt.date(2026, 11, 5),
        sender=ERSHOV,
        topics=[TopicAnswer(script=book.script(code)) for code in codes],
        signatory=SignatoryFacts(last_name="Иванова", position="Директор"),
    )
    return made.model_copy(update=changes)


def outlines() -> dict[str, list[str]]:
    topics = yaml.safe_load((ROOT / "rules" / "ekto.yaml").read_text(encoding="utf-8"))["topics"]
    return {topic["code"]: topic["script_outline"] for topic in topics}


def test_every_topic_has_a_script_that_covers_its_outline(book: ScriptBook) -> None:
    points = outlines()
    assert len(points) == 103
    assert set(points) == set(book.codes)
    for code, outline in points.items():
        script = book.script(code)
        if not script.no_reply:
            assert {block.point for block in script.blocks} == set(range(1, len(outline) + 1)), code


def test_scripts_keep_to_the_tone_of_the_standard(book: ScriptBook) -> None:
    for code in book.codes:
        script = book.script(code)
        for text in [script.subject, script.preamble or "", script.closing or "", *(b.text for b in script.blocks)]:
            assert not FORBIDDEN.search(text), (code, text)
    for texts in book.kinds.values():
        for text in (texts.preamble, texts.closing, *texts.body):
            assert not FORBIDDEN.search(text)


def test_every_topic_and_kind_gives_a_draft(book: ScriptBook) -> None:
    for code in book.codes:
        for kind in ReplyKind:
            if book.script(code).no_reply:
                with pytest.raises(ScriptError, match="не направляется"):
                    draft(book, facts(book, code, kind=kind))
                continue
            made = draft(book, facts(book, code, kind=kind)).content
            assert "ВХ-2026-000123 от 05.11.2026" in made.preamble, (code, kind)
            assert made.salutation == "Уважаемый Никита Ильич!"
            assert made.topic.startswith("О")
            assert len(made.body) >= 2
            assert made.closing
            assert "{" not in made.preamble + made.closing


def test_answers_have_two_to_five_paragraphs_once_the_clerk_has_chosen(book: ScriptBook) -> None:
    for code in book.codes:
        script = book.script(code)
        always = [block for block in script.blocks if block.when is None]
        for when in {block.when for block in script.choices} or {None}:
            chosen = [block for block in script.choices if block.when == when]
            if not script.no_reply:
                assert 2 <= len(always) + len(chosen) <= 5, (code, when)


def test_an_open_field_or_choice_stops_the_letter(book: ScriptBook) -> None:
    made = draft(book, facts(book, "C02.01"))
    assert "вариант: перерасчёт выполнен" in made.unfilled
    with pytest.raises(PlaceholdersLeftError, match="сумма перерасчёта"):
        require_filled(made.content)


def test_a_chosen_and_filled_draft_may_leave(book: ScriptBook) -> None:
    script = book.script("C02.01")
    fields = {name: "значение" for block in script.blocks for name in placeholders(block.text)}
    made = draft(book, facts(book, topics=[TopicAnswer(script=script, chosen=["done", "bill"], fields=fields)]))
    assert made.unfilled == []
    require_filled(made.content)
    assert len(made.content.body) == 2
    assert not any("не выполнен" in paragraph for paragraph in made.content.body)


def test_several_questions_give_numbered_sections(book: ScriptBook) -> None:
    made = draft(book, facts(book, "C02.01", "C04.06")).content
    assert made.body[0].startswith("1. О перерасчёте платы за время временного отсутствия.")
    assert any(paragraph.startswith("2. О сроках и способах передачи показаний.") for paragraph in made.body)
    assert "по нескольким вопросам" in made.preamble


def test_organisation_is_addressed_by_position_and_answered_by_its_own_number(book: ScriptBook) -> None:
    made = draft(
        book,
        facts(
            book,
            "B05.03",
            org_name="ООО «Вектор»",
            position="генеральный директор",
            client_ref_number="17/у",
            client_ref_date=dt.date(2026, 11, 1),
        ),
    ).content
    assert made.addressee == ["Генеральному директору", "ООО «Вектор»", "Ершову Никите Ильичу"]
    assert "Ваше письмо от 01.11.2026 № 17/у (вх. № ВХ-2026-000123 от 05.11.2026)" in made.preamble


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sender": None}, NO_NAME),
        ({"sender": NameForms(last_name="Ли", first_name="Саша")}, NO_GENDER),
    ],
)
def test_unknown_name_or_gender_is_asked_for(book: ScriptBook, changes: dict[str, object], reason: str) -> None:
    made = draft(book, facts(book, "C02.02", **changes))
    assert made.content.salutation == ""
    assert reason in made.reasons


def test_an_organisation_that_named_nobody_has_a_form_of_its_own(book: ScriptBook) -> None:
    made = draft(book, facts(book, "B01.01", sender=None, org_name="ООО «Вектор»"))
    assert made.content.salutation == "Уважаемые господа!"
    assert NO_PERSON in made.reasons


def test_without_a_number_none_is_invented(book: ScriptBook) -> None:
    made = draft(book, facts(book, "C02.02", appeal_number=None, appeal_date=None)).content
    assert "№" not in made.preamble


@pytest.mark.parametrize(
    ("position", "dative"),
    [
        ("генеральный директор", "Генеральному директору"),
        ("Заместитель директора по общим вопросам", "Заместителю директора по общим вопросам"),
        ("председатель правления", "Председателю правления"),
        ("главный бухгалтер", "Главному бухгалтеру"),
        ("И.о. директора", "И.о. директора"),
        ("", None),
    ],
)
def test_position_in_the_dative(position: str, dative: str | None) -> None:
    assert dative_position(position) == dative


def test_a_filled_value_is_never_read_as_a_field() -> None:
    assert fill("Сумма [сумма] от [дата]", {"сумма": "[дата]", "дата": "1"}) == "Сумма [дата] от 1"


def test_broken_scripts_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"kinds\.yaml"):
        load_scripts(tmp_path)
    (tmp_path / "kinds.yaml").write_text((SCRIPTS / "kinds.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "topics-99.yaml").write_text(
        "group: '99'\nname: Н\nowner: REG\nscripts:\n- {code: X, subject: Тема}\n", "utf-8"
    )
    with pytest.raises(ScriptError, match="«О»"):
        load_scripts(tmp_path)


def test_variants_are_decided_and_fields_filled_without_touching_what_was_edited(book: ScriptBook) -> None:
    code = next(code for code in book.codes if len(book.script(code).choices) > 1)
    made = draft(book, facts(book, code)).content
    edited = made.model_copy(update={"body": [*made.body, "Дописано вручную."]})
    conditions = variants(edited)
    assert conditions == [block.when for block in book.script(code).choices]
    values = dict.fromkeys(fields(edited), "10.12.2026")
    settled = settle(edited, conditions[:1], values)
    assert variants(settled) == []
    assert fields(settled) == []
    assert settled.body[-1] == "Дописано вручную."
    dropped = [block for block in book.script(code).choices if block.when != conditions[0]]
    assert len(settled.body) == len(edited.body) - len(dropped)
    require_filled(settled)


def test_a_value_is_never_read_as_a_field_and_an_empty_one_leaves_it_open(book: ScriptBook) -> None:
    made = draft(book, facts(book, "C01.05")).content
    first, second = fields(made)[:2]
    settled = settle(made, [], {first: f"[{second}]", second: ""})
    assert first not in fields(settled)
    assert second in fields(settled)
