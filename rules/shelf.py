"""Editions of rule files on disk: ``deadlines.yaml`` and, from its day on, ``deadlines@2027-01-01.yaml``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rules.errors import RuleError

_DATED = re.compile(r"(?P<stem>[^@]+)@(?P<day>.*)\.yaml")
_MEND = "назовите файл так: deadlines@2027-01-01.yaml, с датой начала действия"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of a folder of rules.

    Attributes:
        folder: Where they lie.
        dated: By file stem, the later editions: first day of force and path, the earliest first.
    """

    folder: Path
    dated: dict[str, tuple[tuple[dt.date, Path], ...]]

    def pick(self, stem: str, day: dt.date) -> Path:
        """The edition in force on a day; before the first dated one, the plain file."""
        found = self.folder / f"{stem}.yaml"
        for since, path in self.dated.get(stem, ()):
            if since <= day:
                found = path
        return found

    def until(self, stem: str, day: dt.date) -> list[Path]:
        """Every edition of a file that has come into force by a day, the oldest first."""
        return [self.folder / f"{stem}.yaml", *(path for since, path in self.dated.get(stem, ()) if since <= day)]

    @property
    def days(self) -> list[dt.date]:
        """Days on which some file changes, in order."""
        return sorted({since for editions in self.dated.values() for since, _ in editions})


def look(folder: Path, stems: Iterable[str]) -> Shelf:
    """Find the dated editions of a folder.

    Raises:
        RuleError: A file is named like an edition, but not of a known file, or its date is none.
    """
    known = set(stems)
    dated: dict[str, list[tuple[dt.date, Path]]] = {}
    for path in sorted(folder.glob("*@*.yaml")):
        named = _DATED.fullmatch(path.name)
        if named is None or named["stem"] not in known:
            raise RuleError(path.name, None, "такого файла правил нет, редакция ни к чему не относится", _MEND)
        try:
            since = dt.date.fromisoformat(named["day"])
        except ValueError:
            raise RuleError(path.name, None, f"в имени файла «{named['day']}» — не дата", _MEND) from None
        dated.setdefault(named["stem"], []).append((since, path))
    return Shelf(folder, {stem: tuple(sorted(editions)) for stem, editions in dated.items()})
