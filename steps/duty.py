"""Duty: absences and deputies, handing work over, conflicts of interest, and what to take next."""

from __future__ import annotations

import datetime as dt

from registry import absences, appeals, assignment, conflicts, load, rights, staff
from registry.actor import Actor
from registry.errors import InputError, RegistryError
from steps.house import House

WHYS = {"absence": "исполнитель отсутствует", "conflict": "конфликт интересов", "load": "нагрузка"}


def add_absence(
    actor: Actor,
    house: House,
    person_id: int,
    days: tuple[dt.date, dt.date],
    kind: str,
    deputy_id: int | None = None,
) -> int:
    """Enter the first and last day on which a person is away and who stands in; return the key."""
    with house.db.session() as session:
        return absences.add(actor, session, person_id, *days, kind, deputy_id).id


def cancel_absence(actor: Actor, house: House, absence_id: int) -> None:
    """Strike an absence out."""
    with house.db.session() as session:
        absences.cancel(actor, session, absence_id)


def assign(actor: Actor, house: House, number: str, person_id: int, why: str = "load") -> None:
    """Give one appeal to a person."""
    if why not in WHYS:
        raise InputError("Выберите причину из списка.")
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        assignment.assign(actor, session, appeal, staff.by_id(session, person_id), why)


def hand_over(actor: Actor, house: House, person_id: int, to_id: int) -> tuple[int, int]:
    """Give all open appeals of a person to another in one action; return how many went and how many could not.

    Each goes by itself: one that the other may not have (a conflict, another queue) stays and stops none.
    """
    with house.db.session(write=False) as session:
        assignment.require_sharer(actor, session)
        numbers = [
            row.reg_number for row in load.of_person(actor, session, person_id) if row.state in assignment.CARRIED
        ]
    done = 0
    for number in numbers:
        try:
            assign(actor, house, number, to_id, "absence")
        except RegistryError:
            continue
        done += 1
    return done, len(numbers) - done


def take_next(actor: Actor, house: House) -> str | None:
    """Claim what is most urgent and return its number."""
    with house.db.session() as session:
        rights.require(actor, session, "appeal.claim")
        found = load.next_for(actor, session)
        if found is None:
            return None
        appeal = appeals.by_id(actor, session, found.id, lock=True)
        appeals.claim(actor, session, appeal)
        return appeal.reg_number


def declare_conflict(
    actor: Actor, house: House, number: str, kind: str, reason: str, person_id: int | None = None
) -> None:
    """Declare a conflict of interest: one's own, or (the head) another person's."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        who = person_id or actor.person_id
        if who is None:
            raise InputError("Выберите работника.")
        conflicts.declare(actor, session, appeal, staff.by_id(session, who), kind, reason)


def nobody_named(actor: Actor, house: House, number: str, kind: str) -> None:
    """The head finds that routing's exclusion means no member of staff."""
    with house.db.session() as session:
        conflicts.nobody(actor, session, appeals.by_number(actor, session, number, lock=True), kind)


def lift_conflict(actor: Actor, house: House, conflict_id: int, reason: str) -> str:
    """The head finds that there is no conflict; return the appeal's number."""
    with house.db.session() as session:
        return conflicts.lift(actor, session, conflict_id, reason).reg_number
