"""What the system sees in one file, with nothing registered (`otvet read`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from classifiers.reader import Classifier
from intake.document import DocumentReading, read_document
from intake.files import FileType, sniff
from intake.limits import ReadSettings
from intake.mailapart import understand_apart
from intake.pool import PagePool
from intake.refusal import RefusedError
from rules.book import RuleBook
from rules.routing import RECORDS_OFFICE, RouteFacts, RouteTopic, route
from rules.terms import DueFacts, ItemFacts, due, local_date
from rules.wire import Channel, PageReading, Triage, Understanding
from steps.read import BODY_ENOUGH, TEXT_LIMIT


@dataclass(slots=True)
class Seen:
    """The text of a letter and where it came from, before anything is made of it."""

    channel: Channel
    triage: Triage = Triage.NEW_APPEAL
    subject: str | None = None
    text: str = ""
    pages: list[PageReading] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def look(data: bytes, name: str, settings: ReadSettings, channel: Channel = Channel.POST) -> Seen:
    """Read a scan, a document or a message. Raises RefusedError when the file as a whole cannot be read."""
    with PagePool(settings) as pool:
        if data and sniff(data) is FileType.MAIL:
            return _mail(data, settings, pool)
        reading = read_document(data, name, settings, executor=pool)
        doubts = list(reading.reasons) if reading.needs_person else []
        return Seen(channel, text=_words(reading), pages=reading.pages, reasons=doubts)


def shown(seen: Seen, book: RuleBook, classifier: Classifier, now: dt.datetime) -> dict[str, Any]:
    """Understand, route and date the letter as if it had come now; names as in the table of commands."""
    found = classifier.understand(
        seen.text[:TEXT_LIMIT], subject=seen.subject, channel=seen.channel, channel_meta=seen.meta
    )
    alarms = [alarm.code for alarm in found.alarms]
    needs_person = found.needs_person or bool(seen.reasons)
    going = route(
        book,
        RouteFacts(
            topics=_topics(found), segment=found.segment, alarms=alarms, needs_person=needs_person, kind=found.kind
        ),
    )
    wire = found.model_dump(mode="json", include=_SHOWN)
    return {
        "text": seen.text,
        "pages": [page.model_dump(include={"confidence", "rotated", "source"}) for page in seen.pages],
        "channel": seen.channel.value,
        "triage": seen.triage.value,
        **wire,
        "reply_channel": (found.reply_channel or seen.channel).value,
        "queue": going.queue,
        "reply_owner": going.reply_owner,
        "due": due(book, _due_facts(book, seen, found, now)).model_dump(mode="json"),
        "needs_person": needs_person or going.queue == RECORDS_OFFICE,
        "reasons": [*seen.reasons, *found.reasons, *going.reasons],
    }


_SHOWN = {
    "kind",
    "segment",
    "language",
    "sender",
    "parties",
    "items",
    "topics",
    "topic_evidence",
    "alarms",
    "document_class",
    "asked_dates",
    "readings",
    "sums",
    "periods",
    "accessibility",
}


def _mail(data: bytes, settings: ReadSettings, pool: PagePool) -> Seen:
    message = understand_apart(data, pool)
    view = message.view
    meta = {"from_email": view.from_email, "from_name": view.from_name}
    seen = Seen(Channel.EMAIL, view.triage, view.subject or None, view.text, meta=meta, reasons=list(view.reasons))
    seen.pages.append(PageReading(number=1, text=view.text, confidence=100.0, source="native"))
    if len(view.text) >= BODY_ENOUGH:
        return seen
    for file in message.attachments:
        if file.inline or file.risk == "refused":
            continue
        try:
            reading = read_document(file.data, file.name, settings, executor=pool)
        except RefusedError as refused:
            seen.reasons.append(refused.reason)
            continue
        seen.pages += reading.pages
        seen.text = f"{seen.text}\n\n{_words(reading)}".strip()
    return seen


def _words(reading: DocumentReading) -> str:
    return reading.text.replace("\f", "\n")


def _topics(found: Understanding) -> list[RouteTopic]:
    """The letter's own topic and those of its questions; the other guesses are alternatives."""
    asked = {item.topics[0].code for item in found.items if item.topics}
    return [
        RouteTopic(one.code, one.confidence)
        for place, one in enumerate(found.topics)
        if place == 0 or one.code in asked
    ]


def _due_facts(book: RuleBook, seen: Seen, found: Understanding, now: dt.datetime) -> DueFacts:
    """What the register would count by, were the letter received now."""
    floor = book.routing.routing_threshold
    main = [one.code for one in found.topics[:1]]
    sure = bool(main) and found.topics[0].confidence >= floor
    asked = [(item.topics[0] if item.topics else None) for item in found.items]
    own_dates = [day for day in (found.sender.letter_date, found.sender.client_ref_date) if day]
    return DueFacts(
        received=now,
        registered=local_date(book, now),
        segment=found.segment,
        kind=found.kind,
        topics=main if sure else (),
        doubtful_topics=() if sure else main,
        items=[
            ItemFacts(ordinal=place, topic=one.code if one else None, sure=one is not None and one.confidence >= floor)
            for place, one in enumerate(asked, start=1)
        ],
        channel=seen.channel,
        letter_date=min(own_dates, default=None),
        has_alarms=bool(found.alarms),
    )
