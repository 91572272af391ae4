"""Staff: who is logged in, and what the desk may call him."""

from __future__ import annotations

from dataclasses import dataclass

from registry import staff
from registry.actor import Actor
from registry.errors import NotFoundError
from steps.house import House


@dataclass(frozen=True, slots=True)
class PersonView:
    """A member of staff as the desk shows him."""

    id: int
    login: str
    short_name: str
    full_name: str
    position: str
    roles: list[str]
    role_titles: list[str]
    queues: list[str]


def login(house: House, name: str, password: str) -> Actor:
    """Return the actor of a log-in. Raises ForbiddenError."""
    with house.db.session() as session:
        return staff.authenticate(session, name.strip(), password)


def actor(house: House, person_id: int) -> Actor:
    """Return the actor that a person is now: roles and queues may have changed since the log-in."""
    with house.db.session(write=False) as session:
        person = staff.by_id(session, person_id)
        if not person.active:
            raise NotFoundError("Учётная запись отключена. Обратитесь к администратору.")
        return staff.actor_of(person)


def person(house: House, who: Actor) -> PersonView:
    """Return how the desk shows the person behind an actor."""
    with house.db.session(write=False) as session:
        row = staff.by_id(session, who.person_id or 0)
        titles = [role.title for code, role in house.book.roles.roles.items() if code in row.roles]
        return PersonView(
            id=row.id,
            login=row.login,
            short_name=row.short_name,
            full_name=row.full_name,
            position=row.position,
            roles=list(row.roles),
            role_titles=titles,
            queues=list(row.queues),
        )
