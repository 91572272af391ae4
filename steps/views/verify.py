"""What the verification page shows: a letter beside its fields, where each was read, and how many letters wait."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from registry import appeals, blobs, checking, clock, pages, rights, staff
from registry.actor import Actor
from registry.batches import EARLY
from registry.checking import Waiting
from registry.database import Session
from registry.models import Appeal, Document, PageEdit
from rules.wire import Evidence, Sender
from steps import letter, report, verify
from steps.access import noted
from steps.house import House
from steps.titles import KINDS
from steps.views import papers, places, rows
from steps.views.appeal import PAGE_SOURCES
from steps.views.places import Box, Doubt, Printed

Place = tuple[int, Box]  # number of the leaf from 0, box on it


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the author: its value, how surely it was read, the words it was read from and where they stand."""

    value: Any
    confidence: float | None
    confirmed: bool
    quote: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class LeafView:
    """One page of the letter.

    Attributes:
        document_id: Its file.
        number: Its number in the file, from 1.
        has_picture: Whether there is a picture of it at all.
        source_title: How its words were got.
        confidence: Of the recognition, 0..100; None where nothing was recognised.
        needs_person: The recognition does not trust itself, and nobody has written the words anew.
        reasons: Why, and other remarks.
        text: Its words as they stand.
        machine: What the machine read, where a person wrote something else.
        corrected: Who wrote it and when; None when nobody did.
        doubts: Words that the engine is not sure of.
        envelope: It is the envelope, not a sheet of the letter.
    """

    document_id: int
    number: int
    has_picture: bool
    source_title: str
    confidence: float | None
    needs_person: bool
    reasons: list[str]
    text: str
    machine: str | None
    corrected: str | None
    doubts: list[Doubt]
    envelope: bool


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """A letter to be checked.

    Attributes:
        row: The appeal as lists show it.
        kind_title: Kind of the appeal.
        first: Why it comes first: what the recognition doubts.
        why: Why the records office has it at all, empty for a letter that was placed.
        fields: Fields of the author.
        guesses: Topics that the machine proposes: code, name, confidence.
        leaves: Its pages, in the order of its files.
        files: Its other files: name, reason why one could not be read.
        before: Number of the letter before it in the same scan.
        other: Who else has it open now.
        checked_by: Who has checked it already.
        waiting: How many letters wait.
        names_topic: «Верно» confirms the topic, since the letter waits for it.
        may_correct: Fields and words may be set right.
        may_arrange: Pages may still be turned, moved, cut off or joined.
        paper: Its four dates, envelope and enclosures.
    """

    row: rows.AppealRow
    kind_title: str
    first: list[str]
    why: list[str]
    fields: dict[str, FieldView]
    guesses: list[tuple[str, str, float]]
    leaves: list[LeafView]
    files: list[tuple[str, str]]
    before: str | None
    other: str | None
    checked_by: str | None
    waiting: Waiting
    names_topic: bool
    may_correct: bool
    may_arrange: bool
    paper: papers.PaperBox | None


@dataclass(frozen=True, slots=True)
class Stands:
    """The author's fields, the words of each page and the paper: enough to tell what a person changed."""

    sender: Sender
    texts: dict[tuple[int, int], str]
    paper: papers.PaperBox | None


@dataclass(slots=True)
class _Leaf:
    """A page with its words and the place of its text in the letter's, while the view is made."""

    view: LeafView
    words: list[Printed] = field(default_factory=list)
    start: int = -1


def waiting(actor: Actor, house: House) -> Waiting:
    """Return how many letters wait to be checked."""
    with house.db.session(write=False) as session:
        return checking.waiting(actor, session, verify.desk(house))


def page(actor: Actor, house: House, number: str) -> VerifyPage:
    """Return a letter to be checked. Raises NotFoundError."""
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "appeal.verify", appeal)
        documents = _documents(appeal)
        leaves = [leaf for one in documents if one.role == "letter" for leaf in _leaves(session, house, one)]
        _lay_text(appeal.text, leaves)
        other = checking.holder(session, appeal, actor)
        before = checking.one_before(actor, session, appeal)
        placed = appeal.state != "in_verification"
        return VerifyPage(
            row=rows.row(session, house, appeal),
            kind_title=KINDS.get(appeal.kind or "", "ещё не определён"),
            first=_doubted(documents, leaves),
            why=[] if placed else list(appeal.reasons),
            fields=_fields(session, appeal, leaves),
            guesses=[
                (guess["code"], report.topic_name(house, guess["code"]), guess["confidence"]) for guess in appeal.topics
            ],
            leaves=[leaf.view for leaf in leaves],
            files=[(one.name, one.reason or "") for one in documents if one.role != "letter"],
            before=before.reg_number if before else None,
            other=staff.by_id(session, other).short_name if other else None,
            checked_by=_who(session, appeal.verified_by) if appeal.verified_by else None,
            waiting=checking.waiting(actor, session, verify.desk(house)),
            names_topic=not placed,
            may_correct=appeal.is_open and rights.may(actor, session, "appeal.correct", appeal),
            may_arrange=appeal.state in EARLY and rights.may(actor, session, "appeal.merge", appeal),
            paper=papers.box(actor, session, house, appeal),
        )


