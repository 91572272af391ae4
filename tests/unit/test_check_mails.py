"""E-mails of several offices pass the check, and what is planted in them is found."""

from __future__ import annotations

import pytest
from support_mails import MAILS, Mail

from outbox.check import check_mail, load_rules
from rules.wire import Severity

RULES = load_rules()


@pytest.mark.parametrize("mail", MAILS, ids=lambda one: one.name)
def test_a_correct_mail_is_let_through(mail: Mail) -> None:
    found = check_mail(mail.raw(), context=mail.facts(), rulebook=RULES).findings
    assert [(one.rule, one.message) for one in found if one.severity is not Severity.HINT] == []


def test_a_violation_in_a_mail_is_found_whatever_program_wrote_it() -> None:
    planted = [(mail.name, *one) for mail in MAILS for one in mail.spoilt()]
    missed = [
        (name, rules)
        for name, rules, raw, facts in planted
        if not set(rules) & {one.rule for one in check_mail(raw, context=facts, rulebook=RULES).findings}
    ]
    assert missed == []
    assert len(planted) > 25
