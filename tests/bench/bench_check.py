"""Figures of the letter check: what it finds of planted breaks, what it finds in correct letters, how long it takes.

Run: PYTHONPATH=tests:tests/unit .venv/bin/python tests/bench/bench_check.py [PART …], see the end
"""

from __future__ import annotations

import random
import sys
import time
from functools import partial

import structlog
from support_breaks import ALL_BUILDS, breaks, correct
from support_check import BUILDERS, Text, context
from support_makers import Made
from support_offices import every_letter
from support_turns import turned_letters
from test_check_mail import BROKEN
from test_letters_of_every_topic import SCRIPT_BOOK, findings, letter, variants

from outbox.check import check, check_mail, load_rules
from outbox.check.rulebook import LetterRules
from outbox.pdf import page_count, to_pdfs
from rules.wire import Severity

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
RULES = load_rules()
GOST = RULES.with_profiles(["gost2025"])
TIMED = 20


def planted(builds: int = len(ALL_BUILDS)) -> None:
    """Each rule broken in ten ways, in every way of building a letter or some at random: found, and found alone."""
    total = found = alone = 0
    chance = random.Random(20261130)
    for one in breaks():
        for build in chance.sample([*ALL_BUILDS.values()], builds):
            report = check(build(one.text), pdf=None, context=one.case, rulebook=RULES)
            fired = {finding.rule for finding in report.findings}
            total, found = total + 1, found + (one.rule in fired)
            alone += one.rule in fired and fired - {one.rule} <= one.may
            if one.rule not in fired or not fired - {one.rule} <= one.may:
                print(f"  {one.rule} way {one.number}, {build.__name__}: {sorted(fired)}")
    print(f"planted breaks in letters: {total}, found {found}, with one finding per root cause {alone}")
    fired_by = [{one.rule for one in check_mail(raw, context=None, rulebook=RULES).findings} for _, _, raw, _ in BROKEN]
    print(f"planted breaks in e-mails: {len(fired_by)} (each held by tests/unit/test_check_mail.py)")


def other_turns(count: int = 500, seed: int = 20261201) -> None:
    """Letters whose parts are written otherwise than in any set: how many are called wrong."""
    told = {True: [0, 0], False: [0, 0]}
    made = 0
    for one, turns in turned_letters(count, seed):
        made += 1
        for known in (True, False):
            report = check(one.docx(), pdf=None, context=one.case if known else None, rulebook=RULES)
            weights = {found.severity for found in report.findings}
            told[known][0] += Severity.ERROR in weights
            told[known][1] += Severity.WARNING in weights
            for found in report.findings:
                if found.severity is not Severity.HINT:
                    print(f"  {one.letter.name}, {turns}, case {known}: {found.rule} {found.message}")
    print(f"letters in other turns: {made}; with an error, a warning: {told[True]} with the case, {told[False]} bare")


def rules_of(one: Made) -> LetterRules:
    """The rules that a letter is held to."""
    return GOST if one.letter.gost else RULES


def many_makers() -> None:
    """The fresh sets on paper, with and without their case, and what is planted in them; fifty letters at once."""
    letters = every_letter()
    plants = [(one, plant) for one in letters for plant in one.plants]
    made = [one.docx() for one in letters]
    pdfs = to_pdfs(made, timeout=900)
    loud = [
        (one.letter.name, found.rule, found.severity.value)
        for one, docx, pdf in zip(letters, made, pdfs, strict=True)
        for case in (one.case, None)
        for found in check(docx, pdf=pdf, context=case, rulebook=rules_of(one)).findings
        if found.severity is not Severity.HINT
    ]
    print(f"letters of many makers: {len(letters)}, errors and warnings {loud}")
    spoilt = [one.spoilt(plant) for one, plant in plants]
    missed = [
        (one.letter.name, plant.rules)
        for (one, plant), docx, pdf in zip(plants, spoilt, to_pdfs(spoilt, timeout=900), strict=True)
        if not set(plant.rules)
        & {f.rule for f in check(docx, pdf=pdf, context=one.case_of(plant), rulebook=rules_of(one)).findings}
    ]
    print(f"planted in them: {len(plants)}, missed {missed}")
    fifty = made[:50]
    started = time.perf_counter()
    for docx, pdf in zip(fifty, to_pdfs(fifty, timeout=900), strict=True):
        check(docx, pdf=pdf, context=None, rulebook=RULES)
    print(f"fifty letters of many makers in one hand-over: {time.perf_counter() - started:.1f} s")