def stands(actor: Actor, house: House, number: str) -> Stands:
    """Return what the page was filled with, as it stands now. Raises NotFoundError."""
    with noted(actor, house, "card", "appeal", number), house.db.session(write=False) as session:
        appeal = appeals.by_number(actor, session, number)
        rights.require(actor, session, "appeal.verify", appeal)
        letters = [one for one in _documents(appeal) if one.role == "letter"]
        texts = {
            (row.id, page.number): pages.texts(row).get(page.number, page.text) for row in letters for page in row.pages
        }
        return Stands(letter.author(session, appeal), texts, papers.box(actor, session, house, appeal))


def _documents(appeal: Appeal) -> list[Document]:
    return [one for part in appeal.parts if part.state == "registered" for one in part.documents]


def _doubted(documents: Sequence[Document], leaves: Sequence[_Leaf]) -> list[str]:
    """What the recognition says against itself, page by page; one page needs no number."""
    said = [
        reason if len(leaves) == 1 else f"стр. {place}: {reason}"
        for place, leaf in enumerate(leaves, 1)
        if leaf.view.needs_person
        for reason in leaf.view.reasons
    ]
    refused = [one.reason or "файл не прочитан" for one in documents if one.role == "letter" and one.state == "refused"]
    return said + refused


def _leaves(session: Session, house: House, row: Document) -> list[_Leaf]:
    below = house.book.piles.verification.doubtful_word
    kept = json.loads(blobs.get(session, row.words_digest)) if row.words_digest else []
    edits = {edit.number: edit for edit in row.edits if edit.text is not None}
    made: list[_Leaf] = []
    for page in row.pages:
        edit = edits.get(page.number)
        text = edit.text if edit and edit.text is not None else page.text
        known = kept[page.number - 1] if page.number <= len(kept) else None
        words = places.printed(text, known) if known else []
        view = LeafView(
            document_id=row.id,
            number=page.number,
            has_picture=page.source != "native",
            source_title=PAGE_SOURCES[page.source],
            confidence=page.confidence if page.source == "ocr" else None,
            needs_person=page.needs_person and edit is None,
            reasons=list(page.reasons),
            text=text,
            machine=page.text if edit else None,
            corrected=_signed(session, edit) if edit else None,
            doubts=[] if edit or page.kind == "envelope" else places.doubts(words, below),
            envelope=page.kind == "envelope",
        )
        made.append(_Leaf(view, words))
    return made


def _lay_text(text: str, leaves: Sequence[_Leaf]) -> None:
    """Find each page's words in the letter's: a file that only attachments speak for has none there."""
    place = 0
    for leaf in leaves:
        own = leaf.view.text.strip()
        leaf.start = text.find(own, place) if own else -1
        place = leaf.start + len(own) if leaf.start >= 0 else place
        leaf.start -= len(leaf.view.text) - len(leaf.view.text.lstrip()) if leaf.start >= 0 else 0


def _fields(session: Session, appeal: Appeal, leaves: Sequence[_Leaf]) -> dict[str, FieldView]:
    sender = letter.author(session, appeal)
    author = appeals.find_author(session, appeal)
    evidence = author.evidence if author else {}
    confirmed = set(author.confirmed) if author else set()
    found: dict[str, FieldView] = {}
    for name in Sender.model_fields:
        value = getattr(sender, name)
        read = Evidence.model_validate(evidence[name]) if name in evidence else None
        found[name] = FieldView(
            value=value,
            confidence=read.confidence if read and value else None,
            confirmed=name in confirmed,
            quote=read.quote if read else "",
            places=_where(leaves, read, _said(value)),
        )
    return found


def _said(value: Any) -> str:
    """The value as it may stand in a letter."""
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return str(next(iter(value), "")) if isinstance(value, list) else str(value or "")


def _where(leaves: Sequence[_Leaf], read: Evidence | None, value: str) -> list[Place]:
    """By the span it was read from; else by the words quoted, else by the value itself."""
    if read and read.start is not None and read.end is not None:
        for place, leaf in enumerate(leaves):
            if leaf.start <= read.start < leaf.start + len(leaf.view.text) and leaf.start >= 0:
                boxes = places.of_span(leaf.words, read.start - leaf.start, read.end - leaf.start)
                if boxes:
                    return [(place, box) for box in boxes]
    for sought in (read.quote if read else "", value):
        for place, leaf in enumerate(leaves):
            if boxes := places.of_words(leaf.words, sought):
                return [(place, box) for box in boxes]
    return []


def _signed(session: Session, edit: PageEdit) -> str:
    at = edit.at.astimezone(clock.LOCAL) if edit.at else None
    return f"{_who(session, edit.by or '')}, {at:%d.%m.%Y %H:%M}" if at else _who(session, edit.by or "")


def _who(session: Session, actor: str) -> str:
    kind, _, key = actor.partition(":")
    return staff.by_id(session, int(key)).short_name if kind == "person" else "Система"
