"""The rule book: every data file of ``rules/``, loaded, validated and checked against the others."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from rules.base import Rule
from rules.calendar import Calendars
from rules.checks import check
from rules.company import Company, Signatories
from rules.deadlines import Deadlines
from rules.errors import RuleError, UnknownRuleError
from rules.escalation import Escalation
from rules.examples import FILE as EXAMPLES_FILE
from rules.examples import TrainingLetter, load_examples
from rules.journals import Journals
from rules.queues import Queues
from rules.roles import Roles
from rules.routing_table import RoutingTable
from rules.source import Source
from rules.topics import Ekto

__all__ = ["RuleBook", "RuleError", "UnknownRuleError", "load"]

HERE = Path(__file__).resolve().parent
FILES = (
    "ekto",
    "queues",
    "routing",
    "deadlines",
    "calendars",
    "escalation",
    "roles",
    "journals",
    "company",
    "signatories",
)
_WARN_FROM_MONTH = 10  # the administrator is warned of next year's calendar from 1 October


class RuleBook(Rule):
    """All rules in force, immutable.

    Attributes:
        version: Short digest over all files: stored with every decision that was made by them (P8).
    """

    version: str
    ekto: Ekto
    queues: Queues
    routing: RoutingTable
    deadlines: Deadlines
    calendars: Calendars
    escalation: Escalation
    roles: Roles
    journals: Journals
    company: Company
    signatories: Signatories
    examples: tuple[TrainingLetter, ...]

    def warnings(self, today: dt.date) -> list[str]:
        """Russian reminders for the administrator: calendars that are missing or doubtful, demonstration values.

        A missing year does not stop the program (terms over it are provisional); the reminder stays until it is loaded.
        """
        years = [today.year] + ([today.year + 1] if today.month >= _WARN_FROM_MONTH else [])
        doubts = (
            doubt
            for year in years
            for doubt in self.calendars.for_terms.doubts(dt.date(year, 1, 1), dt.date(year, 12, 31))
        )
        found = [f"{doubt[0].upper()}{doubt[1:]}: дополните rules/calendars.yaml." for doubt in doubts]
        for name, demo in (("company.yaml", self.company.demo), ("signatories.yaml", self.signatories.demo)):
            if demo:
                found.append(f"В rules/{name} стоят выдуманные значения: замените их и поставьте demo: false.")
        return found


def load(directory: Path | None = None) -> RuleBook:
    """Load the rule book from a directory (default: the files that come with the program).

    Every call reads the files again; keep the book and pass it on. Files that belong to other rooms are not touched.

    Raises:
        RuleError: A file is missing, malformed or contradicts another; the message names file, line and mend.
    """
    folder = directory or HERE
    sources = {name: Source(folder / f"{name}.yaml") for name in FILES}
    examples = load_examples(folder)
    book = RuleBook(
        version=_digest(folder),
        ekto=sources["ekto"].parse(Ekto),
        queues=sources["queues"].parse(Queues),
        routing=sources["routing"].parse(RoutingTable),
        deadlines=sources["deadlines"].parse(Deadlines),
        calendars=sources["calendars"].parse(Calendars),
        escalation=sources["escalation"].parse(Escalation),
        roles=sources["roles"].parse(Roles),
        journals=sources["journals"].parse(Journals),
        company=sources["company"].parse(Company),
        signatories=sources["signatories"].parse(Signatories),
        examples=examples,
    )
    check(book, sources)
    return book


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for name in (*(f"{stem}.yaml" for stem in FILES), EXAMPLES_FILE):
        whole.update(name.encode())
        whole.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()[:12]
