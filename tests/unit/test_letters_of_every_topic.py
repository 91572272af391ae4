"""Every topic's letter in every variant of its script passes the check, with a complete case, without a warning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from test_outbox_draft import ERSHOV, SCRIPTS

from outbox.check import check, load_rules
from outbox.compose import compose
from outbox.draft import DraftFacts, TopicAnswer, draft
from outbox.scripts import FAULTS, VARIANT, Script, load_scripts, placeholders, settle, unfilled
from rules.book import load
from rules.wire import ExecutorFacts, Fault, LetterContent, LetterContext, ReplyKind, Severity, SignatoryFacts

BOOK = load()
RULES = load_rules()
SCRIPT_BOOK = load_scripts(SCRIPTS)
COMPANY = BOOK.company.model_dump(mode="json")
SIGNATORY = SignatoryFacts(
    last_name="Иванова", first_name="Светлана", patronymic="Викторовна", position="Генеральный директор", rank=1
)
EXECUTOR = ExecutorFacts(last_name="Сидорова", first_name="Мария", patronymic="Ивановна", phone="+73472001012")


def value(name: str) -> str:
    """What a clerk would put into a field, by its name."""
    words = name.lower()
    if "телефон" in words and "," not in words:
        return "8 (347) 200-10-12"
    if words.startswith(("дата", "срок")) or "день" in words.split():
        return "10.12.2026"
    if words.startswith("сумма"):
        return "1 245,30 рублей"
    if "период" in words or "месяц" in words:
        return "ноябрь 2026 года"
    return "17" if "номер" in words else "сведения по делу"


def by_condition(script: Script) -> list[list[str]]:
    """The choices that a clerk ticks together, since they have one condition."""
    found: dict[str, list[str]] = {}
    for choice in script.choices:
        found.setdefault(choice.when or "", []).append(choice.id)
    return list(found.values())


def variants() -> Iterator[tuple[str, list[str]]]:
    for code in SCRIPT_BOOK.codes:
        script = SCRIPT_BOOK.script(code)
        if not script.no_reply:
            yield from ((code, chosen) for chosen in by_condition(script) or [[]])


def apologises(script: Script) -> bool:
    return any("приносим извинения" in block.text.casefold() for block in script.blocks)


def letter(
    script: Script, chosen: list[str], kind: ReplyKind = ReplyKind.ANSWER, fault: Fault | None = None, **changes: Any
) -> LetterContent:
    names = {name for block in script.blocks for name in placeholders(block.text)}
    organisation = script.code.startswith("B")
    facts = DraftFacts(
        kind=kind,
        appeal_number="ВХ-2026-000123",
        appeal_date=dt.date(2026, 11, 5),
        sender=ERSHOV,
        org_name="ООО «Вектор»" if organisation else None,
        position="Директор" if organisation else None,
        topics=[TopicAnswer(script=script, chosen=chosen)],
        signatory=SIGNATORY,
        executor=EXECUTOR,
        complaint=fault is not None,
        **changes,
    )
    names |= set(draft(SCRIPT_BOOK, facts).unfilled)
    fields = {name: value(name) for name in names if not name.startswith(VARIANT)}
    answers = [TopicAnswer(script=script, chosen=chosen, fields=fields)]
    filled = draft(SCRIPT_BOOK, facts.model_copy(update={"topics": answers, "fields": fields}))
    content = settle(filled.content, [FAULTS[fault]] if fault else [], fields)
    assert unfilled(content) == [], script.code
    return content.model_copy(update={"number": "ИСХ-2026-000321", "date": dt.date(2026, 11, 16)})


def case(script: Script, content: LetterContent) -> LetterContext:
    client: dict[str, Any] = {"last_name": "Ершов", "first_name": "Никита", "patronymic": "Ильич", "gender": "male"}
    client |= {"segment": "B2C", "rank": 5, "is_vip": False}
    if script.code.startswith("B"):
        client |= {"segment": "B2B", "position": "Директор", "org_name": "ООО «Вектор»"}
    incoming = {"number": "ВХ-2026-000123", "date": "2026-11-05", "received": "2026-11-05", "due_hard": "2026-12-05"}
    return LetterContext.model_validate(
        {
            "stage": "send",
            "letter": {"date": "2026-11-16", "number": content.number, "topic": script.subject, "kind": content.kind},
            "client": client,
            "incoming": {**incoming, "text": script.subject, "questions": [script.subject]},
            "signatory": SIGNATORY.model_dump(),
            "executor": EXECUTOR.model_dump(),
            "copy_to": None,
            "asks_action": False,
            "company_at_fault": content.fault == "company",
            "client_at_fault": content.fault == "client",
            "client_legal_breach": False,
            "complaint": content.fault is not None,
            "script": script.code,
            "recipient_confirmed": True,
            "enclosures": content.enclosures,
            "facts": ["1 245,30", "17"],
            "company": COMPANY,
        }
    )


def findings(script: Script, content: LetterContent) -> list[tuple[str, str]]:
    docx = compose(content, COMPANY, SCRIPTS.parent)
    report = check(docx, pdf=None, context=case(script, content), rulebook=RULES)
    assert {one.why for one in report.unchecked} <= {"нет PDF"}
    return [(one.rule, one.message) for one in report.findings if one.severity is not Severity.HINT]


@pytest.mark.parametrize(("code", "chosen"), list(variants()), ids=lambda value: "-".join(value) or "plain")
def test_letter_passes_its_own_check(code: str, chosen: list[str]) -> None:
    script = SCRIPT_BOOK.script(code)
    assert findings(script, letter(script, chosen)) == []


@pytest.mark.parametrize("code", ["C01.05", "C02.03", "C05.04", "B01.01"])
def test_large_print_passes_too(code: str) -> None:
    script = SCRIPT_BOOK.script(code)
    assert findings(script, letter(script, []).model_copy(update={"large_print": True})) == []


ANSWERED = [code for code in SCRIPT_BOOK.codes if not SCRIPT_BOOK.script(code).no_reply]
SAMPLE = ["C01.04", "C01.05", "C02.03", "B01.01", "C12.01", "C14.01"]


def sampled(codes: list[str]) -> list[Any]:
    return [pytest.param(code, marks=[] if code in SAMPLE else pytest.mark.full) for code in codes]


@pytest.mark.parametrize("fault", get_args(Fault))
@pytest.mark.parametrize("code", sampled(ANSWERED))
def test_answers_to_complaints_pass_too(code: str, fault: Fault) -> None:
    script = SCRIPT_BOOK.script(code)
    if fault == "company" and apologises(script):
        pytest.skip("the topic's own variant apologises")
    content = letter(script, first_choice(script), fault=fault)
    assert content.fault == fault
    assert findings(script, content) == []


@pytest.mark.parametrize("way", ["plain", "authority"])
@pytest.mark.parametrize("code", sampled(ANSWERED))
def test_plain_words_and_answers_to_authorities_pass_too(code: str, way: str) -> None:
    script = SCRIPT_BOOK.script(code)
    assert findings(script, letter(script, first_choice(script), **{way: True})) == []


def first_choice(script: Script) -> list[str]:
    """The first condition whose words admit no mistake of ours: whose it was is varied beside it."""
    words = {choice.id: choice.text.casefold() for choice in script.choices}
    calm = [ids for ids in by_condition(script) if not any("приносим извинения" in words[one] for one in ids)]
    return calm[0] if calm else []


@pytest.mark.parametrize("kind", [kind for kind in ReplyKind if kind is not ReplyKind.ANSWER])
@pytest.mark.parametrize("code", sampled(ANSWERED))
def test_other_kinds_pass_too(code: str, kind: ReplyKind) -> None:
    script = SCRIPT_BOOK.script(code)
    assert findings(script, letter(script, [], kind)) == []
