"""The report for people (Russian text) and for tools (SARIF 2.1.0). JSON is the dump of ``CheckReport``."""

from __future__ import annotations

import textwrap
from typing import Any, Final

from outbox.check.rulebook import LetterRules
from rules.wire import CheckReport, Finding, Gate, Severity

_TITLES: Final = {Severity.ERROR: "Ошибки", Severity.WARNING: "Предупреждения", Severity.HINT: "Подсказки"}
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
_WIDTH: Final = 100
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_text(report: CheckReport) -> str:
    """The report in Russian: errors first, then what was not checked and what a person must look at."""
    lines = [f"Проверка письма: {report.file or 'без имени'}", *report.notes, ""]
    for severity, title in _TITLES.items():
        found = [finding for finding in report.findings if finding.severity is severity]
        if found:
            lines += [f"{title} ({len(found)})"]
            lines += [line for finding in found for line in _lines(finding)] + [""]
    if not report.findings:
        lines += ["Нарушений не найдено.", ""]
    if report.set_aside:
        lines += [f"Оставлено с причиной ({len(report.set_aside)})"]
        for one in report.set_aside:
            lines += [f"  {one.finding.key} {one.finding.message} — {one.accepted.who}: {one.accepted.reason}"]
        lines += [""]
    if report.unchecked:
        lines += [f"Не проверено ({len(report.unchecked)})"]
        lines += [*_unchecked(report), ""]
    if report.human:
        lines += ["Проверить человеку"] + [f"  – {item}" for item in report.human] + [""]
    return "\n".join(lines)


def _unchecked(report: CheckReport) -> list[str]:
    """Rules that were not asked, by reason: a letter without its case has one reason for dozens of them."""
    reasons: dict[str, list[str]] = {}
    for one in report.unchecked:
        reasons.setdefault(one.why, []).append(one.rule)
    return [
        line
        for why, rules in reasons.items()
        for line in textwrap.wrap(
            f"{why}: {', '.join(rules)}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="      ",
            break_on_hyphens=False,
        )
    ]


def _lines(finding: Finding) -> list[str]:
    stops = " [не пускает к отправке]" if finding.gate is Gate.BLOCKS else ""
    where = f"{finding.where}: " if finding.where else ""
    lines = [f"  {finding.rule} (п. {finding.clause}){stops} {where}{finding.message}"]
    lines += [f"      Как исправить: {finding.suggestion}"] if finding.suggestion else []
    return lines + ([f"      Ключ замечания: {finding.key}"] if finding.key else [])


def as_sarif(reports: list[CheckReport], rulebook: LetterRules, version: str) -> dict[str, Any]:
    """One SARIF run over the reports; a rule that could not be applied is a result of kind ``open``.

    Args:
        reports: Reports with ``file`` set.
        rulebook: The rules they were made with.
        version: Version of the program.
    """
    rules = [
        {
            "id": spec.id,
            "shortDescription": {"text": spec.title},
            "help": {"text": f"Стандарт, п. {spec.clause}. {spec.suggestion.format_map(_Dots())}"},
            "defaultConfiguration": {"level": _LEVELS[spec.severity]},
        }
        for spec in rulebook.rules
    ]
    places = {spec.id: at for at, spec in enumerate(rulebook.rules)}
    results = [result for report in reports for result in _results(report, places)]
    driver = {"name": "otvet", "version": version, "semanticVersion": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "properties": {"rules": rulebook.version},
        "language": "ru",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


class _Dots(dict[str, str]):
    """Values of a message that has no finding yet."""

    def __missing__(self, key: str) -> str:
        """Three dots for any name."""
        return "…"


def _results(report: CheckReport, places: dict[str, int]) -> list[dict[str, Any]]:
    found = [_found(report, finding, places) for finding in report.findings]
    for one in report.set_aside:
        why = {"kind": "external", "status": "accepted", "justification": f"{one.accepted.who}: {one.accepted.reason}"}
        found.append(_found(report, one.finding, places) | {"suppressions": [why]})
    left = [
        _result(one.rule, places, report.file, "", f"Не проверено: {one.why}.", {"kind": "open", "level": "none"})
        for one in report.unchecked
    ]
    return found + left


def _found(report: CheckReport, finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    weight = {"kind": "fail", "level": _LEVELS[finding.severity]}
    text = f"{finding.message} {finding.suggestion}".strip()
    result = _result(finding.rule, places, report.file, finding.where, text, weight)
    return result | {"partialFingerprints": {"finding/v1": finding.key}}


def _result(
    rule: str, places: dict[str, int], file: str, where: str, text: str, weight: dict[str, str]
) -> dict[str, Any]:
    from urllib.parse import quote

    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": quote(file or "letter.docx")}}}
    if where:
        location["logicalLocations"] = [{"name": where, "kind": "element"}]
    return {"ruleId": rule, "ruleIndex": places[rule], **weight, "message": {"text": text}, "locations": [location]}
