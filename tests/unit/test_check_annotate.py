"""The copy with comments: each finding beside its words, the letter itself unchanged."""

from __future__ import annotations

import io

import docx
import pytest
from support_check import BUILDERS, Text, context

from outbox.check import UnreadableLetterError, check, load_rules
from outbox.check.annotate import annotate

RULES = load_rules()
BROKEN = Text(
    salutation="уважаемый Андрей Павлович!",
    body=[Text().body[0], "Требуем оплатить счёт.", Text().body[-1]],
    mark=["Сидорова Мария Ивановна", "тел. 200-10-12"],
)


@pytest.mark.parametrize("build", BUILDERS)
def test_every_finding_becomes_a_comment(build: str) -> None:
    letter = BUILDERS[build](BROKEN)
    report = check(letter, pdf=None, context=context(), rulebook=RULES)
    assert {one.rule for one in report.findings} == {"SA-3", "TN-3", "EX-10"}
    marked = docx.Document(io.BytesIO(annotate(letter, report, RULES)))
    texts = [comment.text for comment in marked.comments]
    assert len(texts) == len(report.findings)
    assert all(any(finding.message in text for text in texts) for finding in report.findings)
    plain = docx.Document(io.BytesIO(letter))
    assert [one.text for one in marked.paragraphs] == [one.text for one in plain.paragraphs]


def test_a_comment_stands_beside_its_words() -> None:
    letter = BUILDERS["direct"](BROKEN)
    report = check(letter, pdf=None, context=context(), rulebook=RULES)
    marked = docx.Document(io.BytesIO(annotate(letter, report, RULES)))
    harsh = next(comment.comment_id for comment in marked.comments if "Резкое" in comment.text)
    holder = next(one for one in marked.paragraphs if one.text == "Требуем оплатить счёт.")
    assert f'w:id="{harsh}"' in holder._p.xml


def test_the_copy_is_a_letter_that_says_it_has_comments() -> None:
    letter = BUILDERS["styled"](BROKEN)
    report = check(letter, pdf=None, context=context(), rulebook=RULES)
    again = check(annotate(letter, report, RULES), pdf=None, context=context(), rulebook=RULES)
    assert {one.rule for one in again.findings} == {"SA-3", "TN-3", "EX-10", "ST-3"}


def test_no_findings_no_comments() -> None:
    letter = BUILDERS["direct"](Text())
    report = check(letter, pdf=None, context=context(), rulebook=RULES)
    assert not list(docx.Document(io.BytesIO(annotate(letter, report, RULES))).comments)


def test_what_is_no_letter_is_refused() -> None:
    report = check(BUILDERS["direct"](Text()), pdf=None, context=context(), rulebook=RULES)
    with pytest.raises(UnreadableLetterError):
        annotate(b"PK", report, RULES)
