"""Checking one letter: read it, divide it, ask every rule, keep one finding a root cause."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import structlog

from outbox.check.facts import PARAGRAPH, Letter
from outbox.check.geometry import Geometry, UnreadablePdfError, read_geometry
from outbox.check.mail import read_mail
from outbox.check.reader import read_letter
from outbox.check.rule import FUNCTIONS, Hit, NotCheckedError
from outbox.check.rulebook import LetterRules, RuleSpec, View
from outbox.check.zones import Zones, find_zones
from rules.wire import CheckReport, Finding, Gate, LetterContext, Severity, Unchecked

ANYWHERE: Final = ""
DOUBTED: Final = "Не уверены: "
"""How a finding goes on that may be none (decision 0060)."""

log = structlog.get_logger(__name__)


def check(docx: bytes, *, pdf: bytes | None, context: LetterContext | None, rulebook: LetterRules) -> CheckReport:
    """Check a letter against the rules.

    Args:
        docx: The letter.
        pdf: The same letter as sheets, made from these very bytes; without it rules of geometry stay unchecked.
        context: Facts of the case; without them rules that need them stay unchecked.
        rulebook: Rules in force, from ``load_rules``.

    Raises:
        UnreadableLetterError: the bytes are not a letter that can be checked.
    """
    zones = find_zones(read_letter(docx), rulebook.wording, context)
    geometry: Geometry | None = None
    no_pdf = "нет PDF"
    if pdf is not None:
        try:
            geometry = read_geometry(pdf)
        except UnreadablePdfError as error:
            no_pdf = str(error)
    report = check_letter(Letter(zones, rulebook, context, geometry), no_pdf=no_pdf)
    log.info(
        "letter_checked",
        errors=sum(finding.severity is Severity.ERROR for finding in report.findings),
        findings=len(report.findings),
        unchecked=len(report.unchecked),
    )
    return report


def check_mail(raw: bytes, *, context: LetterContext | None, rulebook: LetterRules) -> CheckReport:
    """Check the e-mail that carries a letter: only the rules of the view ``mail``.

    Raises:
        UnreadableLetterError: the bytes are no e-mail, or too many.
    """
    return check_letter(Letter(Zones(), rulebook, context, message=read_mail(raw)))


def check_letter(letter: Letter, *, no_pdf: str = "нет PDF") -> CheckReport:
    """Ask every rule that fits about a letter, or an e-mail, that is already read."""
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    for spec in letter.rulebook.rules:
        if (View.MAIL in spec.views) != (letter.message is not None):
            continue
        if spec.profile not in (None, *letter.rulebook.profiles):
            continue
        other_kind = bool(spec.kinds) and letter.kind not in spec.kinds
        if other_kind and letter.kind_known:
            continue
        why = "вид письма не указан" if other_kind else _why_not(letter, spec, no_pdf)
        if why is None:
            found, why = ask(letter, spec)
            findings += found
        if why is not None:
            unchecked.append(Unchecked(rule=spec.id, clause=spec.clause, why=why))
    return CheckReport(
        findings=_root_causes(findings, letter.rulebook),
        unchecked=unchecked,
        human=list(letter.rulebook.data.human) if letter.message is None else [],
    )


def ask(letter: Letter, spec: RuleSpec) -> tuple[list[Finding], str | None]:
    """Findings of one rule, and why it could not look everywhere (``None``: it could)."""
    findings: list[Finding] = []
    try:
        for hit in FUNCTIONS[spec.id](letter):
            findings.append(_finding(letter, spec, hit))  # noqa: PERF401 - what was found before NotCheckedError stays
    except NotCheckedError as error:
        return findings, str(error)
    return findings, None


def fact(context: LetterContext | None, name: str) -> Any:
    """A fact of the case by its dotted name; ``None`` when it or anything above it is unknown."""
    value: Any = context
    for step in name.split("."):
        value = getattr(value, step, None)
    return value


def _why_not(letter: Letter, spec: RuleSpec, no_pdf: str) -> str | None:
    if not spec.enabled:
        return "правило выключено в настройках"
    if View.CONTEXT in spec.views and letter.context is None:
        return "нет сведений о деле"
    if View.PDF in spec.views and letter.geometry is None:
        return no_pdf
    missing = [letter.rulebook.data.facts[name] for name in spec.needs if fact(letter.context, name) in (None, "")]
    return f"в деле не указано: {', '.join(missing)}" if missing else None


def _finding(letter: Letter, spec: RuleSpec, hit: Hit) -> Finding:
    severity = hit.severity or spec.severity
    doubt = hit.doubt or next((letter.zones.doubts[zone] for zone in spec.rests_on if zone in letter.zones.doubts), "")
    if letter.kind in spec.hint_kinds or doubt:
        severity = Severity.HINT
    message = spec.variants[hit.variant] if hit.variant else spec.message
    values = defaultdict(lambda: "…", hit.values)
    told = message.format_map(values)
    if doubt:
        told = f"{told} {DOUBTED}{doubt}: посмотрите сами."
    return Finding(
        rule=spec.id,
        clause=spec.clause,
        severity=severity,
        gate=spec.gate if severity is Severity.ERROR else Gate.REPORTS,
        message=told,
        where=hit.where,
        suggestion=spec.suggestion.format_map(values),
        key=letter.key(spec.id, hit.where, told),
    )


def _root_causes(findings: list[Finding], rulebook: LetterRules) -> list[Finding]:
    """Drop findings that another finding explains; in a paragraph of the text only one of the same paragraph does."""
    explained = {
        (implied, place)
        for finding in findings
        if finding.severity is not Severity.HINT or DOUBTED in finding.message
        for implied in rulebook.by_id[finding.rule].implies
        for place in (finding.where, ANYWHERE)
    }
    return [
        finding
        for finding in findings
        if (finding.rule, finding.where if PARAGRAPH in finding.where else ANYWHERE) not in explained
    ]
