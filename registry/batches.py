"""Scanned piles: drafts that wait for a person, the passport of a pile, and sheets that change hands afterwards.

The passport says of every sheet of a scan what became of it: ``fate`` (letter, separator, blank, dropped), ``part``
(ordinal of the letter) and ``place`` (its place in reading order).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry import appeals, arrivals, events, lifecycle, numbers, proposals, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import today
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Arrival, Document, Part

CHUNK: Final = 200
EARLY: Final = frozenset({"registered", "in_verification", "routed"})
TOO_LATE: Final = "листы меняют, пока письмо не взяли в работу. Верните его канцелярии."


def passport(fates: Sequence[str], order: Sequence[int], letters: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """Say of every sheet of a scan what became of it.

    Args:
        fates: What each sheet is, in the order of scanning.
        order: Sheets (from 0) in reading order.
        letters: Sheets (from 0) of each letter.
    """
    owner = {sheet: number for number, sheets in enumerate(letters, 1) for sheet in sheets}
    places = {sheet: place for place, sheet in enumerate(order)}
    return [{"fate": fate, "part": owner.get(sheet), "place": places[sheet]} for sheet, fate in enumerate(fates)]


def drafts(actor: Actor, session: Session) -> list[Arrival]:
    """Return the piles that wait for a person, oldest first."""
    rights.require(actor, session, "arrival.view")
    return list(session.scalars(select(Arrival).where(Arrival.state == "draft").order_by(Arrival.id).limit(CHUNK)))


def recent(actor: Actor, session: Session, limit: int = 30) -> list[Arrival]:
    """Return the newest scans of several sheets that were taken apart."""
    rights.require(actor, session, "arrival.view")
    query = select(Arrival).where(Arrival.state == "triaged", Arrival.sheets_scanned > 1)
    return list(session.scalars(query.order_by(Arrival.id.desc()).limit(limit)))


def tell_late(actor: Actor, session: Session, before: dt.datetime, roles: Sequence[str]) -> int:
    """Note that drafts taken in before a moment still wait, once a day each; return of how many roles are told now."""
    rights.require(actor, session, "system.operate")
    day = today()
    untold = or_(Arrival.late_on.is_(None), Arrival.late_on < day)
    query = select(Arrival).where(Arrival.state == "draft", Arrival.taken_at < before, untold).order_by(Arrival.id)
    rows = session.scalars(query.limit(CHUNK).with_for_update()).all()
    for row in rows:
        row.late_on = day
        events.append(actor, session, f"arrival:{row.id}", "arrival.late", {"roles": list(roles), "day": day})
    return len(rows)


def late(actor: Actor, session: Session) -> list[Arrival]:
    """Return the drafts that were told of as late today and still wait, oldest first."""
    rights.require(actor, session, "arrival.view")
    told = (Arrival.state == "draft", Arrival.late_on == today())
    return list(session.scalars(select(Arrival).where(*told).order_by(Arrival.id).limit(CHUNK)))


def draft(actor: Actor, session: Session, arrival_id: int) -> Arrival:
    """Lock a draft to be decided. Raises NotFoundError, StateError when somebody has decided it already."""
    rights.require(actor, session, "arrival.decide")
    arrival = arrivals.get(session, arrival_id, lock=True)
    if arrival.state != "draft":
        raise StateError("Границы этой партии уже подтверждены.")
    return arrival


def confirmed(actor: Actor, session: Session, arrival: Arrival, letters: int) -> None:
    """Write who confirmed the borders, and how they differ from what was proposed (P8)."""
    proposed = [index for index, sheet in enumerate(arrival.sheets) if sheet.get("reasons")]
    data = {"letters": letters, "proposed": proposed}
    events.append(actor, session, f"arrival:{arrival.id}", "arrival.confirmed", data)


def document(actor: Actor, session: Session, document_id: int, *, lock: bool = False) -> tuple[Document, Appeal]:
    """Return a file of a letter with its appeal. Raises NotFoundError, also when the actor may not see it."""
    row = session.get(Document, document_id)
    key = row.part.appeal_id if row else None
    if row is None or key is None:
        raise NotFoundError("Документ не найден или недоступен Вам.")
    return row, appeals.by_id(actor, session, key, lock=lock)


def require_early(session: Session, actor: Actor, appeal: Appeal) -> None:
    """Raise unless sheets of an appeal may still change hands."""
    rights.require(actor, session, "appeal.merge", appeal)
    if appeal.state not in EARLY:
        raise StateError(f"{appeal.reg_number}: {TOO_LATE}")


def detach(actor: Actor, session: Session, document: Document, first: bytes, rest: bytes, page: int) -> Part:
    """Make the pages of a letter from one page on a letter of its own, which waits for its number.

    The first pages keep the number and are read again.
    """
    part = document.part
    appeal = part.appeal
    assert appeal is not None
    require_early(session, actor, appeal)
    sheets = list(part.meta.get("sheets") or [])
    kept, gone = sheets[: page - 1], sheets[page - 1 :]
    last = session.scalar(select(func.max(Part.ordinal)).where(Part.arrival_id == part.arrival_id)) or part.ordinal
    count = len(document.pages)
    fresh = Part(
        arrival_id=part.arrival_id,
        ordinal=last + 1,
        verdict=part.verdict,
        reasons=[f"Отделено от письма № {appeal.reg_number} со страницы {page}."],
        state="waiting",
        meta={"sheets": gone} if gone else {},
        receipt_date=part.receipt_date,
        journal=part.journal,
        sheet_count=len(gone),
        work="register",
    )
    session.add(fresh)
    session.flush()
    file = arrivals.NewDocument("letter", document.name, document.media_type, rest)
    arrivals.add_documents(session, [(fresh, [file])])
    arrivals.carry_edits(session, document, fresh.documents[0], range(page, count + 1))
    arrivals.new_file(session, document, first, range(1, page))
    part.meta = {**part.meta, "sheets": kept} if kept else part.meta
    part.sheet_count = len(kept)
    _move(part.arrival, gone, fresh.ordinal)
    data = {"part": part.id, "fresh": fresh.id, "page": page, "check_again": read_again(appeal)}
    events.append(actor, session, stream(appeal), "appeal.pages_split", data)
    return fresh


def absorb(actor: Actor, session: Session, appeal: Appeal, main: Appeal) -> None:
    """Join the sheets of a letter to the one that they belong to; its own number is cancelled and stays visible.

    Other than a duplicate (`registry.merges`), whose number lives, this letter never was one.
    """
    for one in (appeal, main):
        require_early(session, actor, one)
    if appeal.id == main.id:
        raise InputError("Письмо нельзя присоединить к самому себе.")
    reason = f"присоединено к № {main.reg_number}"
    appeal.merged_into = main.id
    lifecycle.move(actor, session, appeal, "merged", reason="sheets", main=main.id)
    numbers.cancel(actor, session, appeal.reg_number, reason)
    for part in list(appeal.parts):
        if part.state == "registered":
            part.appeal_id = main.id
    appeal.queue, appeal.reply_owner = main.queue, main.reply_owner
    appeal.work, appeal.ack_state = "", "none"
    main.restricted = appeal.restricted = main.restricted or appeal.restricted
    proposals.overtake(actor, session, appeal, main)
    session.flush()
    session.expire(main, ["parts"])
    session.expire(appeal, ["parts"])
    data = {"main": main.id, "main_number": main.reg_number}
    events.append(actor, session, stream(appeal), "appeal.absorbed", data)
    joined = {"twin": appeal.id, "twin_number": appeal.reg_number, "check_again": read_again(main)}
    events.append(actor, session, stream(main), "appeal.pages_joined", joined)


def read_again(appeal: Appeal) -> bool:
    """Let a letter be read anew: what a person has confirmed stays (P8).

    One that was checked already is to be checked again, since its pages are others; returns whether it was, for the
    history to say so.
    """
    appeal.work, appeal.attempts, appeal.claimed_until = "read", 0, None
    checked = appeal.verified_by is not None
    appeal.verified_by = None
    appeal.version += 1
    return checked


def _move(arrival: Arrival, sheets: Sequence[int], ordinal: int) -> None:
    changed = [dict(one) for one in arrival.sheets]
    for sheet in sheets:
        if 0 < sheet <= len(changed):
            changed[sheet - 1]["part"] = ordinal
    arrival.sheets = changed
