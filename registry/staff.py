"""Staff: people, their log-ins and the actors they become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from registry import absences, events, rights
from registry.actor import Actor
from registry.clock import now, today
from registry.errors import ForbiddenError, InputError, NotFoundError
from registry.models import Login, Person

MIN_PASSWORD = 8
MAX_FAILURES = 10
FAILURE_WINDOW = dt.timedelta(minutes=15)

_hasher = PasswordHasher()


def actor_of(person: Person) -> Actor:
    """Return the actor that a person is today: in his own queues and in those of the absent he stands in for."""
    session = object_session(person)
    acting = absences.acting_queues(session, person.id, today()) if session else set()
    return Actor(f"person:{person.id}", frozenset(person.roles), frozenset({*person.queues, *acting}), person.id)


def save(actor: Actor, session: Session, person: Person, password: str | None = None) -> Person:
    """Add a person or keep changes of one; history records codes only."""
    rights.require(actor, session, "user.manage")
    if password is not None:
        if len(password) < MIN_PASSWORD:
            raise InputError(f"Пароль слишком короткий: нужно не меньше {MIN_PASSWORD} знаков.")
        person.password_hash = _hasher.hash(password)
    session.add(person)
    session.flush()
    data = {"roles": person.roles, "queues": person.queues, "active": person.active}
    events.append(actor, session, f"person:{person.id}", "person.saved", data)
    return person


def authenticate(session: Session, login: str, password: str) -> Actor:
    """Return the actor of a log-in. Raises ForbiddenError alike for a wrong name, a wrong password and a locked one."""
    since = now() - FAILURE_WINDOW
    failures = select(func.count()).where(Login.login == login, Login.ok.is_(False), Login.at > since)
    person = session.scalar(select(Person).where(Person.login == login, Person.active.is_(True)))
    locked = (session.scalar(failures) or 0) >= MAX_FAILURES
    fits = person is not None and not locked and _fits(person, password)
    session.add(Login(login=login[:60], at=now(), ok=fits))
    if not fits or person is None:
        session.commit()  # the failed attempt must outlive the error, or guessing would never be counted
        raise ForbiddenError("Неверное имя или пароль. После десяти ошибок вход закрыт на 15 минут.")
    return actor_of(person)


def by_id(session: Session, person_id: int) -> Person:
    """Return a person. Raises NotFoundError."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError("Сотрудник не найден.")
    return person


def names(session: Session, keys: Collection[int]) -> dict[int, str]:
    """Return the short names of people by key."""
    found = session.scalars(select(Person).where(Person.id.in_(keys)))
    return {person.id: person.short_name for person in found}


def by_login(session: Session, login: str) -> Person | None:
    """Return a person by log-in name."""
    return session.scalar(select(Person).where(Person.login == login))


def everyone(session: Session) -> Sequence[Person]:
    """Return all active people by name."""
    return session.scalars(select(Person).where(Person.active.is_(True)).order_by(Person.last_name)).all()


def with_role(session: Session, role: str) -> list[Person]:
    """Return the active people of a role, the highest in rank first."""
    return sorted((person for person in everyone(session) if role in person.roles), key=lambda person: person.rank)


def _fits(person: Person, password: str) -> bool:
    if person.password_hash is None:
        return False
    try:
        return _hasher.verify(person.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
