"""The normative names on the wire: what `--json`, the API and the parts of Otvet say to each other.

One module, so that a name is spelt once. Unknown is ``None``; dates are ISO; phones are ``+7XXXXXXXXXX``;
confidences lie in 0..1 (a page's confidence is the engine's mean word confidence, 0..100).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """Base of everything on the wire: unknown fields are refused, so that a misspelt name is an error."""

    model_config = ConfigDict(extra="forbid")


class Kind(StrEnum):
    """Kind of an appeal (standard, section «Термины»: five kinds; ``none`` is no appeal at all)."""

    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "complaint"
    PROPOSAL = "proposal"
    GRATITUDE = "gratitude"
    NONE = "none"


class Segment(StrEnum):
    """Client category: a person, a legal entity or sole trader, a principal (УК, ТСЖ, РСО)."""

    B2C = "B2C"
    B2B = "B2B"
    B2B2C = "B2B2C"


class Channel(StrEnum):
    """How an appeal came in."""

    POST = "post"
    HAND_DELIVERED = "hand_delivered"
    COMPLAINT_BOOK = "complaint_book"
    EMAIL = "email"
    VIRTUAL_RECEPTION = "virtual_reception"
    LKK = "lkk"
    MESSENGER = "messenger"
    SOCIAL = "social"
    GIS_ZHKH = "gis_zhkh"
    EDO = "edo"


ON_PAPER: Final = frozenset({Channel.POST, Channel.HAND_DELIVERED, Channel.COMPLAINT_BOOK})
"""Channels whose letters are sheets of paper that the records office scans."""


class Triage(StrEnum):
    """What headers, barcodes and structure alone say about a part of an arrival."""

    NEW_APPEAL = "new_appeal"
    THREAD_REPLY = "thread_reply"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    SPAM_SUSPECT = "spam_suspect"
    RESCAN = "rescan"
    POST_PAPER = "post_paper"
    UNREADABLE = "unreadable"


Gender = Literal["male", "female"]


class TopicGuess(Wire):
    """A topic of the ЕКТО with the confidence of whoever named it."""

    code: str
    confidence: float = Field(ge=0, le=1)


class KnownWording(Wire):
    """A text of the rules that a letter resembles, with the cosine of their meanings."""

    text: str
    similarity: float = Field(ge=0, le=1)


class TopicEvidence(Wire):
    """What in a letter speaks for a topic.

    Attributes:
        words: Words of the letter, the strongest first.
        sentence: The sentence that speaks for it most.
        start, end: Where that sentence stands in the text.
        known: The topic's own wordings that the letter is nearest to in meaning, the nearest first.
    """

    words: list[str] = []
    sentence: str = ""
    start: int | None = None
    end: int | None = None
    known: list[KnownWording] = []


class Sender(Wire):
    """The author of a letter as far as the letter tells."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    gender: Gender | None = None
    org_name: str | None = None
    position: str | None = None
    inn: str | None = None
    ogrn: str | None = None
    address: str | None = None
    account_number: str | None = None
    contract_number: str | None = None
    phones: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    client_ref_number: str | None = None
    client_ref_date: dt.date | None = None
    letter_date: dt.date | None = None


class Evidence(Wire):
    """Where in the text a field was read, and how sure the reader is."""

    confidence: float = Field(ge=0, le=1)
    quote: str = ""
    start: int | None = None
    end: int | None = None


class PartyGuess(Wire):
    """Somebody beside the author in a letter, as read.

    Attributes:
        role: What the person or body is in the letter; a further author signs it too.
        fields: As far as the letter tells.
        details: What only some roles have: a representative's ``document``, ``number``, ``valid_until``; a forwarding
            body's ``number``, ``date``, ``term`` (ISO dates) and ``copy`` (it wants one of the answer).
        evidence: Where each field and detail was read, and how surely.
    """

    role: Literal["author", "contact", "account_holder", "representative", "forwarding_body"]
    fields: Sender
    details: dict[str, str] = {}
    evidence: dict[str, Evidence] = {}


