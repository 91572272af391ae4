"""Absences and deputies: who is away, who stands in, and in whose queues a deputy may act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.clock import now, today
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Absence, Person

KINDS: Final = {"vacation": "отпуск", "sick": "болезнь", "trip": "командировка", "other": "другое"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acts for a person on a day.

    Attributes:
        person: The one on duty: himself when present, the last of the chain of deputies otherwise; None: nobody.
        away: Those of the chain who are away, the person first; empty when he is present.
    """

    person: Person | None
    away: tuple[Person, ...] = ()


def add(
    actor: Actor,
    session: Session,
    person_id: int,
    first: dt.date,
    last: dt.date,
    kind: str,
    deputy_id: int | None = None,
) -> Absence:
    """Enter the days on which a person is away (both included) and who stands in.

    Raises:
        InputError: The days are in the wrong order or over, overlap another absence, or the deputy does not fit.
        ForbiddenError: Neither everybody's nor this person's absences are the actor's to keep.
    """
    person = _person(session, person_id)
    require_manager(actor, session, person)
    if kind not in KINDS:
        raise InputError("Выберите вид отсутствия из списка.")
    if last < first:
        raise InputError("Последний день отсутствия раньше первого. Поменяйте их местами.")
    if last < today():
        raise InputError("Это отсутствие уже закончилось: на распределение оно не повлияет.")
    clash = session.scalar(select(Absence).where(Absence.person_id == person_id, *_overlapping(first, last)).limit(1))
    if clash is not None:
        days = f"с {clash.first:%d.%m.%Y} по {clash.last:%d.%m.%Y}"
        raise InputError(f"На эти дни уже записано отсутствие {days}. Отмените его или выберите другие дни.")
    if deputy_id is not None:
        _check_deputy(session, person, _person(session, deputy_id), first, last)
    row = Absence(
        person_id=person_id,
        deputy_id=deputy_id,
        first=first,
        last=last,
        kind=kind,
        made_by=actor.id,
        made_at=now(),
    )
    session.add(row)
    session.flush()
    data = {"absence": row.id, "first": first, "last": last, "kind": kind, "deputy": deputy_id}
    events.append(actor, session, f"person:{person_id}", "absence.added", data)
    return row


def cancel(actor: Actor, session: Session, absence_id: int) -> Absence:
    """Strike an absence out; it stays visible as cancelled. Raises NotFoundError, StateError."""
    row = session.get(Absence, absence_id, with_for_update=True)
    if row is None:
        raise NotFoundError("Такого отсутствия нет.")
    require_manager(actor, session, _person(session, row.person_id))
    if row.cancelled_at is not None:
        raise StateError("Это отсутствие уже отменено.")
    row.cancelled_at = now()
    events.append(actor, session, f"person:{row.person_id}", "absence.cancelled", {"absence": row.id})
    return row


def may_manage(actor: Actor, session: Session, person: Person) -> bool:
    """Whether the actor keeps this person's absences: everybody's, or those of his own queues."""
    wide = rights.matrix(session).scope(actor.roles, "absence.manage") == "all"
    return wide or any(rights.may_in_queue(actor, session, "absence.manage", queue) for queue in person.queues)


def require_manager(actor: Actor, session: Session, person: Person) -> None:
    """Raise ForbiddenError unless the actor keeps this person's absences."""
    if not may_manage(actor, session, person):
        rights.require_in_queue(actor, session, "absence.manage", next(iter(person.queues), ""))


def of_days(session: Session, first: dt.date, last: dt.date) -> Sequence[Absence]:
    """Return the absences that touch a span of days, by their first day."""
    query = select(Absence).where(*_overlapping(first, last)).order_by(Absence.first, Absence.id)
    return session.scalars(query).all()


def away(session: Session, people: Collection[int], day: dt.date) -> dict[int, Absence]:
    """Return the absences in force on a day by person, of those asked about."""
    if not people:
        return {}
    query = select(Absence).where(Absence.person_id.in_(sorted(people)), *_overlapping(day, day))
    return {row.person_id: row for row in session.scalars(query)}


def on_duty(session: Session, person_id: int, day: dt.date) -> Standing:
    """Return who acts for a person on a day: himself, or along the chain of deputies; a loop ends with nobody."""
    chain: list[Person] = []
    person: Person | None = _person(session, person_id)
    while person is not None and person not in chain:
        absence = away(session, [person.id], day).get(person.id)
        if absence is None:
            return Standing(person if person.active else None, tuple(chain))
        chain.append(person)
        person = session.get(Person, absence.deputy_id) if absence.deputy_id else None
    return Standing(None, tuple(chain))


def stood_in_for(session: Session, person_id: int, day: dt.date) -> list[Person]:
    """Return the absent people whom a person stands in for on a day, along the chain; empty when he is away himself."""
    if away(session, [person_id], day):
        return []
    found: dict[int, Person] = {}
    asked = [person_id]
    while asked:
        query = (
            select(Person)
            .join(Absence, Absence.person_id == Person.id)
            .where(Absence.deputy_id.in_(asked), *_overlapping(day, day))
            .order_by(Person.id)
        )
        fresh = [person for person in session.scalars(query) if person.id not in found and person.id != person_id]
        found |= {person.id: person for person in fresh}
        asked = [person.id for person in fresh]
    return list(found.values())


def acting_queues(session: Session, person_id: int, day: dt.date) -> set[str]:
    """Return the queues in which a person acts as a deputy on a day, beside his own."""
    return {queue for person in stood_in_for(session, person_id, day) for queue in person.queues}


def fits(person: Person, deputy: Person) -> bool:
    """Whether a deputy can do a person's work: he shares a role or a queue with him."""
    return bool(set(person.roles) & set(deputy.roles) or set(person.queues) & set(deputy.queues))


def _check_deputy(session: Session, person: Person, deputy: Person, first: dt.date, last: dt.date) -> None:
    if deputy.id == person.id:
        raise InputError("Работник не может замещать сам себя. Выберите другого.")
    if not deputy.active:
        raise InputError("Учётная запись замещающего отключена. Выберите другого.")
    if not fits(person, deputy):
        raise InputError("У замещающего нет ни нужной роли, ни нужной очереди. Выберите другого или дайте ему роль.")
    for day in _starts(session, first, last):
        if person in _chain(session, deputy, day):
            raise InputError(f"Замещение идёт по кругу: {day:%d.%m.%Y} замещающего замещает тот же работник.")


def _starts(session: Session, first: dt.date, last: dt.date) -> list[dt.date]:
    """Days on which a chain of deputies may change for the worse: the first, and every start of an absence within."""
    starts = {max(row.first, first) for row in of_days(session, first, last)}
    return sorted({first, *starts})


def _chain(session: Session, person: Person, day: dt.date) -> tuple[Person, ...]:
    """The people that on_duty would pass through, the last included."""
    standing = on_duty(session, person.id, day)
    return (*standing.away, *([standing.person] if standing.person else []))


def _overlapping(first: dt.date, last: dt.date) -> tuple[ColumnElement[bool], ...]:
    return Absence.cancelled_at.is_(None), Absence.first <= last, Absence.last >= first


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError("Сотрудник не найден.")
    return person
