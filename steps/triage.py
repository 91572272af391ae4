"""Triage: what an arrival is, from headers, barcodes and structure alone; batches are split into letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from structlog import get_logger

from intake.attachments import Attachment
from intake.mailapart import understand_all
from intake.mime import Message, header_ids, understand
from intake.refusal import RefusedError
from registry import arrivals, blobs, dispatches, leases, rights
from registry.actor import Actor
from registry.arrivals import NewDocument, NewPart, Split
from registry.models import Arrival
from rules.wire import Channel, Triage
from steps import malware, receipt, scans, threads
from steps.house import House

log = get_logger(__name__)

FAILED = "Разбор письма не удался, поэтому оно зарегистрировано целиком. Посмотрите исходный файл."

TOGETHER = 8_000_000  # bytes of letters that one transaction takes apart; a larger letter goes alone
FIELD = 300  # characters kept of a field of a form beside the text, which has them all

# Kept and never answered: robots do not become appeals.
ROBOTS = frozenset({Triage.BOUNCE, Triage.AUTO_REPLY})


@dataclass(frozen=True, slots=True)
class Opened:
    """An arrival taken apart, nothing written yet."""

    parts: list[NewPart]
    message: Message | None = None
    scan: scans.Scan | None = None


def split(actor: Actor, house: House, arrival_id: int) -> list[int]:
    """Write the parts of an arrival and return their keys. May be repeated.

    Triage that fails means «register»: the letter becomes one part as it is. A pile whose borders are not certain has
    no parts yet: it waits for a person as a draft (`steps.batches`).

    Raises:
        NotFoundError: There is no such arrival.
    """
    return split_many(actor, house, [arrival_id])[arrival_id]


def split_many(actor: Actor, house: House, arrival_ids: Sequence[int]) -> dict[int, list[int]]:
    """Write the parts of arrivals and return their keys, some arrivals a transaction. May be repeated. See `split`.

    Whatever goes wrong in a transaction undoes all that is in it; whoever calls takes them one by one then.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        sizes = arrivals.sizes(session, arrival_ids)
    done: dict[int, list[int]] = {}
    for some in portions(sizes, TOGETHER):
        done |= _split(actor, house, some)
    return done


def portions(sizes: Mapping[int, int], most: int) -> Iterator[list[int]]:
    """Keys in portions of so many bytes at most; what is larger goes alone, so that memory stays bounded."""
    some: list[int] = []
    held = 0
    for key, size in sizes.items():
        if some and held + size > most:
            yield some
            some, held = [], 0
        some.append(key)
        held += size
    if some:
        yield some


def _split(actor: Actor, house: House, keys: Sequence[int]) -> dict[int, list[int]]:
    with house.db.session(write=False) as session:
        rows = arrivals.get_many(session, keys)
        data = blobs.get_many(session, {row.digest for row in rows})
        raw = [(row, data[row.digest]) for row in rows]
    opened = dict(zip(keys, _open_all(house, raw), strict=True))
    with house.db.session() as session:
        rows = arrivals.get_many(session, keys, lock=True)
        cut = [row for row in rows if not scans.kept_as_draft(actor, session, row, opened[row.id].scan)]
        made = arrivals.split_many(actor, session, [_cut(row, opened[row.id]) for row in cut])
        for row, parts in zip(cut, made, strict=True):
            message, scan = opened[row.id].message, opened[row.id].scan
            if message is not None:
                threads.link(actor, session, parts[0], message)
            if scan is not None:
                scans.tie(actor, session, parts, scan)
                receipt.accept_stated(actor, session, house, row, parts)
        for row in rows:
            leases.finish(row)
        parts_of = {row.id: [part.id for part in parts] for row, parts in zip(cut, made, strict=True)}
        return {key: parts_of.get(key, []) for key in keys}


def _cut(arrival: Arrival, opened: Opened) -> Split:
    return Split(arrival, opened.parts, opened.scan.sheets if opened.scan else ())


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of letters that could not be read before: how many were tried, and how many are read now."""

    tried: int
    read: int


def replay(actor: Actor, house: House, arrival_ids: Sequence[int] = ()) -> Replayed:
    """Take apart again what could not be read, all of it or the arrivals named, after the program was mended.

    A letter that has its number keeps it and is read again; one that a person has set right since is left alone.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        waiting = arrivals.unread(actor, session)
    keys = [key for key in waiting if not arrival_ids or key in arrival_ids]
    return Replayed(len(keys), sum(_replayed(actor, house, key) for key in keys))


def _replayed(actor: Actor, house: House, arrival_id: int) -> bool:
    with house.db.session(write=False) as session:
        arrival = arrivals.get(session, arrival_id)
        data = blobs.get(session, arrival.digest)
    opened = _open_all(house, [(arrival, data)])[0]
    with house.db.session() as session:
        return arrivals.replay(actor, session, arrival_id, opened.parts)


