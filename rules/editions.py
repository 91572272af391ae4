"""All editions of the rules: which rule book is in force on which day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from rules.book import FILES, HERE, RuleBook, load
from rules.examples import FILE as EXAMPLES_FILE
from rules.shelf import Shelf, look

__all__ = ["Editions", "load_editions"]

_SOON = dt.timedelta(days=14)


class Editions:
    """Rule books by their first day of force; every one was validated when they were loaded.

    Args:
        first: The book in force from the beginning.
        later: The later ones with their first local day, in order.
        shelf: Where the files lie; None when the book came from no folder.
    """

    def __init__(
        self, first: RuleBook, later: Sequence[tuple[dt.date, RuleBook]] = (), shelf: Shelf | None = None
    ) -> None:
        self._books = [first, *(book for _, book in later)]
        self._days = [day for day, _ in later]
        self._shelf = shelf

    def on(self, day: dt.date) -> RuleBook:
        """The rule book in force on a local day."""
        return self._books[bisect_right(self._days, day)]

    def after(self, day: dt.date) -> list[dt.date]:
        """Days after ``day`` on which another edition comes into force."""
        return self._days[bisect_right(self._days, day) :]

    def files(self, day: dt.date) -> dict[str, bytes]:
        """The files in force on a day, whole, by their plain names."""
        if self._shelf is None:
            return {}
        found = {f"{name}.yaml": self._shelf.pick(name, day).read_bytes() for name in FILES}
        return {**found, EXAMPLES_FILE: (self._shelf.folder / EXAMPLES_FILE).read_bytes()}

    def warnings(self, today: dt.date) -> list[str]:
        """Russian reminders for the administrator: those of the book in force, and editions that come soon."""
        found = self.on(today).warnings(today)
        for day in self.after(today):
            if day - today <= _SOON:
                found.append(f"{day:%d.%m.%Y} вступает в силу новая редакция правил; проверьте: otvet rules diff.")
        return found


def load_editions(directory: Path | None = None) -> Editions:
    """Load every edition of a directory of rules; a mistake in a future one is found today.

    Raises:
        RuleError: As `rules.book.load`, for any of the editions.
    """
    folder = directory or HERE
    shelf = look(folder, FILES)
    later = [(day, load(folder, day)) for day in shelf.days]
    first = load(folder, shelf.days[0] - dt.timedelta(days=1) if later else None)
    return Editions(first, later, shelf)
