"""What can go wrong in the register. Messages are Russian, say what to do next, and hold no personal data."""

from __future__ import annotations


class RegistryError(Exception):
    """Base of the register's refusals; its text may be shown to a clerk as it is."""


class NotFoundError(RegistryError):
    """There is no such row, or the actor may not know that there is one."""


class ForbiddenError(RegistryError):
    """The actor's roles do not allow this."""


class StateError(RegistryError):
    """The step is not possible in the present state."""


class StaleError(RegistryError):
    """Somebody else changed the row first."""


class InputError(RegistryError):
    """The values given cannot be kept."""


class BrokenChainError(RegistryError):
    """The digest chain of the history does not hold: somebody changed the past."""


class DatabaseUnavailableError(RegistryError):
    """The database cannot be reached or written."""


class BrokenSchemaError(RegistryError):
    """A migration would have left rows that name rows which are not there."""


class ClockError(RegistryError):
    """The server's clock stands before what the register has already written."""