class Alarm(Wire):
    """Something in a letter that changes who may see it or how fast it is handled (standard 14.2-14.9).

    ``meaning`` is the probability of one that was found by a sentence's meaning; None: by its words, or by a person.
    """

    code: str
    evidence: str = ""
    meaning: float | None = None


class DocumentClass(Wire):
    """What a paper is before its kind is asked for (rules/papers.yaml), how surely, and by which words."""

    code: str
    confidence: float = Field(default=0.0, ge=0, le=1)
    evidence: str = ""


class AskedDate(Wire):
    """A day by which the client wants something; None for a span («в течение 10 дней»). Information, never a term."""

    date: dt.date | None = None
    quote: str = ""


Place = tuple[int, int]
"""Where something stands in a letter's text: first character and the one past the last."""


class MeterReading(Wire):
    """A meter's reading that the letter tells; ``meter`` None: it does not say of which."""

    meter: str | None = None
    value: Decimal
    quote: str = ""
    place: Place | None = None


class Sum(Wire):
    """A sum of money that the letter names, in roubles."""

    roubles: Decimal
    quote: str = ""
    place: Place | None = None


class Period(Wire):
    """A span of days that the letter names; its ends are None where no year is told."""

    start: dt.date | None = None
    end: dt.date | None = None
    quote: str = ""
    place: Place | None = None


class Figures(Wire):
    """What a letter tells in figures; the register keeps it so."""

    readings: list[MeterReading] = []
    sums: list[Sum] = []
    periods: list[Period] = []

    @classmethod
    def of(cls, found: Understanding) -> Figures:
        """The figures of a reading."""
        return cls(readings=found.readings, sums=found.sums, periods=found.periods)


class Question(Wire):
    """One question inside an appeal: quoted text and its topics, the most probable first."""

    text: str
    topics: list[TopicGuess] = []


class NameForms(Wire):
    """A person's name taken apart, with the forms a letter needs."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    gender: Gender | None = None
    gender_confidence: float = 0.0
    genitive: str | None = None
    dative: str | None = None
    dative_short: str | None = None
    salutation: str | None = None


class Understanding(Wire):
    """What the classifiers make of a text. ``model`` names the versions it was made with (P8)."""

    topics: list[TopicGuess] = []
    topic_evidence: dict[str, TopicEvidence] = {}
    kind: Kind = Kind.QUESTION
    kind_confidence: float = 0.0
    segment: Segment = Segment.B2C
    segment_confidence: float = 0.0
    language: str = "ru"
    sender: Sender = Sender()
    sender_evidence: dict[str, Evidence] = {}
    parties: list[PartyGuess] = []
    items: list[Question] = []
    alarms: list[Alarm] = []
    document_class: DocumentClass | None = None
    asked_dates: list[AskedDate] = []
    readings: list[MeterReading] = []
    sums: list[Sum] = []
    periods: list[Period] = []
    accessibility: dict[str, str] = {}
    reply_channel: Channel | None = None
    needs_person: bool = True
    reasons: list[str] = []
    model: str = ""


class PageReading(Wire):
    """One page as read. ``source`` is ``text-layer``, ``ocr`` or, for text that was never a page, ``native``."""

    number: int
    text: str = ""
    confidence: float = 0.0
    rotated: int = 0
    kind: Literal["letter", "envelope"] = "letter"
    source: Literal["text-layer", "ocr", "native"] = "ocr"
    needs_person: bool = False
    reasons: list[str] = []


class AttachmentView(Wire):
    """An attachment as it will be kept: type by content, not by name."""

    name: str
    type: str
    size: int
    risk: Literal["none", "refused", "encrypted", "suspicious", "infected", "unchecked"] = "none"


class BounceView(Wire):
    """A delivery failure report: whose delivery failed, how, and of which of our messages."""

    recipient: str | None = None
    status: str | None = None
    permanent: bool = True
    message_id: str | None = None


class MailView(Wire):
    """How one e-mail message is understood (`otvet mail --json`)."""

    file: str = ""
    triage: Triage = Triage.NEW_APPEAL
    subject: str = ""
    from_name: str | None = None
    from_email: str | None = Field(default=None, serialization_alias="from")
    text: str = ""
    attachments: list[AttachmentView] = []
    message_id: str | None = None
    in_reply_to: str | None = None
    references: list[str] = []
    auto: bool = False
    bounce: BounceView | None = None
    date: dt.datetime | None = None
    reasons: list[str] = []


class Certainty(StrEnum):
    """How sure it is that a term binds (deadlines.yaml: certainty_levels)."""

    STANDARD = "standard"
    VERIFIED = "verified"
    MEMORY = "memory"
    DOUBTFUL = "doubtful"
    PROPOSAL = "proposal"


class DueDate(Wire):
    """A due date never comes without rule, basis, certainty and explanation (P4)."""

    date: dt.date
    rule: str
    basis: str
    certainty: Certainty
    explanation: list[str]
    provisional: bool = False


class Due(Wire):
    """Both dates of an appeal: overdue is counted by ``hard`` only."""

    hard: DueDate
    target: DueDate


class Severity(StrEnum):
    """Weight of a finding of the letter check."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Gate(StrEnum):
    """Whether a finding stops a reply (P5) or is only reported."""

    BLOCKS = "blocks"
    REPORTS = "reports"


