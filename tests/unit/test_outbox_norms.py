"""Norms of the scripts: none cited without an entry, numbers and dates right, ends seen in time; owners known."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from outbox.check import load_rules
from outbox.errors import ScriptError
from outbox.norms import Norm, uncited
from outbox.scripts import load_scripts
from rules import book
from steps.house import TEMPLATES

SCRIPTS = load_scripts(TEMPLATES / "scripts")
HOUSING = Norm(act="Жилищный кодекс Российской Федерации", number="188-ФЗ", date=dt.date(2004, 12, 29))


def test_every_script_has_an_owner_among_the_queues() -> None:
    rules = book.load()
    queues = {topic.queue for topic in rules.ekto.by_code.values()}
    assert {SCRIPTS.script(code).owner for code in SCRIPTS.codes} <= queues
    assert len(SCRIPTS.codes) == len(rules.ekto.by_code)


def test_dates_of_norms_are_those_that_the_check_of_letters_knows() -> None:
    """Two lists written apart: a slip in either shows."""
    known = {number.casefold(): {law.date for law in laws} for number, laws in load_rules().laws.items()}
    norms = [norm for code in SCRIPTS.codes for norm in SCRIPTS.script(code).norms]
    assert len(norms) >= 35
    for norm in norms:
        assert norm.date in known.get(norm.number.casefold(), {norm.date}), norm.title
    assert {norm.number.casefold() for norm in norms} & known.keys() >= {"354", "51-фз", "152-фз"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("по части 14 статьи 155 Жилищного кодекса Российской Федерации", []),
        ("статья 199 Гражданского кодекса Российской Федерации", ["гражданск… кодекс"]),
        ("статья 128 Гражданского процессуального кодекса Российской Федерации", ["гражданск… процессуальн… кодекс"]),
        ("По Жилищному кодексу и указанному кодексу, Настоящий кодекс", []),
        ("нормы Жилищно-гражданского кодекса", ["жилищно-гражданск… кодекс"]),
        ("Согласно Жилищным кодексом установлено", []),
        ("Правила, утверждённые постановлением от 06.05.2011 № 354", ["№ 354"]),
        ("законом от 29.12.2004 № 188-ФЗ", []),
        ("законом от 30.12.2004 № 188-ФЗ", ["№ 188-ФЗ"]),
        ("приказ от [дата приказа] № [номер приказа]", []),
    ],
)
def test_an_act_that_is_cited_must_be_described(text: str, missing: list[str]) -> None:
    assert uncited(text, [HOUSING]) == missing


def test_the_loader_refuses_a_citation_without_a_norm_and_a_file_without_an_owner(tmp_path: Path) -> None:
    entry = "    norms:\n      - {act: Постановление Правительства"
    for number, (old, new, said) in enumerate(
        (
            (entry, f"    norms: []\n#{entry}", "нет нормы"),
            ("act: Постановление", "закон: Постановление", "norms"),
            ("\nowner: ", "\n# owner: ", "owner"),
        )
    ):
        folder = tmp_path / str(number)
        shutil.copytree(TEMPLATES / "scripts", folder)
        path = folder / "topics-02.yaml"
        words = path.read_text(encoding="utf-8")
        assert old in words
        path.write_text(words.replace(old, new, 1).replace("#    norms:\n  ", "#    norms:\n#  "), encoding="utf-8")
        with pytest.raises(ScriptError, match=said):
            load_scripts(folder)


def test_a_norm_in_one_line() -> None:
    assert HOUSING.title == "Жилищный кодекс Российской Федерации от 29.12.2004 № 188-ФЗ"
