"""Letting one finding stand: by its key, with reason and person, until the words it rests on change."""

from __future__ import annotations

import json

import pytest
from support_check import Text, context, direct

from outbox.check import as_sarif, as_text, check, let_stand, load_rules, read_accepted
from rules.wire import Accepted, CheckReport

RULES = load_rules()
HARSH = "Просим немедленно внести плату."
BODY = Text().body


def report(*body: str, letterhead: list[str] | None = None) -> CheckReport:
    text = Text(body=[*body]) if letterhead is None else Text(body=[*body], letterhead=letterhead)
    return check(direct(text), pdf=None, context=context(), rulebook=RULES)


def accepted(key: str) -> Accepted:
    return Accepted(key=key, reason="Срок назван в постановлении суда", who="Кузнецова О.П.")


def test_one_finding_is_let_stand_and_another_of_the_same_rule_is_not() -> None:
    found = report(HARSH, "Настаиваем на оплате.", BODY[-1])
    assert [one.rule for one in found.findings] == ["TN-3", "TN-3"]
    left = let_stand(found, [accepted(found.findings[0].key)])
    assert [one.key for one in left.findings] == [found.findings[1].key]
    assert [one.finding.key for one in left.set_aside] == [found.findings[0].key]


def test_it_holds_while_its_paragraph_stays_and_ends_with_its_words() -> None:
    key = report(HARSH, BODY[-1]).findings[0].key
    assert report(HARSH, BODY[-1], "Справка готова.").findings[0].key == key
    assert report(f"{HARSH} Справка готова.", BODY[-1]).findings[0].key != key


def test_number_and_date_of_the_letter_do_not_end_it() -> None:
    head = Text().letterhead
    numbered = [*head[:2], "17.11.2026 № ИСХ-2026-000777", *head[3:]]
    assert [one.key for one in report(HARSH, BODY[-1], letterhead=numbered).findings] == [
        one.key for one in report(HARSH, BODY[-1]).findings
    ]


def test_reports_name_who_and_why() -> None:
    found = report(HARSH, BODY[-1])
    assert found.findings[0].key in as_text(found)
    left = let_stand(found, [accepted(found.findings[0].key)])
    assert "Оставлено с причиной (1)" in as_text(left)
    assert "Кузнецова О.П.: Срок назван" in as_text(left)
    results = as_sarif([left], RULES, "1")["runs"][0]["results"]
    assert [one["suppressions"][0]["status"] for one in results if "suppressions" in one] == ["accepted"]


def test_file_of_accepted_findings() -> None:
    entry = {"key": "TN-3:12345678", "reason": "По решению суда", "who": "Кузнецова О.П.", "date": "2026-11-24"}
    assert read_accepted(json.dumps([entry]).encode())[0].who == "Кузнецова О.П."


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b'[{"key": "TN-3:1"}]', b'[{"key": "a", "reason": "", "who": "x"}]']
)
def test_what_names_no_person_or_reason_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_accepted(data)
