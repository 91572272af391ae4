"""The house of the serving process: flows take ids as parameters and find everything else here."""

from __future__ import annotations

from steps.house import House

_open: list[House] = []


class NoHouseError(RuntimeError):
    """A flow was started outside the serving process."""


def use(house: House) -> None:
    """Set the house of this process."""
    _open[:] = [house]


def get() -> House:
    """Return the house of this process. Raises NoHouseError."""
    if not _open:
        raise NoHouseError("Потоки запускаются командой `otvet run`.")
    return _open[0]
