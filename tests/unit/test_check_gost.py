"""The optional GOST profile: silent unless asked for, and never more than a warning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docx.document import Document
from docx.shared import Mm
from support_check import BUILDERS, Text, context

from outbox.check import check, load_rules
from rules.wire import Gate, Severity

RULES = load_rules()
GOST = RULES.with_profiles(["gost2025"])
HEAD = ["ООО «ЕИРЦ РБ»", "450000, г. Уфа, ул. Ленина, д. 1", "16.11.2026 № ИСХ-2026-000321"]


def narrow(document: Document) -> None:
    document.sections[0].left_margin = Mm(10)


def wanted(text: Text, *, build: str = "direct") -> set[str]:
    enclosures = ["Расчёт"] if text.note else []
    report = check(BUILDERS[build](text), pdf=None, context=context(enclosures=enclosures), rulebook=GOST)
    assert all(one.gate is Gate.REPORTS and one.severity is not Severity.ERROR for one in report.findings)
    return {one.rule for one in report.findings}


def test_a_letter_by_the_gost_gives_nothing() -> None:
    assert wanted(Text()) == set()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("GS-1", Text(xml=[narrow])),
        ("GS-3", Text(size=16, mark_size=12.5)),
        ("GS-5", Text(letterhead=[*HEAD[:2], "16.11.26 № ИСХ-2026-000321"])),
        ("GS-6", Text(letterhead=HEAD[:2])),
        ("GS-7", Text(note=["Приложение: расчёт платы"])),
        ("GS-8", Text(name="Иванова С.В.")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_break_gives_one_rule(rule: str, text: Text) -> None:
    assert wanted(text) == {rule}


def test_paragraphs_without_an_indent() -> None:
    assert wanted(Text(), build="styled") == {"GS-4"}


@pytest.mark.parametrize("build", [BUILDERS["direct"], BUILDERS["styled"]])
def test_nobody_is_told_who_did_not_ask(build: Callable[[Text], bytes]) -> None:
    report = check(build(Text(name="Иванова С.В.")), pdf=None, context=context(), rulebook=RULES)
    assert report.findings == []
    assert not any(one.rule.startswith("GS-") for one in report.unchecked)
