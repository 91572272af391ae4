"""The rule book: every data file of ``rules/``, loaded, validated and checked against the others."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from rules.acknowledgement import Acknowledgement
from rules.alarmwordings import AlarmExamples
from rules.autoanswer import AutoAnswers
from rules.base import Rule, RuleFile
from rules.calendar import Calendars
from rules.checks import check
from rules.clients import Clients
from rules.company import Company, Signatories
from rules.deadlines import Deadlines
from rules.errors import RuleError, UnknownRuleError
from rules.escalation import Escalation
from rules.examples import FILE as EXAMPLES_FILE
from rules.examples import TrainingLetter, load_examples
from rules.journals import Journals
from rules.kindwordings import KindExamples
from rules.mailrules import MailRules
from rules.papers import Papers
from rules.phrases import Phrases
from rules.piles import Piles
from rules.post import Post
from rules.postforms import PostForms
from rules.queues import Queues
from rules.reading import Reading
from rules.recognition import Recognition
from rules.retention import Nomenclature
from rules.roles import Roles
from rules.routing_table import RoutingTable
from rules.shelf import look
from rules.source import Source
from rules.topics import Ekto
from rules.wordings import Wordings

__all__ = ["RuleBook", "RuleError", "UnknownRuleError", "load"]

Dated = TypeVar("Dated", bound=RuleFile)

HERE = Path(__file__).resolve().parent
LOCAL = ZoneInfo("Asia/Yekaterinburg")  # a new edition comes into force at Ufa's midnight
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
    "retention",
    "wordings",
    "acknowledgement",
    "post",
    "postforms",
    "alarms",
    "alarm_wordings",
    "kind_wordings",
    "papers",
    "reading",
    "piles",
    "recognition",
    "mail",
    "autoanswer",
    "clients",
)
_WARN_FROM_MONTH = 10  # the administrator is warned of next year's calendar from 1 October


class RuleBook(Rule):
    """All rules in force, immutable.

    Attributes:
        version: Short digest over all files: stored with every decision that was made by them (P8).
        deadline_editions: The rules of terms as they were and are, the oldest first: a term follows those in force on
            the day of receipt.
    """

    version: str
    deadline_editions: tuple[Deadlines, ...]
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
    retention: Nomenclature
    wordings: Wordings
    acknowledgement: Acknowledgement
    post: Post
    postforms: PostForms
    alarms: Phrases
    alarm_wordings: AlarmExamples
    kind_wordings: KindExamples
    papers: Papers
    reading: Reading
    piles: Piles
    recognition: Recognition
    mail: MailRules
    autoanswer: AutoAnswers
    clients: Clients
    examples: tuple[TrainingLetter, ...]

    def for_received(self, day: dt.date) -> RuleBook:
        """This book with the rules of terms that were in force on a local day of receipt.

        Everything else (calendars, topics, queues) is what is known now. Before the first edition, the first counts.
        """
        in_force = [one for one in self.deadline_editions if one.valid_from <= day] or [self.deadline_editions[0]]
        return self if in_force[-1] is self.deadlines else self.model_copy(update={"deadlines": in_force[-1]})

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
        for name, demo in (
            ("company.yaml", self.company.demo),
            ("signatories.yaml", self.signatories.demo),
            ("autoanswer.yaml", self.autoanswer.demo),
        ):
            if demo:
                found.append(f"В rules/{name} стоят выдуманные значения: замените их и поставьте demo: false.")
        return found


def load(directory: Path | None = None, day: dt.date | None = None) -> RuleBook:
    """Load the rule book in force on a day from a directory (default: the files that come with the program, today).

    Every call reads the files again; keep the book and pass it on. Files that belong to other rooms are not touched.

    Raises:
        RuleError: A file is missing, malformed or contradicts another; the message names file, line and mend.
    """
    folder = directory or HERE
    day = day or dt.datetime.now(LOCAL).date()
    shelf = look(folder, FILES)
    paths = {name: shelf.pick(name, day) for name in FILES}
    sources = {name: Source(path) for name, path in paths.items()}
    *superseded, _ = shelf.until("deadlines", day)
    deadlines = [_dated(source, Deadlines) for source in (*map(Source, superseded), sources["deadlines"])]
    examples = load_examples(folder)
    book = RuleBook(
        version=_digest([*paths.values(), folder / EXAMPLES_FILE]),
        deadline_editions=tuple(deadlines),
        ekto=_dated(sources["ekto"], Ekto),
        queues=_dated(sources["queues"], Queues),
        routing=_dated(sources["routing"], RoutingTable),
        deadlines=deadlines[-1],
        calendars=_dated(sources["calendars"], Calendars),
        escalation=_dated(sources["escalation"], Escalation),
        roles=_dated(sources["roles"], Roles),
        journals=_dated(sources["journals"], Journals),
        company=_dated(sources["company"], Company),
        signatories=_dated(sources["signatories"], Signatories),
        retention=_dated(sources["retention"], Nomenclature),
        wordings=_dated(sources["wordings"], Wordings),
        acknowledgement=_dated(sources["acknowledgement"], Acknowledgement),
        post=_dated(sources["post"], Post),
        postforms=_dated(sources["postforms"], PostForms),
        alarms=_dated(sources["alarms"], Phrases),
        alarm_wordings=_dated(sources["alarm_wordings"], AlarmExamples),
        kind_wordings=_dated(sources["kind_wordings"], KindExamples),
        papers=_dated(sources["papers"], Papers),
        reading=_dated(sources["reading"], Reading),
        piles=_dated(sources["piles"], Piles),
        recognition=_dated(sources["recognition"], Recognition),
        mail=_dated(sources["mail"], MailRules),
        autoanswer=_dated(sources["autoanswer"], AutoAnswers),
        clients=_dated(sources["clients"], Clients),
        examples=examples,
    )
    check(book, sources)
    return book


def _dated(source: Source, model: type[Dated]) -> Dated:
    """Parse a file; one with a date in its name says the same date inside."""
    parsed = source.parse(model)
    _, _, named = source.name.removesuffix(".yaml").partition("@")
    if named and parsed.valid_from.isoformat() != named:
        mend = "поставьте в файле и в его имени одну дату"
        source.fail(("valid_from",), f"valid_from {parsed.valid_from} не совпадает с датой в имени файла", mend)
    return parsed


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.partition("@")[0].removesuffix(".yaml").encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]
