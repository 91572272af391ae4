"""The card of an appeal: everything a person needs to decide, on one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifiers.accessibility import TITLES, needs
from classifiers.askeddates import asked_dates
from registry import appeals, lifecycle, merges, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Appeal, Document, Party
from registry.terms import forwarding_terms
from rules.wire import Alarm, AskedDate, DocumentClass, Due, Evidence, Figures, Sender, TopicEvidence
from steps import letter, report
from steps.access import noted
from steps.house import House
from steps.titles import KINDS
from steps.views import case, client, duty, filing, history, lag, papers, rows, terms
from steps.views.duty import DutyCard
from steps.views.figures import Figure, Piece, figures, pieces

if TYPE_CHECKING:
    from steps.views.reply import ReplyCard

PAGE_SOURCES: Final = {"text-layer": "текстовый слой", "ocr": "распознавание", "native": "текст файла"}
ACKS: Final = {
    "pending": "Уведомление о регистрации не отправлено",
    "queued": "Уведомление о регистрации ждёт отправки",
    "sent": "Уведомление о регистрации отправлено",
    "failed": "Уведомление о регистрации не доставлено: проверьте адрес",
    "none": "Уведомление о регистрации не отправляется",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A topic that the machine proposes; ``evidence`` says what speaks for it, of the most probable ones."""

    code: str
    name: str
    confidence: float
    evidence: TopicEvidence | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question of the appeal."""

    id: int
    ordinal: int
    quote: str
    topic_code: str | None
    topic_name: str


@dataclass(frozen=True, slots=True)
class PageView:
    """One page and how it was read; ``corrected``: what a person wrote in the place of ``text``.

    ``marked``: the text that is in force, cut at the figures that were read in it.
    """

    number: int
    confidence: float
    source: str
    source_title: str
    rotated: int
    needs_person: bool
    reasons: list[str]
    text: str
    corrected: str | None = None
    envelope: bool = False
    marked: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A file of the appeal."""

    id: int
    role: str
    name: str
    media_type: str
    size: int
    state: str
    reason: str | None
    risk: str
    has_archive: bool
    pages: list[PageView]


@dataclass(frozen=True, slots=True)
class PaperView:
    """The class of the paper; ``registered_as``: as what such papers are usually registered, when this one was not."""

    code: str
    title: str
    confidence: float
    evidence: str
    confirmed: bool
    registered_as: list[str]


@dataclass(frozen=True, slots=True)
class AppealCard:
    """An appeal with all that is known of it, and what this actor may do with it now."""

    row: rows.AppealRow
    kind: str | None
    kind_title: str
    text: str
    guesses: list[Guess]
    model: str
    items: list[ItemView]
    author: Sender
    evidence: dict[str, Evidence]
    confirmed: list[str]
    due: Due
    reasons: list[str]
    alarms: list[Alarm]
    alarm_codes: frozenset[str]
    language: str
    paper: PaperView | None
    asked: list[AskedDate]
    figures: list[Figure]
    needs: list[str]
    documents: list[DocumentView]
    history: list[history.HistoryLine]
    replies: list[ReplyCard]
    verified: bool
    lag: lag.Lag
    ack_title: str
    reply_channel: str | None
    related: str | None
    client: client.ClientBox | None
    terms: terms.TermsView
    duty: DutyCard
    case: case.CaseView
    filing: filing.FilingBox
    post: papers.PaperBox | None
    allowed: frozenset[str]


def card(actor: Actor, house: House, number: str) -> AppealCard:
    """Return the card of an appeal that the actor may see. Raises NotFoundError."""
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        return of(actor, session, house, appeals.by_number(actor, session, number))


def sees(actor: Actor, house: House, number: str) -> bool:
    """Whether the actor may see an appeal, e.g. after he has given it away; that is no look at it."""
    try:
        with house.db.session(write=False) as session:
            appeals.by_number(actor, session, number)
    except NotFoundError:
        return False
    return True


