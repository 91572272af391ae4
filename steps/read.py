"""Read: pages to text, text to sender, kind and topics; failure leaves a numbered appeal with the records office."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from structlog import get_logger

from intake.document import DocumentReading, read_document
from intake.refusal import RefusedError
from registry import appeals, blobs, leases, parties, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, Document, Page, Part
from rules.wire import Channel, Kind, PageReading, Segment, Understanding
from steps import malware
from steps.house import House

log = get_logger(__name__)

UNREADABLE = "Прочитать письмо автоматически не удалось. Посмотрите исходный файл и заполните карточку."
WARNINGS = {
    "encrypted": "Вложение {} защищено паролем, прочитать его нельзя: запросите пароль или копию без защиты.",
    "infected": "Вложение {} заражено и лежит в карантине: попросите клиента прислать его иначе.",
    "unchecked": "Вложение {} не проверено на вредоносные программы и не прочитано.",
}
BODY_ENOUGH = 200  # characters of a mail's own text from which attachments are only enclosures
TEXT_LIMIT = 100_000  # characters of a letter that the classifiers see; nobody writes a longer one by hand


@dataclass(frozen=True, slots=True)
class Source:
    """A document of the appeal with its bytes."""

    id: int
    role: str
    name: str
    media_type: str
    data: bytes


def understand(actor: Actor, house: House, appeal_id: int) -> str:
    """Read an appeal's documents and understand its text; return the registration number. May be repeated."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        appeal = session.get_one(Appeal, appeal_id)
        unchecked = [(row.id, row.digest) for row in appeal.parts[0].documents if row.risk == "unchecked"]
    _check_again(house, unchecked)
    with house.db.session(write=False) as session:
        appeal = session.get_one(Appeal, appeal_id)
        number, channel = appeal.reg_number, Channel(appeal.channel)
        part, *joined = [one for one in appeal.parts if one.state == "registered"] or appeal.parts
        subject, meta = part.subject, dict(part.meta)
        sources = [source for one in (part, *joined) for source in _sources(session, one)]
        warnings = [WARNINGS[row.risk].format(row.ordinal - 1) for row in part.documents if row.risk in WARNINGS]
        confirmed = appeal.topic_confirmed_by is not None
        segment = Segment(appeal.segment) if confirmed else None
    readings = {source.id: _read(house, source, number) for source in sources}
    text = _text(sources, readings)
    found = house.reader.understand(text, subject=subject, segment=segment, channel=channel, channel_meta=meta)
    if meta.get("thanks"):  # triage saw the thread, which the words alone do not tell
        found = found.model_copy(update={"kind": Kind.GRATITUDE, "kind_confidence": 1.0})
    doubts = [reason for source in sources if source.role == "letter" for reason in _doubts(readings[source.id])]
    doubts += warnings
    if doubts:
        found = found.model_copy(update={"needs_person": True, "reasons": [*doubts, *found.reasons]})
    with house.db.session() as session:
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        for source in sources:
            _keep(session, session.get_one(Document, source.id), readings[source.id])
        appeals.store_understanding(actor, session, appeal, text, found)
        parties.store_read(actor, session, appeal, found.parties)
        leases.finish(appeal, "route")
    return number


def give_up(actor: Actor, house: House, appeal_id: int) -> None:
    """Reading failed too often: the numbered appeal goes to the records office all the same (P2)."""
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        nothing = Understanding(needs_person=True, reasons=[UNREADABLE], model="нет")
        appeals.store_understanding(actor, session, appeal, "", nothing)
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


def _sources(session: Session, part: Part) -> list[Source]:
    return [
        Source(row.id, row.role, row.name, row.media_type, blobs.get(session, row.digest))
        for row in part.documents
        if row.state != "refused"
    ]


def _read(house: House, source: Source, number: str) -> DocumentReading | RefusedError:
    """Read one document; one that cannot be read never costs the others."""
    if source.media_type.startswith("text/plain") and source.role == "letter":
        page = PageReading(number=1, text=source.data.decode(), confidence=100.0, source="native")
        return DocumentReading([page], [], None, "text/plain", 0.0)
    try:
        return read_document(source.data, source.name, house.settings.read, executor=house.pages)
    except RefusedError as refused:
        log.info("document_refused", appeal=number, document=source.id, code=refused.code)
        return refused


def _text(sources: Sequence[Source], readings: dict[int, DocumentReading | RefusedError]) -> str:
    """The letter's own text; when a mail says little, its attachments speak too («во вложении»)."""
    letters = [_words(readings[source.id]) for source in sources if source.role == "letter"]
    text = "\n".join(letters).strip()
    if len(text) < BODY_ENOUGH:
        others = [_words(readings[source.id]) for source in sources if source.role == "attachment"]
        text = "\n\n".join(part for part in (text, *others) if part.strip())
    return text[:TEXT_LIMIT]


def _words(reading: DocumentReading | RefusedError) -> str:
    return "" if isinstance(reading, RefusedError) else reading.text.replace("\f", "\n")


def _doubts(reading: DocumentReading | RefusedError) -> list[str]:
    if isinstance(reading, RefusedError):
        return [reading.reason]
    return list(reading.reasons) if reading.needs_person else []


def _keep(session: Session, document: Document, reading: DocumentReading | RefusedError) -> None:
    if isinstance(reading, RefusedError):
        document.state = "refused"
        document.reason = reading.reason
        return
    for page in list(document.pages):
        session.delete(page)
    session.flush()
    document.pages = [
        Page(
            number=page.number,
            text=page.text.replace("\x00", ""),
            confidence=page.confidence,
            source=page.source,
            rotated=page.rotated,
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
