"""Read: pages to text, text to sender, kind and topics; failure leaves a numbered appeal with the records office."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from structlog import get_logger

from classifiers.enclosed import enclosed
from intake.document import DocumentReading, read_document, summary
from intake.refusal import RefusedError
from registry import appeals, blobs, leases, pages, papers, parties, rights
from registry.actor import Actor, system
from registry.database import Session
from registry.models import Appeal, Document, Page
from rules.wire import ON_PAPER, Channel, Kind, PageReading, Segment, Understanding
from steps import envelope, malware, portions
from steps.house import House
from steps.portions import Source

log = get_logger(__name__)

READER = system("read")
ONLY_ENVELOPE = "В скане только конверт: если письмо не вскрывали, отметьте это; если вскрыли — отсканируйте письмо."
UNREADABLE = "Прочитать письмо автоматически не удалось. Посмотрите исходный файл и заполните карточку."
WARNINGS = {
    "encrypted": "Вложение {} защищено паролем, прочитать его нельзя: запросите пароль или копию без защиты.",
    "infected": "Вложение {} заражено и лежит в карантине: попросите клиента прислать его иначе.",
    "unchecked": "Вложение {} не проверено на вредоносные программы и не прочитано.",
}
BODY_ENOUGH = 200  # characters of a mail's own text from which attachments are only enclosures
TEXT_LIMIT = 100_000  # characters of a letter that the classifiers see; nobody writes a longer one by hand


Readings = Mapping[int, DocumentReading | RefusedError]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a letter beside its pages."""

    number: str
    channel: Channel
    subject: str | None
    meta: dict[str, Any]
    segment: Segment | None
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Understood:
    """The words of a letter, what they were understood as, whether the recognition doubts them, what is enclosed."""

    text: str
    found: Understanding
    doubtful: bool
    enclosures: list[dict[str, Any]]