def of(actor: Actor, session: Session, house: House, appeal: Appeal) -> AppealCard:
    """Return the card of an appeal in the caller's transaction."""
    from steps.views.reply import view

    author = appeals.find_author(session, appeal)
    related = session.get(Appeal, appeal.related_to) if appeal.related_to else None
    told = figures(Figures.model_validate(appeal.figures or {}))
    return AppealCard(
        row=rows.row(session, house, appeal),
        kind=appeal.kind,
        kind_title=KINDS.get(appeal.kind or "", "ещё не определён"),
        text=appeal.text,
        guesses=[
            Guess(
                guess["code"],
                report.topic_name(house, guess["code"]),
                guess["confidence"],
                TopicEvidence.model_validate(guess["evidence"]) if guess.get("evidence") else None,
            )
            for guess in appeal.topics
        ],
        model=appeal.model or "",
        items=[
            ItemView(item.id, item.ordinal, item.quote, item.topic_code, report.topic_name(house, item.topic_code))
            for item in appeal.items
        ],
        author=letter.author(session, appeal),
        evidence=_evidence(author),
        confirmed=list(author.confirmed) if author else [],
        due=Due.model_validate(appeal.due),
        reasons=list(appeal.reasons),
        alarms=[
            Alarm(code=rows.alarm_title(house, alarm["code"]), evidence=alarm["evidence"], meaning=alarm.get("meaning"))
            for alarm in appeal.alarms
        ],
        alarm_codes=frozenset(alarm["code"] for alarm in appeal.alarms),
        language=appeal.language,
        paper=_paper(house, appeal),
        asked=_asked(appeal),
        figures=told,
        needs=[TITLES[code] for code in needs(appeal.text)],
        documents=[
            _document(one, appeal.text, told) for part in merges.parts(session, appeal) for one in part.documents
        ],
        history=history.lines(session, house, appeals.stream(appeal), words=True),
        replies=[view(session, house, row, actor) for row in appeal.replies],
        verified=appeal.verified_by is not None,
        lag=lag.lag_of(house, appeal),
        ack_title=ACKS[appeal.ack_state],
        reply_channel=appeal.reply_channel,
        client=client.box(actor, session, house, appeal),
        related=related.reg_number if related and rights.sees(actor, session, related) else None,
        terms=terms.view(session, house, appeal),
        duty=duty.card_part(actor, session, appeal),
        case=case.view(actor, session, house, appeal),
        filing=filing.box(actor, session, house, appeal),
        post=papers.box(actor, session, house, appeal),
        allowed=_allowed(actor, session, appeal),
    )


def _paper(house: House, appeal: Appeal) -> PaperView | None:
    """What was read of the paper's class, and under which classes of journals such papers are registered."""
    if appeal.found_class is None:
        return None
    found = DocumentClass.model_validate(appeal.found_class)
    known = house.book.papers.classes.get(found.code)
    usual = [one.title for one in house.book.journals.classes if known and one.id in known.journal_classes]
    fits = known is None or not known.journal_classes or (appeal.document_class or "citizen") in known.journal_classes
    return PaperView(
        code=found.code,
        title=known.title if known else found.code,
        confidence=found.confidence,
        evidence=found.evidence,
        confirmed=appeal.found_class_by is not None,
        registered_as=[] if fits else usual,
    )


def _asked(appeal: Appeal) -> list[AskedDate]:
    """The dates that the client asks for; a term that a forwarding body set stands beside the terms under its name."""
    bodies = {day for _, day in forwarding_terms(appeal)}
    return [one for one in asked_dates(appeal.text) if one.date not in bodies]


def _evidence(author: Party | None) -> dict[str, Evidence]:
    found = author.evidence if author else {}
    return {name: Evidence.model_validate(value) for name, value in found.items()}


def _document(row: Document, whole: str, told: list[Figure]) -> DocumentView:
    written = {edit.number: edit.text for edit in row.edits}
    return DocumentView(
        id=row.id,
        role=row.role,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        state=row.state,
        reason=row.reason,
        risk=row.risk,
        has_archive=row.archive_digest is not None,
        pages=[
            PageView(
                number=page.number,
                confidence=page.confidence,
                source=page.source,
                source_title=PAGE_SOURCES[page.source],
                rotated=page.rotated,
                needs_person=page.needs_person,
                reasons=list(page.reasons),
                text=page.text,
                corrected=written.get(page.number),
                envelope=page.kind == "envelope",
                marked=pieces(written.get(page.number) or page.text, whole, told),
            )
            for page in row.pages
        ],
    )


def _allowed(actor: Actor, session: Session, appeal: Appeal) -> frozenset[str]:
    """What the actor may do now: the right, and the state in which it makes sense."""
    wanted = {
        "claim": ("appeal.claim", {"routed"}),
        "correct": ("appeal.correct", lifecycle.MOVES.keys() - lifecycle.DONE - {"signed", "sending"}),
        "verify": ("appeal.verify", lifecycle.MOVES.keys() if appeal.verified_by is None else set()),
        "sheets": ("appeal.merge", {"registered", "in_verification", "routed"}),
        "route": ("appeal.route", {"routed", "in_verification", "in_progress"}),
        "draft": ("reply.draft", {"in_progress"}),
        "approve": ("reply.approve", {"in_approval"}),
        "sign": ("reply.sign", {"in_signature"}),
        "returned": ("dispatch.confirm", lifecycle.MOVES.keys()),
        "resend": ("dispatch.confirm", lifecycle.MOVES.keys() - lifecycle.DONE),
        "dates": ("appeal.correct", lifecycle.MOVES.keys() - lifecycle.DONE),
        "extend": ("appeal.extend", lifecycle.MOVES.keys() - lifecycle.DONE),
        "ask": ("reply.draft", {"in_progress"}),
        "answered": ("reply.draft", {"waiting_client"}),
    }
    return frozenset(
        name
        for name, (action, states) in wanted.items()
        if appeal.state in states and rights.may(actor, session, action, appeal)
    )
