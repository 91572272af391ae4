"""Letters in odd but legal styles are let through, and one violation in each of them is found: what needs no paper."""

from __future__ import annotations

import pytest
from support_odd import Odd, Plant, odd_letters
from support_ooxml import defaults, family, p, pack, section, size, style

from outbox.check import check, load_rules
from outbox.check.reader import Place, read_letter
from rules.wire import CheckReport, LetterContext, Severity

RULES = load_rules()
LETTERS = [one for one in odd_letters() if one.suffix == "docx"]
ON_PAPER = {"EX-3", "EX-4", "AP-2", "AP-4"}
PLANTS = [(one, plant) for one in LETTERS for plant in one.plants if plant.rule not in ON_PAPER]


def report(letter: bytes, case: LetterContext | None) -> CheckReport:
    return check(letter, pdf=None, context=case, rulebook=RULES)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.name)
def test_a_correct_letter_is_let_through(letter: Odd) -> None:
    allowed = {"ST-3"} if letter.case.stage == "draft" else set()  # a draft under tracked changes is warned about
    for case in (letter.case, None):
        found = {one.rule for one in report(letter.made, case).findings if one.severity is not Severity.HINT}
        assert found <= allowed


@pytest.mark.parametrize(("letter", "plant"), PLANTS, ids=lambda one: one.name if isinstance(one, Odd) else one.rule)
def test_a_violation_in_an_odd_letter_is_found(letter: Odd, plant: Plant) -> None:
    assert plant.rule in {one.rule for one in report(letter.spoilt(plant), letter.case).findings}


def test_conditions_of_a_table_style_hold_in_their_cells_alone() -> None:
    (letter,) = (one for one in LETTERS if one.name == "conditional_table")
    found = {block.text: block for block in read_letter(letter.made).blocks}
    mark, head, plain = found["Юлаева Зиля Маратовна"], found["МУП «Горводоканал»"], found["Главный инженер"]
    assert [one.dominant_size() and one.dominant_size().value for one in (mark, head, plain)] == [10, 12, 14]  # type: ignore[union-attr]
    assert (head.align.value, found["И. А. Никитин"].align.value, plain.align.value) == ("center", "right", "left")


def test_a_deleted_paragraph_mark_joins_the_words_on_both_sides() -> None:
    gone = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    body = p("Раз, ", look=gone) + p("два, ", look=gone) + p("три.") + p("Четыре.", look=gone) + section()
    letter = pack(body, styles=defaults(size(14)) + style("n", "Normal"))
    assert [block.text for block in read_letter(letter).blocks] == ["Раз, два, три.", "Четыре."]


def test_a_small_letter_under_capitals_reads_as_the_capital_it_prints() -> None:
    body = p("о замене", run="<w:caps/>") + p("о замене", run='<w:caps w:val="0"/>') + section()
    letter = pack(body, styles=defaults(family("Arial") + size(14)) + style("n", "Normal"))
    assert [block.text for block in read_letter(letter).blocks] == ["О замене", "о замене"]


def test_a_frame_of_a_style_is_not_judged_by_libreoffice() -> None:
    frame = '<w:framePr w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:yAlign="bottom"/>'
    styles = defaults(size(14)) + style("n", "Normal") + style("m", "Отметка", based="n", look=frame)
    body = p("Сидорова Мария Ивановна", style="m") + p("8 (347) 200-10-12", look=frame) + section()
    framed, direct = read_letter(pack(body, styles=styles)).blocks
    assert (framed.place, framed.frame, direct.frame) == (Place.FRAME, "стиль «Отметка»", "прямое форматирование")