def decide(actor: Actor, house: House, part_id: int, *, register: bool, reason: str) -> None:
    """A person decides on a held letter: register it, or set it aside as no appeal."""
    with house.db.session() as session:
        arrivals.decide(actor, session, part_id, register=register, reason=reason)


def _open_all(house: House, raw: Sequence[tuple[Arrival, bytes]]) -> list[Opened]:
    """Take arrivals apart: mails side by side in the workers where there are any, as what they hold is a stranger's."""
    mails = [data for arrival, data in raw if arrival.form == "mail"]
    messages = iter(_understood(house, mails))
    return [_opened(house, arrival, data, next(messages) if arrival.form == "mail" else None) for arrival, data in raw]


def _opened(house: House, arrival: Arrival, data: bytes, message: Message | None) -> Opened:
    try:
        if message is not None:
            message, files = malware.checked(house.malware, message, data)
            return Opened([_mail_part(message, arrival, data, files)], message=message)
        if (risk := malware.told(house.malware, data)) is not None:
            return Opened([_held(arrival, data, risk[1], risk[0])])
        scan = scans.look(house, arrival, data)
        return Opened(scan.parts, scan=scan)
    except RefusedError as refused:
        return Opened([_held(arrival, data, refused.reason)])
    except Exception:
        # One poison letter stops nothing (P2): whatever the reader did, the letter is registered as it came.
        log.exception("triage_failed", arrival=arrival.id)
        return Opened([_whole(arrival, data)])


def _understood(house: House, mails: Sequence[bytes]) -> list[Message]:
    if not mails:
        return []
    domains = (house.settings.mail_domain,)
    named = [header_ids(data, house.mail_limits) for data in mails]
    with house.db.session(write=False) as session:
        ours = dispatches.known_ids(session, frozenset().union(*named))
    rules = house.book.mail
    if house.pages is not None:
        return understand_all(mails, house.pages, house.mail_limits, ours=ours, own_domains=domains, rules=rules)
    return [
        understand(data, house.mail_limits, is_ours=ours.__contains__, own_domains=domains, rules=rules)
        for data in mails
    ]


def _mail_part(message: Message, arrival: Arrival, data: bytes, unclean: Mapping[int, str]) -> NewPart:
    view = message.view
    verdict = view.triage
    body = NewDocument("letter", "Текст письма.txt", "text/plain; charset=utf-8", view.text.encode())
    files = [
        NewDocument(
            "attachment",
            file.name,
            file.media_type,
            file.data,
            risk=file.risk,
            reason=unclean.get(place) or _not_read(file),
        )
        for place, file in enumerate(message.attachments)
        if not file.inline
    ]
    if verdict is Triage.UNREADABLE:
        body = NewDocument("letter", arrival.name, "message/rfc822", data)
    state = "linked" if verdict in ROBOTS else "held" if verdict is Triage.SPAM_SUSPECT else "waiting"
    return NewPart(
        verdict=verdict.value,
        reasons=list(view.reasons),
        documents=[body, *files],
        state=state,
        subject=view.subject or None,
        message_id=(view.message_id or "")[:500] or None,
        meta=_meta(message),
        channel=Channel.VIRTUAL_RECEPTION.value if message.form else None,
        receipt_date=arrival.receipt_date,
    )


def _meta(message: Message) -> dict[str, Any]:
    """What the channel knows; of a form's mail its fields, and whether the client's address is proved."""
    view, headers, form = message.view, message.headers, message.form
    told = {
        "from_email": view.from_email,
        "from_name": view.from_name,
        "reply_to": headers.reply_to[0].email if headers.reply_to else None,
        "references": list(headers.references)[-20:],
        "auto": view.auto,
    }
    if form is None:
        return told
    fields = {name: form.fields[name][:FIELD] for name in ("phone", "address", "account") if name in form.fields}
    return told | fields | {"form": form.id, "form_sender": form.sender, "address_proved": form.proved}


def _not_read(file: Attachment) -> str | None:
    if file.risk == "refused":
        return "Вложение не принято: исполняемый файл."
    return "Архив раскрыт: его файлы стоят отдельно." if file.opened else None


def _held(arrival: Arrival, data: bytes, reason: str, risk: str = "none") -> NewPart:
    document = NewDocument("letter", arrival.name, "application/octet-stream", data, risk=risk, reason=reason)
    return NewPart(Triage.UNREADABLE.value, [reason], [document], state="held", receipt_date=arrival.receipt_date)


def _whole(arrival: Arrival, data: bytes) -> NewPart:
    document = NewDocument("letter", arrival.name, "application/octet-stream", data)
    return NewPart(Triage.NEW_APPEAL.value, [FAILED], [document], receipt_date=arrival.receipt_date)
