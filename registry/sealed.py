"""Envelopes that the records office may not open: registered by the envelope, restricted, handed over, opened later."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import arrivals, batches, clock, events, papers, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Paper, Part

KINDS: Final = {"personal": "лично", "confidential": "конфиденциально"}


def mark(actor: Actor, session: Session, appeal: Appeal, kind: str, addressee: str) -> None:
    """Say that a letter lies in an unopened envelope: from now on those alone see it who see restricted appeals.

    Raises:
        InputError: No such mark.
        StateError: Work on the letter has begun, or it was opened.
    """
    rights.require(actor, session, "appeal.verify", appeal)
    if kind not in KINDS:
        raise InputError("Выберите отметку на конверте: «лично» или «конфиденциально».")
    if appeal.state not in batches.EARLY:
        raise StateError(f"{appeal.reg_number}: работа с письмом уже началась.")
    row = papers.of(session, appeal)
    if row.opened_at is not None:
        raise StateError(f"{appeal.reg_number}: письмо уже вскрыто.")
    row.sealed, row.sealed_for = kind, addressee.strip() or None
    appeal.restricted = True
    appeal.verified_by = appeal.verified_by or actor.id
    appeal.version += 1
    said = {"addressee": (None, addressee.strip())} if addressee.strip() else None
    events.append(actor, session, stream(appeal), "appeal.sealed", {"kind": kind}, said)


def registered(session: Session, appeal: Appeal, kind: str) -> None:
    """Note at registration that the envelope was not opened; the appeal is restricted from its first moment."""
    papers.of(session, appeal).sealed = kind


def is_closed(session: Session, appeal: Appeal) -> bool:
    """Whether a letter lies in an envelope that nobody has opened yet."""
    row = papers.find(session, appeal)
    return row is not None and row.sealed is not None and row.opened_at is None


def waiting(actor: Actor, session: Session, limit: int = 200) -> list[tuple[Paper, Appeal]]:
    """Return the sealed letters, those not opened first: their numbers and addressees, for whoever hands them over."""
    rights.require(actor, session, "arrival.decide")
    query = select(Paper, Appeal).join(Appeal, Appeal.id == Paper.appeal_id).where(Paper.sealed.is_not(None))
    query = query.order_by(Paper.opened_at.is_not(None), Paper.handed_on.is_not(None), Paper.id.desc()).limit(limit)
    return [(row, appeal) for row, appeal in session.execute(query)]


def get(actor: Actor, session: Session, number: str, *, lock: bool = True) -> tuple[Paper, Appeal]:
    """Return a sealed letter for whoever hands it over: he need not see what restricted appeals hold.

    Raises:
        NotFoundError: There is no such sealed letter.
    """
    rights.require(actor, session, "arrival.decide")
    query = select(Appeal).join(Paper, Paper.appeal_id == Appeal.id)
    query = query.where(Appeal.reg_number == number, Paper.sealed.is_not(None))
    appeal = session.scalars(query.with_for_update(of=Appeal) if lock else query).one_or_none()
    row = papers.find(session, appeal) if appeal is not None else None
    if appeal is None or row is None:
        raise NotFoundError(f"Запечатанного письма {number} нет.")
    return row, appeal


def hand_over(actor: Actor, session: Session, number: str, on: dt.date, to: str) -> None:
    """A sealed envelope was given to its addressee against his signature.

    Raises:
        InputError: The day cannot be, or it is not said to whom.
        StateError: It was handed over or opened already.
    """
    row, appeal = get(actor, session, number)
    if row.handed_on is not None or row.opened_at is not None:
        raise StateError(f"{number}: конверт уже передан.")
    if not to.strip():
        raise InputError("Укажите, кому передан конверт под подпись.")
    if not clock.local_date(appeal.received_at) <= on <= clock.today():
        raise InputError("Дата передачи не может быть раньше поступления письма или в будущем.")
    row.handed_on, row.handed_to, row.handed_by = on, to.strip(), actor.id
    appeal.version += 1
    events.append(actor, session, stream(appeal), "appeal.handed", {"on": on}, {"to": (None, to.strip())})


def opened(actor: Actor, session: Session, number: str, file: arrivals.NewDocument, *, keep_restricted: bool) -> Appeal:
    """The addressee has opened the envelope and given back what belongs to the office: it is read like any letter now.

    Args:
        actor: Who scanned it.
        session: A writing transaction.
        number: Of the letter.
        file: What lay in the envelope.
        keep_restricted: Whether it stays hidden; what the rules restrict by its words is hidden all the same.

    Raises:
        StateError: It was not handed over yet, or was opened already.
    """
    row, appeal = get(actor, session, number)
    if row.handed_on is None:
        raise StateError(f"{number}: сначала запишите, кому передан конверт.")
    if row.opened_at is not None:
        raise StateError(f"{number}: письмо уже вскрыто.")
    part = papers.parts(appeal)[0]
    _add(session, part, file)
    row.opened_at, row.opened_by = clock.now(), actor.id
    appeal.restricted = keep_restricted
    batches.read_again(appeal)
    data = {"restricted": keep_restricted, "part": part.id}
    events.append(actor, session, stream(appeal), "appeal.opened", data)
    return appeal


def _add(session: Session, part: Part, file: arrivals.NewDocument) -> None:
    """Add a file behind those that a part has."""
    arrivals.add_documents(session, [(part, [file])], first=max((one.ordinal for one in part.documents), default=0) + 1)
    session.expire(part, ["documents"])
