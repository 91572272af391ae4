"""The paper side of an appeal: four dates that are never taken for one another, the number that the post gave it.

The arrival stamp stands with the parts of the letter, the postmark and the registration with the appeal, the scan with
the arrival: each is shown as what it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import clock, events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import InputError, StateError
from registry.models import Appeal, Paper, Part
from registry.terms import require_open


@dataclass(frozen=True, slots=True)
class PaperDays:
    """The four dates of a letter on paper, local.

    Attributes:
        stamped: Day on the arrival stamp as a sheet, a folder or a person gave it; None when nobody did.
        postmark: Day on the envelope's postmark.
        scanned: When its first sheet was scanned or taken in.
        registered: When it got its number.
        doubtful: A stamp that a sheet or a folder gave and that lies further back than they may say.
    """

    stamped: dt.date | None
    postmark: dt.date | None
    scanned: dt.datetime
    registered: dt.datetime
    doubtful: dt.date | None = None


def find(session: Session, appeal: Appeal) -> Paper | None:
    """Return the row of an appeal's paper side, None while nothing is known of it."""
    return session.scalars(select(Paper).where(Paper.appeal_id == appeal.id)).one_or_none()


def of(session: Session, appeal: Appeal) -> Paper:
    """Return the row of an appeal's paper side, made when there is none. Needs a writing session."""
    row = find(session, appeal)
    if row is None:
        row = Paper(appeal_id=appeal.id, seen={})
        session.add(row)
        session.flush()
    return row


def parts(appeal: Appeal) -> Sequence[Part]:
    """The parts that make up a letter; copies of it that were joined tell nothing of its dates."""
    return [one for one in appeal.parts if one.state == "registered"] or appeal.parts[:1]


def days(appeal: Appeal) -> PaperDays:
    """Return the four dates of a letter on paper."""
    own = parts(appeal)
    scanned = min(one.arrival.received_at for one in own)
    last = clock.local_date(scanned)
    given = [one.receipt_date or one.arrival.receipt_date for one in own]
    stated = [dt.date.fromisoformat(one.meta["stamp"]) for one in own if one.meta.get("stamp")]
    return PaperDays(
        stamped=min((day for day in given if day and day <= last), default=None),
        postmark=appeal.postmark_date,
        scanned=scanned.astimezone(clock.LOCAL),
        registered=appeal.registered_at.astimezone(clock.LOCAL),
        doubtful=min(stated, default=None),
    )


def stamp(actor: Actor, session: Session, appeal: Appeal, day: dt.date, received_at: dt.datetime, reason: str) -> None:
    """Keep the day of the arrival stamp that a person read from the paper, and the receipt that follows from it.

    Whoever calls has proved that the actor may date a receipt so (`steps.receipt`), and counts the terms anew.
    """
    rights.require(actor, session, "appeal.verify", appeal)
    require_open(appeal)
    if appeal.postmark_date and appeal.postmark_date > day:
        raise InputError("Штамп о поступлении раньше почтового штемпеля. Проверьте обе даты.")
    before = days(appeal)
    for part in parts(appeal):
        part.receipt_date = day
        part.meta = {name: value for name, value in part.meta.items() if name != "stamp"}
    data = {
        "stamp": {"before": before.stamped, "after": day},
        "received": {"before": clock.local_date(appeal.received_at), "after": clock.local_date(received_at)},
    }
    appeal.received_at = received_at
    appeal.version += 1
    said = {"reason": (None, reason.strip())} if reason.strip() else None
    events.append(actor, session, stream(appeal), "appeal.stamped", data, said)


def set_tracking(actor: Actor, session: Session, appeal: Appeal, number: str | None) -> bool:
    """Keep the number that the post gave the letter, its check digit proved by the caller; whether it changed.

    Raises:
        InputError: Another letter that the register has came under this number.
        StateError: The appeal is closed.
    """
    rights.require(actor, session, "appeal.verify", appeal)
    row = find(session, appeal)
    before = row.tracking if row else None
    if before == number:
        return False
    require_open(appeal)
    if number is not None:
        query = select(Appeal).join(Paper, Paper.appeal_id == Appeal.id).where(Paper.tracking == number)
        other = session.scalars(query.where(Appeal.id != appeal.id).limit(1)).first()
        if other is not None and other.merged_into != appeal.id:
            named = f" № {other.reg_number}" if rights.sees(actor, session, other) else ""
            raise InputError(f"ШПИ {number} уже записан у другого письма{named}. Проверьте номер на конверте.")
    of(session, appeal).tracking = number
    appeal.version += 1
    data = {"set": number is not None, "was": before is not None}
    events.append(actor, session, stream(appeal), "appeal.tracking", data, {"tracking": (before, number)})
    return True


def see(session: Session, appeal: Appeal, found: dict[str, Any]) -> None:
    """Keep what the machine read of the envelope and the enclosures, in the place of what it read before."""
    row = find(session, appeal)
    if row is None and not found:
        return
    (row or of(session, appeal)).seen = found


def see_envelope(session: Session, appeal: Appeal, document_id: int, page: int, found: dict[str, Any] | None) -> None:
    """Keep what stands on a page that a person called the envelope; None: it is none."""
    row = of(session, appeal)
    here = {"document": document_id, "page": page}
    kept = [one for one in row.seen.get("envelopes", []) if (one["document"], one["page"]) != (document_id, page)]
    row.seen = {**row.seen, "envelopes": [*kept, *([{**here, **found}] if found is not None else [])]}


def require_paper(appeal: Appeal, channels: Sequence[str]) -> None:
    """Raise StateError unless a letter came on paper."""
    if appeal.channel not in channels:
        raise StateError(f"{appeal.reg_number}: это письмо пришло не на бумаге.")
