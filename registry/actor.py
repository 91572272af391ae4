"""Who acts: every service takes the actor first, so that rights and history are kept in one place."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a flow.

    Attributes:
        id: ``person:7`` or ``system:receive``: what history keeps. Never a name.
        roles: Role codes of ``rules/roles.yaml``; empty for the system.
        queues: Codes of the person's queues.
        person_id: Key of the person, None for the system.
    """

    id: str
    roles: frozenset[str] = field(default_factory=frozenset)
    queues: frozenset[str] = field(default_factory=frozenset)
    person_id: int | None = None

    @property
    def is_system(self) -> bool:
        """Whether a flow or the command line acts, not a person at the desk."""
        return self.person_id is None


def system(name: str) -> Actor:
    """Return the actor of a flow or of the command line, e.g. ``system("receive")``."""
    return Actor(id=f"system:{name}")
