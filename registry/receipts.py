"""Receipts: what a source gave, kept durably with its bytes before the source is told and before anybody looks at it.

A batch is kept by a few statements in all, whatever its size: a flush to disk and a round trip a letter would cost more
than the letters (docs/benchmarks.md).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry import blobs, events, locks
from registry.actor import Actor
from registry.clock import now
from registry.events import Deed
from registry.models import Arrival

EXTERNAL_ID: Final = 500  # characters kept of a receipt
OUTCOMES: Final = {"waiting": "new"}  # of a state that is called otherwise


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing as a source gave it; the fields are those of the port of sources."""

    source: str
    external_id: str
    data: bytes
    name: str
    form: str
    canonical: str
    received_at: dt.datetime
    channel: str
    channel_address: str
    receipt_date: dt.date | None = None
    named: str | None = None  # class of document or journal that a person named
    postmark_date: dt.date | None = None
    sealed: str | None = None  # a mark that forbids to open the envelope
    refused: str | None = None  # Russian reason why it is kept but not worked on


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a receipt: ``new``, ``joined`` (bytes seen before), ``known`` (told twice) or ``refused``."""

    arrival_id: int
    outcome: str


Seen = dict[tuple[str, str], tuple[int, str, str]]  # source and receipt -> key, canonical, digest


def keep_many(actor: Actor, session: Session, receipts: Sequence[Receipt]) -> list[Kept]:
    """Keep receipts with their bytes; the source may be told once this transaction has committed (P1)."""
    if len({_name(one) for one in receipts}) < len(receipts):  # told twice in one breath: the second meets the first
        return [kept for one in receipts for kept in keep_many(actor, session, [one])]
    canonicals = sorted({receipt.canonical for receipt in receipts})
    for canonical in canonicals:
        locks.serialise(session, f"arrival:{canonical}")  # the same letter in two boxes at once is still one letter
    seen = _seen(session, receipts)
    named = [_renamed(one, seen) for one in receipts]
    seen = seen if named == list(receipts) else _seen(session, named)
    fresh = [one for one in named if _name(one) not in seen]
    rows = [
        _row(one, digest)
        for one, digest in zip(fresh, blobs.put_many(session, [one.data for one in fresh]), strict=True)
    ]
    _write(session, rows, _originals(session, canonicals))
    events.append_many(actor, session, [_received(row) for row in rows])
    outcomes = {(row.source, row.external_id): Kept(row.id, OUTCOMES.get(row.state, row.state)) for row in rows}
    return [outcomes.get(_name(one)) or Kept(seen[_name(one)][0], "known") for one in named]


def _name(receipt: Receipt) -> tuple[str, str]:
    return receipt.source, receipt.external_id


def _renamed(receipt: Receipt, seen: Seen) -> Receipt:
    """A receipt that the source gives anew to another letter gets a name of its own.

    A mailbox that was rebuilt from a copy counts its UIDs again.
    """
    known = seen.get(_name(receipt))
    if known is None or known[1] == receipt.canonical or known[2] == _digest(receipt):
        return receipt
    tail = f"#{receipt.canonical}"
    return replace(receipt, external_id=receipt.external_id[: EXTERNAL_ID - len(tail)] + tail)


def _seen(session: Session, receipts: Sequence[Receipt]) -> Seen:
    names = [_name(one) for one in receipts]
    columns = (Arrival.source, Arrival.external_id, Arrival.id, Arrival.canonical, Arrival.digest)
    query = select(*columns).where(tuple_(Arrival.source, Arrival.external_id).in_(names))
    return {(source, name): (key, canonical, digest) for source, name, key, canonical, digest in session.execute(query)}


def _row(receipt: Receipt, digest: str) -> Arrival:
    return Arrival(
        source=receipt.source,
        external_id=receipt.external_id,
        canonical=receipt.canonical,
        digest=digest,
        name=receipt.name[:500],
        form=receipt.form,
        channel=receipt.channel,
        channel_address=receipt.channel_address,
        received_at=receipt.received_at,
        receipt_date=receipt.receipt_date,
        named=receipt.named,
        postmark_date=receipt.postmark_date,
        sealed=receipt.sealed,
        taken_at=now(),
        state="refused" if receipt.refused else "waiting",
        reason=receipt.refused,
        work="" if receipt.refused else "triage",
    )


def _write(session: Session, rows: Sequence[Arrival], originals: dict[str, int]) -> None:
    """Write rows, first those of letters not seen before: what is the same letter again is joined to them."""
    firsts: dict[str, Arrival] = {}
    again: list[Arrival] = []
    for row in rows:
        if row.state == "refused":
            session.add(row)
        elif row.canonical in originals or row.canonical in firsts:
            again.append(row)
        else:
            firsts[row.canonical] = row
            session.add(row)
    session.flush()
    for row in again:
        row.state, row.work = "joined", ""
        row.joined_to = originals.get(row.canonical) or firsts[row.canonical].id
        session.add(row)
    session.flush()


def _originals(session: Session, canonicals: Sequence[str]) -> dict[str, int]:
    """The first letter of each canonical hash that the register has."""
    query = (
        select(Arrival.canonical, Arrival.id)
        .where(Arrival.canonical.in_(canonicals), Arrival.joined_to.is_(None), Arrival.state != "refused")
        .order_by(Arrival.id.desc())
    )
    with session.no_autoflush:
        return dict(session.execute(query).tuples().all())


def _received(row: Arrival) -> Deed:
    kind = {"refused": "arrival.refused", "joined": "arrival.joined", "waiting": "arrival.received"}[row.state]
    data = {"source": row.source, "form": row.form, "digest": row.digest}
    if row.joined_to:
        data["joined_to"] = str(row.joined_to)
    return Deed(f"arrival:{row.id}", kind, data)


def _digest(receipt: Receipt) -> str:
    return hashlib.sha256(receipt.data).hexdigest()
