"""Receive: raw bytes are made durable first, the source is told last (P1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from structlog import get_logger

from intake.canonical import canonical_hash
from intake.files import FileType, sniff
from intake.imap import ImapMailbox
from intake.mailheaders import receipt_moment
from intake.port import Incoming, Source, SourceUnavailableError
from intake.scanfolder import RefusedFile, ScanFolder
from registry import arrivals, clock, fetching, rights, troubles
from registry.actor import Actor
from registry.errors import InputError
from registry.receipts import EXTERNAL_ID, Kept, Receipt, keep_many
from registry.sealed import KINDS
from rules.wire import ON_PAPER, Channel
from steps import receipt
from steps.house import House

BATCH_BYTES = 4_000_000  # a transaction closes when it holds so much
BATCH = 50  # things a transaction: one flush to disk for all of them (notes on throughput: docs/benchmarks.md)
OUTCOMES = ("new", "joined", "known", "refused")
EMPTY = "Файл пуст: в нём нет ни одного байта. Проверьте сканер и отсканируйте письмо заново."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one look into a source gave.

    Attributes:
        source: Its name.
        new, joined, known, refused: Letters.
        error: The Russian reason why the source could not be read.
        busy: Another run fetches from it just now; nothing was looked at.
    """

    source: str
    new: int = 0
    joined: int = 0
    known: int = 0
    refused: int = 0
    error: str | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of a file that a person handed over."""

    arrival_id: int
    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a person read off a paper before it was uploaded.

    Attributes:
        named: Class of document or journal, code or title; None leaves it to the separator sheets and the channel.
        postmark_date: Date of the postmark on the envelope.
        reason: Why the receipt is dated back.
        sealed: A mark that forbids to open the envelope (`registry.sealed`): only the envelope was scanned.
    """

    named: str | None = None
    postmark_date: dt.date | None = None
    reason: str = ""
    sealed: str | None = None