class Finding(Wire):
    """One violation found in a letter: what, where, by which clause, how to mend it."""

    rule: str
    clause: str
    severity: Severity
    gate: Gate
    message: str
    where: str = ""
    suggestion: str = ""
    key: str = Field(default="", description="rule and digest of the words it rests on: changes when they change")


class Unchecked(Wire):
    """A rule that could not be applied, and why: «не проверено», never «соблюдено» (P5)."""

    rule: str
    clause: str
    why: str


class Accepted(Wire):
    """A finding that a named person let stand, with the reason; it holds until the words it rests on change."""

    key: str
    reason: str = Field(min_length=3)
    who: str = Field(min_length=2)
    date: dt.date | None = None


class SetAside(Wire):
    """A finding of this report that somebody let stand."""

    finding: Finding
    accepted: Accepted


class CheckReport(Wire):
    """Result of checking one letter."""

    file: str = ""
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    human: list[str] = []
    notes: list[str] = Field(default=[], description="how the file was looked at, e.g. in a converted copy")
    set_aside: list[SetAside] = []

    @property
    def blocking(self) -> list[Finding]:
        """Findings that stop the reply unless a named person overrides them."""
        return [finding for finding in self.findings if finding.gate is Gate.BLOCKS]


class ReplyKind(StrEnum):
    """What a reply is; only ``answer`` and ``refusal`` are final."""

    ANSWER = "answer"
    INTERIM = "interim"
    REFUSAL = "refusal"
    REQUEST = "request"
    ACKNOWLEDGEMENT = "acknowledgement"
    THANKS = "thanks"
    FORWARDING = "forwarding"
    COVERING = "covering"


class LetterFacts(Wire):
    """The letter as the case knows it."""

    date: dt.date | None = None
    number: str | None = None
    topic: str | None = None
    kind: ReplyKind = ReplyKind.ANSWER