def let_through() -> None:
    """Letters that are right: of many offices in every way of building, and those of every topic and variant."""
    letters = errors = warnings = 0
    for letter_of in correct():
        for build in ALL_BUILDS.values():
            for case in (letter_of.case, None):
                report = check(build(letter_of.text), pdf=None, context=case, rulebook=RULES)
                letters += 1
                errors += sum(one.severity is Severity.ERROR for one in report.findings)
                warnings += sum(one.severity is Severity.WARNING for one in report.findings)
    print(f"correct letters: {letters}, errors {errors}, warnings {warnings}")
    generated = [(code, chosen) for code, chosen in variants()]
    wrong = sum(bool(findings(SCRIPT_BOOK.script(code), letter(SCRIPT_BOOK.script(code), chosen)))
                for code, chosen in generated)  # fmt: skip
    print(f"letters of all topics and variants: {len(generated)}, with an error or a warning {wrong}")


def speed() -> None:
    """Seconds a letter: without sheets, and with LibreOffice for one and for many."""
    data = BUILDERS["styled"](Text())
    started = time.perf_counter()
    for _ in range(TIMED):
        check(data, pdf=None, context=context(), rulebook=RULES)
    plain = (time.perf_counter() - started) / TIMED
    started = time.perf_counter()
    pdf = to_pdfs([data])[0]
    single = time.perf_counter() - started
    started = time.perf_counter()
    to_pdfs([data] * TIMED)
    many = (time.perf_counter() - started) / TIMED
    started = time.perf_counter()
    for _ in range(TIMED):
        check(data, pdf=pdf, context=context(), rulebook=RULES)
    whole = (time.perf_counter() - started) / TIMED
    print(f"check without sheets {plain * 1000:.0f} ms, with them {whole * 1000:.0f} ms a letter")
    print(f"LibreOffice {single:.2f} s for one letter, {many:.2f} s a letter of {TIMED}: "
          f"{many / (many + whole):.0%} of a checked letter of a batch")  # fmt: skip


def long_letter() -> None:
    """Seconds for a letter of some twenty sheets, LibreOffice warm."""
    paragraph = (
        "Мы проверили начисления по Вашей квартире за октябрь 2026 года и сравнили их с показаниями прибора учёта, "
        "которые Вы передали до 25 октября. Расхождений не найдено, плата в сумме {sum} руб. начислена верно. "
    )
    data = BUILDERS["styled"](Text(body=[paragraph.format(sum=at) * 4 for at in range(60)]))
    started = time.perf_counter()
    pdf = to_pdfs([data])[0]
    converted = time.perf_counter() - started
    started = time.perf_counter()
    check(data, pdf=pdf, context=context(), rulebook=RULES)
    checked = time.perf_counter() - started
    print(f"letter of {page_count(pdf)} sheets: LibreOffice {converted:.2f} s, check with its sheets {checked:.2f} s")


if __name__ == "__main__":
    standard = [spec for spec in RULES.rules if spec.profile is None]
    print(f"rules of the standard: {len(standard)}, of the GOST profile: {len(RULES.rules) - len(standard)}")
    parts = {
        "sample": partial(planted, 2),
        "planted": planted,
        "correct": let_through,
        "makers": many_makers,
        "turns": other_turns,
        "speed": speed,
        "long": long_letter,
    }
    for name in sys.argv[1:] or [one for one in parts if one != "sample"]:
        parts[name]()