def pull_all(actor: Actor, house: House) -> list[Pulled]:
    """Look into every source; one that cannot be read does not stop the others."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
    return [pull(actor, house, source) for source in house.sources]


def pull(actor: Actor, house: House, source: Source) -> Pulled:
    """Take in everything that waits in a source: keep a batch durably, then tell the source about it.

    One run at a time fetches from a mailbox; another that comes meanwhile leaves it alone.
    """
    owner = secrets.token_hex(8) if isinstance(source, ImapMailbox) else None
    with house.db.session(write=owner is not None) as session:
        rights.require(actor, session, "arrival.decide")
        if owner is not None and not fetching.begin(session, source.name, owner):
            return Pulled(source.name, busy=True)
    pulled = Pulled(source.name)
    trouble: SourceUnavailableError | None = None
    try:
        for batch in _batches(source.waiting()):
            kept, is_ours = _keep(actor, house, [_receipt(one) for one in batch], (source.name, owner))
            outcomes = [one.outcome for one in kept]
            pulled = replace(pulled, **{name: getattr(pulled, name) + outcomes.count(name) for name in OUTCOMES})
            _tell(source, batch, outcomes)
            if not is_ours:
                break
        pulled = replace(pulled, refused=pulled.refused + _oversize(actor, house, source))
    except SourceUnavailableError as unavailable:
        trouble = unavailable
        log.warning("source_unavailable", source=source.name)
    finally:
        _leave(house, source.name, owner, trouble)
    return replace(pulled, error=str(trouble)) if trouble else pulled


def _leave(house: House, name: str, owner: str | None, trouble: SourceUnavailableError | None) -> None:
    """Give the mailbox back, and keep what an administrator must hear of (nothing is written when nothing changes)."""
    with house.db.session(write=False) as session:
        known = troubles.of(session, name) is not None
    if owner is None and trouble is None and not known:
        return
    with house.db.session() as session:
        if owner is not None:
            fetching.end(session, name, owner)
        if trouble is not None:
            troubles.note(session, name, str(trouble), is_settings=trouble.is_settings)
        elif known:
            troubles.clear(session, name)


def _oversize(actor: Actor, house: House, source: Source) -> int:
    """Keep as refused what a scan folder put into quarantine unread, so that the day's balance counts it.

    Its bytes stay in the quarantine alone: they are too many to be read.
    """
    if not isinstance(source, ScanFolder) or not source.oversize:
        return 0
    found = list(source.oversize)
    receipts = [_unread(source.name, one) for one in found]
    with house.db.session() as session:
        keep_many(actor, session, receipts)
    del source.oversize[: len(found)]
    return len(found)


def _unread(source: str, one: RefusedFile) -> Receipt:
    moment = clock.now()
    key = f"{one.name}#{one.size}#{moment.isoformat()}"
    return Receipt(
        source=source,
        external_id=key[-EXTERNAL_ID:],
        data=b"",
        name=one.name,
        form="file",
        canonical=hashlib.sha256(key.encode()).hexdigest(),
        received_at=moment,
        channel=Channel.POST.value,
        channel_address="company",
        refused=one.reason,
    )


def _keep(
    actor: Actor, house: House, receipts: list[Receipt], lease: tuple[str, str | None] = ("", None)
) -> tuple[list[Kept], bool]:
    """Keep things durably in one transaction, what is empty as refused.

    ``lease`` names the source and who fetches from it: whether it is still he is told back.
    """
    name, owner = lease
    with house.db.session() as session:
        rights.require(actor, session, "arrival.decide")
        is_ours = owner is None or fetching.begin(session, name, owner)
        return keep_many(actor, session, receipts), is_ours


def add(
    actor: Actor,
    house: House,
    name: str,
    data: bytes,
    *,
    channel: Channel = Channel.POST,
    receipt_date: dt.date | None = None,
    paper: Stamped | None = None,
) -> AddResult:
    """Take in one file by hand (upload on the desk, `otvet add`).

    A letter in a file of its own (.eml) came when our mail server took it, not when somebody saved it: the moment is
    that of its topmost Received field, which the last server wrote. Fields below it are the sender's word and are not
    looked at. Without a sensible one (a sent copy brought on a stick has none; a moment yet to come is of a broken
    clock) the date counts that the person gives, as on a paper's stamp, and without that the moment of taking in.

    Args:
        actor: Who hands it over.
        house: The house.
        name: File name.
        data: Bytes.
        channel: How it came; an .eml is always e-mail.
        receipt_date: Date of receipt that the person gives.
        paper: What the person read off the paper besides.

    Raises:
        InputError: A date cannot be, or there is no such class of document.
        ForbiddenError: A receipt earlier than the actor may date it.
    """
    stamped = paper or Stamped()
    with house.db.session(write=False) as session:
        rights.require(actor, session, "arrival.decide")
        if not actor.is_system:
            receipt.check_date(actor, session, house, receipt_date, stamped.reason)
    _check(house, stamped, receipt_date, channel)
    form: Literal["mail", "file"] = "mail" if sniff(data) is FileType.MAIL else "file"
    digest = hashlib.sha256(data).hexdigest()
    taken_in = clock.now()
    moment = receipt_moment(data, taken_in) if form == "mail" else taken_in
    served = moment < taken_in
    incoming = Incoming(
        source="hand",
        external_id=digest,
        data=data,
        name=name,
        form=form,
        canonical=canonical_hash(data) if form == "mail" else digest,
        received_at=moment if served else taken_in,
        channel=Channel.EMAIL if form == "mail" else channel,
        receipt_date=None if served else receipt_date,
    )
    named = replace(_receipt(incoming), named=stamped.named, postmark_date=stamped.postmark_date, sealed=stamped.sealed)
    kept = _keep(actor, house, [named])[0][0]
    if kept.outcome == "new" and stamped.reason:
        with house.db.session() as session:
            receipt.note_reason(actor, session, arrivals.get(session, kept.arrival_id), stamped.reason)
    return AddResult(kept.arrival_id, kept.outcome, EMPTY if not data else None)


def _check(house: House, paper: Stamped, receipt_date: dt.date | None, channel: Channel) -> None:
    if not house.book.journals.entry(paper.named, channel).understood:
        raise InputError("Такого вида документа или журнала нет. Выберите его из списка.")
    if paper.sealed is not None and (paper.sealed not in KINDS or channel not in ON_PAPER):
        raise InputError("Отметка «лично» или «конфиденциально» бывает у бумажного письма.")
    if paper.postmark_date and paper.postmark_date > (receipt_date or clock.today()):
        raise InputError("Почтовый штемпель позже даты поступления. Проверьте даты.")


def _receipt(incoming: Incoming) -> Receipt:
    return Receipt(
        source=incoming.source,
        external_id=_storable(incoming.external_id),
        data=incoming.data,
        name=_storable(incoming.name),
        form=incoming.form,
        canonical=incoming.canonical,
        received_at=incoming.received_at,
        channel=incoming.channel.value,
        channel_address=incoming.channel_address,
        receipt_date=incoming.receipt_date,
        refused=None if incoming.data else EMPTY,
    )


def _storable(text: str) -> str:
    """Text that every database takes: a file's name may hold bytes that are no UTF-8, and it must not stop a batch."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "")


def _tell(source: Source, batch: list[Incoming], outcomes: list[str]) -> None:
    told = list(zip(batch, outcomes, strict=True))
    source.done(*(incoming for incoming, outcome in told if outcome != "refused"))
    for incoming, outcome in told:
        if outcome == "refused":
            source.refuse(incoming, EMPTY)


def _batches(waiting: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Batches bounded in number and in bytes, so that large letters are not held in memory together."""
    batch: list[Incoming] = []
    held = 0
    for one in waiting:
        batch.append(one)
        held += len(one.data)
        if len(batch) == BATCH or held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