class ClientFacts(Wire):
    """The addressee as the case knows him."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    gender: Gender | None = None
    segment: Segment | None = None
    is_vip: bool | None = None
    position: str | None = None
    org_name: str | None = None
    rank: int | None = None
    email: str | None = None
    agreed_large: bool | None = Field(default=None, description="agreed to e-mails over 5 MB (12.5.17.2)")
    unzipped: bool | None = Field(default=None, description="an exception to archives for this client (12.5.17.1)")


class IncomingFacts(Wire):
    """The appeal that the letter answers."""

    number: str | None = None
    date: dt.date | None = None
    received: dt.date | None = None
    due_hard: dt.date | None = None
    due_basis: str | None = Field(default=None, description="norm of a shorter term than the general one")
    text: str | None = None
    questions: list[str] = []
    channel: Channel | None = None
    reply_channel: Channel | None = None


class SignatoryFacts(Wire):
    """Who signs. ``rank``: 1 is the director general, larger is lower."""

    last_name: str
    first_name: str | None = None
    patronymic: str | None = None
    position: str | None = None
    rank: int | None = None


class ExecutorFacts(Wire):
    """Who prepared the letter, for the executor mark (12.5.15)."""

    last_name: str
    first_name: str | None = None
    patronymic: str | None = None
    phone: str | None = None


class LetterContext(Wire):
    """The check's context file. Every flag is true, false or absent (unknown)."""

    stage: Literal["draft", "send"] = "draft"
    letter: LetterFacts = LetterFacts()
    client: ClientFacts | None = None
    incoming: IncomingFacts | None = None
    signatory: SignatoryFacts | None = None
    executor: ExecutorFacts | None = None
    copy_to: str | None = None
    asks_action: bool | None = None
    company_at_fault: bool | None = None
    client_at_fault: bool | None = None
    client_legal_breach: bool | None = None
    complaint: bool | None = None
    script: str | None = Field(default=None, description="script that the letter was written by")
    recipient_confirmed: bool | None = None
    enclosures: list[str] = []
    facts: list[str] = []
    company: dict[str, Any] = {}


class EnclosureFile(Wire):
    """The file of an enclosure: a PDF kept with the reply."""

    digest: str
    sheets: int = Field(ge=1, description="printed on one side")
    size: int = Field(ge=0, description="bytes")


class Copy(Wire):
    """A second recipient of a reply, beside the client.

    Attributes:
        name: Body or person, in the dative, as it stands on the list of the post office.
        channel: ``email`` or ``post``.
        address: For this channel.
        number: Number of the body's own letter with which it forwarded the appeal; None when it did not.
        date: Date of that letter.
    """

    name: str
    channel: Literal["email", "post"]
    address: str
    number: str | None = None
    date: dt.date | None = None


Fault = Literal["company", "client", "none"]
"""Whose mistake an answer is about (12.3.15, 12.3.16)."""


class LetterContent(Wire):
    """What a reply says, apart from how it looks: the composer's input, kept with every version of a reply."""

    kind: ReplyKind = ReplyKind.ANSWER
    addressee: list[str] = Field(default=[], description="lines of «Кому», in the dative")
    copy_to: str | None = None
    topic: str = Field(default="", description="«Тема», e.g. «О перерасчёте платы»")
    salutation: str = ""
    preamble: str = ""
    body: list[str] = Field(default=[], description="2-5 paragraphs (12.5.12)")
    closing: str = ""
    enclosures: list[str] = []
    files: list[EnclosureFile | None] = Field(default=[], description="of the enclosures, in their order")
    copies: list[Copy] = Field(default=[], description="who else gets the same signed letter")
    number: str | None = None
    date: dt.date | None = None
    incoming_number: str | None = None
    incoming_date: dt.date | None = None
    signatory: SignatoryFacts | None = None
    executor: ExecutorFacts | None = None
    qr: str | None = Field(default=None, description="text of the QR mark that finds a signed scan again")
    large_print: bool = Field(default=False, description="type of 18 pt for a client who sees badly (standard 13.6)")
    plain: bool = Field(
        default=False, description="short steps, a sentence a line, set to the left (standard 13.6, 13.7)"
    )
    fault: Fault | None = Field(default=None, description="whose mistake it was; None while nobody said")
    salutation_reason: str | None = Field(default=None, description="why the salutation names nobody")

    @property
    def enclosed(self) -> list[tuple[str, EnclosureFile | None]]:
        """Every enclosure with its file, None while it has none."""
        files = [*self.files, *[None] * len(self.enclosures)]
        return list(zip(self.enclosures, files, strict=False))
