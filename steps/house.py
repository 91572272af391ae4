"""The house: what every step needs, wired once by the shell and handed down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from classifiers.reader import Classifier
from classifiers.readingrules import reading_rules
from classifiers.sidemodels import SideModels
from intake.crm import Crm
from intake.limits import ReadSettings
from intake.mime import MailLimits
from intake.pool import PagePool
from intake.port import Source
from outbox.check.rulebook import LetterRules
from outbox.dkim import DkimSettings
from outbox.smtp import SmtpSettings
from registry import clock
from registry.database import Database
from rules.book import RuleBook
from rules.editions import Editions
from steps.inforce import InForce
from steps.malware import Checker
from steps.sidetraining import side_models
from steps.training import cache_folder, topic_cards, trained

TEMPLATES = Path(__file__).parent.parent / "templates" / "letters"


class StepSettings(BaseModel):
    """Settings of the way of a letter.

    Attributes:
        read: How documents are read, and its limits.
        smtp: The server that takes our letters.
        mail_from: Address that replies come from; must be official (standard 7.15).
        mail_return: Where reports of non-delivery go, with ``{tag}`` for the mark of one sending
            (``info+{tag}@eirc.example``); None is ``mail_from``, and reports are matched by what they quote.
        quote_client: Quote the new text of the client's mail below the answer.
        dkim: What our mail is signed with; None leaves it to the mail server.
        journal_address: Mailbox that gets a copy of each letter in the same SMTP transaction.
        journal_wait: Seconds after an interrupted sending before the journal is believed.
        undo_seconds: How long a signed letter waits before it leaves, so that it may be taken back.
        acknowledge: Send acknowledgements of registration to those who wrote by e-mail.
        auto_daily: Automatic letters to one address a day; the rest are not sent (loops between robots).
        desk_url: Where the desk answers, for links in reports.
        demo: The demonstration: named approval is allowed for every kind of reply.
        templates: Folder of letter templates and scripts.
        due_soon_days: From how many working days before the term an appeal counts as due soon.
        read_attempts: After how many failures of reading a person reads the letter instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    read: ReadSettings = Field(default_factory=ReadSettings)
    smtp: SmtpSettings = SmtpSettings(host="127.0.0.1", port=2525, security="plain")
    mail_from: str = "info@eirc-rb.example"
    mail_return: str | None = Field(default=None, pattern=r"^[^@\s]*\{tag\}[^@\s]*@[^@\s]+$")
    quote_client: bool = False
    dkim: DkimSettings | None = None
    journal_address: str | None = None
    journal_wait: float = Field(default=120, ge=0)
    undo_seconds: float = Field(default=60, ge=0)
    acknowledge: bool = False
    auto_daily: int = Field(default=3, ge=1)
    desk_url: str = "http://127.0.0.1:8800"
    demo: bool = False
    templates: Path = TEMPLATES
    due_soon_days: int = Field(default=3, ge=1)
    read_attempts: int = Field(default=3, ge=1)

    @property
    def mail_domain(self) -> str:
        """Domain of our own Message-IDs."""
        return self.mail_from.rpartition("@")[2]


class Journal(Protocol):
    """Where copies of sent letters can be looked for."""

    def find(self, message_id: str) -> bool:
        """Whether a letter with this Message-ID is there. Raises SourceUnavailableError."""
        ...


@dataclass
class House:
    """Database, rules, models and settings of one process.

    The classifier is trained at the first use, so that commands which need none start at once.
    """

    db: Database
    rules: Editions
    letter_rules: LetterRules
    settings: StepSettings
    sources: Sequence[Source] = ()
    mail_limits: MailLimits = field(default_factory=MailLimits)
    pages: PagePool | None = None
    journal: Journal | None = None
    malware: Checker | None = None
    crm: Crm | None = None
    learnt: InForce = field(default_factory=InForce)

    @property
    def book(self) -> RuleBook:
        """The rule book in force today: an edition comes into force at local midnight, in running processes too."""
        return self.rules.on(clock.today())

    @cached_property
    def classifier(self) -> Classifier:
        """The reader of meaning that follows from the rules alone: their topics, wordings and example letters."""
        return trained(self.book)

    @property
    def reader(self) -> Classifier:
        """The reader in force now: what was learnt from confirmed letters, where that proved better (decision 0029)."""
        book = self.book
        found = self.learnt.reader(self.db, book.version, lambda: topic_cards(book), lambda: self.classifier)
        return found.by(reading_rules(book.version, book.alarms, book.papers, book.reading), self.side_models)

    @cached_property
    def side_models(self) -> SideModels:
        """What is learnt beside topics; it follows from the rules alone."""
        return side_models(self.book, cache_folder())

    @property
    def area_code(self) -> str:
        """Long-distance code of the company's own phones (12.5.15)."""
        return self.book.company.area_codes[0]

    @property
    def soon_until(self) -> dt.date:
        """Last day that counts as «due soon» today: so many working days ahead, for lists, marks and reports alike."""
        return self.book.calendars.for_terms.add_working_days(clock.today(), self.settings.due_soon_days)

    def close(self) -> None:
        """Give back processes and connections."""
        if self.pages is not None:
            self.pages.close()
        if self.crm is not None:
            self.crm.close()
        self.db.close()