def understand(actor: Actor, house: House, appeal_id: int) -> str:
    """Read an appeal's documents and understand its text; return the registration number. May be repeated."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        appeal = session.get_one(Appeal, appeal_id)
        unchecked = [(row.id, row.digest) for row in appeal.parts[0].documents if row.risk == "unchecked"]
    _check_again(house, unchecked)
    with house.db.session(write=False) as session:
        appeal = session.get_one(Appeal, appeal_id)
        facts, sources = _facts(appeal), [_source(session, row) for row in _documents(appeal)]
    if portions.share_out(house, appeal_id, sources):
        return facts.number  # others read its pages first
    readings: dict[int, DocumentReading | RefusedError] = {}
    envelopes: list[envelope.Seen] = []
    for source in sources:
        readings[source.id], seen = _seen(house, facts, source, _read(house, source, facts.number))
        envelopes += seen
    understood = _understood(house, facts, sources, readings)
    with house.db.session() as session:
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        for source in sources:
            _keep(session, session.get_one(Document, source.id), readings[source.id])
        portions.forget(session, appeal)
        _store(actor, session, appeal, understood, envelopes)
        leases.finish(appeal, "route")
    return facts.number


def understand_again(house: House, appeal: Appeal, fresh: Mapping[int, Mapping[int, str]]) -> Understood:
    """Understand the words of a letter as people have corrected them; nothing is recognised anew, nothing is kept.

    Args:
        house: The house.
        appeal: The letter as it stands.
        fresh: What is written anew just now, by document and page.
    """
    refused = [
        row for part in appeal.parts for row in part.documents if row.role == "letter" and row.state == "refused"
    ]
    rows = [*_documents(appeal), *refused]
    words = {row.id: {**pages.texts(row), **fresh.get(row.id, {})} for row in rows}
    sources = [Source(row.id, row.role, row.name, row.media_type, b"", {}, words[row.id], {}) for row in rows]
    return _understood(house, _facts(appeal), sources, {row.id: _stored(row) for row in rows})


def store(actor: Actor, session: Session, appeal: Appeal, understood: Understood) -> None:
    """Keep what a letter whose words a person corrected was understood as; what a person has confirmed stays."""
    rights.require(actor, session, "appeal.correct", appeal)
    row = papers.find(session, appeal)
    _store(READER, session, appeal, understood, row.seen.get("envelopes", []) if row else [])


def _store(
    actor: Actor, session: Session, appeal: Appeal, understood: Understood, envelopes: Sequence[envelope.Seen]
) -> None:
    if Channel(appeal.channel) in ON_PAPER:
        seen = {"envelopes": list(envelopes), "enclosures": understood.enclosures}
        papers.see(session, appeal, {name: value for name, value in seen.items() if value})
    appeals.store_understanding(actor, session, appeal, understood.text, understood.found)
    appeal.doubtful = understood.doubtful
    parties.store_read(actor, session, appeal, understood.found.parties)


def _documents(appeal: Appeal) -> list[Document]:
    parts = [one for one in appeal.parts if one.state == "registered"] or appeal.parts[:1]
    return [row for part in parts for row in part.documents if row.state != "refused"]


def _facts(appeal: Appeal) -> Facts:
    part, *_ = [one for one in appeal.parts if one.state == "registered"] or appeal.parts
    warnings = [WARNINGS[row.risk].format(row.ordinal - 1) for row in part.documents if row.risk in WARNINGS]
    confirmed = Segment(appeal.segment) if appeal.topic_confirmed_by is not None else None
    return Facts(appeal.reg_number, Channel(appeal.channel), part.subject, dict(part.meta), confirmed, warnings)


def _understood(house: House, facts: Facts, sources: Sequence[Source], readings: Readings) -> Understood:
    """What people wrote in the place of misread words is what is understood, and raises no doubts."""
    said = {source.id: _with_words(readings[source.id], source.words) for source in sources}
    text = _text(sources, said)
    found = house.reader.understand(
        text, subject=facts.subject, segment=facts.segment, channel=facts.channel, channel_meta=facts.meta
    )
    if facts.meta.get("thanks"):  # triage saw the thread, which the words alone do not tell
        found = found.model_copy(update={"kind": Kind.GRATITUDE, "kind_confidence": 1.0})
    doubts = [reason for source in sources if source.role == "letter" for reason in _doubts(said[source.id])]
    if facts.channel in ON_PAPER and _is_envelope(sources, said):
        doubts.append(ONLY_ENVELOPE)
    if reasons := [*doubts, *facts.warnings]:
        found = found.model_copy(update={"needs_person": True, "reasons": [*reasons, *found.reasons]})
    return Understood(text, found, bool(doubts), [dataclasses.asdict(paper) for paper in enclosed(text)])


def give_up(actor: Actor, house: House, appeal_id: int) -> None:
    """Reading failed too often: the numbered appeal goes to the records office all the same (P2)."""
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        portions.forget(session, appeal)
        nothing = Understanding(needs_person=True, reasons=[UNREADABLE], model="нет")
        appeals.store_understanding(actor, session, appeal, "", nothing)
        appeal.doubtful = True
        leases.finish(appeal, "route")


def _check_again(house: House, unchecked: Sequence[tuple[int, str]]) -> None:
    """Ask once more about files that nobody could check for malware when they came in: what is clean is read now."""
    for key, digest in unchecked:
        with house.db.session(write=False) as session:
            data = blobs.get(session, digest)
        risk, reason = malware.told(house.malware, data) or ("none", None)
        if risk != "unchecked":
            with house.db.session() as session:
                row = session.get_one(Document, key, with_for_update=True)
                row.risk, row.reason, row.state = risk, reason, "refused" if reason else "waiting"


def _source(session: Session, row: Document) -> Source:
    data = blobs.get(session, row.digest)
    kinds = pages.kinds(row)
    return Source(row.id, row.role, row.name, row.media_type, data, pages.turns(row), pages.texts(row), kinds)


def _seen(
    house: House, facts: Facts, source: Source, reading: DocumentReading | RefusedError
) -> tuple[DocumentReading | RefusedError, list[envelope.Seen]]:
    """Tell the envelopes among the pages of a letter on paper."""
    if isinstance(reading, RefusedError) or source.role != "letter" or facts.channel not in ON_PAPER:
        return reading, []
    return envelope.tell(house, source.id, source.data, reading, source.kinds)


def _is_envelope(sources: Sequence[Source], readings: Readings) -> bool:
    """Whether nothing but an envelope was scanned."""
    read = [readings[source.id] for source in sources if source.role == "letter"]
    kinds = {page.kind for one in read if not isinstance(one, RefusedError) for page in one.pages}
    return kinds == {"envelope"}


def _read(house: House, source: Source, number: str) -> DocumentReading | RefusedError:
    """Read one document; one that cannot be read never costs the others."""
    if source.media_type.startswith("text/plain") and source.role == "letter":
        page = PageReading(number=1, text=source.data.decode(), confidence=100.0, source="native")
        return DocumentReading([page], [], None, "text/plain", 0.0)
    try:
        whole = portions.joined(house, source)
        if whole is not None:
            return whole
        return read_document(source.data, source.name, house.settings.read, executor=house.pages, turns=source.turns)
    except RefusedError as refused:
        log.info("document_refused", appeal=number, document=source.id, code=refused.code)
        return refused


def _stored(row: Document) -> DocumentReading | RefusedError:
    """What was read of a document, out of the register."""
    if row.state == "refused":
        return RefusedError("damaged", row.reason or UNREADABLE)
    read = stored_pages(row)
    needs_person = any(page.needs_person for page in read)
    return DocumentReading(read, [], None, row.media_type, 0.0, needs_person=needs_person, reasons=summary(read))


def stored_pages(row: Document) -> list[PageReading]:
    """The pages of a document as they were read, out of the register."""
    return [
        PageReading(
            number=page.number, text=page.text, confidence=page.confidence, rotated=page.rotated,
            source=page.source, kind=page.kind,
            needs_person=page.needs_person, reasons=list(page.reasons),
        )
        for page in row.pages
    ]  # fmt: skip


def _with_words(reading: DocumentReading | RefusedError, words: Mapping[int, str]) -> DocumentReading | RefusedError:
    """The reading with the words that people wrote: nobody need doubt those pages any more."""
    if isinstance(reading, RefusedError) or not words:
        return reading
    said = [
        page.model_copy(update={"text": words[page.number], "needs_person": False, "reasons": []})
        if page.number in words
        else page
        for page in reading.pages
    ]
    needs_person = any(page.needs_person for page in said)
    return dataclasses.replace(reading, pages=said, needs_person=needs_person, reasons=summary(said))


def _text(sources: Sequence[Source], readings: Readings) -> str:
    """The letter's own text; when a mail says little, its attachments speak too («во вложении»).

    An envelope tells of the sending and not of the matter: its words are taken only where there are no others.
    """
    whole = _is_envelope(sources, readings)
    letters = [_words(readings[source.id], whole=whole) for source in sources if source.role == "letter"]
    text = "\n".join(letters).strip()
    if len(text) < BODY_ENOUGH:
        others = [_words(readings[source.id]) for source in sources if source.role == "attachment"]
        text = "\n\n".join(part for part in (text, *others) if part.strip())
    return text[:TEXT_LIMIT]


def _words(reading: DocumentReading | RefusedError, *, whole: bool = True) -> str:
    if isinstance(reading, RefusedError):
        return ""
    return "\n".join(page.text for page in reading.pages if whole or page.kind == "letter")


def _doubts(reading: DocumentReading | RefusedError) -> list[str]:
    if isinstance(reading, RefusedError):
        return [reading.reason]
    return list(reading.reasons) if reading.needs_person else []


def _keep(session: Session, document: Document, reading: DocumentReading | RefusedError) -> None:
    if isinstance(reading, RefusedError):
        document.state = "refused"
        document.reason = reading.reason
        return
    for old in list(document.pages):
        session.delete(old)
    session.flush()
    document.pages = [
        Page(
            number=page.number,
            text=page.text.replace("\x00", ""),
            confidence=page.confidence,
            source=page.source,
            rotated=page.rotated,
            kind=page.kind,
            needs_person=page.needs_person,
            reasons=page.reasons,
        )
        for page in reading.pages
    ]
    document.state = "read"
    document.engine = reading.engine
    if reading.archive_pdf is not None:
        document.archive_digest = blobs.replace(session, document.archive_digest, reading.archive_pdf)
    if reading.words:
        words = [dataclasses.asdict(page) for page in reading.words]
        data = json.dumps(words, ensure_ascii=False).encode()
        document.words_digest = blobs.replace(session, document.words_digest, data)
